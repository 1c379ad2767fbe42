/** The real catalog and package sets, for questions about time. */
import measured from '../../../data/standard-library/measured.json' with { type: 'json' };
import type { Pin } from '../../../resolver/closure/explain.ts';
import { type PreparedSet, prepareSet } from '../../../resolver/closure/prepare.ts';
import type { ResolveSource } from '../../../resolver/closure/resolve.ts';
import { moduleReader } from '../../../resolver/time/standard-library.ts';
import { realSets } from '../closure/sets.ts';

export { targetOf, view } from '../compatibility/catalog.ts';

export const AS_OF = '2026-11-20';

export const prepared: ReadonlyMap<string, PreparedSet> = new Map(
  realSets.map((set) => [set.flag, prepareSet(set)]),
);

/** Every pin of every name. */
export const allPins = new Map<string, Pin[]>();
for (const { flag, packages } of realSets) {
  for (const { name, version } of packages) {
    const known = allPins.get(name);
    if (known) known.push({ flag, version });
    else allPins.set(name, [{ flag, version }]);
  }
}

export const readModules = moduleReader(measured);

export const source: ResolveSource = {
  openSet: async ({ flag }) => prepared.get(flag)!,
  readPins: async (names) => new Map(names.map((name) => [name, allPins.get(name) ?? []])),
};

/** A source of which nothing may be opened. */
export const pinsOnly: ResolveSource = {
  ...source,
  openSet: ({ flag }) => Promise.reject(new Error(`${flag} was opened`)),
};
