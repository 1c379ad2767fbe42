/** Releases of Pyodide: the one that is installed, and others from npm, once. */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fetchTarballs, readFromTarball } from '../../cli/packages/npm.ts';
import { npmCache, root } from '../../scripts/root.ts';

const INSTALLED = dirname(createRequire(import.meta.url).resolve('pyodide/package.json'));

/** With Python 3.12 and ABI 2024_0; the installed one has 2025_0. */
export const OLDEST = '0.27.7';
/** With Python 3.14 and ABI 2026_0: the one in Workers, because its loader knows workerd. */
export const NEWEST = '314.0.7';

/** The folder of a release, by default of the installed one. */
export async function pyodideFolder(version?: string): Promise<string> {
  if (version === undefined) return INSTALLED;
  const folder = join(root, '.cache', 'pyodide', version);
  if (existsSync(folder)) return folder;
  const [tarball] = await fetchTarballs([{ name: 'pyodide', version }], () => {}, npmCache);
  const asm = Number(version.split('.')[0]) >= 314 ? 'pyodide.asm.mjs' : 'pyodide.asm.js';
  const partial = `${folder}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  for (const file of [
    'package.json',
    'pyodide.mjs',
    asm,
    'pyodide.asm.wasm',
    'python_stdlib.zip',
    'pyodide-lock.json',
  ]) {
    await writeFile(join(partial, file), await readFromTarball(tarball!.path, `package/${file}`));
  }
  await rename(partial, folder).catch(async (error: Error) => {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  return folder;
}
