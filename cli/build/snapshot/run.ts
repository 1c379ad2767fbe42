/** The child process: runs Pyodide from the same parts as in the Worker. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { keyOf } from '../../../runtime/compiled.ts';
import {
  createPyodide,
  lockOf,
  type Parts,
  type RuntimeInfo,
  type SnapshotStart,
  type SnapshotState,
} from '../../../runtime/create.ts';
import { serveFiles, standInForBrowser } from '../../../runtime/host.ts';
import { type LibraryState, recordLoads } from '../../../runtime/libraries.ts';
import { packPages, restorePages } from '../../../runtime/memory.ts';
import type { EmscriptenModule, PyObject, Pyodide } from '../../../runtime/pyodide.ts';
import { fillSite } from '../../../runtime/site.ts';
import { compress } from '../compress.ts';
import { NO_SEED } from '../hash-seed.ts';
import type { ProjectClasses, SnapshotJob, SnapshotOutcome, SnapshotRemark } from './job.ts';
import { type StillHost, stillHost } from './still-host.ts';
import { zeroFreeMemory } from './zero.ts';

/** Larger modules are Pyodide itself and libraries, which the Worker has as files. */
const LARGEST_COMPILED = 65_536;

/** Increased when the format of the cached files changes. */
const FORMAT = 2;

/** Nothing else can run in this process: its globals are no longer Node's. */
export async function runJob(job: SnapshotJob): Promise<SnapshotOutcome> {
  const compiled = new Set<string>();
  const Module = WebAssembly.Module;
  standInForBrowser((bytes) => {
    if (bytes.byteLength <= LARGEST_COMPILED) compiled.add(keyOf(bytes));
    return new Module(bytes);
  });
  const host = stillHost();
  const run = new Run(job, host, await partsOf(job, Module), await blobsOf(job));
  try {
    const snapshot = job.snapshot === null ? null : await run.save(job.snapshot);
    const exercise = async () => {
      await run.exercise();
      return { value: [...compiled], bytes: new Uint8Array(0) };
    };
    // Without a snapshot, this is where the project is imported.
    const usual = snapshot === null ? await exercise() : await remembered(job, 'compiled', exercise);
    for (const bytes of usual.value) compiled.add(bytes);
    const { classes, watched } = run;
    return { ok: true, compiled: [...compiled].sort(), snapshot, remarks: watched.remarks, classes };
  } catch (error) {
    if ((error as Error).name !== 'PythonError') throw error;
    return { ok: false, traceback: (error as Error).message };
  }
}

/** JSON and bytes that depend on the packages alone, or on them and what `kind` says. */
async function remembered<Value>(
  { cache, packagesDigest, runtime }: SnapshotJob,
  kind: string,
  find: () => Promise<Remembered<Value>>,
): Promise<Remembered<Value>> {
  const known = JSON.stringify([FORMAT, packagesDigest, withoutSeed(runtime), kind]);
  const file = join(cache, `${sha256(known)}.bin`);
  const content = await readFile(file).catch(() => null);
  if (content !== null) {
    const end = content.indexOf('\n');
    return { value: JSON.parse(content.toString('utf8', 0, end)), bytes: content.subarray(end + 1) };
  }
  const found = await find();
  await mkdir(cache, { recursive: true });
  // At once: a build that is killed leaves no half-written file.
  const head = Buffer.from(`${JSON.stringify(found.value)}\n`);
  await writeFile(`${file}.${process.pid}`, Buffer.concat([head, found.bytes]));
  await rename(`${file}.${process.pid}`, file);
  return found;
}

interface Remembered<Value> {
  value: Value;
  bytes: Uint8Array;
}

/** The seed changes with the project. It has a fixed length, so that nothing else moves in memory. */
function withoutSeed(runtime: RuntimeInfo): RuntimeInfo {
  return { ...runtime, env: { ...runtime.env, PYTHONHASHSEED: NO_SEED } };
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

async function partsOf(job: SnapshotJob, Module: typeof WebAssembly.Module): Promise<Parts> {
  const read = (name: string) => readFile(join(job.pyodide, name));
  const [wasm, stdlib] = await Promise.all([read('pyodide.asm.wasm'), read('python_stdlib.zip')]);
  serveFiles({ wasm: new Module(wasm), stdlib: new Uint8Array(stdlib), lock: lockOf(job.runtime) });
  const load = (name: string) => import(pathToFileURL(join(job.pyodide, name)).href);
  const [{ loadPyodide }, { default: createModule }] = await Promise.all([
    load('pyodide.mjs'),
    load('pyodide.asm.mjs'),
  ]);
  const libraries = await Promise.all(
    job.libraries.map(async ([path, file]) => [path, new Module(await readFile(file))] as const),
  );
  return { runtime: job.runtime, loadPyodide, createModule, libraries: new Map(libraries), bridge: {} };
}

type Files = readonly (readonly [SnapshotJob['packages']['index'], Uint8Array])[];

async function blobsOf({ packages, project }: SnapshotJob): Promise<Files> {
  const read = async ({ file, index }: SnapshotJob['packages']) =>
    [index, new Uint8Array(await readFile(file))] as const;
  return Promise.all([read(packages), read(project)]);
}

class Run {
  watched: Watched = { remarks: [], safe: [], foreign: [] };
  classes: ProjectClasses = {};
  readonly #job: SnapshotJob;
  readonly #host: StillHost;
  readonly #parts: Parts;
  readonly #files: Files;

  constructor(job: SnapshotJob, host: StillHost, parts: Parts, files: Files) {
    this.#job = job;
    this.#host = host;
    this.#parts = parts;
    this.#files = files;
  }

  /** Starts as without a snapshot, to find what is compiled. */
  async exercise(): Promise<void> {
    const pyodide = await createPyodide(this.#parts, {});
    fillSite(pyodide, this.#files);
    prepare(pyodide);
    importModules(pyodide, [this.#job.main]);
    this.classes = classesOf(pyodide, this.#job.main);
    const exercise = pyodide.pyimport('_pinwheel.exercise').exercise as PyObject;
    await exercise.callPromising();
  }

  /** Saves memory in which as much as possible has been imported; null if even packages alone cannot be saved. */
  async save(file: string): Promise<SnapshotState | null> {
    const { main } = this.#job;
    const instance = await this.#createInstance();
    this.watched = this.#importWatched(instance.pyodide, main);
    const { safe, foreign, remarks } = this.watched;
    const ways = [
      async () => (safe.length === 1 && safe[0] === main ? instance : await this.#createInstance(safe)),
      () => this.#createInstance(foreign),
    ];
    for (const way of ways) {
      try {
        return await this.#saveInstance(await way(), file);
      } catch (error) {
        if (!(error instanceof LiveReference)) throw error;
        if (remarks.every(({ code }) => code !== 'callbacks'))
          remarks.push({ code: 'callbacks', module: main });
      }
    }
    return null;
  }

  async #createInstance(modules: readonly string[] = []): Promise<Instance> {
    this.#host.enterWorld(0);
    let finishLoads: (() => LibraryState) | undefined;
    let firstEntry = 0;
    const pyodide = await createPyodide(this.#parts, {
      makeSnapshot: true,
      onModule: (module) => {
        finishLoads = recordLoads(module);
        firstEntry = module.wasmTable.length;
      },
    });
    fillSite(pyodide, this.#files);
    prepare(pyodide);
    importModules(pyodide, modules);
    return { pyodide, firstEntry, finishLoads: finishLoads! };
  }

  #importWatched(pyodide: Pyodide, main: string): Watched {
    const watch = pyodide.pyimport('_pinwheel.watch');
    (watch.begin as PyObject)(this.#host.counts);
    importModules(pyodide, [main]);
    this.classes = classesOf(pyodide, main);
    const watched = JSON.parse(String((watch.end as PyObject)(main)));
    watch.destroy();
    return watched;
  }

  async #saveInstance({ pyodide, firstEntry, finishLoads }: Instance, file: string): Promise<SnapshotState> {
    forgetFiles(pyodide);
    pyodide.runPython('import gc\ngc.collect()');
    const module = pyodide._module;
    zeroFreeMemory(module);
    const references = module.API.serializeHiwireState((value) => this.#nameOf(value));
    const memory = module.HEAPU8.slice();
    const state = { libraries: finishLoads(), references, size: memory.length };
    const before = await this.#memoryBefore(state, namesIn(module, firstEntry));
    const { runs, data } = packPages(memory, before);
    const digest = sha256(memory);
    // The last bytes identify the snapshot: the Worker compares them with what it expects.
    await writeFile(file, Buffer.concat([compress(data, this.#job.level), Buffer.from(digest)]));
    return { ...state, runs, sha256: digest };
  }

  #nameOf(value: unknown): string {
    if (value === this.#parts.bridge) return 'bridge';
    throw new LiveReference();
  }

  /** The memory of a Worker before it copies the snapshot over it. */
  async #memoryBefore(state: SnapshotStart, table: readonly (string | null)[]): Promise<Uint8Array> {
    const { libraries, size } = state;
    const kind = JSON.stringify(['before', libraries, size]);
    const { value, bytes } = await remembered(this.#job, kind, async () => {
      const { memory, names } = await this.#startToRestore(state);
      const { runs, data } = packPages(memory, new Uint8Array(0));
      return { value: { runs, names }, bytes: data };
    });
    // A function that is in only one of the tables is a JavaScript function that is still in use.
    const free = new Set(libraries.free.map((entry) => entry - value.names.first));
    if (table.some((name, at) => name !== value.names.list[at] && !free.has(at))) throw new LiveReference();
    const memory = new Uint8Array(size);
    restorePages(memory, value.runs, bytes);
    return memory;
  }

  async #startToRestore(state: SnapshotStart) {
    this.#host.enterWorld(1);
    let module: EmscriptenModule | undefined;
    let first = 0;
    let memory: Uint8Array | undefined;
    const onModule = (created: EmscriptenModule) => {
      module = created;
      first = created.wasmTable.length;
    };
    const copy = (now: Uint8Array) => {
      memory = now.slice();
      throw new Enough();
    };
    const parts = { ...this.#parts, runtime: withoutSeed(this.#parts.runtime) };
    await createPyodide(parts, { onModule, restore: { state, copy } }).catch((error: unknown) => {
      if (!(error instanceof Enough)) throw error;
    });
    return { memory: memory!, names: { first, list: namesIn(module!, first) } };
  }
}

interface Instance {
  pyodide: Pyodide;
  /** The length of the function table before any library was loaded. */
  firstEntry: number;
  finishLoads(): LibraryState;
}

/** What `_pinwheel.watch` has recorded. */
interface Watched {
  remarks: SnapshotRemark[];
  /** The modules that a snapshot may have, and those of them that are not the project's. */
  safe: string[];
  foreign: string[];
}

function prepare(pyodide: Pyodide): void {
  const begin = pyodide.pyimport('_pinwheel.begin');
  (begin.import_bridge as PyObject)();
  begin.destroy();
}

/** Clears Python's caches of files: a Worker that starts reads them again. */
function forgetFiles(pyodide: Pyodide): void {
  pyodide.runPython(`import importlib, zipimport
importlib.invalidate_caches()
zipimport._zip_directory_cache.clear()`);
}

/** Rethrows Python's exception. */
function importModules(pyodide: Pyodide, modules: readonly string[]): void {
  const begin = pyodide.pyimport('_pinwheel.begin');
  (begin.import_all as PyObject)(JSON.stringify(modules));
  begin.destroy();
}

function classesOf(pyodide: Pyodide, main: string): ProjectClasses {
  const begin = pyodide.pyimport('_pinwheel.begin');
  const classes = JSON.parse(String((begin.classes_of as PyObject)(main)));
  begin.destroy();
  return classes;
}

/** The signatures of the functions in the table, from an index on. */
function namesIn({ wasmTable }: EmscriptenModule, first: number): (string | null)[] {
  return Array.from({ length: wasmTable.length - first }, (_, at) => wasmTable.get(first + at)?.name ?? null);
}

/** Memory refers to a JavaScript object that has no name, and so cannot be found again. */
class LiveReference extends Error {}

class Enough extends Error {}
