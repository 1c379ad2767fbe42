/** The packages that provide modules, over all package sets. */
import type { PinwheelSource } from '../closure/source.ts';
import type { CatalogView } from '../compatibility/view.ts';

const AT_ONCE = 8;

/**
 * The names of packages by what `keyOf` makes of a module that they provide, over every set of a view, the oldest
 * first. Opens every set, so call it only to explain a failure.
 */
export async function packagesProviding(
  view: CatalogView,
  { openSet }: Pick<PinwheelSource, 'openSet'>,
  keyOf: (module: string) => string | null,
): Promise<Map<string, Set<string>>> {
  const heads = [...view.sets.values()];
  const flags = new Map<string, Set<string>>();
  for (let at = 0; at < heads.length; at += AT_ONCE) {
    for (const { members } of await Promise.all(heads.slice(at, at + AT_ONCE).map(openSet))) {
      const sorted = members.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      for (const { name, imports } of sorted) {
        for (const imported of imports) {
          const key = keyOf(imported.split('.', 1)[0]!);
          if (key !== null) flags.set(key, (flags.get(key) ?? new Set()).add(name));
        }
      }
    }
  }
  return flags;
}
