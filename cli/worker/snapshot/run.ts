/** The child process: runs Pyodide from the same parts as in the Worker. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { keyOf } from '../../../runtime/compiled.ts';
import { lockOf, type Parts } from '../../../runtime/create.ts';
import { serveFiles, standInForBrowser } from '../../../runtime/host.ts';
import { saveBase } from './base.ts';
import { Instances } from './instances.ts';
import type { BaseOutcome, Failure, Job, ProjectOutcome, Setting } from './job.ts';
import { importProject } from './project.ts';
import { stillHost } from './still-host.ts';
import { standInForWorker } from './worker-globals.ts';

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
    return [index, () => bytes] as const;
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
  const [wasm, stdlib] = await Promise.all([read('pyodide.asm.wasm'), read('python_stdlib.zip')]);
  serveFiles({ wasm: new Module(wasm), stdlib: new Uint8Array(stdlib), lock: lockOf(runtime) });
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
