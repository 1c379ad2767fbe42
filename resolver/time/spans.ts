/** Stretches of compatibility dates over which an answer stays the same. */
import { addDays, FIRST_DATE } from '../compatibility/date.ts';
import type { CatalogView } from '../compatibility/view.ts';

/** From the first to the last day, both included. */
export interface Span<Value> {
  from: string;
  to: string;
  value: Value;
}

/**
 * The first date of all, and every later day up to `until` on which another runtime or another default set can
 * be chosen, in order: whatever is chosen on one of them stays until the day before the next.
 */
export function changeDays(view: CatalogView, until: string): string[] {
  const days = new Set<string>();
  for (const { enable_date, implied_date } of view.decisiveFlags) {
    if (enable_date !== null) days.add(enable_date);
    if (implied_date !== null) days.add(implied_date);
  }
  for (const sets of view.defaultSets.values()) {
    for (const { default_from } of sets) days.add(default_from!);
  }
  return [FIRST_DATE, ...[...days].filter((day) => day > FIRST_DATE && day <= until).sort()];
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
