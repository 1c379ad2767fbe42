/** Answers from your own documents. */
import type { Target } from './answer.ts';
import type { AdvisoriesDocument } from './audit/advisories.ts';
import type { Catalog, CatalogAdvisories, PackageSet } from './catalog.ts';
import { PreparedSets } from './closure/prepare.ts';
import type { Pin, PinwheelSource, StandardLibraryDocuments } from './closure/source.ts';
import { viewCatalog } from './compatibility/view.ts';
import { createPinwheel, LOADED_ON_DEMAND, type Pinwheel } from './pinwheel/pinwheel.ts';

type Awaitable<Value> = Value | Promise<Value>;

/**
 * A catalog and its package sets, from any source. They are read when a question needs them, each set once.
 */
export interface Documents {
  catalog: Catalog | (() => Awaitable<Catalog>);
  /** The document of a package set of that catalog. */
  openSet(set: Pick<Target['package_set'], 'flag' | 'digest'>): Awaitable<PackageSet>;
  /** Every version of packages, over all sets. Without it, every set is opened to explain a failure. */
  readPins?(names: readonly string[]): Awaitable<ReadonlyMap<string, readonly Pin[]>>;
  /** Without it, `check` does not work, and `compare` knows only the modules that are in the sets. */
  standardLibrary?(): Awaitable<StandardLibraryDocuments>;
  /**
   * A published document of the kind `advisories`, or null if it is not at hand: `audit` then names the packages that it
   * could not look at. Without it, `audit` does not work.
   */
  advisories?(row: CatalogAdvisories): Awaitable<AdvisoriesDocument | null>;
}

/**
 * Answers questions from your own catalog and package sets.
 * @example
 * ```ts
 * import catalog from 'pinwheel-py/data/catalog.json' with { type: 'json' };
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type Catalog, createResolver, type PackageSet } from 'pinwheel-py';
 * const pinwheel = createResolver({ catalog: catalog as Catalog, openSet: () => set as PackageSet });
 * const { packages } = await pinwheel.resolve({ compatibility_flags: [set.flag], requirements: ['idna'] });
 * packages[0]?.version; // → '3.10'
 * ```
 */
export function createResolver({
  catalog: given,
  openSet,
  readPins,
  standardLibrary,
  advisories,
}: Documents): Pinwheel {
  const sets = new PreparedSets();
  let read: Promise<Catalog> | null = null;
  const catalog = () => {
    read ??= Promise.resolve(typeof given === 'function' ? given() : given);
    read.catch(() => {
      read = null;
    });
    return read;
  };
  const open = (set: Pick<Target['package_set'], 'flag' | 'digest'>) =>
    sets.open(set.digest, async () => openSet(set));
  const source: PinwheelSource = {
    view: async (revision) => viewCatalog(await catalog(), revision),
    openSet: open,
    async readPins(names) {
      if (readPins) return readPins(names);
      const pins = new Map<string, Pin[]>(names.map((name) => [name, []]));
      for (const head of (await catalog()).sets) {
        const { members, index } = await open(head);
        for (const [name, namePins] of pins) {
          const at = index.get(name);
          if (at !== undefined) namePins.push({ flag: head.flag, version: members[at]!.version });
        }
      }
      return pins;
    },
    standardLibrary: async () => (standardLibrary ? standardLibrary() : null),
    advisories,
  };
  return createPinwheel(source, LOADED_ON_DEMAND);
}
