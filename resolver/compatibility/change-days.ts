import { FIRST_DATE } from './date.ts';
import type { CatalogView } from './view.ts';

/**
 * The first date of all, and every later day up to `until` on which another runtime or another default set can
 * be chosen, in order: whatever is chosen on one of them stays until the day before the next.
 */
export function changeDays(view: CatalogView, until: string): string[] {
  const days = new Set<string>();
  for (const { enable_date, implied_date } of view.runtimeFlags) {
    if (enable_date !== null) days.add(enable_date);
    if (implied_date !== null) days.add(implied_date);
  }
  for (const sets of view.defaultSets.values()) {
    for (const { default_from } of sets) days.add(default_from!);
  }
  // The first set of a runtime is its default on any date.
  for (const [, ...later] of view.runtimeSets.values()) for (const set of later) days.add(set.default_from!);
  for (const { from } of view.yankedSets.values()) days.add(from);
  return [FIRST_DATE, ...[...days].filter((day) => day > FIRST_DATE && day <= until).sort()];
}
