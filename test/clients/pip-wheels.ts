/** Real wheels, fetched by the machine's pip from its index, and kept in `.cache/wheels/`. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/root.ts';

export interface DownloadedWheel {
  path: string;
  filename: string;
  sha256: string;
  bytes: Buffer;
}

const cache = join(root, '.cache/wheels');

/**
 * The file that `pip download` picks for a requirement, such as `httpx==0.28.1`; with further arguments, such as
 * `--only-binary=:all: --platform …`, for another machine. Pin the version: what is cached is not asked again.
 */
export async function downloadWheel(
  requirement: string,
  extraArgs: readonly string[] = [],
): Promise<DownloadedWheel> {
  const key = createHash('sha256')
    .update(JSON.stringify([requirement, ...extraArgs]))
    .digest('hex');
  const folder = join(cache, key.slice(0, 16));
  const [filename] = await filesOf(folder).catch(() => download(folder, requirement, extraArgs));
  if (filename === undefined) throw new Error(`pip download ${requirement} brought nothing`);
  const path = join(folder, filename);
  const bytes = await readFile(path);
  return { path, filename, sha256: createHash('sha256').update(bytes).digest('hex'), bytes };
}

/** Downloads into a temporary folder first, so that no other process finds a partial wheel. */
async function download(
  folder: string,
  requirement: string,
  extraArgs: readonly string[],
): Promise<string[]> {
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, 'download-'));
  const args = ['-m', 'pip', 'download', '--no-deps', '--retries', '0', '-q', '-d', scratch];
  try {
    await promisify(execFile)('python3', [...args, ...extraArgs, requirement]);
    await rename(scratch, folder).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } catch (error) {
    throw new Error(
      `${requirement} could not be downloaded. These tests need python3 with pip, and an index it reaches.`,
      { cause: error },
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return filesOf(folder);
}

const filesOf = (folder: string) => readdir(folder);

/** The environment in which Python imports the newest pip: that of a system may be old, and may refuse to install. */
export async function newestPip(): Promise<NodeJS.ProcessEnv> {
  return { ...process.env, PYTHONPATH: (await downloadWheel('pip')).path };
}
