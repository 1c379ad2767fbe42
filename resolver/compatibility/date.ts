/** The calendar. ISO dates compare as strings. */

/** The earliest date that workerd accepts: a flag that is on from here is always on. */
export const FIRST_DATE = '2000-01-01';

/** Whether a text is a day from {@link FIRST_DATE} on, as YYYY-MM-DD. */
export function isCalendarDay(text: string): boolean {
  return /^2\d{3}-\d\d-\d\d$/.test(text) && addDays(text, 0) === text;
}

/** The day in UTC, as `as_of` has it if it is not given. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** The days from 1970-01-01 to `date`. An impossible day continues into the next month. */
export function dayNumber(date: string): number {
  const [year, month, day] = date.split('-').map(Number);
  return Date.UTC(year!, month! - 1, day) / 86_400_000;
}

export function addDays(date: string, days: number): string {
  return new Date((dayNumber(date) + days) * 86_400_000).toISOString().slice(0, 10);
}

/** The number of days between two dates, without a sign. */
export function daysBetween(a: string, b: string): number {
  return Math.abs(dayNumber(a) - dayNumber(b));
}
