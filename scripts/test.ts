/**
 * `npm test`: formatting, lint, types and every test except those that take minutes. `npm test -- PATTERN…` runs only
 * the tests of those files, `npm test -- --changed` the tests that your uncommitted changes may affect, and `npm run
 * check` everything except the tests. `npm run test:sweeps` runs what `npm test` samples completely.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from './root.ts';

type Check = [what: string, command: string, ...args: string[]];
/** A second check looks only at the files that changed and at what imports them: 1.3 instead of 10 s of CPU. */
const remembered = (project: string) => [
  '--tsBuildInfoFile',
  join(root, '.cache/types', `${project.replaceAll('/', '-')}.tsbuildinfo`),
];

/** Other checks read what it writes. */
const bindings: Check = ['the types of the bindings', 'wrangler', 'types', '--strict-vars=false'];
/** What takes longest first. */
const checks: Check[] = [
  ...['scripts', 'test/registry', 'registry', 'registry/pages', 'resolver', 'runtime'].map(
    (project): Check => [
      `the types of ${project}/`,
      'tsc',
      '-p',
      project,
      '--incremental',
      ...remembered(project),
    ],
  ),
  ['unused code', 'knip'],
  ['formatting and lint', 'biome', 'check', '--error-on-warnings'],
];

/** The settings with which tests try everything instead of a sample. */
const SWEEPS = {
  environment: {
    ALL_COMMANDS: '1',
    ALL_KILLS: '1',
    ALL_PYTHON_FILES: '1',
    PIP_LISTS: '50',
    SOLVER_WORLDS: '10000',
    WORKERD_CASES: '3000',
  },
  files: [
    'test/conformance/workerd-oracle',
    'test/resolver/python/ast',
    'test/resolver/python/generated',
    'test/resolver/solver',
    'test/scripts/commands',
    'test/scripts/killed',
    'test/scripts/start',
  ],
};

if (process.argv.includes('--sweeps')) {
  Object.assign(process.env, SWEEPS.environment);
  process.argv.splice(process.argv.indexOf('--sweeps'), 1, ...SWEEPS.files);
}
const environment = {
  ...process.env,
  WRANGLER_LOG: 'error',
  // Tests start hundreds of processes, which compile the same modules.
  NODE_COMPILE_CACHE: join(root, '.cache/compiled'),
};
const given = process.argv.slice(2).filter((argument) => argument !== '--check');
const patterns = given.filter((argument) => !argument.startsWith('-'));
const only = process.argv.includes('--check') ? 'checks' : given.length > 0 ? 'tests' : null;

if (only !== 'tests') {
  await check(bindings);
  const left = checks.values();
  const inTurn = async () => {
    for (const one of left) await check(one);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, inTurn));
  if (process.exitCode) process.exit();
}
// Others take minutes, and have a command each: see CONTRIBUTING.md.
const IN_NODE = ['--project', 'pure', '--project', 'node'];
const IN_WORKERD = ['--project', 'workerd'];
if (patterns.length > 0) await test(given);
else if (only === 'tests') await test([...IN_NODE, ...IN_WORKERD, ...given]);
else if (only === null) {
  // Beside each other: in one run, vitest would start the tests in workerd after all others.
  const tested = test(IN_NODE);
  await Promise.all([tested, check(['the tests in workerd', 'vitest', 'run', ...IN_WORKERD], tested)]);
}

/** Prints what it says in one piece, as others run beside it, and not before `turn`. */
async function check([what, command, ...args]: Check, turn?: Promise<void>): Promise<void> {
  const child = spawn(command, args, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const [code, out, errors] = await Promise.all([
    codeOf(child),
    text(child.stdout),
    text(child.stderr),
    turn,
  ]);
  console.log(`pinwheel: ${what}`);
  process.stdout.write(out + errors);
  if (code !== 0) process.exitCode = code ?? 1;
}

async function test(args: string[]): Promise<void> {
  const child = spawn('vitest', ['run', ...args], { cwd: root, stdio: 'inherit', env: environment });
  const code = await codeOf(child);
  if (code !== 0) process.exitCode = code ?? 1;
}

function codeOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
}
