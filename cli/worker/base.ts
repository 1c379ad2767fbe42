/**
 * Memory that projects share, from which a snapshot starts: with the modules of their packages, or, if a project
 * has modules of the same names, of Pyodide alone. Made once, and cached by everything that it depends on.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ROOTS } from '../../runtime/site.ts';
import { isPlaced, placed, writeFile, writeWhole } from '../common/folders.ts';
import { runBase } from './child.ts';
import { environmentOf, hashSeedOf } from './environment.ts';
import { compress, sha256Of, WINDOW_LOGS } from './files.ts';
import type { BuildClosure, PackagesLayer, ProjectFile, Supply } from './inputs.ts';
import { runtimeDigest } from './modules.ts';
import type { BaseJob, BaseOutcome } from './snapshot/job.ts';

export interface Base {
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
  files: readonly ProjectFile[];
  cache: string;
  supply: Pick<Supply, 'packages'>;
  signal?: AbortSignal | undefined;
  say(line: string): void;
}

const OUTCOME = 'outcome.json';
const PAGES = 'pages.bin';

/** Null if there is no snapshot even of Pyodide alone. */
export async function findBase(request: BaseRequest): Promise<Base | null> {
  const { closure, layer, modules, supply } = request;
  const shared = await remembered(request, layer, modules);
  if (shared !== null && !meets(request.files, shared.outcome.names)) return shared;
  // The bridge alone.
  return remembered(request, await supply.packages({ ...closure, packages: [] }, []), null);
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
  const { closure, cache } = request;
  const { python } = closure.runtime;
  const programs = [await runtimeDigest(), basename(request.pyodide)];
  const inputs = [...programs, closure.runtime, environmentOf(python, null), layer.digest, modules];
  const key = sha256Of(JSON.stringify(inputs));
  const env = environmentOf(python, hashSeedOf(key));
  const folder = join(cache, 'memory', key);
  if (!(await isPlaced(folder, OUTCOME))) {
    await placed(folder, (made) => make(request, layer, modules, env, made));
  }
  const outcome = JSON.parse(await readFile(join(folder, OUTCOME), 'utf8')) as BaseOutcome;
  const { snapshot } = outcome;
  return snapshot && { env, outcome: { ...outcome, snapshot }, pages: join(folder, PAGES) };
}

async function make(
  { closure, pyodide, cache, signal, say }: BaseRequest,
  layer: PackagesLayer,
  modules: readonly string[] | null,
  env: Record<string, string>,
  folder: string,
): Promise<void> {
  signal?.throwIfAborted();
  say(
    modules === null
      ? 'Starting Python, and saving its memory'
      : 'Importing the packages, and saving their memory',
  );
  const job: BaseJob = {
    kind: 'base',
    runtime: { ...closure.runtime, env },
    pyodide,
    files: [{ file: layer.blob, index: layer.index }],
    libraries: layer.libraries.map(([path, name]) => [path, join(layer.folder, name)]),
    imports: layer.imports,
    cache: join(cache, 'starts'),
    packagesDigest: layer.digest,
    outcome: join(folder, `.${OUTCOME}`),
    modules,
    pages: join(folder, PAGES),
  };
  const outcome = await runBase(job, signal);
  await writeFile(join(folder, OUTCOME), JSON.stringify(outcome));
}

/** The pages as a Worker has them. Compressed once for each level. */
export async function compressedPages({ outcome, pages }: Base, level: number): Promise<string> {
  const file = join(dirname(pages), `pages-${level}.zst`);
  if (existsSync(file)) return file;
  const packed = await compress(await readFile(pages), level, WINDOW_LOGS.streamed);
  await writeWhole(file, Buffer.concat([packed, Buffer.from(outcome.snapshot.sha256)]));
  return file;
}
