/**
 * A build step: pins what the Worker requires, and fails the build where that cannot be had.
 *
 *   PINWHEEL_REGISTRY=http://127.0.0.1:8787 node build.mjs
 *
 * It writes `build/packages.json`, which is worth committing: a change of the compatibility date then shows
 * which packages it changes. What the registry sent is kept in `node_modules/.cache/pinwheel/`.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createClient, RegistryError } from 'pinwheel-py/client';

const here = (path) => new URL(path, import.meta.url);
const readJson = async (path) => JSON.parse(await readFile(here(path), 'utf8'));

const kept = here('node_modules/.cache/pinwheel/');
await mkdir(kept, { recursive: true });
await mkdir(here('build/'), { recursive: true });

const client = createClient({
  registry: process.env.PINWHEEL_REGISTRY ?? 'http://127.0.0.1:8787',
  cache: {
    get: (key) => readFile(new URL(key, kept), 'utf8').catch(() => undefined),
    set: (key, text) => writeFile(new URL(key, kept), text),
  },
});

const { compatibility_date, compatibility_flags } = await readJson('wrangler.json');
const requirements = await readJson('requirements.json');

try {
  const answer = await client.resolve({ compatibility_date, compatibility_flags, requirements });
  if (answer.ok) {
    const { target, packages } = answer.value;
    const pins = packages.map(({ name, version, wheel }) => ({ name, version, sha256: wheel.sha256 }));
    const built = { package_set: target.package_set, packages: pins };
    await writeFile(here('build/packages.json'), `${JSON.stringify(built, null, 2)}\n`);
    console.log(`${pins.length} packages of ${target.package_set.flag}, Python ${target.runtime.python}`);
  } else {
    for (const { message, fix } of answer.issues) console.error(`${message}${fix ? `\n  ${fix}` : ''}`);
    process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof RegistryError)) throw error;
  console.error(error.message);
  process.exitCode = 3;
}
