/** The patched wheels of a closure. No address serves them, so they are built into the cache. */
import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { warning } from '../../../resolver/diagnostic.ts';
import type { Diagnostic, ResolvedPackage } from '../../../resolver/index.ts';
import { wheelNotBuilt } from '../../../resolver/issues/documents.ts';
import { CommandError } from '../../common/failure.ts';
import { withScratch } from '../../common/folders.ts';
import { buildMember, recipeOf } from './built-wheel.ts';

type Package = Pick<ResolvedPackage, 'name' | 'origin' | 'wheel'>;

/** A remark on a lock that names files of this machine. */
export function builtHere(packages: readonly Package[]): Diagnostic[] {
  const names = packages.filter(isUnserved).map(({ wheel }) => wheel.filename);
  if (names.length === 0) return [];
  const message = `Built on this machine, where the lock finds them: ${names.join(', ')}.`;
  const fix = 'For a lock that other machines can use, name a registry with --registry URL.';
  return [warning('built_here', message, fix)];
}

const isUnserved = ({ wheel }: Package) => wheel.upstream_url === null && wheel.patched?.by === 'pinwheel';

/** The packages, with a `file:` URL for each wheel that Pinwheel itself has the patch of. */
export async function withBuiltWheels<Some extends Package>(
  packages: readonly Some[],
  cache: string,
  { dryRun = false } = {},
): Promise<Some[]> {
  return Promise.all(
    packages.map(async (one) => {
      const { wheel } = one;
      if (!isUnserved(one)) return one;
      // A set from elsewhere may pin patches that are not of this package.
      if (!(await recipeOf(wheel).catch(() => null))) return one;
      const path = join(cache, 'patched', wheel.sha256, wheel.filename);
      if (!dryRun) await buildOnce(wheel, path, cache);
      const url = pathToFileURL(path).href;
      return { ...one, origin: 'file', wheel: { ...wheel, url, upstream_url: url } };
    }),
  );
}

async function buildOnce(wheel: ResolvedPackage['wheel'], path: string, cache: string): Promise<void> {
  const before = await readFile(path).catch(() => null);
  if (before && createHash('sha256').update(before).digest('hex') === wheel.sha256) return;
  const { bytes } = await buildMember(wheel, join(cache, 'upstream')).catch((error: Error) => {
    const { filename } = wheel;
    throw new CommandError(3, [wheelNotBuilt({ filename, problem: error.message })], { cause: error });
  });
  await withScratch(dirname(path), '.new-', async (scratch) => {
    const made = join(scratch, wheel.filename);
    await writeFile(made, bytes);
    await rename(made, path);
  });
}
