/** Programs of others: the machine's own, or those of Debian's packages, unpacked into `.cache/` and not installed. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/root.ts';

const run = promisify(execFile);

export interface Program {
  path: string;
  /** The environment that it needs: the folder of its libraries. */
  env: Record<string, string>;
}

/** Finds `name`, or unpacks `packages`, the first of which has it. */
export async function findProgram(name: string, packages: readonly [string, ...string[]]): Promise<Program> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  const own = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (own) return { path: own, env: {} };
  const cached = join(root, '.cache', packages[0]);
  const below = (folder: string) => join(cached, 'usr', folder, name);
  if (!existsSync(below('bin')) && !existsSync(below('sbin'))) await unpack(packages, cached);
  const path = [below('bin'), below('sbin')].find((file) => existsSync(file));
  if (!path) throw new Error(`${packages.join(', ')} of Debian have no ${name}`);
  const libraries = join(cached, 'usr/lib');
  const triplets = await readdir(libraries).catch(() => []);
  return {
    path,
    env: { LD_LIBRARY_PATH: triplets.map((triplet) => join(libraries, triplet)).join(delimiter) },
  };
}

/** Unpacks into a temporary folder first, so that an incomplete one is never used. */
async function unpack(packages: readonly string[], folder: string): Promise<void> {
  await mkdir(join(root, '.cache'), { recursive: true });
  const scratch = await mkdtemp(`${folder}-`);
  try {
    const download = () => run('apt-get', ['download', ...packages], { cwd: scratch });
    await download().catch(async () => {
      await run('apt-get', ['update']);
      await download();
    });
    for (const file of await readdir(scratch)) {
      if (!file.endsWith('.deb')) continue;
      await run('dpkg', ['-x', join(scratch, file), scratch]);
      await rm(join(scratch, file));
    }
    await rm(folder, { recursive: true, force: true });
    await rename(scratch, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
