/**
 * `npm test`: formatting, lint, types and every test except those that take minutes. `npm test -- PATTERN…` runs only
 * the tests of those files, `npm test -- --changed` the tests that your uncommitted changes may affect, and `npm run
 * check` everything except the tests. `npm run test:sweeps` runs what `npm test` samples completely.
 */
import { spawnSync } from 'node:child_process';
import { root } from './root.ts';

const checks: [what: string, command: string, ...args: string[]][] = [
  ['formatting and lint', 'biome', 'check', '--error-on-warnings'],
  ['unused code', 'knip'],
  ['the types of the bindings', 'wrangler', 'types', '--strict-vars=false'],
  ...['resolver', 'runtime', 'registry', 'registry/pages/upgrade/island', 'scripts', 'test/registry'].map(
    (project) => [`the types of ${project}/`, 'tsc', '-p', project] as [string, string, ...string[]],
  ),
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
const given = process.argv.slice(2).filter((argument) => argument !== '--check');
const patterns = given.filter((argument) => !argument.startsWith('-'));
const only = process.argv.includes('--check') ? 'checks' : given.length > 0 ? 'tests' : null;

if (only !== 'tests') {
  for (const [what, command, ...args] of checks) {
    console.log(`pinwheel: ${what}`);
    run(command, args);
  }
}
// Others take minutes: npm run test:clients, test:pages, test:patches and test:runtime name their files.
const projects =
  patterns.length > 0 ? [] : ['pure', 'node', 'workerd'].flatMap((name) => ['--project', name]);
if (only !== 'checks') run('vitest', ['run', ...projects, ...given]);

function run(command: string, args: string[]): void {
  const env = { ...process.env, WRANGLER_LOG: 'error' };
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
