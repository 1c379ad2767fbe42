/** The project that is built: its wrangler settings, its main module and the files that go into the Worker. */
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { compiledModule, noMain } from '../../resolver/issues/build.ts';
import { tooManyFiles } from '../../resolver/issues/files.ts';
import { isCompiled } from '../../resolver/vendored/folder.ts';
import { PROJECT } from '../../runtime/site.ts';
import { outOfReach, unanswered } from '../common/failure.ts';
import { isFolder, pathFrom } from '../common/folders.ts';
import type { BuildClosure, BuildProject, ProjectFile } from '../worker/inputs.ts';
import { checkFolder, filesBelow, foldersBelow, readVendored } from './layout.ts';
import { findWranglerFile, readTables } from './wrangler-file.ts';

/** Folders and files of tools, which no Worker reads. */
const SKIPPED_FOLDERS = new Set(['__pycache__', 'node_modules']);
const SKIPPED_FILES = /^(?:\.|wrangler\.(?:toml|jsonc?)$|package(?:-lock)?\.json$)|\.py[co]$/;
const MOST_FILES = 20_000;

/** The wrangler file of the project in a folder: the one that was named, or as wrangler finds it. */
export async function findConfig(folder: string, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  await checkFolder(folder);
  const config = findWranglerFile(folder);
  if (config === null) throw outOfReach({ problem: 'no_wrangler_file', folder: resolve(folder) });
  return config;
}

/** @param outFolder which is left out if it is in the project */
export async function readBuildProject(
  path: string,
  environment: string,
  outFolder: string,
): Promise<BuildProject> {
  const { tables, home, root, main, mainProblem: problem } = await readTables(path, environment);
  if (problem !== null) throw unanswered([noMain({ file: path, problem })]);
  const mainFile = join(home, main!);
  const out = await realpath(outFolder).catch(() => resolve(outFolder));
  const files = await walk(await realpath(root), PROJECT, out);
  const vendored = join(home, 'python_modules');
  if (resolve(root) !== resolve(home) && existsSync(vendored)) {
    files.push(...(await walk(await realpath(vendored), `${PROJECT}/python_modules`, out)));
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  // Such as `package.module`.
  const module = pathFrom(root, mainFile)
    .replace(/(?:\/__init__)?\.py$/, '')
    .replaceAll('/', '.');
  return { config: path, home, tables, root, main: module, mainFile, files };
}

async function walk(root: string, at: string, out: string): Promise<ProjectFile[]> {
  const files: ProjectFile[] = [];
  for await (const { path, entry } of filesBelow(root, sourcesOf(root, out))) {
    if (!entry.isFile() || SKIPPED_FILES.test(entry.name)) continue;
    files.push({ path: `${at}/${path}`, file: join(root, path) });
    if (files.length > MOST_FILES) {
      throw unanswered([tooManyFiles({ problem: 'in_worker', folder: root, most: MOST_FILES })]);
    }
  }
  return files;
}

/** Which folders of a root are entered: not those of tools, nor `out`. */
const sourcesOf = (root: string, out: string) => (name: string, path: string) =>
  !name.startsWith('.') && !SKIPPED_FOLDERS.has(name) && join(root, path) !== out;

/** The folders of which a change may change the Worker: also those of packages in folders. */
export async function watchedFolders(
  { home, root, config }: BuildProject,
  packages: Iterable<string>,
  out: string,
): Promise<string[]> {
  const watched = [home, dirname(config)];
  for (const below of [root, ...packages]) {
    for await (const { folder } of foldersBelow(below, sourcesOf(below, out)))
      watched.push(join(below, folder));
  }
  return watched;
}

/**
 * All files but vendored copies of packages that the build provides: Python would import the copies first, and a
 * Worker cannot load their compiled modules. Rejects any other compiled module.
 */
export async function projectFiles(
  { home, root, files }: Pick<BuildProject, 'home' | 'root' | 'files'>,
  { packages }: BuildClosure,
): Promise<ProjectFile[]> {
  const folders = new Set([home, root].map((folder) => join(folder, 'python_modules')));
  const places = await Promise.all([...folders].filter(isFolder).map(readVendored));
  const provided = new Set(packages.map(({ name }) => name));
  const copies = new Set(
    places
      .flatMap(({ installed }) => installed.packages.filter(({ name }) => provided.has(name)))
      .flatMap((member) => member.files.map((path) => `${PROJECT}/python_modules/${path}`)),
  );
  const own = files.filter(({ path }) => !copies.has(path));
  const compiled = own.filter(({ path }) => isCompiled(path));
  if (compiled.length === 0) return own;
  throw unanswered(compiled.map(({ path }) => compiledModule({ file: path.slice(PROJECT.length + 1) })));
}
