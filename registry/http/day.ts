const DAY_MS = 86_400_000;

let day = { text: '1970-01-01', ends: DAY_MS };

/** The day in UTC, and when it ends, in milliseconds since the epoch: answers that depend on the day expire then. */
export function thisDay(): { readonly text: string; readonly ends: number } {
  const now = Date.now();
  if (now >= day.ends || now < day.ends - DAY_MS) {
    const ends = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
    day = { text: new Date(now).toISOString().slice(0, 10), ends };
  }
  return day;
}

/** Today in UTC, the default of `as_of`. */
export function today(): string {
  return thisDay().text;
}

/** A day of a question, unless it is today: what texts have to name. */
export function otherDay(asOf: string): string | null {
  return asOf === today() ? null : asOf;
}

export function endOfToday(): number {
  return thisDay().ends;
}
