/**
 * Patches by package and release. `data/patches/{package}` is the newest release. Older releases that published sets
 * name are in `data/patches/{package}.{release}`, so that the wheels of those sets can always be built. Such a folder
 * has its own copy of `shared/`. The folder's name is not part of a recipe.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Patch } from '../patch/lay-over.ts';
import { readPatch } from '../patch/patch-folder.ts';
import { root } from '../root.ts';

/** @throws if there is no such release of a patch of `name` */
export async function readPatchRelease(
  name: string,
  release: number,
  folder = join(root, 'data', 'patches'),
): Promise<Patch> {
  const older = join(folder, `${name}.${release}`);
  const patch = await readPatch(name, existsSync(older) ? older : join(folder, name));
  if (patch.manifest.release === release) return patch;
  throw new Error(
    `there is no release ${release} of the patch of ${name}: data/patches/${name} is release ${patch.manifest.release}`,
  );
}
