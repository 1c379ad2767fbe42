/** `npm test`: formatting, lint, types and every test. `npm test -- PATTERN…` runs the tests of those files only. */
import { spawnSync } from 'node:child_process';
import { root } from './root.ts';

const patterns = process.argv.slice(2);
const steps: [what: string, command: string, ...args: string[]][] = [
  ['formatting and lint', 'biome', 'check', '--error-on-warnings'],
  ['the bindings’ types', 'wrangler', 'types', '--strict-vars=false', '--log-level=error'],
  ...['resolver', 'registry', 'scripts', 'test/registry'].map(
    (project) => [`types of ${project}/`, 'tsc', '-p', project] as [string, string, ...string[]],
  ),
];

for (const [what, command, ...args] of patterns.length > 0 ? [] : steps) {
  console.log(`pinwheel: ${what}`);
  run(command, args);
}
run('vitest', ['run', ...patterns]);

function run(command: string, args: string[]): void {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
