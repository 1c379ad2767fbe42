/** Serves a built Worker by workerd itself, without bindings but its variables. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { filesBelow } from './files.ts';
import { saidBy } from './said.ts';

export interface Served extends AsyncDisposable {
  origin: string;
  /** From the start of the process until it listened, in milliseconds. */
  listening: number;
  pid: number;
  /** Where its inspector listens, `ws://…`; null if that was not asked for. */
  inspector: string | null;
  /** The end of what it printed so far. */
  said(): string;
  stop(): Promise<void>;
}

const KINDS: [RegExp, string][] = [
  [/\.m?js$/, 'esModule'],
  [/\.wasm$/, 'wasm'],
  [/\.bin$/, 'data'],
];

export interface ServeOptions {
  variables: Record<string, string>;
  /** The file of workerd. */
  workerd: string;
  /** The service that answers the Worker's own requests, as workerd's configuration describes it. */
  outbound: string;
  /** Whether its memory is going to be measured. */
  inspects?: boolean;
  signal?: AbortSignal | undefined;
}

/** A service that answers with what an expression says of a request's `url`. */
export const serviceOf = (answer: string) => `worker = (
  compatibilityDate = "2025-11-02",
  serviceWorkerScript = "addEventListener('fetch', (event) => { const url = new URL(event.request.url); event.respondWith(${answer}); })",
)`;

export async function serveWorker(
  folder: string,
  { variables, workerd, outbound, inspects = false, signal }: ServeOptions,
): Promise<Served> {
  const config = JSON.parse(readFileSync(join(folder, 'wrangler.json'), 'utf8'));
  const scratch = mkdtempSync(join(tmpdir(), 'pinwheel-served-'));
  // Embedded files lie beside the configuration or below it.
  // On Windows, a junction needs no rights.
  symlinkSync(resolve(folder), join(scratch, 'worker'), 'junction');
  const text = (value: unknown) => JSON.stringify(String(value));
  const modules = (await modulesOf(folder, config.main)).map(
    ([name, kind]) => `(name = ${text(name)}, ${kind} = embed ${text(`worker/${name}`)})`,
  );
  const bindings = Object.entries({ ...config.vars, ...variables }).map(([name, value]) => {
    const binding =
      typeof value === 'string' ? `text = ${text(value)}` : `json = ${text(JSON.stringify(value))}`;
    return `(name = ${text(name)}, ${binding})`;
  });
  writeFileSync(
    join(scratch, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "outbound", ${outbound})],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [${modules.join(',\n')}],
  compatibilityDate = ${text(config.compatibility_date)},
  compatibilityFlags = [${config.compatibility_flags.map(text)}],
  bindings = [${bindings}],
  globalOutbound = "outbound",
);
`,
  );
  return start(scratch, workerd, inspects, signal);
}

async function modulesOf(folder: string, main: string): Promise<[name: string, kind: string][]> {
  const modules = (await filesBelow(folder)).flatMap((name): [string, string][] => {
    const kind = KINDS.find(([pattern]) => pattern.test(name))?.[1];
    return kind === undefined ? [] : [[name, kind]];
  });
  return modules.sort(([a], [b]) => Number(b === main) - Number(a === main));
}

async function start(
  scratch: string,
  workerd: string,
  inspects: boolean,
  signal?: AbortSignal,
): Promise<Served> {
  const begun = performance.now();
  const inspector = inspects ? ['--inspector-addr=127.0.0.1:0'] : [];
  const child = spawn(workerd, ['serve', '--control-fd=3', ...inspector, join(scratch, 'config.capnp')], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  // Not `once`, which an error such as that of the signal would reject, while nobody waits for it yet.
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  // However this process ends, unless it is killed. A Worker that is busy reads no signal, and has nothing to save.
  const discard = () => {
    child.kill('SIGKILL');
    rmSync(scratch, { recursive: true, force: true });
  };
  process.once('exit', discard);
  const stop = async () => {
    process.removeListener('exit', discard);
    discard();
    await ended;
  };
  const said = saidBy(child);
  let told = '';
  const port = await new Promise<number>((resolve, reject) => {
    (child.stdio[3] as Readable).on('data', (chunk: Buffer) => {
      told += chunk;
      const listening = portIn(told, 'listen');
      if (listening !== null) resolve(listening);
    });
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`workerd ended with ${code}: ${said()}`)));
  }).catch(async (error: unknown) => {
    await stop().catch(() => {});
    throw error;
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    listening: performance.now() - begun,
    pid: child.pid!,
    inspector: inspects ? `ws://127.0.0.1:${portIn(told, 'listen-inspector')}` : null,
    said,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function portIn(told: string, event: string): number | null {
  const [, port] = new RegExp(`"event":"${event}".*"port":(\\d+)`).exec(told) ?? [];
  return port === undefined ? null : Number(port);
}
