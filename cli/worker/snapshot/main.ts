/**
 * Runs a Worker's Python in Node, from the same parts as in the Worker and in a process of its own: finds out which
 * modules of WebAssembly it makes, and saves its memory. Reads a {@link Job} from standard input, and writes its outcome
 * to the file that the job names.
 */
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { lockOf } from '../../../runtime/create.ts';
import { keyOf, serveFiles, standInForBrowser } from '../../../runtime/host.ts';
import { filesOf } from '../../../runtime/libraries.ts';
import type { PyObject, Pyodide } from '../../../runtime/pyodide.ts';
import { restoredFileOf, withoutUnusedExports } from '../restored-binary.ts';
import { standInForWorker, stillHost } from './host.ts';
import {
  begin,
  classesOf,
  type Import,
  type Instance,
  Instances,
  LiveReference,
  type PartsFor,
  type Remark,
  type Saved,
  without,
} from './instances.ts';
import type {
  BaseJob,
  BaseOutcome,
  FailedRequests,
  Failure,
  Job,
  ProjectClasses,
  ProjectJob,
  ProjectOutcome,
  Setting,
  SnapshotRemark,
} from './job.ts';
import { answerAll, bridge, RequestsFailed } from './warm.ts';

export async function saveBase(
  instances: Instances,
  { modules, pages }: BaseJob,
): Promise<Omit<BaseOutcome, 'ok' | 'compiled'>> {
  const { saved, remarks, names } =
    modules === null
      ? { saved: await instances.save(await instances.create(null)), remarks: [], names: [] }
      : await saveModules(instances, modules);
  await exercise(instances);
  if (saved === null) return { snapshot: null, remarks, names };
  const { data, ...snapshot } = saved;
  await writeFile(pages, data);
  return { snapshot, remarks, names };
}

/** Leaves out what no snapshot may have, and what cannot be imported: the project does, and says so. */
async function saveModules(instances: Instances, modules: readonly string[]) {
  const importing = ({ pyodide }: Instance) => begin(pyodide, 'import_possible', JSON.stringify(modules));
  const again = (world: number, only?: string) => instances.import(null, importing, world, only);
  const first = await again(0);
  const { remarks, isLeftOut } = await judge(instances, first, again, null);
  const { names, imported } = first.watched;
  const possible = without(remarks.filter(isLeftOut), imported);
  const isWhole = first.result === true && possible.length === imported.length;
  const ways: Ways = [
    async () => (isWhole ? first.instance : await instances.createWith(null, possible, isLeftOut)),
    () => instances.createWith(null, possible, (remark) => isLeftOut(remark) || remark.code === 'callbacks'),
  ];
  return { ...(await saveBest(ways, remarks, null, (instance) => instances.save(instance))), names };
}

/** The remarks on an import, and which of them keep it out of a snapshot. */
async function judge(
  instances: Instances,
  first: Import<unknown>,
  again: (world: number, only?: string) => Promise<Import<unknown>>,
  main: string | null,
) {
  const keeping = await instances.findKeeping(first, again, main);
  const isLeftOut = ({ code, module, is_reading }: Remark) =>
    is_reading ? keeping.has(module) : code !== 'callbacks';
  const remarks = first.watched.remarks.filter((remark) => remark.code === 'callbacks' || isLeftOut(remark));
  for (const module of keeping) {
    if (remarks.some(({ is_reading, module: known }) => is_reading && known === module)) continue;
    remarks.push({ code: 'entropy', module, line: null, importers: [], is_reading: true });
  }
  // A file that is left open, for one, keeps the time.
  const others = new Set(
    remarks.filter(({ code }) => !/clock|callbacks/.test(code)).map(({ module }) => module),
  );
  return {
    remarks: remarks.filter(({ code, module }) => code !== 'clock' || !others.has(module)),
    isLeftOut,
  };
}

/** Instances with less and less in them, from the best on; null where memory differs in another world. */
type Ways = (() => Promise<Instance | null>)[];

/**
 * Saves the first that can be saved; null if none can. Names what holds JavaScript objects.
 * @param unnamed the module to name if none is known to hold any
 */
async function saveBest<Result>(
  ways: Ways,
  all: readonly Remark[],
  unnamed: string | null,
  save: (instance: Instance) => Promise<Result>,
): Promise<{ saved: Result | null; remarks: SnapshotRemark[] }> {
  const remarks = all.map(({ code, module, line }): SnapshotRemark => ({ code, module, line }));
  const others = remarks.filter(({ code }) => code !== 'callbacks');
  const callbacks = remarks.filter(({ code }) => code === 'callbacks');
  for (const [at, way] of ways.entries()) {
    const instance = await way();
    if (instance === null) continue;
    try {
      const saved = await save(instance);
      return { saved, remarks: at === 0 ? others : [...others, ...callbacks] };
    } catch (error) {
      if (!(error instanceof LiveReference)) throw error;
    }
    const isNamed = at === 0 ? callbacks.length > 0 : callbacks.some(({ module }) => module === unnamed);
    if (unnamed !== null && !isNamed) callbacks.push({ code: 'callbacks', module: unnamed, line: null });
  }
  return { saved: null, remarks: [...others, ...callbacks] };
}

/** Starts as without a snapshot, to find what is compiled. */
async function exercise(instances: Instances): Promise<void> {
  const pyodide = await instances.createPlain();
  begin(pyodide, 'import_bridge');
  const run = pyodide.pyimport('_pinwheel.exercise').exercise as PyObject;
  await run.callPromising();
}

type Imported = Omit<ProjectOutcome, 'ok' | 'compiled'>;

export async function importProject(
  instances: Instances,
  { main, warm, base }: ProjectJob,
): Promise<Imported> {
  if (base === null) return importPlain(instances, main);
  const { pages, changes } = base;
  const from = { ...base.snapshot, data: await readFile(pages) };
  const { saved, ...imported } = await saveProject(instances, main, warm, from);
  if (saved === null) return { snapshot: null, ...imported };
  const { data, ...snapshot } = saved;
  await writeFile(changes, data);
  return { snapshot, ...imported };
}

async function importPlain(instances: Instances, main: string): Promise<Imported> {
  const pyodide = await instances.createPlain();
  begin(pyodide, 'import_bridge');
  begin(pyodide, 'import_all', JSON.stringify([main]));
  const classes = classesOf(pyodide, main);
  const isHandled = handlesAny(pyodide, main, classes);
  const run = pyodide.pyimport('_pinwheel.exercise').exercise as PyObject;
  await run.callPromising();
  return { snapshot: null, remarks: [], classes, isHandled };
}

/**
 * Saves memory in which as much as possible has been imported, and the requests answered; null if even packages alone
 * cannot be saved.
 */
async function saveProject(instances: Instances, main: string, warm: readonly string[] | null, base: Saved) {
  const save = (instance: Instance) => instances.saveChanges(instance, base);
  const importing = async ({ pyodide }: Instance) => {
    begin(pyodide, 'import_all', JSON.stringify([main]));
    const classes = classesOf(pyodide, main);
    const isHandled = handlesAny(pyodide, main, classes);
    return { classes, isHandled, requests: await answerAll(pyodide, main, warm) };
  };
  const again = (world: number, only?: string) => instances.import(base, importing, world, only);
  const first = await again(0);
  const { instance, watched } = first;
  const { requests, ...result } = first.result;
  const { remarks, isLeftOut } = await judge(instances, first, again, main);
  const left = remarks.filter(isLeftOut);
  if (requests.length > 0) {
    if (left.length > 0) throw new RequestsFailed(left.map((remark) => ofRequest(remark, requests)));
    const { saved } = await saveBest([async () => instance], [], null, save);
    if (saved !== null) return { saved, remarks: [], ...result };
    throw new RequestsFailed([ofRequest({ code: 'callbacks', module: null, line: null }, requests)]);
  }
  const possible = without(left, watched.imported);
  const others = without(left, watched.others);
  const ways: Ways = [
    async () => (left.length === 0 ? instance : await instances.createWith(base, possible, isLeftOut)),
    () => instances.createWith(base, possible, (remark) => isLeftOut(remark) || remark.code === 'callbacks'),
    () => instances.createWith(base, others, isLeftOut),
  ];
  return { ...(await saveBest(ways, remarks, main, save)), ...result };
}

/** A request is watched like a module. For some effects it is unknown which of the requests has them. */
function ofRequest(
  { code, module, line, importers = [] }: SnapshotRemark & Partial<Remark>,
  requests: readonly string[],
): SnapshotRemark {
  const named = [module, ...importers].find((name) => name !== null && requests.includes(name));
  const request = named ?? requests.join(', ');
  return { code, module: named === module ? null : module, line, request };
}

/** A Worker without a handler may have classes, of which workerd makes objects. */
function handlesAny(pyodide: Pyodide, main: string, classes: ProjectClasses): boolean {
  return Object.keys(classes).length > 0 || begin(pyodide, 'handles_any', main) === true;
}

const EMPTY = new ArrayBuffer(0);

/** Larger modules are Pyodide itself and libraries, which the Worker has as files. */
const LARGEST_COMPILED = 65_536;

/** Nothing else can run in this process: its globals are no longer Node's. */
export async function runJob(job: Job): Promise<BaseOutcome | ProjectOutcome | Failure | FailedRequests> {
  const compiled = new Set<string>();
  const Module = WebAssembly.Module;
  standInForBrowser((bytes) => {
    if (bytes.byteLength <= LARGEST_COMPILED) compiled.add(keyOf(bytes));
    return new Module(bytes);
  });
  standInForWorker();
  const host = stillHost();
  const files = job.files.map(async ({ file, index }) => {
    const bytes = bytesOf(await readFile(file));
    return [index, (offset: number, length: number) => bytes.subarray(offset, offset + length)] as const;
  });
  const library = bytesOf(await readFile(join(job.pyodide, 'python_stdlib.zip')));
  const partsFor = await partsOf(job, Module, library);
  const instances = new Instances(job, host, partsFor, library, await Promise.all(files));
  try {
    const made = job.kind === 'base' ? await saveBase(instances, job) : await importProject(instances, job);
    return { ok: true, compiled: [...compiled].sort(), ...made };
  } catch (error) {
    if (error instanceof RequestsFailed) return { ok: false, remarks: error.remarks };
    if ((error as Error).name !== 'PythonError') throw error;
    return { ok: false, traceback: (error as Error).message };
  }
}

async function partsOf(
  setting: Setting,
  Module: typeof WebAssembly.Module,
  library: Uint8Array,
): Promise<PartsFor> {
  const { pyodide, runtime } = setting;
  let isRestoring = false;
  serveFiles({ stdlib: () => (isRestoring ? EMPTY : library), lock: lockOf(runtime) });
  const load = (name: string) => import(pathToFileURL(join(pyodide, name)).href);
  const [{ loadPyodide }, { default: createModule }] = await Promise.all([
    load('pyodide.mjs'),
    load('pyodide.asm.mjs'),
  ]);
  /** A job may need a binary as it is, or for restored memory, or both. */
  const compiledFrom = (file: string, as = (binary: Buffer<ArrayBuffer>) => binary) => {
    const made: WebAssembly.Module[] = [];
    return (isRestored: boolean) =>
      (made[Number(isRestored)] ??= new Module(as(readFileSync(isRestored ? restoredFileOf(file) : file))));
  };
  // 314 puts all exports into the table of functions, whose entries memory refers to.
  const wasm = compiledFrom(join(pyodide, 'pyodide.asm.wasm'), (binary) =>
    withoutUnusedExports(binary, setting.imports),
  );
  const libraries = setting.libraries.map(([path, file]) => [path, compiledFrom(file)] as const);
  return (state) => {
    const files = state && filesOf(state);
    isRestoring = state !== null;
    return {
      ...{ runtime, loadPyodide, createModule, bridge },
      wasm: wasm(isRestoring),
      libraries: new Map(libraries.map(([path, library]) => [path, library(files?.has(path) ?? false)])),
    };
  };
}

/** The same bytes, without the methods of Node's buffers: Python and Pyodide see them as they are in a Worker. */
function bytesOf({ buffer, byteOffset, byteLength }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

const job = JSON.parse(await text(process.stdin)) as Job;
// Node would print the source line that failed, and Pyodide's lines are long.
const outcome = await runJob(job).catch((error: Error) => ({
  ok: false,
  crash: error.stack ?? String(error),
}));
await writeFile(job.outcome, JSON.stringify(outcome));
process.exit(0);
