/** The package as it is built, once for all tests of a run: the first that asks builds it, the others wait. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { buildPackage } from '../scripts/build.ts';

const FOLDER = 'PINWHEEL_TEST_BUILD';

/** vitest's global set-up: a folder for the run, which is removed after it. */
export default async function prepare(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'pinwheel-built-'));
  process.env[FOLDER] = folder;
  return () => rm(folder, { recursive: true });
}

/** Nobody calls it: `npm test -- --changed` follows it from what runs the package as a process to what is in it. */
export const sources = () => [import('../cli/main.ts'), import('../resolver/bundled.ts')];

/** The folder that stands for `dist/`; nobody may change what is in it. */
export async function builtPackage(): Promise<string> {
  const folder = process.env[FOLDER]!;
  const [dist, done, failed] = ['dist', 'done', 'failed'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const isFirst = await mkdir(join(folder, 'building')).then(
    () => true,
    () => false,
  );
  if (isFirst) {
    await buildPackage(dist).catch(async (error) => {
      await writeFile(failed, '');
      throw error;
    });
    await writeFile(done, '');
  }
  while (!existsSync(done)) {
    if (existsSync(failed)) throw new Error('The package could not be built; another test says why.');
    await setTimeout(100);
  }
  return dist;
}
