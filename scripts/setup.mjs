// Installs the packages of package-lock.json if that has not been done yet, then runs a script of this project
// with the project's own Node. Needs nothing but Node 20 and npm:
//   node scripts/setup.mjs SCRIPT [ARGUMENT…]
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const modified = (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

const isWindows = process.platform === 'win32';

const run = (command, args, { env = process.env, shell = false } = {}) => {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env, shell });
  if (error) {
    console.error(`pinwheel: could not run ${command}: ${error.message}`);
    console.error(
      'pinwheel: npm has to run the install scripts of its packages: npm ci --ignore-scripts=false',
    );
  }
  if (status !== 0) process.exit(signal ? 130 : (status ?? 1));
};

// npm writes node_modules/.package-lock.json at the end of a successful install, during which it runs `prepare`.
// For `npm install -g` of a git repository, as pre-commit has it, npm runs that without having installed them.
const isInstalling = process.env.npm_lifecycle_event === 'prepare' && modified('node_modules/esbuild') > 0;
if (!isInstalling && modified('node_modules/.package-lock.json') < modified('package-lock.json')) {
  console.error('pinwheel: installing the packages that package-lock.json names (once)…');
  // On Windows npm is a script, which only a shell starts.
  const env = { ...process.env, npm_config_global: 'false' };
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { env, shell: isWindows });
}

const [script, ...args] = process.argv.slice(2);
const node = join(root, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');
run(node, [script, ...args], {
  env: { ...process.env, PATH: bin + delimiter + process.env.PATH, WRANGLER_SEND_METRICS: 'false' },
});
