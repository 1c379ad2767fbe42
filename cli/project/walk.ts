/** Finds the Python files of a folder, and leaves out what is not the project's own. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { tooManyFiles } from '../../resolver/issues/files.ts';
import { outOfReach } from '../common/failure.ts';
import { inputError } from '../common/read-text.ts';

/** The most files and folders that are looked at. */
const MOST_ENTRIES = 200_000;

/** Folders of tools, of other languages, and of packages. */
const SKIPPED = new Set(['__pycache__', 'node_modules', 'python_modules', 'site-packages']);

/** Paths relative to `root`, with `/` between their parts, in alphabetical order. */
export async function pythonFiles(root: string, isSkipped = isSkippedFolder): Promise<string[]> {
  const found: string[] = [];
  const folders = [''];
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const inside = await entriesOf(join(root, folder), root);
    entries += inside.length;
    if (entries > MOST_ENTRIES) throw tooMany(root);
    // A virtual environment says so.
    if (folder !== '' && inside.some(({ name }) => name === 'pyvenv.cfg')) continue;
    for (const entry of inside) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      // Like wrangler, does not follow links to folders: they may lead anywhere, and in circles.
      if (entry.isDirectory() && !isSkipped(entry.name)) folders.push(path);
      else if (/\.(?:py|so)$/.test(entry.name) && (await isFile(entry, join(root, path)))) found.push(path);
    }
  }
  return found.sort();
}

/** Rejects a path that is not a folder, before anything else is read. */
export async function checkFolder(folder: string): Promise<void> {
  await entriesOf(folder, folder);
}

export function isSkippedFolder(name: string): boolean {
  return name.startsWith('.') || SKIPPED.has(name);
}

async function entriesOf(folder: string, root: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // An unreadable file is not uploaded either, and a folder may be removed while others are read.
    if (folder !== root && (code === 'EACCES' || code === 'ENOENT')) return [];
    const reason = code === 'ENOENT' ? 'there is no such folder' : code === 'ENOTDIR' ? 'it is a file' : code;
    throw outOfReach({ problem: 'unread_folder', folder: root, detail: `${reason}` }, error);
  }
}

async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  const target = await stat(path).catch(() => null);
  return target?.isFile() ?? false;
}

function tooMany(root: string) {
  return inputError([tooManyFiles({ problem: 'in_project', folder: root, most: MOST_ENTRIES })]);
}
