const DAY_MS = 86_400_000;

let day = { number: 0, text: '1970-01-01' };

/** Today in UTC, the default of `as_of`. */
export function today(): string {
  const now = Date.now();
  const number = Math.floor(now / DAY_MS);
  if (number !== day.number) day = { number, text: new Date(now).toISOString().slice(0, 10) };
  return day.text;
}

/** A day of a question, unless it is today: what texts have to name. */
export function otherDay(asOf: string): string | null {
  return asOf === today() ? null : asOf;
}

/** When today ends, in milliseconds since the epoch. Answers that depend on today expire then. */
export function endOfToday(): number {
  return (Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS;
}
