import type { CatalogView } from '../../../resolver/index.ts';

/** Whether a flag concerns Python Workers. */
export function isPythonFlag({ field, enable }: { field: string; enable: string | null }): boolean {
  return /python/i.test(field + enable);
}

/** The flags that fields suggest: those about Python, and those that disable them. */
export function flagNames({ flags }: CatalogView): string[] {
  return flags
    .filter((flag) => !flag.obsolete && isPythonFlag(flag))
    .flatMap(({ enable, disable }) => [enable, disable])
    .filter((name) => name !== null);
}
