/**
 * Memory that projects share, from which a snapshot starts: with the modules of their packages, or, if a project
 * has modules of the same names, of Pyodide alone. Made once, and cached by everything that it depends on.
 */
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ROOTS } from '../../runtime/site.ts';
import { placed } from '../common/scratch.ts';
import { type PackagesLayer, packagesLayer } from '../packages/layer.ts';
import type { ProjectFile } from '../project/build-project.ts';
import { runBase } from './child.ts';
import { compress } from './compress.ts';
import { sha256Of } from './digests.ts';
import { environmentOf } from './environment.ts';
import { hashSeedOf } from './hash-seed.ts';
import type { BuildClosure } from './inputs.ts';
import { runtimeDigest } from './modules.ts';
import type { BaseOutcome } from './snapshot/job.ts';

export interface Base {
  /** Everything that it depends on. */
  inputs: readonly unknown[];
  /** Python's environment, which memory holds. */
  env: Record<string, string>;
  outcome: BaseOutcome & { snapshot: NonNullable<BaseOutcome['snapshot']> };
  /** The file with its pages. */
  pages: string;
}

export interface BaseRequest {
  closure: BuildClosure;
  pyodide: string;
  layer: PackagesLayer;
  /** The modules of packages that the project imports before code of its own. */
  modules: readonly string[];
  /** The project's files. */
  files: readonly ProjectFile[];
  cache: string;
  provided?: MemoryProvider | undefined;
  say(line: string): void;
}

/** Memory that is not made here. */
export interface MemoryProvider {
  /** The cache for it, and for what is made from it: other projects may not want it. */
  cache: string;
  /** Puts the files of memory that was made from these inputs into a folder; false if there is no such memory. */
  get(inputs: readonly unknown[], folder: string): Promise<boolean>;
}

/** The files of memory, in a folder. */
export const memoryFiles = (folder: string) => ({
  outcome: join(folder, 'outcome.json'),
  pages: join(folder, 'pages.bin'),
  /** As a Worker has them. */
  compressed: (level: number) => join(folder, `pages-${level}.zst`),
});

/** Null if there is no snapshot even of Pyodide alone. */
export async function findBase(request: BaseRequest): Promise<Base | null> {
  const { closure, layer, modules, cache } = request;
  const shared = await remembered(request, layer, modules);
  if (shared !== null && !meets(request.files, shared.outcome.names)) return shared;
  // The bridge alone.
  return remembered(request, await packagesLayer({ ...closure, packages: [] }, cache), null);
}

/** Whether packages would find a module of the project, or register with a package by it. */
function meets(files: readonly ProjectFile[], names: readonly string[]): boolean {
  const sought = new Set(names);
  return files.some(({ path }) => {
    if (path.endsWith('.dist-info/entry_points.txt')) return true;
    return ROOTS.some((root) => {
      if (!path.startsWith(`${root}/`)) return false;
      const [name] = path.slice(root.length + 1).split(/[/.]/, 1);
      return sought.has(name!);
    });
  });
}

async function remembered(
  request: BaseRequest,
  layer: PackagesLayer,
  modules: readonly string[] | null,
): Promise<Base | null> {
  const { closure, pyodide, cache, provided } = request;
  const { python } = closure.runtime;
  const inputs = [await runtimeDigest(), closure.runtime, environmentOf(python, null), layer.digest, modules];
  const key = sha256Of(JSON.stringify(inputs));
  const env = environmentOf(python, hashSeedOf(key));
  const all = [basename(pyodide), ...inputs];
  const own = join(cache, 'memory', key);
  const given = provided && join(provided.cache, 'memory', key);
  const isGiven =
    given !== undefined &&
    !existsSync(own) &&
    (existsSync(given) || (await placed(given, (folder) => provided!.get(all, folder))));
  if (!isGiven && !existsSync(own)) {
    await placed(own, async (folder) => {
      await make(request, layer, modules, env, folder);
      return true;
    });
  }
  const files = memoryFiles(isGiven ? given : own);
  const outcome = JSON.parse(await readFile(files.outcome, 'utf8')) as BaseOutcome;
  const { snapshot } = outcome;
  return snapshot && { inputs: all, env, outcome: { ...outcome, snapshot }, pages: files.pages };
}

async function make(
  { closure, pyodide, cache, say }: BaseRequest,
  layer: PackagesLayer,
  modules: readonly string[] | null,
  env: Record<string, string>,
  folder: string,
): Promise<void> {
  say(
    modules === null
      ? 'Starting Python, and saving its memory'
      : 'Importing the packages, and saving their memory',
  );
  const files = memoryFiles(folder);
  const outcome = await runBase({
    kind: 'base',
    runtime: { ...closure.runtime, env },
    pyodide,
    files: [{ file: layer.blob, index: layer.index }],
    libraries: layer.libraries.map(([path, name]) => [path, join(layer.folder, name)]),
    cache: join(cache, 'starts'),
    packagesDigest: layer.digest,
    outcome: `${files.outcome}.new`,
    modules,
    pages: files.pages,
  });
  await writeFile(files.outcome, JSON.stringify(outcome));
}

/** The pages as a Worker has them. Compressed once for each level. */
export async function compressedPages({ outcome, pages }: Base, level: number): Promise<string> {
  const file = memoryFiles(dirname(pages)).compressed(level);
  if (existsSync(file)) return file;
  const bytes = await compress(await readFile(pages), level);
  await writeFile(`${file}.${process.pid}`, Buffer.concat([bytes, Buffer.from(outcome.snapshot.sha256)]));
  await rename(`${file}.${process.pid}`, file);
  return file;
}
