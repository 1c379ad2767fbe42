/** Periods of compatibility dates, in words. */
import { FIRST_DATE } from '../../../resolver/compatibility/date.ts';
import type { DateRange } from '../../../resolver/time/answers.ts';

/** Such as `2025-09-29 to 2026-09-07`; a period that includes the day of the question has no end. */
export function spanText({ from, to }: DateRange, asOf: string): string {
  const first = from === FIRST_DATE;
  if (to === asOf) return first ? 'every date' : `since ${from}`;
  if (first) return `until ${to}`;
  return from === to ? from : `${from} to ${to}`;
}
