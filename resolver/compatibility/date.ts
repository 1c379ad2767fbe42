/** Compatibility dates as workerd reads them, and the calendar. ISO dates compare as strings. */
import type { Diagnostic } from '../answer.ts';
import type { Issue } from '../issue.ts';
import { printable } from '../text/printable.ts';
import { malformed, warning } from './report.ts';

/** The earliest date that workerd accepts: what is on from here on is on at every date. */
export const FIRST_DATE = '2000-01-01';

/** The date that workerd goes on with when the one it was given is malformed. */
export const FALLBACK_DATE = '2021-05-01';

const FORM = 'Write a day of the calendar as YYYY-MM-DD, from 2000-01-01 to 2999-12-31.';

/** workerd's rule: exactly `2ddd-dd-dd` with a month from 1 to 12 and a day from 1 to 31, whatever the month. */
export function isWorkerdDate(text: string): boolean {
  return /^2\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text);
}

/** Whether a date that workerd accepts is also a day of the calendar. */
export function isCalendarDay(date: string): boolean {
  if (!isWorkerdDate(date)) return false;
  const day = Number(date.slice(8));
  return day <= 28 || day <= daysInMonth(date);
}

/** The days from 1970-01-01 to `date`; an impossible day counts on into the next month. */
export function dayNumber(date: string): number {
  return (
    Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / 86_400_000
  );
}

export function addDays(date: string, days: number): string {
  return new Date((dayNumber(date) + days) * 86_400_000).toISOString().slice(0, 10);
}

function daysInMonth(date: string): number {
  return new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 0)).getUTCDate();
}

/** What workerd holds against a date; `today` is null where it is not known, and then no date is too late. */
export function dateIssue(date: string, today: string | null): Issue | null {
  if (!isWorkerdDate(date)) {
    const meant = respelled(date);
    return malformed(
      'invalid_compatibility_date',
      `Invalid compatibility date: ${printable(date)}`,
      meant ? `Write it as ${meant}.` : FORM,
    );
  }
  if (today !== null && date > today) {
    return malformed(
      'future_compatibility_date',
      `Can't set compatibility date in the future: "${date}". Today's date (UTC) is "${today}".`,
      `Use ${today} or an earlier date, or ask as of ${date}.`,
    );
  }
  return null;
}

export function missingDate(): Issue {
  return malformed(
    'missing_compatibility_date',
    'Worker must specify compatibilityDate.',
    'Give a compatibility date, or a package flag, which brings its own.',
  );
}

/** A remark on a date that workerd accepts although no calendar has it. */
export function impossibleDay(date: string): Diagnostic | null {
  if (isCalendarDay(date)) return null;
  return warning(
    'impossible_day',
    `${date} is no day of the calendar; workerd accepts it and compares it as it is written.`,
    `Use ${date.slice(0, 8)}${daysInMonth(date)}.`,
  );
}

/** As-of days are Pinwheel's own, so they have to be days of the calendar. */
export function asOfIssue(asOf: string): Issue | null {
  if (isCalendarDay(asOf)) return null;
  return malformed('invalid_as_of', `Invalid as-of day: ${printable(asOf)}`, FORM);
}

/** The date that a malformed one most likely means: other separators, one-digit months, a time after it. */
function respelled(text: string): string | null {
  const parts = /^\s*(2\d{3})[-/.]?(\d\d?)[-/.]?(\d\d?)(?!\d)/.exec(text.slice(0, 32));
  if (!parts) return null;
  const date = `${parts[1]}-${parts[2]!.padStart(2, '0')}-${parts[3]!.padStart(2, '0')}`;
  return isCalendarDay(date) ? date : null;
}
