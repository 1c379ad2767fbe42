/** Fetches npm packages into a cache folder by the user's npm, with its registry, proxy and credentials. */
import { existsSync } from 'node:fs';
import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withScratch } from '../../common/folders.ts';
import { reasonOf, runNpm } from './run.ts';

const PARALLEL = 3;

export interface NpmPackage {
  name: string;
  version: string;
}

export interface Tarball extends NpmPackage {
  path: string;
  /** Bytes that came over the network; 0 for a cached tarball. */
  downloaded: number;
}

/**
 * The packages' tarballs, in the same order; a few are downloaded at a time, and each is reported as it arrives.
 * @throws with npm's message if one cannot be fetched
 */
export async function fetchTarballs(
  packages: NpmPackage[],
  report: (line: string) => void,
  folder: string,
): Promise<Tarball[]> {
  const tarballs: Tarball[] = new Array(packages.length);
  let next = 0;
  let done = 0;
  const fetchRest = async (): Promise<void> => {
    for (let index = next++; index < packages.length; index = next++) {
      const wanted = packages[index]!;
      const tarball = await fetchTarball(wanted, folder).catch((error: unknown) => {
        next = packages.length;
        throw error;
      });
      tarballs[index] = tarball;
      const how = tarball.downloaded ? `${(tarball.downloaded / 1e6).toFixed(1)} MB` : 'cached';
      report(`${++done}/${packages.length} ${wanted.name}@${wanted.version} ${how}`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, fetchRest));
  return tarballs;
}

async function fetchTarball({ name, version }: NpmPackage, cache: string): Promise<Tarball> {
  const path = join(cache, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  if (existsSync(path)) return { name, version, path, downloaded: 0 };
  // npm writes into a temporary folder, so that an interrupted download is never taken for a complete one.
  await withScratch(cache, 'partial-', async (folder) => {
    await runNpm(['pack', `${name}@${version}`, '--pack-destination', folder]);
    const [file] = await readdir(folder);
    if (!file) throw new Error('npm pack wrote no file');
    await rename(join(folder, file), path);
  }).catch((error: unknown) => {
    throw new Error(`${name}@${version} cannot be fetched with npm: ${reasonOf(error)}`, { cause: error });
  });
  return { name, version, path, downloaded: (await stat(path)).size };
}
