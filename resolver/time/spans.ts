/** Periods of compatibility dates with the same answer. */
import { addDays } from '../compatibility/date.ts';

/** From the first to the last day, both included. */
export interface Span<Value> {
  from: string;
  to: string;
  value: Value;
}

/** The spans up to `until` of what `valueOn` gives for each of `days`, without those where it gives null. */
export function spansOf<Value>(
  days: readonly string[],
  until: string,
  valueOn: (day: string) => Value | null,
  same: (a: Value, b: Value) => boolean,
): Span<Value>[] {
  const spans: Span<Value>[] = [];
  for (const [at, day] of days.entries()) {
    const value = valueOn(day);
    if (value === null) continue;
    const next = days[at + 1];
    const to = next === undefined ? until : addDays(next, -1);
    const before = spans.at(-1);
    if (before && addDays(before.to, 1) === day && same(before.value, value)) before.to = to;
    else spans.push({ from: day, to, value });
  }
  return spans;
}
