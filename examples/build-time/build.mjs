/**
 * A build step: pins what the Worker requires, and fails the build if that is not possible.
 *
 *   node build.mjs
 *   PINWHEEL_REGISTRY=http://127.0.0.1:8787 node build.mjs
 *
 * Without a registry it answers from the data that the package carries. It writes `build/packages.json`, which is
 * worth committing in a project of yours: a change of the compatibility date then shows which packages it changes.
 * What a registry sent is kept in `node_modules/.cache/pinwheel/`.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createResolver, ResolveError } from 'pinwheel-py/bundled';
import { createClient, RegistryError } from 'pinwheel-py/client';

const here = (path) => new URL(path, import.meta.url);
const readJson = async (path) => JSON.parse(await readFile(here(path), 'utf8'));
const registry = process.env.PINWHEEL_REGISTRY;

try {
  const pinwheel = registry ? createClient({ registry, cache: await openCache() }) : createResolver();
  const wranglerConfig = await readJson('wrangler.json');
  const requirements = await readJson('requirements.json');
  const { target, packages } = await pinwheel.resolve({ ...wranglerConfig, requirements });

  const pins = packages.map(({ name, version, wheel }) => ({ name, version, sha256: wheel.sha256 }));
  const built = { package_set: target.package_set, packages: pins };
  await mkdir(here('build/'), { recursive: true });
  await writeFile(here('build/packages.json'), `${JSON.stringify(built, null, 2)}\n`);
  console.log(`${pins.length} packages of ${target.package_set.flag}, Python ${target.runtime.python}`);
} catch (error) {
  if (error instanceof ResolveError) process.exitCode = 1;
  else if (error instanceof RegistryError) process.exitCode = 3;
  else throw error;
  console.error(error.message);
}

/** Keeps what a registry sent, which is verified each time. */
async function openCache() {
  const kept = here('node_modules/.cache/pinwheel/');
  await mkdir(kept, { recursive: true });
  return {
    get: (key) => readFile(new URL(key, kept), 'utf8').catch(() => undefined),
    set: (key, text) => writeFile(new URL(key, kept), text),
  };
}
