/**
 * workerd as an oracle: which Pyodide bundle the installed binary requests, and what it prints about a date and flags.
 * It needs no network: downloads by the binary are aborted.
 */
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { newFolder } from '../common/own.ts';

export interface OracleCase {
  date: string | null;
  flags: string[];
  experimental: boolean;
}

export interface OracleVerdict {
  /** As workerd prints it; null if it rejects Python. */
  bundle: string | null;
  /** workerd's own sentences, sorted. */
  errors: string[];
  warnings: string[];
}

/** The version whose facts are tested; dependencies of other tools may contain an older one. */
export const WORKERD_VERSION = '1.20261117.1';

const PROCESSES = 2;
/** In one process, with an isolate for each. */
const MOST_SERVICES = 200;
const TIMEOUT_MS = 600_000;
/** A release that is never downloaded, so that the binary prints the validator's sentences. */
const DEVELOPMENT = 'python_workers_development';
/** Names an unknown flag, so that the binary ends; its line shows that the output is complete. */
const LAST_SERVICE = 'last';
const BUNDLE = /\/pyodide_(\S+?)\.capnp\.bin/;
const DEVELOPMENT_BUNDLE = 'Failed to get Pyodide bundle; version = dev';
const REFUSED = 'The python_workers compatibility flag is required to use Python.';

/** The path of the pinned binary. */
export function workerdBinary(): string {
  const require = createRequire(import.meta.url);
  const { version } = require('workerd/package.json') as { version: string };
  if (version !== WORKERD_VERSION) throw new Error(`workerd ${version} is installed, not ${WORKERD_VERSION}`);
  const binary = (require('workerd') as { default: string }).default;
  const said = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim();
  const built = WORKERD_VERSION.replace(/^1\.(\d{4})(\d\d)(\d\d)\..*$/, '$1-$2-$3');
  if (!said.endsWith(built)) throw new Error(`${binary} calls itself "${said}"`);
  return binary;
}

/** Asks the binary about every case. */
export async function askWorkerd(cases: readonly OracleCase[]): Promise<OracleVerdict[]> {
  const binary = workerdBinary();
  const directory = newFolder();
  const serve = async (name: string, services: string[], experimental: boolean, until?: RegExp) => {
    const file = join(directory, `${name}.capnp`);
    writeFileSync(file, configuration(services));
    const options = ['serve', file, '--verbose', ...(experimental ? ['--experimental'] : [])];
    return run(binary, options, until);
  };
  const lines = new Map<OracleCase, string[]>();
  for (const experimental of [false, true]) {
    const alike = cases.filter((asked) => asked.experimental === experimental);
    for (let start = 0; start < alike.length; start += MOST_SERVICES) {
      const asked = alike.slice(start, start + MOST_SERVICES);
      const said = await serve('sentences', sentenceServices(asked), experimental);
      readSentences(said, asked).forEach((sentences, index) => {
        lines.set(asked[index]!, sentences);
      });
    }
  }
  return await mapConcurrently(cases, async (asked, index) => {
    const service = serviceOf('main', asked.date, asked.flags, PYTHON_MODULE);
    const said = await serve(`bundle-${index}`, [service], asked.experimental, BUNDLE);
    return verdictOf(said, lines.get(asked)!);
  });
}

const PYTHON_MODULE = 'name = "worker.py", pythonModule = "def on_fetch(r): pass"';
const SCRIPT_MODULE = 'name = "worker.js", esModule = "export default {}"';

/** One service for each case, all in one process: the validator names the service. */
function sentenceServices(cases: readonly OracleCase[]): string[] {
  const services = cases.map(({ date, flags }, index) => {
    const more = flags.includes(DEVELOPMENT) ? flags : [...flags, DEVELOPMENT];
    return serviceOf(`case-${index}`, date, more, SCRIPT_MODULE);
  });
  return [...services, serviceOf(LAST_SERVICE, '2024-01-01', ['no_flag_of_this_name'], SCRIPT_MODULE)];
}

/** The sentences about each case, without the one about the development flag that was added. */
function readSentences(said: string, cases: readonly OracleCase[]): string[][] {
  if (!said.includes(`service ${LAST_SERVICE}: `))
    throw new Error(`workerd stopped early: ${said.slice(-1000)}`);
  const sentences = cases.map((): string[] => []);
  for (const [, index, sentence] of said.matchAll(/^service case-(\d+): (.*)$/gm)) {
    const added = !cases[Number(index)]!.flags.includes(DEVELOPMENT);
    if (added && sentence!.startsWith(`The compatibility flag ${DEVELOPMENT} is experimental`)) continue;
    sentences[Number(index)]!.push(sentence!);
  }
  return sentences;
}

function verdictOf(said: string, sentences: readonly string[]): OracleVerdict {
  const refused = said.includes(REFUSED);
  const development = said.includes(DEVELOPMENT_BUNDLE);
  const bundle = BUNDLE.exec(said)?.[1] ?? (development ? 'dev' : null);
  if (bundle === null && !refused) throw new Error(`workerd gave no verdict: ${said}`);
  const redundant = (sentence: string) => sentence.endsWith('so does not need to be specified anymore.');
  const errors = sentences.filter((sentence) => !redundant(sentence));
  if (refused) errors.push(REFUSED);
  return { bundle, errors: errors.sort(), warnings: sentences.filter(redundant).sort() };
}

function configuration(services: readonly string[]): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [${services.join(',\n')}], sockets = []);`;
}

function serviceOf(name: string, date: string | null, flags: readonly string[], module: string): string {
  const dated = date === null ? '' : `compatibilityDate = ${JSON.stringify(date)},`;
  const list = flags.map((flag) => JSON.stringify(flag)).join(', ');
  return `(name = "${name}", worker = (modules = [(${module})], ${dated} compatibilityFlags = [${list}]))`;
}

/** The output and errors of a process, until it ended or printed the expected text. */
function run(binary: string, options: readonly string[], until?: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, options, { stdio: ['ignore', 'pipe', 'pipe'], timeout: TIMEOUT_MS });
    let said = '';
    const take = (chunk: string) => {
      said += chunk;
      if (until?.test(said)) child.kill('SIGKILL');
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', reject).on('close', () => resolve(said));
  });
}

async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  task: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await task(item, index);
  };
  await Promise.all(Array.from({ length: PROCESSES }, work));
  return results;
}
