/** The wheels that the tests of httpx run with. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildWheel } from '../../../scripts/patch/build-wheel.ts';
import { root } from '../../../scripts/root.ts';

export const VERSION = '0.28.1';
export const HTTPX = `httpx==${VERSION}`;
/** All that the patched wheel needs on Emscripten. */
export const IDNA = 'idna==3.20';

/** The patched wheel's path, built anew. */
export async function patchedHttpx(): Promise<string> {
  const wheel = await buildWheel('httpx', VERSION);
  const folder = join(root, '.cache', 'patched', wheel.sha256);
  await mkdir(folder, { recursive: true });
  const path = join(folder, wheel.filename);
  await writeFile(path, wheel.bytes);
  return path;
}
