/** The layout of a project: its modules, its main module, its vendored packages. */

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { VendoredPlace } from '../../resolver/pinwheel/check.ts';
import type { Finding, Host } from '../../resolver/python/index.ts';
import { isInstallRecord, MARKER_FILE, readInstalled, readMarker } from '../../resolver/vendored/folder.ts';
import { unrunnable, vendoredContext } from '../../resolver/vendored/judge.ts';
import { isSkippedFolder, pythonFiles } from './walk.ts';
import { environmentName, findWranglerFile, readWranglerEntry } from './wrangler-file.ts';

export async function readVendored(folder: string): Promise<VendoredPlace> {
  const files = await pythonFiles(folder, () => false);
  const records = (await readdir(folder)).filter((name) => name.endsWith('.dist-info'));
  const texts = new Map<string, string>();
  const paths = [...files];
  for (const record of records) {
    for (const name of await readdir(join(folder, record)).catch(() => [])) {
      const file = `${record}/${name}`;
      paths.push(file);
      if (isInstallRecord(file)) texts.set(file, await readFile(join(folder, file), 'utf8').catch(() => ''));
    }
  }
  const marker = readMarker(await readFile(join(folder, MARKER_FILE), 'utf8').catch(() => ''));
  return { folder, files, installed: readInstalled({ paths, texts }), marker };
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
  /** The folder that modules are imported from. */
  root: string;
  /** The main module's path below it; null if it is not known. */
  main: string | null;
  /** The main module that the wrangler file names, if there is no such file. */
  missing: string | null;
  /** The paths of the Python files and extensions below the root. */
  paths: string[];
  /** The folders of vendored packages. */
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
  const wrangler = config ?? findWranglerFile(folder);
  const entry = wrangler === null ? null : await readWranglerEntry(wrangler, environmentName(environment));
  const home = wrangler === null ? folder : dirname(wrangler);
  const named = entry?.main?.endsWith('.py') ? entry.main : null;
  const known = named === null ? null : mainOf(home, named, entry!.base_dir);
  const { root, main } =
    known && isNear(folder, known.root) ? known : { root: guessRoot(folder), main: null };

  // A project's own module may be called `vendor`, too.
  const isVendored = (name: string) => isSkippedFolder(name) || (name === 'vendor' && hasVendor(root));
  const [paths, ...vendored] = await Promise.all([
    pythonFiles(root, isVendored),
    ...vendoredFolders(home, root).map(readVendored),
  ]);
  return {
    root,
    main: main !== null && paths.includes(main) ? main : null,
    missing: known ? null : named,
    paths,
    vendored,
    home,
  };
}

function mainOf(home: string, main: string, baseDir: string | null): { root: string; main: string } | null {
  if (!existsSync(join(home, main))) return null;
  const root = join(home, baseDir ?? dirname(main));
  return { root, main: relative(root, join(home, main)).split(sep).join('/') };
}

/** Whether one of two folders contains the other. */
function isNear(a: string, b: string): boolean {
  const [left, right] = [a, b].map((path) => `${resolve(path)}${sep}`) as [string, string];
  return left.startsWith(right) || right.startsWith(left);
}

/** If the folder is a package itself, it is imported from its parent. */
function guessRoot(folder: string): string {
  let root = folder;
  while (existsSync(join(root, '__init__.py')) && dirname(resolve(root)) !== resolve(root)) {
    root = join(root, '..');
  }
  return root;
}

function vendoredFolders(home: string, root: string): string[] {
  const places = [...new Set([home, root].flatMap((folder) => VENDORED.map((name) => join(folder, name))))];
  return places.filter((place) =>
    basename(place) === 'vendor' ? hasVendor(dirname(place)) : existsSync(place),
  );
}

/** Whether a folder has a `vendor` folder of packages: one that is not a package itself. */
function hasVendor(folder: string): boolean {
  const vendor = join(folder, 'vendor');
  return existsSync(vendor) && !existsSync(join(vendor, '__init__.py'));
}
