/**
 * A build step: checks the Worker, vendors what it requires, and fails the build if that is not possible.
 *
 *   node build.mjs
 *   node build.mjs --dry-run                                   # downloads nothing
 *   PINWHEEL_REGISTRY=http://127.0.0.1:8787 node build.mjs
 *
 * Without a registry it answers from the data that the package carries. It writes `build/packages.json`, which is
 * worth committing in a project of yours: a change of the compatibility date then shows which packages it changes.
 * Ctrl-C stops it, and leaves `python_modules/` as it was.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { checkProject, ProjectError, readProject, vendor } from 'pinwheel-py/project';

const here = (path) => new URL(path, import.meta.url);
const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort());
const downloads = () => ({ fetched: ({ filename }) => console.error(filename) });
const task = { signal: stopping.signal, listener: { downloads } };

try {
  const registry = process.env.PINWHEEL_REGISTRY;
  const project = await readProject(import.meta.dirname, { registry }, task);
  const { findings } = await checkProject(project, task);
  const errors = findings.filter(({ severity }) => severity === 'error');
  for (const { path, line, message, fix } of errors)
    console.error(`${path}:${line}: ${message}\n  ${fix ?? ''}`);
  if (errors.length > 0) process.exit(1);

  const dryRun = process.argv.includes('--dry-run');
  const { target, packages } = await vendor(project, { dryRun, ...task });
  const pins = packages.map(({ name, version, sha256 }) => ({ name, version, sha256 }));
  const built = { package_set: target.package_set, packages: pins };
  await mkdir(here('build/'), { recursive: true });
  await writeFile(here('build/packages.json'), `${JSON.stringify(built, null, 2)}\n`);
  console.log(`${pins.length} packages of ${target.package_set.flag}, Python ${target.runtime.python}`);
} catch (error) {
  if (!(error instanceof ProjectError)) throw error;
  for (const { message, fix } of error.issues) console.error(fix ? `${message}\n  ${fix}` : message);
  process.exitCode = error.exitCode;
}
