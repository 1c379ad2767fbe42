/** Asks pip's own resolver, with the machine's Python, on an index of this machine. */
import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { prepareSet } from '../../../resolver/closure/prepare.ts';
import type { MarkerEnvironment } from '../../../resolver/requirements/marker.ts';
import type { SolveOutcome } from '../../../resolver/solver/answer.ts';
import type { PackageIndex } from '../../../resolver/solver/package-index.ts';
import { solveOn } from '../../../resolver/solver/solve.ts';
import { newestPip } from '../../clients/pip-wheels.ts';
import { makeSet } from './made-index.ts';

const SCRIPT = fileURLToPath(new URL('pip_answers.py', import.meta.url));

/** For each list of requirements, `name==version` of each package in alphabetical order, or null for no answer. */
export async function askPip(url: string, lists: readonly string[][]): Promise<(string[] | null)[]> {
  const env = await newestPip();
  const child = spawn('python3', [SCRIPT, url], { stdio: ['pipe', 'pipe', 'inherit'], env });
  child.stdin.end(lists.map((list) => `${JSON.stringify(list)}\n`).join(''));
  let output = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) output += chunk;
  const answers = output.trimEnd().split('\n');
  if (answers.length !== lists.length)
    throw new Error(`pip answered ${answers.length} of ${lists.length} lists`);
  return answers.map((line) => JSON.parse(line));
}

/** The variables of markers in the machine's Python, as pip sees them. */
export const hostVariables: Record<string, string> = JSON.parse(
  execFileSync(
    'python3',
    [
      '-c',
      'import json; from pip._vendor.packaging.markers import default_environment as d; print(json.dumps(d()))',
    ],
    { encoding: 'utf8' },
  ),
);
const environment: MarkerEnvironment = new Map(Object.entries(hostVariables));

/** The same question to the solver, for the machine's Python, whose wheels are the pure ones here. */
export function askSolver(requirements: readonly string[], index: PackageIndex): Promise<SolveOutcome> {
  const set = makeSet({});
  const runner = { python: hostVariables.python_full_version!, abi: 'host', platform: 'host' };
  const target = { compatibility_date: '2026-10-01', runtime: runner, package_set: set };
  return solveOn(
    { target, set: prepareSet(set), requirements, index, exclude_newer: false },
    runner,
    environment,
  );
}
