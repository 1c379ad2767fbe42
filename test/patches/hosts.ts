/** Runs Python modules on CPython and in Pyodide, each in a process of its own. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pyodideFolder } from './pyodide-releases.ts';
import { installed } from './python-packages.ts';
import type { TestServer } from './server.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** The Python module with which each host handles a question. */
export const CALL = join(here, 'call.py');

export type Host = 'cpython' | 'pyodide' | 'pyodide without stack switching';

/** The traits that checks.py explains. */
export const traits: Record<Host, string[]> = {
  cpython: ['cpython', 'sync', 'connect-limit'],
  pyodide: ['emscripten', 'node', 'sync', 'connect-limit'],
  'pyodide without stack switching': ['emscripten', 'node', 'no-sync', 'connect-limit'],
};

export interface Question {
  /** Python files that the host has as modules. */
  sources: string[];
  /** The modules whose checks run, or the one with the function. */
  modules: string[];
  /** An async function, which is called instead of running checks. */
  function?: string;
  arguments?: Record<string, unknown>;
  /** Wheel files; on CPython, the arguments of `pip install`. */
  wheels: string[];
  server: Pick<TestServer, 'origin' | 'other' | 'closed' | 'full'>;
  traits: string[];
  /** A version of Pyodide; by default, the installed one. */
  pyodide?: string;
  /** Runs only the checks whose titles contain this. */
  pattern?: string;
}

export interface Outcome<Result> {
  result: Result;
  /** Python's stdout and stderr. */
  printed: string;
}

/** By the titles of the checks: null, or what went wrong. */
export type Outcomes = Record<string, string | null>;

/** Runs all checks of the modules for which the host has the traits, or calls the function. */
export async function run<Result = Outcomes>(
  host: Host,
  question: Omit<Question, 'traits' | 'server'> & { server: TestServer },
): Promise<Outcome<Result>> {
  const { origin, other, closed, full } = question.server;
  const sources = [CALL, ...question.sources];
  const common = { ...question, sources, server: { origin, other, closed, full }, traits: traits[host] };
  if (host === 'cpython') {
    const site = await installed(question.wheels);
    const path = [...new Set([...sources.map((source) => dirname(source)), site])];
    return ask('python3', ['-I', '-X', 'utf8', join(here, 'run_checks.py')], { ...common, path });
  }
  const stackSwitching = host === 'pyodide';
  const script = join(here, 'pyodide-host.ts');
  const args = ['--experimental-wasm-jspi', '--no-warnings', script];
  const pyodide = await pyodideFolder(question.pyodide);
  return ask(process.execPath, args, { ...common, pyodide, stackSwitching });
}

/** Runs a script of this folder, which takes a question and returns an outcome, with Pyodide. */
export async function runScript<Result>(
  script: string,
  question: Record<string, unknown> & { pyodide?: string },
): Promise<Outcome<Result>> {
  const args = ['--experimental-wasm-jspi', '--no-warnings', join(here, script)];
  return ask(process.execPath, args, { ...question, pyodide: await pyodideFolder(question.pyodide) });
}

function ask<Result>(command: string, args: string[], question: object): Promise<Outcome<Result>> {
  return new Promise((resolve, reject) => {
    // The clients must not see the environment, above all its proxies.
    const env: Record<string, string> = {};
    for (const name of ['PATH', 'HOME', 'SystemRoot']) if (process.env[name]) env[name] = process.env[name];
    const child = spawn(command, args, { env: env as NodeJS.ProcessEnv });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const text = Buffer.concat(out).toString();
      const stderr = Buffer.concat(err).toString();
      if (code !== 0) return reject(new Error(`${command} ended with ${code}:\n${readable(text + stderr)}`));
      try {
        const answer = JSON.parse(text.trimEnd().split('\n').at(-1)!);
        resolve({ ...answer, printed: answer.printed + stderr });
      } catch (error) {
        reject(error);
      }
    });
    child.stdin.end(JSON.stringify(question));
  });
}

/** The end of the output, without the lines of minified code that Node quotes. */
function readable(output: string): string {
  const lines = output.split('\n').filter((line) => line.length < 500);
  return lines.slice(-60).join('\n');
}
