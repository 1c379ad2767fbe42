/**
 * On registered data: `npm start` with the files of a set serves a closure to pip, to Pyodide's `loadPackage`, to `vendor`
 * and to `build`, whose Worker answers.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ResolveAnswer } from '../../resolver/answer.ts';
import type { PackageSet } from '../../resolver/catalog.ts';
import { root } from '../../scripts/root.ts';
import { MACHINE, runPip } from '../clients/run-pip.ts';
import { newFolder } from '../common/own.ts';
import { copySeededState } from '../common/registry.ts';
import { kill, type Started, start } from '../operator/start-script.ts';
import { runScript } from '../patches/hosts.ts';
import { cacheWithoutMemory, useWorkshop } from './project.ts';
import { serve } from './workerd.ts';

const FLAG = 'python_3.13_packages_2025_10_20';
const PYODIDE = '0.29.0';
const { PINNED_WHEELS = '' } = process.env;
const wheels = join(PINNED_WHEELS, FLAG);
const isThere = PINNED_WHEELS !== '' && existsSync(wheels);
const SKIPPED = `skipped: PINNED_WHEELS names no folder with the wheels of ${FLAG}`;
if (!isThere) console.log(`A registry with WHEELS ${SKIPPED}`);

const ASKED = ['fastapi', 'jinja2'];
const TARGET = ['--date', '2025-11-02', '--flag', 'python_workers', '--flag', FLAG];

describe.skipIf(!isThere)(isThere ? 'with pinned wheels' : SKIPPED, () => {
  const workshop = useWorkshop();
  let registry: Started;
  let origin: string;
  let answer: ResolveAnswer;
  const get = async (path: string) => (await fetch(`${origin}${path}`)).json();

  beforeAll(async () => {
    const state = newFolder();
    await copySeededState(state);
    const environment = { PORT: '0', PINWHEEL_STATE: state, WHEELS: wheels };
    registry = await start(environment, /curl '[^']+'/, { detached: true });
    origin = /http:\/\/127\.0\.0\.1:\d+/.exec(registry.output)![0];
    answer = (await get(
      `/v1/resolve?flag=${FLAG}&requirement=${ASKED.join('&requirement=')}`,
    )) as ResolveAnswer;
  });
  afterAll(() => kill(registry.child));

  /** The files of the closure that are no shared libraries, which pip does not know. */
  const files = () => answer.packages.filter(({ kind }) => kind === 'package').map(({ wheel }) => wheel);

  test('the answer has the size of each file, and they are stored', async () => {
    for (const { filename, size } of files()) {
      expect(size, filename).toBe((await readFile(join(wheels, filename))).length);
    }
    expect(answer.totals.size).toBe(answer.packages.reduce((sum, { wheel }) => sum + wheel.size!, 0));
    // The files of the folder but its README, and two wheels that Pinwheel builds.
    expect(await get('/healthz')).toMatchObject({
      files: { stored: (await readdir(wheels)).length - 1 + 2 },
    });
  });

  test('pip downloads the closure', async () => {
    const folder = newFolder();
    const platform = ['--platform=pyodide_2025_0_wasm32', '--python-version=3.13', '--implementation=cp'];
    const only = ['--abi=cp313', '--abi=abi3', '--abi=none', '--only-binary=:all:'];
    const args = ['download', '-d', folder, ...platform, ...only, ...ASKED];
    const run = await runPip(MACHINE, `${origin}/simple/${FLAG}/`, args);
    expect(run.code, run.stderr).toBe(0);
    const downloaded = await readdir(folder);
    expect(downloaded).toEqual(expect.arrayContaining(['fastapi-0.116.1-py3-none-any.whl']));
    // METADATA names more than the lock does, such as idna.
    const { packages } = (await get(`/v1/sets/${FLAG}`)) as PackageSet;
    const pinned = new Map(packages.map(({ filename, sha256 }) => [filename, sha256]));
    for (const name of downloaded) {
      const digest = createHash('sha256')
        .update(await readFile(join(folder, name)))
        .digest('hex');
      expect(digest, name).toBe(pinned.get(name));
    }
  });

  test(`the loadPackage of Pyodide ${PYODIDE} loads it`, async () => {
    const lock = `/v1/sets/${FLAG}/pyodide-lock.json`;
    const lockFileContents = await (await fetch(`${origin}${lock}?relative=true`)).text();
    const packageBaseUrl = `${origin}/v1/sets/${FLAG}/files/`;
    const { result } = await runScript<{ names: string[]; used: string }>('load-package-host.ts', {
      pyodide: PYODIDE,
      packages: ASKED,
      use: 'import fastapi; fastapi.__version__',
      options: { lockFileContents, packageBaseUrl, packageCacheDir: newFolder() },
    });
    expect(result.names).toEqual(expect.arrayContaining(['fastapi', 'Jinja2', 'pydantic_core']));
    expect(result.used).toBe('0.116.1');
  });

  test('vendor takes it from the registry, and from the folder of --find-links', async () => {
    const vendored = async (...words: string[]) => {
      const to = join(newFolder(), 'python_modules');
      const args = ['vendor', ...ASKED, ...TARGET, '--to', to, '--cache', newFolder(), '--json', ...words];
      const { code, stdout, stderr } = await workshop.pinwheel.run(args);
      expect(code, stderr).toBe(0);
      const { packages } = JSON.parse(stdout) as { packages: { url: string; unpacked_size: number }[] };
      expect(existsSync(join(to, 'fastapi/__init__.py'))).toBe(true);
      return packages;
    };
    const served = await vendored('--registry', origin);
    const folder = await vendored('--find-links', wheels);
    expect(served.every(({ url }) => url.startsWith(`${origin}/wheels/`))).toBe(true);
    expect(folder.every(({ url }) => url.startsWith(pathToFileURL(`${wheels}/`).href))).toBe(true);
    const sizes = (packages: typeof served) =>
      packages.map(({ unpacked_size }) => unpacked_size).sort((a, b) => a - b);
    expect(sizes(folder)).toEqual(sizes(served));
  });

  test.each([
    ['the registry', () => ['--registry', origin]],
    ['the folder of --find-links', () => ['--find-links', wheels]],
  ])('build makes a Worker with the files of %s, which answers', async (_, words) => {
    const project = await workshop.copy(join(root, 'examples/fastapi'));
    const file = join(project, 'pyproject.toml');
    const toml = (await readFile(file, 'utf8')).replace(/(package-set = )".*"/, `$1"${FLAG}"`);
    await writeFile(file, toml);
    // Without the wheels of other builds.
    const cache = await cacheWithoutMemory(workshop);
    await mkdir(cache, { recursive: true });
    const args = ['build', project, '--no-snapshot', '--cache', cache, ...words()];
    const { code, stderr } = await workshop.pinwheel.run(args);
    expect(code, stderr).toBe(0);
    await using served = await serve(join(project, 'dist/worker'));
    expect(await (await fetch(served.origin)).json()).toEqual({ message: 'Hello from FastAPI' });
  });
});
