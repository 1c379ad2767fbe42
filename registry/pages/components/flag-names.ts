import type { CatalogView } from '../../../resolver/index.ts';

/** The flags that fields suggest: those about Python, and those that disable them. */
export function flagNames({ flags }: CatalogView): string[] {
  return flags
    .filter(({ field, enable, obsolete }) => !obsolete && /python/i.test(field + enable))
    .flatMap(({ enable, disable }) => [enable, disable])
    .filter((name) => name !== null);
}
