/** Files and folders: the cache, temporary folders next to what is made in them, and files that are written whole. */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { access, chmod, mkdir, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import paths, { dirname, isAbsolute, join } from 'node:path';
import type { ClientCache } from '../../resolver/client.ts';

/** `$XDG_CACHE_HOME/pinwheel`, or `~/.cache/pinwheel`. A relative path in the variable does not count. */
export function defaultCacheFolder(): string {
  const set = process.env.XDG_CACHE_HOME;
  return join(set !== undefined && isAbsolute(set) ? set : join(homedir(), '.cache'), 'pinwheel');
}

export const registryCacheFolder = (): string => join(defaultCacheFolder(), 'registry');

/** Nothing takes as long: an older folder is that of a run that was killed. */
const STALE_MS = 86_400_000;

/** Calls `use` with a new folder in `parent`, and removes it. */
export async function withScratch<Result>(
  parent: string,
  prefix: string,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const { folder, discard } = await openScratch(parent, prefix);
  try {
    return await use(folder);
  } finally {
    discard();
  }
}

/** A new folder in `parent`, until it is discarded or the process ends, as by Ctrl-C. Removes those that killed runs have left. */
export async function openScratch(
  parent: string,
  prefix: string,
): Promise<{ folder: string; discard(): void }> {
  await mkdir(parent, { recursive: true });
  // An error names the folder, and not what would be made in it.
  await access(parent, fs.constants.W_OK);
  await removeStale(parent, prefix);
  // Synchronous, so that no signal arrives before the cleanup knows the folder.
  const folder = mkdtempSync(join(parent, prefix));
  const discard = () => {
    process.removeListener('exit', discard);
    try {
      // Something may still be writing into it.
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
    } catch {
      // A leftover folder does no harm.
    }
  };
  process.once('exit', discard);
  return { folder, discard };
}

/** Fills a folder, which appears when it is complete. */
export async function placed(folder: string, fill: (folder: string) => Promise<unknown>): Promise<void> {
  await withScratch(dirname(folder), '.new-', async (scratch) => {
    const made = join(scratch, 'made');
    await mkdir(made);
    await fill(made);
    await rename(made, folder).catch((error: unknown) => {
      // Another run has just put it there.
      if (!existsSync(folder)) throw error;
    });
  });
}

/**
 * Whether a folder that `placed` makes is there, complete.
 * @param last the file that is written into it last; a folder without it was being removed, and is
 */
export async function isPlaced(folder: string, last: string): Promise<boolean> {
  if (existsSync(join(folder, last))) return true;
  if (existsSync(folder)) await rm(folder, { recursive: true, force: true });
  return false;
}

async function removeStale(parent: string, prefix: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(parent, name);
    const made = await stat(path).catch(() => null);
    if (made && Date.now() - made.mtimeMs > STALE_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Node's error of a full disk names no file. */
export async function naming<Result>(path: string, writing: Promise<Result>): Promise<Result> {
  return writing.catch((error: NodeJS.ErrnoException) => {
    throw error.path === undefined && error.syscall ? Object.assign(error, { path }) : error;
  });
}

export function writeFile(path: string, content: string | Uint8Array, how?: { flag: string }): Promise<void> {
  return naming(path, fs.writeFile(path, content, how));
}

/** Errors if a file cannot be replaced, though it may be writable: by the rights of its folder, or as it is mounted. */
const IN_PLACE: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EBUSY', 'EROFS']);

/**
 * Writes a file at once: a full disk, or a process that is killed, leaves no half of it. A link stays one, and a file keeps
 * its mode. A pipe, or a file that cannot be replaced because it is mounted, for example, is written in place. An error
 * names the file.
 */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const there = await stat(file).catch(() => null);
  if (there && !there.isFile()) return writeFile(file, content);
  if (there) await access(file, fs.constants.W_OK);
  const place = there ? await realpath(file) : file;
  const written = `${place}.${process.pid}`;
  try {
    await writeFile(written, content);
    if (there) await chmod(written, there.mode);
    await rename(written, place);
  } catch (error) {
    await rm(written, { force: true }).catch(() => {});
    const { code, message } = error as NodeJS.ErrnoException;
    if (there && IN_PLACE.has(code)) return writeFile(file, content);
    throw Object.assign(error as Error, { path: file, message: message.replaceAll(written, file) });
  }
}

export const registryCache: ClientCache = {
  get: (key) => readFile(join(registryCacheFolder(), key), 'utf8').catch(() => null),
  async set(key, text) {
    try {
      await mkdir(registryCacheFolder(), { recursive: true });
      await writeWhole(join(registryCacheFolder(), key), text);
    } catch {
      // An answer does not need the cache.
    }
  },
};

/** A relative path with `/` between its parts, as settings have it; absolute on another drive of Windows. */
export function pathFrom(folder: string, to: string, { relative, resolve, sep } = paths): string {
  return relative(resolve(folder), resolve(to)).split(sep).join('/') || '.';
}

/** Whether a path is that of a folder, or of what is in it. Another drive of Windows is no folder above. */
export function isWithin(folder: string, path: string, { relative, isAbsolute, sep } = paths): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
