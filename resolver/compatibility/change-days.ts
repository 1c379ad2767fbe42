/** The days on which the choice of a runtime or a set may change. */
import { FIRST_DATE } from './date.ts';
import type { CatalogView } from './view.ts';

/**
 * The first date of all, and every later day up to `until` on which the runtime or the default set may change, in
 * order. Between two of these days, the choice stays the same.
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
