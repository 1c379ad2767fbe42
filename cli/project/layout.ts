/** The layout of a project: its modules, its main module, its vendored packages. */
import { type Dirent, existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { tooManyFiles } from '../../resolver/issues/files.ts';
import type { VendoredPlace } from '../../resolver/pinwheel/check.ts';
import type { Finding, Host } from '../../resolver/python/index.ts';
import { isInstallRecord, MARKER_FILE, readInstalled, readMarker } from '../../resolver/vendored/folder.ts';
import { unrunnable, vendoredContext } from '../../resolver/vendored/judge.ts';
import { outOfReach } from '../common/failure.ts';
import { isWithin, pathFrom } from '../common/folders.ts';
import { inputError } from '../common/read-text.ts';
import { findWranglerFile, readTables, type WranglerFile } from './wrangler-file.ts';

export async function readVendored(folder: string): Promise<VendoredPlace> {
  const files = await pythonFiles(folder, () => false);
  const texts = new Map<string, string>();
  const textOf = (path: string) => readFile(join(folder, path), 'utf8').catch(() => '');
  const records: string[] = [];
  const isRecord = (name: string, path: string) => name === path && name.endsWith('.dist-info');
  for await (const { path, entry } of filesBelow(folder, isRecord)) {
    // Only those at its top are processed.
    if (path === entry.name && path.endsWith('.pth')) files.push(path);
    if (path !== entry.name) records.push(path);
    if (isInstallRecord(path)) texts.set(path, await textOf(path));
  }
  const installed = readInstalled({ paths: [...files, ...records], texts });
  return { folder, files, installed, marker: readMarker(await textOf(MARKER_FILE)) };
}

/** The compiled packages that a target cannot run. */
export function unrunnableVendored(places: readonly VendoredPlace[], host: Host): Finding[] {
  const context = vendoredContext(host, [], { isWhole: false, fetchesLater: false });
  return places.flatMap(({ folder, installed, marker }) =>
    unrunnable(installed, { ...context, marker }).map(({ path, name: _, ...remark }): Finding => {
      return { ...remark, path: join(folder, path), line: 1, column: 1 };
    }),
  );
}

export interface Layout {
  root: string;
  /** The main module's path below it; null if it is not known. */
  main: string | null;
  wrangler: WranglerFile | null;
  /** The paths of the Python files and extensions below the root. */
  paths: string[];
  vendored: VendoredPlace[];
  /** The folder that holds requirements. */
  home: string;
}

/** The folders that wrangler uploads packages from: today's, and the one of Workers before 2025-08-11. */
const VENDORED = ['python_modules', 'vendor'];

/** @param config the wrangler file that was named, if any */
export async function readLayout(
  folder: string,
  config: string | undefined,
  environment: string | undefined,
): Promise<Layout> {
  const path = config ?? findWranglerFile(folder);
  const wrangler = path === null ? null : await readTables(path, environment);
  const home = wrangler?.home ?? folder;
  const known = wrangler?.mainProblem === null ? wrangler : null;
  const isNear = known && (isWithin(folder, known.root) || isWithin(known.root, folder));
  const root = isNear ? known.root : guessRoot(folder);
  const main = isNear ? pathFrom(root, join(home, known.main!)) : null;

  const places = new Set([home, root].flatMap((folder) => VENDORED.map((name) => join(folder, name))));
  const isSkipped = (name: string) =>
    isSkippedFolder(name) || (name === 'vendor' && hasPackages(join(root, name)));
  const [paths, ...vendored] = await Promise.all([
    pythonFiles(root, isSkipped),
    ...[...places].filter(hasPackages).map(readVendored),
  ]);
  return {
    root,
    main: main !== null && paths.includes(main) ? main : null,
    wrangler,
    paths,
    vendored,
    home,
  };
}

/** If the folder is a package itself, it is imported from its parent. */
function guessRoot(folder: string): string {
  let root = folder;
  while (existsSync(join(root, '__init__.py')) && dirname(resolve(root)) !== resolve(root)) {
    root = join(root, '..');
  }
  return root;
}

/** Whether a folder has vendored packages. A project's own module may be called `vendor`, too. */
function hasPackages(folder: string): boolean {
  const isOwn = basename(folder) === 'vendor' && existsSync(join(folder, '__init__.py'));
  return existsSync(folder) && !isOwn;
}

const MOST_ENTRIES = 200_000;

/** Folders of tools, of other languages, and of packages. */
export const SKIPPED = new Set(['__pycache__', 'node_modules', 'python_modules', 'site-packages']);

/** Paths relative to `root`, with `/` between their parts, in alphabetical order. */
export async function pythonFiles(root: string, isSkipped = isSkippedFolder): Promise<string[]> {
  const paths: string[] = [];
  let entries = 0;
  for await (const { path, entry } of filesBelow(root, (name) => !isSkipped(name))) {
    if (++entries > MOST_ENTRIES) {
      throw inputError([tooManyFiles({ problem: 'in_project', folder: root, most: MOST_ENTRIES })]);
    }
    if (!/\.(?:py|so)$/.test(path)) continue;
    const target = entry.isSymbolicLink() ? await stat(join(root, path)).catch(() => null) : entry;
    if (target?.isFile()) paths.push(path);
  }
  return paths.sort();
}

/** The files in a folder and in those below it that are entered, by paths relative to it. */
export async function* filesBelow(
  root: string,
  enters: Enters,
): AsyncGenerator<{ path: string; entry: Dirent }> {
  for await (const { folder, entries } of foldersBelow(root, enters)) {
    // Like wrangler, does not follow links to folders: they may lead anywhere, and in circles.
    for (const entry of entries) if (!entry.isDirectory()) yield { path: folder + entry.name, entry };
  }
}

type Enters = (name: string, path: string) => boolean;

/** A folder and those below it that are entered, by paths relative to it that are empty or end in `/`. */
export async function* foldersBelow(
  root: string,
  enters: Enters,
): AsyncGenerator<{ folder: string; entries: Dirent[] }> {
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await entriesOf(join(root, folder), root);
    // A virtual environment says so.
    if (folder !== '' && entries.some(({ name }) => name === 'pyvenv.cfg')) continue;
    yield { folder, entries };
    for (const entry of entries) {
      if (entry.isDirectory() && enters(entry.name, folder + entry.name))
        folders.push(`${folder}${entry.name}/`);
    }
  }
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
