/** The versions on npm that `data/sources.json` does not name. */
import { compare, gt, gte, prerelease, valid } from 'semver';
import { reasonOf, runNpm } from '../../../cli/packages/npm.ts';
import type { Sources } from '../sources.ts';

/** A version, and the day on which it was published on npm. */
export interface Release {
  version: string;
  published: string;
}

/** Asks the registry of the user's npm configuration. */
export async function releasesOf(name: string): Promise<Release[]> {
  let view: { versions?: string | string[]; time?: Record<string, string> };
  try {
    view = JSON.parse(await runNpm(['view', name, 'versions', 'time']));
  } catch (error) {
    throw new Error(`npm cannot list the versions of ${name}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  const { versions = [], time = {} } = view;
  return [versions].flat().flatMap((version) => {
    const published = time[version]?.slice(0, 10);
    return published === undefined ? [] : [{ version, published }];
  });
}

/**
 * Releases of Pyodide that are not imported, in the order in which they came out; none from before the first that is.
 */
export function newPyodides(releases: readonly Release[], { pyodide_releases: known }: Sources): Release[] {
  const names = new Set(known.map(({ version }) => version));
  const first = known.map(({ version }) => version).sort(compare)[0] ?? '0.0.0';
  return stable(releases)
    .filter(({ version }) => gte(version, first) && !names.has(version))
    .sort((a, b) => (a.published < b.published ? -1 : 1) || compare(a.version, b.version));
}

/**
 * The newest workerd, if it is newer than all that are imported. Each version carries all that was decided before it,
 * so that the ones between are not downloaded.
 */
export function newWorkerd(releases: readonly Release[], { workerd: known }: Sources): Release | undefined {
  const newest = stable(releases)
    .sort((a, b) => compare(a.version, b.version))
    .at(-1);
  return newest && known.every(({ version }) => gt(newest.version, version)) ? newest : undefined;
}

function stable(releases: readonly Release[]): Release[] {
  return releases.filter(({ version }) => valid(version) && !prerelease(version));
}
