/** Answers from the data in the package. */
/// <reference path="./bundled/data.d.ts" />
import { loadAdvisories, loadCatalog, loadPins, loadSet, loadStandardLibrary } from 'bundled:data';
import { type Documents, createResolver as resolverOf } from './documents.ts';
import type { Pinwheel } from './pinwheel/pinwheel.ts';

export type { Documents } from './documents.ts';
export type { Pinwheel } from './pinwheel/pinwheel.ts';
export { ResolveError } from './pinwheel/pinwheel.ts';

/** Documents in the package. The catalog is loaded with the first question, each set with the first that needs it. */
const BUNDLED: Documents = {
  catalog: loadCatalog,
  openSet: ({ flag }) => loadSet(flag),
  async readPins(names) {
    const { flags, pins } = await loadPins();
    const pinsOf = (name: string) =>
      Object.entries(Object.hasOwn(pins, name) ? pins[name]! : {})
        .flatMap(([version, indexes]) => indexes.map((at) => ({ at, version })))
        .sort((a, b) => a.at - b.at)
        .map(({ at, version }) => ({ flag: flags[at]!, version }));
    return new Map(names.map((name) => [name, pinsOf(name)]));
  },
  standardLibrary: loadStandardLibrary,
  advisories: ({ day, range }) => (range ? null : loadAdvisories(day)),
};

/**
 * Answers questions from documents, as `createResolver` of `pinwheel-py` does: by default those in the package, without
 * a server or network.
 * @example
 * ```ts
 * import { createResolver } from 'pinwheel-py/bundled';
 * const wranglerConfig = { compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'] };
 * const pinwheel = createResolver();
 * const { packages } = await pinwheel.resolve({ ...wranglerConfig, requirements: ['fastapi'] });
 * packages.at(-1)?.version; // → '0.116.1'
 * ```
 */
export function createResolver(documents: Documents = BUNDLED): Pinwheel {
  return resolverOf(documents);
}
