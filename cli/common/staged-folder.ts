/** The folder that packages are vendored into. A new one is made next to the old one, and then replaces it. */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { MADE_BY, MARKER_FILE } from '../../resolver/vendored/folder.ts';
import { misused } from './failure.ts';
import { isWithin, openScratch, writeFile } from './folders.ts';

/** The marker file of a folder, and the command that it names. */
export interface Maker {
  marker: string;
  madeBy: string;
  /** Folders of other tools in it, which stay when it is replaced. */
  keeps?: readonly string[];
}

const VENDOR: Maker = { marker: MARKER_FILE, madeBy: MADE_BY };

/**
 * The real path of a folder that may be replaced. Without `force`, this command has to have made what is in it.
 * @param own files of the project, which the folder must not contain, nor the current folder
 */
export async function claimFolder(
  to: string,
  force: boolean,
  own: readonly string[],
  maker = VENDOR,
): Promise<string> {
  const path = await realpath(to).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return resolve(to);
    throw error;
  });
  const here = process.cwd();
  for (const file of [here, ...own]) {
    // A link, and what it leads to.
    for (const place of [dirname(file), file]) {
      if (!isWithin(path, await realpath(place).catch(() => resolve(place)))) continue;
      const kept = file === here ? 'the current folder' : file;
      throw misused({ problem: 'replaces_project', folder: to, kept });
    }
  }
  const status = await lstat(path).catch(() => null);
  if (!status) return path;
  if (!status.isDirectory()) throw misused({ problem: 'not_a_folder', path: to });
  const names = await readdir(path);
  if (names.length === 0 || force || (await isOurs(path, maker))) return path;
  throw misused({ problem: 'folder_of_others', folder: to, maker: maker.madeBy });
}

async function isOurs(folder: string, { marker, madeBy }: Maker): Promise<boolean> {
  try {
    const content: unknown = JSON.parse(await readFile(join(folder, marker), 'utf8'));
    return (content as { made_by?: unknown } | null)?.made_by === madeBy;
  } catch {
    return false;
  }
}

export async function stageFolder(target: string) {
  const prefix = `.${basename(target)}.pinwheel-`;
  const { folder: scratch, discard } = await openScratch(dirname(target), prefix);
  // Inside a private folder, but with the usual permissions.
  const path = join(scratch, 'new');
  mkdirSync(path);
  return { path, commit, discard };

  async function commit(content: object, { marker, madeBy, keeps = [] }: Maker = VENDOR): Promise<void> {
    const text = `${JSON.stringify({ made_by: madeBy, ...content }, null, 2)}\n`;
    await writeFile(join(path, marker), text);
    // Synchronous, so that no signal arrives in between: one of the two always exists.
    const old = join(scratch, 'old');
    const replaces = existsSync(target);
    const kept = keeps.filter((name) => existsSync(join(target, name)));
    for (const name of kept) renameSync(join(target, name), join(path, name));
    if (replaces) renameSync(target, old);
    try {
      renameSync(path, target);
    } catch (error) {
      if (replaces) renameSync(old, target);
      for (const name of kept) renameSync(join(path, name), join(target, name));
      throw error;
    }
    discard();
  }
}
