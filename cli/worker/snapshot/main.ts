/**
 * Runs a Worker's Python in Node, from the same parts as in the Worker and in a process of its own: finds out which
 * modules of WebAssembly it makes, and saves its memory. Reads a {@link Job} from standard input, and writes its outcome
 * to the file that the job names.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { lockOf, type Parts } from '../../../runtime/create.ts';
import { keyOf, serveFiles, standInForBrowser } from '../../../runtime/host.ts';
import type { PyObject, Pyodide } from '../../../runtime/pyodide.ts';
import { standInForWorker, stillHost } from './host.ts';
import {
  begin,
  classesOf,
  type Instance,
  Instances,
  LiveReference,
  type Saved,
  type Watched,
} from './instances.ts';
import type {
  BaseJob,
  BaseOutcome,
  Failure,
  Job,
  ProjectClasses,
  ProjectJob,
  ProjectOutcome,
  Setting,
  SnapshotRemark,
} from './job.ts';

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
  const first = await instances.create(null);
  begin(first.pyodide, 'import_bridge');
  const [watched, complete] = instances.watch(first, () =>
    begin(first.pyodide, 'import_possible', JSON.stringify(modules)),
  );
  const { names, imported, unsafe } = watched;
  const isWhole = complete && unsafe.length === 0;
  const ways: Ways = [
    async () => (isWhole ? first : await instances.createWith(null, imported, true)),
    () => instances.createWith(null, imported, false),
  ];
  const { saved, remarks } = await saveBest(ways, watched, null, (instance) => instances.save(instance));
  return { saved, remarks, names };
}

/** Instances with less and less in them, from the best on. */
type Ways = (() => Promise<Instance>)[];

/**
 * Saves the first that can be saved; null if none can. Names what holds JavaScript objects.
 * @param unnamed the module to name if none is known to hold any
 */
async function saveBest<Result>(
  ways: Ways,
  { remarks: all }: Watched,
  unnamed: string | null,
  save: (instance: Instance) => Promise<Result>,
): Promise<{ saved: Result | null; remarks: SnapshotRemark[] }> {
  const others = all.filter(({ code }) => code !== 'callbacks');
  const callbacks = all.filter(({ code }) => code === 'callbacks');
  for (const [at, way] of ways.entries()) {
    try {
      const saved = await save(await way());
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

export async function importProject(instances: Instances, { main, base }: ProjectJob): Promise<Imported> {
  if (base === null) return importPlain(instances, main);
  const { pages, changes } = base;
  const from = { ...base.snapshot, data: await readFile(pages) };
  const { saved, ...imported } = await saveProject(instances, main, from);
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

/** Saves memory in which as much as possible has been imported; null if even packages alone cannot be saved. */
async function saveProject(instances: Instances, main: string, base: Saved) {
  const first = await instances.create(base);
  begin(first.pyodide, 'import_bridge');
  const [watched, classes] = instances.watch(first, () => {
    begin(first.pyodide, 'import_all', JSON.stringify([main]));
    return classesOf(first.pyodide, main);
  });
  const { unsafe, imported, others } = watched;
  const isHandled = handlesAny(first.pyodide, main, classes);
  const ways: Ways = [
    async () => (unsafe.includes(main) ? instances.createWith(base, imported, true) : first),
    () => instances.createWith(base, imported, false),
    () => instances.createWith(base, others, true),
  ];
  const save = (instance: Instance) => instances.saveChanges(instance, base);
  return { ...(await saveBest(ways, watched, main, save)), classes, isHandled };
}

/** A Worker without a handler may have classes, of which workerd makes objects. */
function handlesAny(pyodide: Pyodide, main: string, classes: ProjectClasses): boolean {
  return Object.keys(classes).length > 0 || begin(pyodide, 'handles_any', main) === true;
}

/** Larger modules are Pyodide itself and libraries, which the Worker has as files. */
const LARGEST_COMPILED = 65_536;

/** Nothing else can run in this process: its globals are no longer Node's. */
export async function runJob(job: Job): Promise<BaseOutcome | ProjectOutcome | Failure> {
  const compiled = new Set<string>();
  const Module = WebAssembly.Module;
  standInForBrowser((bytes) => {
    if (bytes.byteLength <= LARGEST_COMPILED) compiled.add(keyOf(bytes));
    return new Module(bytes);
  });
  standInForWorker();
  const host = stillHost();
  const files = job.files.map(async ({ file, index }) => {
    const bytes = new Uint8Array(await readFile(file));
    return [index, (offset: number, length: number) => bytes.subarray(offset, offset + length)] as const;
  });
  const instances = new Instances(job, host, await partsOf(job, Module), await Promise.all(files));
  try {
    const made = job.kind === 'base' ? await saveBase(instances, job) : await importProject(instances, job);
    return { ok: true, compiled: [...compiled].sort(), ...made };
  } catch (error) {
    if ((error as Error).name !== 'PythonError') throw error;
    return { ok: false, traceback: (error as Error).message };
  }
}

async function partsOf(setting: Setting, Module: typeof WebAssembly.Module): Promise<Parts> {
  const { pyodide, runtime } = setting;
  const read = (name: string) => readFile(join(pyodide, name));
  const [wasm, zip] = await Promise.all([read('pyodide.asm.wasm'), read('python_stdlib.zip')]);
  const stdlib = new Uint8Array(zip);
  serveFiles({ wasm: new Module(wasm), stdlib: () => stdlib, lock: lockOf(runtime) });
  const load = (name: string) => import(pathToFileURL(join(pyodide, name)).href);
  const [{ loadPyodide }, { default: createModule }] = await Promise.all([
    load('pyodide.mjs'),
    load('pyodide.asm.mjs'),
  ]);
  const libraries = await Promise.all(
    setting.libraries.map(async ([path, file]) => [path, new Module(await readFile(file))] as const),
  );
  return { runtime, loadPyodide, createModule, libraries: new Map(libraries), bridge: {} };
}

const job = JSON.parse(await text(process.stdin)) as Job;
// Node would print the source line that failed, and Pyodide's lines are long.
const outcome = await runJob(job).catch((error: Error) => ({
  ok: false,
  crash: error.stack ?? String(error),
}));
await writeFile(job.outcome, JSON.stringify(outcome));
process.exit(0);
