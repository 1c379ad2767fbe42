import { FIRST_DATE } from './date.ts';
import type { CatalogView } from './view.ts';

/**
 * The first date of all, and every later day up to `until` on which another runtime or another default set can
 * be chosen, in order: whatever is chosen on one of them stays until the day before the next.
 */
export function changeDays(view: CatalogView, until: string): string[] {
  // The first set of a runtime is its default on any date.
  const sets = [...view.defaultSets.values(), ...[...view.runtimeSets.values()].map((own) => own.slice(1))];
  const days = [
    ...view.runtimeFlags.flatMap(({ enable_date, implied_date }) => [enable_date, implied_date]),
    ...sets.flat().map(({ default_from }) => default_from),
    ...[...view.yankedSets.values()].map(({ from }) => from),
  ];
  const later = days.filter((day) => day !== null && day > FIRST_DATE && day <= until) as string[];
  return [FIRST_DATE, ...[...new Set(later)].sort()];
}
