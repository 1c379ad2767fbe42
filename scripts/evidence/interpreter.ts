/**
 * The process of one interpreter: loads a package and what it needs into a fresh Pyodide, imports its modules,
 * and runs its smoke line. Reads an {@link InterpreterJob} from standard input, and tells what it knows after each step, so
 * that what came before a crash is known. A package can do whatever JavaScript can here, so Node's permissions keep it
 * from files and new programs, and {@link cutOff} from those that run and from the network.
 */
import crypto from 'node:crypto';
import { constants, readdirSync, readFileSync, writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import type { PyodideAPI } from 'pyodide';
import type { Failure, Measured, Told } from './process.ts';

type AtImport = NonNullable<Told['at_import']>[number];

export interface InterpreterJob {
  /** The folder of npm's Pyodide. */
  pyodide: string;
  /** A lock file, whose files are on this disk and verified. */
  lock: string;
  /** A package, and the packages that it needs, with itself, as the lock spells them. */
  name: string;
  needed: string[];
  imports: string[];
  smoke: string | null;
  /** The most that Python's memory may have, in bytes. */
  memory: number;
}

const PAGE = 65_536;
const MIB = 1 << 20;
const FOLDER = '/lib/evidence';
/** The address that smoke lines of HTTP clients ask, and get an answer from. */
const SMOKE = 'https://smoke.invalid/';
/** Node's modules that reach the network, other processes, or files that permissions do not keep. */
const FORBIDDEN =
  /^(?:node:)?(?:child_process|cluster|dgram|dns|http2?|https|inspector|net|sqlite|tls|undici|worker_threads|ws)(?:\/|$)/;

/** The values before `_pinwheel.watch` has said anything of Python. */
const UNSAID = { importing: '', shares: false, creates: false };
const counts = { entropy: 0, network: 0, clock: 0, files: 0, callbacks: 0, ...UNSAID };

/** Functions that send signals, to any process of the user. */
const SIGNALLING = ['kill', '_kill', '_debugProcess', '_debugEnd'];

/** Refuses whatever reaches for other processes, or for the network but for the address of smoke lines, which is counted. */
function cutOff(): void {
  const unreachable = () => {
    throw new TypeError('There are no other processes here.');
  };
  for (const name of SIGNALLING) Object.assign(process, { [name]: unreachable });
  // The environment may have a token, which an error could tell, and errors are published.
  Object.assign(process, { env: {} });
  // No arrow function, which `new` would not call.
  function refuse(): never {
    counts.network++;
    throw new TypeError('There is no network here.');
  }
  const host = globalThis as Record<string, unknown>;
  for (const name of ['WebSocket', 'EventSource', 'XMLHttpRequest']) host[name] = refuse;
  host.fetch = async (asked: string | URL | Request) => {
    const url = asked instanceof Request ? asked.url : String(asked);
    return url === SMOKE ? new Response('pinwheel') : refuse();
  };
  registerHooks({
    resolve: (name, context, next) => (FORBIDDEN.test(name) ? refuse() : next(name, context)),
  });
  const builtin = process.getBuiltinModule;
  process.getBuiltinModule = ((name: string) =>
    FORBIDDEN.test(name) ? refuse() : builtin(name)) as typeof builtin;
}

/** The random numbers for a new native module, the keys of Rust's hash tables: instances may share them, as in a build. */
const HASH_KEYS = 16;

function countEntropy(): void {
  const counted = <Drawing extends (...given: never[]) => unknown>(draw: Drawing, of: object) =>
    ((...given: Parameters<Drawing>) => {
      const [{ byteLength }] = given as unknown as [ArrayBufferView];
      if (!counts.shares && !(counts.creates && byteLength === HASH_KEYS)) counts.entropy++;
      return draw.apply(of, given);
    }) as Drawing;
  crypto.randomFillSync = counted(crypto.randomFillSync, crypto);
  const web = globalThis.crypto;
  web.getRandomValues = counted(web.getRandomValues, web);
}

/** Whether Python asked for more memory than it may have, and did not get on with less. */
let isFull = false;
const fullMemory = () => new RangeError('The memory limit is reached.');

function limitMemory(most: number): void {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (pages) {
    isFull = this.buffer.byteLength + pages * PAGE > most;
    if (isFull) throw fullMemory();
    return grow.call(this, pages);
  };
}

/** Milliseconds of this thread's own work: others on the machine do not count. */
function clock(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const told = { steps: [] as Measured[] };

function tell(more: Partial<Told>): void {
  writeSync(3, `${JSON.stringify(Object.assign(told, more))}\n`);
}

const tellStep = (step: Measured) => tell({ steps: [...told.steps, step] });

/** The probe, and the package that watches imports. */
function addModules({ FS, runPython }: PyodideAPI): void {
  const watcher = new URL('../../runtime/python/_pinwheel/', import.meta.url);
  FS.mkdirTree(`${FOLDER}/_pinwheel`);
  FS.writeFile(`${FOLDER}/_evidence.py`, readFileSync(new URL('probe.py', import.meta.url)));
  for (const name of readdirSync(watcher).filter((name) => name.endsWith('.py'))) {
    FS.writeFile(`${FOLDER}/_pinwheel/${name}`, readFileSync(new URL(name, watcher)));
  }
  runPython(`import sys\nsys.path.append("${FOLDER}")`);
}

async function load(
  pyodide: PyodideAPI,
  { name, needed }: InterpreterJob,
  memory: () => number,
): Promise<Measured> {
  const [began, before] = [clock(), memory()];
  let error: Failure | null = null;
  try {
    const said: string[] = [];
    await pyodide.loadPackage(name, { messageCallback() {}, errorCallback: (line) => said.push(line) });
    // Some releases only print that they could not load a package.
    const lacking = needed.filter((name) => !Object.hasOwn(pyodide.loadedPackages, name));
    if (lacking.length > 0) throw new Error(said.join('\n') || `${lacking.join(', ')} is not loaded`);
  } catch (thrown) {
    // Python is not there to describe it.
    const { name: type, message } = isFull ? fullMemory() : (thrown as Error);
    error = { type, message: message.trim().split('\n').at(-1)!.slice(0, 300), missing: null };
  }
  return { ms: clock() - began, bytes: memory() - before, error };
}

async function run(job: InterpreterJob): Promise<void> {
  // Emscripten's file systems ask for these constants; under permissions, Node refuses the whole function.
  (process as unknown as { binding: unknown }).binding = () => ({ fs: constants });
  limitMemory(job.memory);
  countEntropy();
  const { loadPyodide }: typeof import('pyodide') = await import(
    pathToFileURL(join(job.pyodide, 'pyodide.mjs')).href
  );
  const quiet = () => {};
  const pyodide = await loadPyodide({
    indexURL: job.pyodide,
    lockFileURL: job.lock,
    packageCacheDir: job.pyodide,
    stdin: () => null,
    stdout: quiet,
    stderr: quiet,
    env: { HOME: '/home/pyodide', PYTHONHASHSEED: '0' },
  });
  const { byteLength } = (pyodide as unknown as { _module: { HEAPU8: Uint8Array } })._module.HEAPU8;
  if (byteLength > job.memory)
    throw new RangeError(`Python alone takes ${byteLength / MIB} MiB, more than --memory.`);
  cutOff();
  addModules(pyodide);
  const probe = pyodide.pyimport('_evidence');
  const watch = pyodide.pyimport('_pinwheel.watch');
  tell({});
  const loaded = await load(pyodide, job, probe.memory);
  tellStep(loaded);
  if (loaded.error !== null) return;
  probe.watch_clock(counts);
  watch.begin(counts);
  for (const module of job.imports) tellStep(JSON.parse(probe.try_import(module, clock)));
  const { remarks }: { remarks: { code: AtImport }[] } = JSON.parse(watch.end());
  tell({ at_import: [...new Set(remarks.map(({ code }) => code))].sort() });
  if (job.smoke !== null) tellStep(JSON.parse(await probe.try_smoke(job.smoke)));
}

await run(JSON.parse(await text(process.stdin))).catch((error: Error) => {
  throw isFull ? fullMemory() : error;
});
tell({ isDone: true });
process.exit(0);
