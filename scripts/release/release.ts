/** Builds the package sets of releases, one for each ABI, from the sets of Pyodide. */
import { buildVersion } from '../../cli/packages/patch/built-wheel.ts';
import type { PackageSet, Publication } from '../../resolver/catalog.ts';
import { packageFlag } from '../import/sets.ts';
import { PYODIDE_PACKAGE, type SetRelease } from '../import/sources.ts';
import { wheelCache } from '../root.ts';
import {
  type Ingredient,
  makeReleaseSet,
  type Plan,
  type ReleaseSet,
  readRequirements,
} from './release-set.ts';

export interface Released {
  release: SetRelease;
  abi: string;
  /** The set that the new one is based on. */
  base: PackageSet;
  outcome: ReleaseSet;
}

/**
 * @param upstream all sets that are not Pinwheel-built
 * @param log the entries that must not change: a release in it is built from what was published before it
 * @throws if a wheel cannot be built, or an ABI has no base set
 */
export async function makeReleases(
  releases: readonly SetRelease[],
  upstream: readonly PackageSet[],
  log: readonly Publication[],
): Promise<Released[]> {
  const made: Released[] = [];
  for (const release of releases) {
    const ingredients: Ingredient[] = [];
    for (const version of release.wheels) {
      const wheel = await buildVersion(version, wheelCache);
      ingredients.push({ wheel, requirements: await readRequirements(wheel.bytes) });
    }
    for (const abi of release.abis) {
      const earlier = made.flatMap(({ outcome }) => (outcome.ok ? [outcome.set] : []));
      const plan = planOf(release, abi, [...upstream, ...earlier], log);
      made.push({ release, abi, base: plan.base, outcome: await makeReleaseSet({ ...plan, ingredients }) });
    }
  }
  return made;
}

/** Uses what is known on the day of the release or, for a published one, what was known then. */
function planOf(
  { released }: SetRelease,
  abi: string,
  sets: readonly PackageSet[],
  log: readonly Publication[],
): Omit<Plan, 'ingredients'> {
  const ofAbi = sets.filter((set) => set.abi === abi && set.released <= released);
  const entryOf = (flag: string) => log.find(({ kind, name }) => kind === 'set' && name === flag);
  const own = ofAbi[0] && entryOf(packageFlag(ofAbi[0].python, released));
  const known = own
    ? ofAbi.filter(({ flag }) => (entryOf(flag)?.revision ?? Infinity) < own.revision)
    : ofAbi;
  const [base, ...others] = known
    .filter(({ source }) => source.registry === 'npm' && source.package === PYODIDE_PACKAGE)
    .sort((a, b) => (a.released < b.released ? 1 : -1));
  if (!base) throw new Error(`there is no set of ABI ${abi} up to ${released} to build upon`);
  const defaults = known.filter(({ default_from }) => default_from !== null);
  return { base, others, defaults, released };
}
