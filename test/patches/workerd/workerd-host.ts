/** Runs checks inside workerd, in a Worker that has Pyodide, the wheels and the checks as modules. */
import { spawn } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { newFolder } from '../../common/own.ts';
import { CALL, type Outcome, type Outcomes, type Question, runScript } from '../hosts.ts';
import { NEWEST, pyodideFolder } from '../pyodide-releases.ts';
import type { TestServer } from '../server.ts';

const here = dirname(fileURLToPath(import.meta.url));
/** Before Node's globals came by default, with which Pyodide would take the Worker for Node. */
const DATE = '2024-09-01';
export const workerdTraits = ['emscripten', 'sync', 'workerd'];

type WorkerdQuestion = Omit<Question, 'server' | 'traits' | 'pyodide'> & {
  server: TestServer;
  /** Imports the wheels, where it is found out what Pyodide compiles. */
  imports: string;
};

/** Runs all checks of the modules that a Worker has the traits for, or calls the function. */
export async function runInWorkerd<Result = Outcomes>(question: WorkerdQuestion): Promise<Outcome<Result>> {
  const folder = newFolder();
  const { result: thunks } = await runScript<string[]>('workerd/record-thunks.ts', {
    wheels: question.wheels,
    imports: question.imports,
    pyodide: NEWEST,
  });
  const pyodide = await pyodideFolder(NEWEST);
  writeFileSync(join(folder, 'config.capnp'), writeModules(folder, pyodide, question, thunks));
  return await serve(folder, async (address) => {
    const { origin, other, closed, full } = question.server;
    const server = { origin, other, closed, full };
    const body = JSON.stringify({ ...question, server, traits: workerdTraits });
    const response = await fetch(address, { method: 'POST', body });
    const text = await response.text();
    if (response.status !== 200)
      throw new Error(`the Worker answered ${response.status}: ${text.slice(-4000)}`);
    return JSON.parse(text);
  });
}

/** Puts all modules into `folder`. Returns the configuration that names them. */
function writeModules(folder: string, pyodide: string, question: WorkerdQuestion, thunks: string[]): string {
  const { wheels } = question;
  const sources = [CALL, ...question.sources];
  const modules: string[] = [];
  const add = (name: string, kind: string, file = name) => {
    modules.push(`(name = "${name}", ${kind} = embed "${file}")`);
  };
  copyFileSync(join(here, 'worker.mjs'), join(folder, 'worker.mjs'));
  add('worker.mjs', 'esModule');
  for (const [file, as, kind] of [
    ['pyodide.mjs', 'pyodide.mjs', 'esModule'],
    ['pyodide.asm.mjs', 'pyodide.asm.mjs', 'esModule'],
    ['pyodide.asm.wasm', 'pyodide.asm.wasm', 'wasm'],
    ['python_stdlib.zip', 'python_stdlib.zip', 'data'],
    ['pyodide-lock.json', 'lock', 'text'],
  ] as const) {
    copyFileSync(join(pyodide, file), join(folder, as));
    add(as, kind);
  }
  const lines = [`import lock from './lock';`, 'export { lock };'];
  for (const [index, wheel] of wheels.entries()) {
    copyFileSync(wheel, join(folder, `wheel${index}`));
    add(`wheel${index}`, 'data');
    lines.push(`import wheel${index} from './wheel${index}';`);
  }
  for (const [index, source] of sources.entries()) {
    copyFileSync(source, join(folder, `source${index}`));
    add(`source${index}`, 'text');
    lines.push(`import source${index} from './source${index}';`);
  }
  for (const [index, thunk] of thunks.entries()) {
    writeFileSync(join(folder, `thunk${index}.wasm`), Buffer.from(thunk, 'hex'));
    add(`thunk${index}.wasm`, 'wasm');
    lines.push(`import thunk${index} from './thunk${index}.wasm';`);
  }
  const list = (items: string[]) => `[${items.join(', ')}]`;
  lines.push(`export const wheels = ${list(wheels.map((_, index) => `wheel${index}`))};`);
  lines.push(
    `export const sources = ${list(sources.map((path, index) => `['${basename(path)}', source${index}]`))};`,
  );
  lines.push(
    `export const thunks = new Map(${list(thunks.map((thunk, index) => `['${thunk}', thunk${index}]`))});`,
  );
  writeFileSync(join(folder, 'bundled.mjs'), lines.join('\n'));
  add('bundled.mjs', 'esModule');
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "loopback", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [${modules.join(',\n    ')}],
  compatibilityDate = "${DATE}",
  compatibilityFlags = ["enable_weak_ref"],
  globalOutbound = "loopback",
);
`;
}

async function serve<Result>(folder: string, use: (address: string) => Promise<Result>): Promise<Result> {
  const binary: string = createRequire(import.meta.url)('workerd').default;
  const workerd = spawn(binary, ['serve', '--experimental', '--control-fd=3', join(folder, 'config.capnp')], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  workerd.stdout!.on('data', (chunk: Buffer) => said.push(chunk));
  workerd.stderr!.on('data', (chunk: Buffer) => said.push(chunk));
  try {
    const port = await new Promise<number>((resolve, reject) => {
      (workerd.stdio[3] as Readable).on('data', (chunk: Buffer) => {
        const listening = /"event":"listen".*"port":(\d+)/.exec(chunk.toString());
        if (listening) resolve(Number(listening[1]));
      });
      workerd.on('exit', (code) => reject(new Error(`workerd ended with ${code}: ${Buffer.concat(said)}`)));
    });
    return await use(`http://127.0.0.1:${port}/`);
  } catch (error) {
    throw new Error(`${(error as Error).message}\nworkerd: ${Buffer.concat(said).toString().slice(-3000)}`, {
      cause: error,
    });
  } finally {
    workerd.kill();
  }
}
