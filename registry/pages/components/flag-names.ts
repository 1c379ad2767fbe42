import type { CatalogView } from '../../../resolver/compatibility/view.ts';

/** What can be offered where flags are typed: those about Python, and what keeps them off. */
export function flagNames({ flags }: CatalogView): string[] {
  return flags
    .filter(({ field, enable, obsolete }) => !obsolete && /python/i.test(field + enable))
    .flatMap(({ enable, disable }) => [enable, disable])
    .filter((name) => name !== null);
}
