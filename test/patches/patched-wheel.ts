import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildVersion } from '../../cli/packages/patch/built-wheel.ts';
import { root, wheelCache } from '../../scripts/root.ts';

/** The path of a patched wheel, which is built for this call. */
export async function patchedWheel(name: string, version: string): Promise<string> {
  const wheel = await buildVersion({ package: name, version }, wheelCache);
  const folder = join(root, '.cache', 'patched', wheel.sha256);
  await mkdir(folder, { recursive: true });
  const path = join(folder, wheel.filename);
  // Files of tests that run at once write the same wheel: nobody reads half of one.
  const making = join(folder, randomUUID());
  await writeFile(making, wheel.bytes);
  await rename(making, path);
  return path;
}
