/** Ranges of compatibility dates as people say them. */
import type { DateRange } from '../../resolver/time/answers.ts';

/** Before it there are no compatibility dates. */
const FIRST_DATE = '2000-01-01';

/** `from D on`, `until D`, `from D to E`, `on D` or `at every date`; what lasts until `asOf` goes on. */
export function datesOf({ from, to }: DateRange, asOf: string): string {
  if (to === asOf) return from === FIRST_DATE ? 'at every date' : `from ${from} on`;
  if (from === FIRST_DATE) return `until ${to}`;
  return from === to ? `on ${from}` : `from ${from} to ${to}`;
}
