/** Makes the package sets that releases name, one for each ABI, out of the sets of Pyodide. */
import type { PackageSet } from '../../resolver/catalog.ts';
import { PYODIDE_PACKAGE } from '../import/pyodide-set.ts';
import type { OwnRelease } from '../import/sources.ts';
import { type Ingredient, makeOwnSet, type OwnSet } from './own-set.ts';
import { buildVersion } from './own-wheel.ts';
import { readRequirements } from './wheel-requirements.ts';

export interface Released {
  release: OwnRelease;
  abi: string;
  /** The set that it is made of. */
  base: PackageSet;
  outcome: OwnSet;
}

/**
 * @param sets all that there are, Pinwheel's own included
 * @throws where a wheel cannot be built, or an ABI has no set to build upon
 */
export async function makeReleases(
  releases: readonly OwnRelease[],
  sets: readonly PackageSet[],
): Promise<Released[]> {
  const made: Released[] = [];
  for (const release of releases) {
    const ingredients: Ingredient[] = [];
    for (const version of release.wheels) {
      const wheel = await buildVersion(version);
      ingredients.push({ wheel, requirements: await readRequirements(wheel.bytes) });
    }
    for (const abi of release.abis) {
      const base = baseOf(sets, abi, release.released);
      made.push({ release, abi, base, outcome: await makeOwnSet(base, ingredients, release.released) });
    }
  }
  return made;
}

/**
 * The set that an own set of an ABI and day is made of: the newest one of Pyodide up to that day; once it is
 * published, the one that it names, whatever has been imported since.
 */
function baseOf(sets: readonly PackageSet[], abi: string, day: string): PackageSet {
  const ofAbi = sets.filter((set) => set.abi === abi && set.released <= day);
  const own = ofAbi.find(({ source, released }) => source.registry === 'pinwheel' && released === day);
  const candidates = ofAbi.filter(({ flag, source: { registry, package: name } }) =>
    own ? flag === own.source.package : registry === 'npm' && name === PYODIDE_PACKAGE,
  );
  const [newest] = candidates.sort((a, b) => (a.released < b.released ? 1 : -1));
  if (!newest) throw new Error(`there is no set of ABI ${abi} up to ${day} to build upon`);
  return newest;
}
