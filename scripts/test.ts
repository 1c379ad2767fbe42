/**
 * `npm test`: formatting, lint, types and every test but those of the patched wheels and of built Workers. `npm test -- PATTERN…` runs
 * the tests of those files only, `npm run check` everything but the tests.
 */
import { spawnSync } from 'node:child_process';
import { root } from './root.ts';

const checks: [what: string, command: string, ...args: string[]][] = [
  ['formatting and lint', 'biome', 'check', '--error-on-warnings'],
  ['the types of the bindings', 'wrangler', 'types', '--strict-vars=false'],
  ...['resolver', 'runtime', 'registry', 'registry/pages/playground/island', 'scripts', 'test/registry'].map(
    (project) => [`the types of ${project}/`, 'tsc', '-p', project] as [string, string, ...string[]],
  ),
];

const patterns = process.argv.slice(2).filter((argument) => argument !== '--check');
const only = process.argv.includes('--check') ? 'checks' : patterns.length > 0 ? 'tests' : null;

if (only !== 'tests') {
  for (const [what, command, ...args] of checks) {
    console.log(`pinwheel: ${what}`);
    run(command, args);
  }
}
// These take minutes: npm run test:patches, npm run test:runtime.
const projects = only === 'tests' ? [] : ['--project', 'node', '--project', 'workerd'];
if (only !== 'checks') run('vitest', ['run', ...projects, ...patterns]);

function run(command: string, args: string[]): void {
  const env = { ...process.env, WRANGLER_LOG: 'error' };
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
