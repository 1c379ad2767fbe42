/**
 * `npm test`: formatting, lint, types, and every test but those of folders with a command of their own. `npm test --
 * PATTERN…` runs only the tests of those files, `npm test -- --changed` the tests that your uncommitted changes may
 * affect, `npm run test:slow` those that `npm test` leaves out, and `npm run check` everything except the tests.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { together } from '../cli/common/together.ts';
import { root } from './root.ts';

/** Folders whose tests take minutes: `npm run test:pages` and so on. */
const SLOW = ['browser/pages', 'clients', 'operator', 'patches', 'registry/publishing', 'runtime'];

/** The failures, as the runs say. */
const failures = join(root, '.cache/failed-tests.txt');
rmSync(failures, { force: true });

const environment = {
  ...process.env,
  FAILED_TESTS: failures,
  WRANGLER_LOG: 'error',
  // Tests start hundreds of processes, which compile the same modules.
  NODE_COMPILE_CACHE: join(root, '.cache/compiled'),
};
/** On Windows the programs of packages are scripts, which only a shell starts. */
const WHERE = { cwd: root, env: environment, shell: process.platform === 'win32' };
const given = process.argv.slice(2);
const isPattern = (argument: string) => !argument.startsWith('-');
const slow = SLOW.map((folder) => `test/${folder}/`);
const withoutSlow = ['--exclude', `test/{${SLOW.join(',')}}/**`];

if (given.includes('--check')) await checkAll();
// In one run: no core waits for the last test of a folder.
else if (given.includes('--slow')) await test(slow);
else if (given.some(isPattern)) await test(given);
else if (given.length > 0) await test([...withoutSlow, ...given]);
else {
  await checkAll();
  if (process.exitCode) process.exit();
  // Beside each other: in one run, vitest would start the tests in workerd after all others.
  const tested = test([...withoutSlow, '--project', 'node']);
  await Promise.all([
    tested,
    check('the tests in workerd', ['vitest', 'run', ...withoutSlow, '--project', 'workerd'], tested),
  ]);
}
// Last, because the log of the tests in workerd is long.
if (existsSync(failures)) process.stdout.write(readFileSync(failures));

async function checkAll(): Promise<void> {
  // Other checks read what it writes.
  await check('the types of the bindings', ['wrangler', 'types', '--strict-vars=false']);
  // The slowest first.
  const projects = ['scripts', 'test/registry', 'registry', 'registry/pages', 'cli', 'resolver', 'runtime'];
  const commands = new Map(projects.map((project) => [`the types of ${project}/`, typesOf(project)]))
    .set('unused code', ['knip'])
    .set('formatting and lint', ['biome', 'check', '--error-on-warnings']);
  await together(commands, availableParallelism(), ([what, command]) => check(what, command));
}

/** A second check looks only at the files that changed and at what imports them: 1.3 instead of 10 s of CPU. */
function typesOf(project: string): string[] {
  const remembered = join(root, '.cache/types', `${project.replaceAll('/', '-')}.tsbuildinfo`);
  return ['tsc', '-p', project, '--incremental', '--tsBuildInfoFile', remembered];
}

/** Prints what it says in one piece, as others run beside it, and not before `turn`. */
async function check(what: string, [command, ...args]: string[], turn?: Promise<void>): Promise<void> {
  const child = spawn(command!, args, { ...WHERE, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr), ended(child), turn]);
  console.log(`pinwheel: ${what}`);
  process.stdout.write(out + errors);
}

async function test(args: string[]): Promise<void> {
  await ended(spawn('vitest', ['run', ...args], { ...WHERE, stdio: 'inherit' }));
}

async function ended(child: ChildProcess): Promise<void> {
  const [code] = await once(child, 'close');
  if (code !== 0) process.exitCode = code ?? 1;
}
