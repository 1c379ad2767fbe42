/** Compatibility dates as workerd reads them, and the calendar. ISO dates compare as strings. */
import type { Issue } from '../issue.ts';
import { futureCompatibilityDate, invalidAsOf, invalidCompatibilityDate } from '../issues/target.ts';

/** The earliest date that workerd accepts: a flag that is on from here is always on. */
export const FIRST_DATE = '2000-01-01';

/** The date that workerd uses if the given one is malformed. */
export const FALLBACK_DATE = '2021-05-01';

/** workerd's rule: exactly `2ddd-dd-dd` with a month from 1 to 12 and a day from 1 to 31, whatever the month. */
export function isWorkerdDate(text: string): boolean {
  return /^2\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text);
}

/** Whether a date that workerd accepts is also a day of the calendar. */
export function isCalendarDay(date: string): boolean {
  return isWorkerdDate(date) && addDays(date, 0) === date;
}

/** The days from 1970-01-01 to `date`. An impossible day continues into the next month. */
export function dayNumber(date: string): number {
  const [year, month, day] = date.split('-').map(Number);
  return Date.UTC(year!, month! - 1, day) / 86_400_000;
}

export function addDays(date: string, days: number): string {
  return new Date((dayNumber(date) + days) * 86_400_000).toISOString().slice(0, 10);
}

/** Without a sign. */
export function daysBetween(a: string, b: string): number {
  return Math.abs(dayNumber(a) - dayNumber(b));
}

/** workerd's errors about a date. If `today` is null, no date is too late. */
export function dateIssue(date: string, today: string | null): Issue | null {
  if (!isWorkerdDate(date)) return invalidCompatibilityDate({ date, meant: respelled(date) });
  return today !== null && date > today ? futureCompatibilityDate({ date, today }) : null;
}

/** workerd has no as-of day, so it has to be a day of the calendar. */
export function asOfIssue(asOf: string): Issue | null {
  return isCalendarDay(asOf) ? null : invalidAsOf({ as_of: asOf });
}

/** The date that a malformed one most likely means: it may have other separators, one-digit months or a time. */
function respelled(text: string): string | null {
  const parts = /^\s*(2\d{3})[-/.]?(\d\d?)[-/.]?(\d\d?)(?!\d)/.exec(text.slice(0, 32))?.slice(1);
  const date = parts?.map((part) => part.padStart(2, '0')).join('-');
  return date && isCalendarDay(date) ? date : null;
}
