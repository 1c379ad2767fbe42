/** `pinwheel vendor`, as installed, against an upstream that sends real wheels. */
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bytes } from '../../../cli/common/text.ts';
import type { Member, PackageSet } from '../../../resolver/catalog.ts';
import { root } from '../../../scripts/root.ts';
import { type Ended, ofThisMachine } from '../../cli/pinwheel.ts';
import { newFolder } from '../../common/own.ts';
import { TEST_FLAG } from '../../test-set.ts';
import { makeWheel } from '../../zip.ts';
import { ASK, createWorld, filesBelow, pythonIn, sha256Of, shelveHttpx, type World } from './vendor-world.ts';

let world: World;
let cwd: string;

beforeAll(async () => {
  world = await createWorld(async (shelf) => {
    await shelveHttpx(shelf);
    shelf.add('small-1.0-py3-none-any.whl', makeWheel('small', '1.0'));
    shelf.add('libssl-3.0.zip', new Uint8Array(1), { name: 'libssl', kind: 'shared_library' });
    const needs = { depends: ['libssl'], written_depends: ['libssl'] };
    shelf.add('ssl-1.0-cp313.whl', new Uint8Array(1), { name: 'ssl', kind: 'standard_library', ...needs });
    shelf.add('libgeo-3.12.zip', new Uint8Array(1), { name: 'libgeo', kind: 'shared_library' });
    shelf.add('shape-1.0-py3-none-any.whl', makeWheel('shape', '1.0'), {
      depends: ['libgeo'],
      written_depends: ['libgeo'],
    });
    shelf.add('strange-1.0.rar', new Uint8Array(1));
    shelf.add('own-1.0-py3-none-any.whl', new Uint8Array(1), { url: null });
    const { filename, ...pin } = patchedAiohttp();
    shelf.pins.push({ filename, ...pin, depends: [], written_depends: [] });
  });
});
beforeEach(async () => {
  world.upstream.log.length = 0;
  cwd = newFolder();
});

/** Runs `pinwheel vendor` in the test's own folder, with a cache in there. */
function vendor(...args: string[]): Promise<Ended> {
  return world.pinwheel.run(['vendor', ...args, ...ASK, '--cache', 'cache'], { cwd });
}

test("in a folder of a project, and with a project's wrangler file, packages go where wrangler looks for them", async () => {
  await mkdir(join(cwd, 'api/src'), { recursive: true });
  await writeFile(join(cwd, 'api/wrangler.toml'), 'main = "src/entry.py"\n');
  const below = await world.pinwheel.run(['vendor', 'h11', ...ASK], { cwd: join(cwd, 'api/src') });
  expect(below).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 package in ../python_modules: '),
  });
  expect(await readdir(join(cwd, 'api'))).toContain('python_modules');
  expect(await readdir(join(cwd, 'api/src'))).toEqual([]);
  const named = await vendor('h11', 'idna', '--config', 'api/wrangler.toml');
  expect(named).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('2 packages in api/python_modules: '),
  });
  expect(await readdir(cwd)).not.toContain('python_modules');
});

const python = async (program: string, folder = 'python_modules') =>
  (await pythonIn(join(cwd, folder), program)).trim();

/** The one that is in a published set. */
function patchedAiohttp(): Member {
  const set = readFileSync(join(root, 'data/sets/python_3.14_packages_2026_11_20.json'), 'utf8');
  return (JSON.parse(set) as PackageSet).packages.find(({ name }) => name === 'aiohttp')!;
}

test('a patched wheel is built without a registry, once', async () => {
  const args = ['vendor', 'aiohttp', ...ASK, '--cache'];
  const first = await world.pinwheel.run([...args, 'cache'], { cwd, env: ofThisMachine() });
  expect(first.code, first.stderr).toBe(0);
  const built = await filesBelow(join(cwd, 'python_modules'));
  expect(Object.keys(built)).toContain('aiohttp/_fetch/connector.py');
  // With neither pip nor PyPI.
  const env = { PATH: dirname(process.execPath), HTTPS_PROXY: 'http://127.0.0.1:1', NODE_USE_ENV_PROXY: '1' };
  const again = { cwd, env };
  const second = await world.pinwheel.run([...args, 'cache'], again);
  expect(second.code, second.stderr).toBe(0);
  expect(await filesBelow(join(cwd, 'python_modules'))).toEqual(built);
  const none = await world.pinwheel.run([...args, 'other'], again);
  expect(none).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      /^error: aiohttp-\S+\+pinwheel\.1-\S+\.whl could not be built: pip does not fetch/,
    ),
  });
  expect(none.stderr).toContain('or name a registry with --registry URL.');
});

describe('a closure', () => {
  test('is what Python then imports', async () => {
    const { code, stdout, stderr } = await vendor('httpx');
    expect({ code, stderr: stderr.split('\n').sort() }).toEqual({
      code: 0,
      stderr: ['', ...world.shelf.pins.slice(0, 8).map(downloadedLine)].sort(),
    });
    expect(stdout).toMatch(/\n8 packages in python_modules: \S+ kB downloaded, 0 B from the cache\.\n/);
    expect(stdout).toMatch(/\n\S+ MB unpacked, 3 % of the 64 MiB \(67 MB\) that a Worker may have\.\n/);
    const program =
      'import httpx, idna; print(httpx.__version__, httpx.__file__, idna.encode("ü.de").decode())';
    const file = join(await realpath(cwd), 'python_modules/httpx/__init__.py');
    expect(await python(program)).toBe(`0.28.1 ${file} xn--tda.de`);
  });

  test('is the same from the cache', async () => {
    await vendor('httpx');
    const before = await filesBelow(join(cwd, 'python_modules'));
    world.upstream.log.length = 0;
    const { code, stdout, stderr } = await vendor('httpx');
    expect({ code, requests: world.upstream.log }).toEqual({ code: 0, requests: [] });
    expect(stdout).toContain('8 packages in python_modules: 0 B downloaded, ');
    expect(stderr).toMatch(/^(In the cache: \S+\.whl\n){8}$/);
    expect(await filesBelow(join(cwd, 'python_modules'))).toEqual(before);
  });

  test('is listed in a file', async () => {
    await vendor('httpcore');
    const marker = JSON.parse(await readFile(join(cwd, 'python_modules/.pinwheel.json'), 'utf8'));
    const pinned = ['certifi', 'h11', 'httpcore'].map((name) => {
      const { version, filename, sha256 } = world.set.packages.find((candidate) => candidate.name === name)!;
      return { name, version, filename, sha256 };
    });
    expect(marker).toMatchObject({ made_by: 'pinwheel vendor', package_set: { flag: TEST_FLAG } });
    expect(marker.packages).toEqual(expect.arrayContaining(pinned));
    expect(marker.packages).toHaveLength(3);
  });

  test('is reported in JSON', async () => {
    await vendor('h11', '--to', 'first');
    const { code, stdout } = await vendor('httpcore', 'ssl', '--json');
    const { packages, totals, ...report } = JSON.parse(stdout);
    const sizeOf = (name: string) => {
      const pin = world.shelf.pins.find((candidate) => candidate.name === name)!;
      return world.upstream.files.get(`/${pin.filename}`)!.length;
    };
    expect({ code, report }).toMatchObject({
      code: 0,
      report: {
        ...{ target: { package_set: { flag: TEST_FLAG } }, folder: 'python_modules', dry_run: false },
        skipped: [
          { name: 'libssl', kind: 'shared_library' },
          { name: 'ssl', kind: 'standard_library' },
        ],
      },
    });
    const unpacked = await filesBelow(join(cwd, 'first'));
    delete unpacked['.pinwheel.json'];
    const bytes = Object.values(unpacked).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const h11 = packages.find((candidate: { name: string }) => candidate.name === 'h11');
    expect(h11).toMatchObject({
      ...{ cached: true, size: sizeOf('h11'), files: Object.keys(unpacked).length, unpacked_size: bytes },
      version: world.set.packages.find(({ name }) => name === 'h11')!.version,
    });
    expect(totals).toMatchObject({
      ...{ packages: 3, downloaded: sizeOf('certifi') + sizeOf('httpcore'), cached: sizeOf('h11') },
      unpacked: packages.reduce((total: number, member: typeof h11) => total + member.unpacked_size, 0),
      worker_limit: 67_108_864,
    });
  });

  test('is reported with what it leaves out, and why', async () => {
    const { code, stdout } = await vendor('ssl', 'small', '-v');
    expect(code).toBe(0);
    expect(stdout).toContain('info: libssl 3.0.zip is left out: it is a shared library');
    expect(stdout).toContain('info: ssl 1.0 is left out: it is part of the standard library');
    expect(world.upstream.log.map(({ path }) => path)).toEqual(['/small-1.0-py3-none-any.whl']);
  });

  test('of nothing is an empty folder', async () => {
    const { code, stdout } = await vendor('small; python_version < "3"');
    expect({ code, files: await readdir(join(cwd, 'python_modules')) }).toEqual({
      code: 0,
      files: ['.pinwheel.json'],
    });
    expect(stdout).toContain('0 packages in python_modules');
  });

  test('is only reported in a dry run', async () => {
    await vendor('h11', '--to', 'first');
    world.upstream.log.length = 0;
    const { code, stdout, stderr } = await vendor('httpcore', '--dry-run', '-v');
    expect({ code, stderr, log: world.upstream.log }).toEqual({ code: 0, stderr: '', log: [] });
    expect(await readdir(cwd)).not.toContain('python_modules');
    expect(stdout).toMatch(/^h11 .* the cache$/m);
    expect(stdout).toContain(`  ${world.upstream.origin}/certifi-`);
    expect(stdout).toMatch(
      /^3 packages for python_modules, [\d.]+ kB and 2 files of unknown size\. Nothing was downloaded or unpacked\.$/m,
    );
    expect(stdout).not.toContain('A Worker that includes');
    // The target's remark that packages have to be vendored.
    expect(stdout).not.toContain('Run pinwheel vendor');
    const { stdout: json } = await vendor('httpcore', '--dry-run', '--json');
    expect(JSON.parse(json)).toMatchObject({
      dry_run: true,
      totals: { unpacked: null, downloaded: 0, size: null, unknown_sizes: 2 },
    });
  });
});

function downloadedLine({ filename }: { filename: string }): string {
  return `Downloaded: ${filename}, ${bytes(world.upstream.files.get(`/${filename}`)!.length)}`;
}

describe('the cache', () => {
  test('is that of the user by default', async () => {
    const args = ['vendor', 'small', ...ASK];
    const pin = world.shelf.pins.find(({ filename }) => filename.startsWith('small'))!;
    const env = { XDG_CACHE_HOME: join(cwd, 'xdg') };
    expect(await world.pinwheel.run(args, { cwd, env })).toMatchObject({ code: 0 });
    expect(sha256Of(await readFile(join(cwd, 'xdg/pinwheel/sha256', pin.sha256)))).toBe(pin.sha256);
    const home = { HOME: join(cwd, 'home'), XDG_CACHE_HOME: 'relative' };
    expect(await world.pinwheel.run(args, { cwd, env: home })).toMatchObject({ code: 0 });
    expect(await readdir(join(cwd, 'home/.cache/pinwheel/sha256'))).toEqual([pin.sha256]);
  });

  test('is verified: damaged files are downloaded again', async () => {
    const { sha256, filename } = world.shelf.pins.find(({ filename }) => filename.startsWith('small'))!;
    await mkdir(join(cwd, 'cache/sha256'), { recursive: true });
    await writeFile(join(cwd, 'cache/sha256', sha256), 'damaged');
    const { code, stdout } = await vendor('small');
    expect(code).toBe(0);
    expect(stdout).toContain(`warning: ${filename} in the cache was damaged, and has been downloaded again.`);
    expect(sha256Of(await readFile(join(cwd, 'cache/sha256', sha256)))).toBe(sha256);
  });
});

describe('the folder', () => {
  const untouched = async (to: string, ...args: string[]) => {
    const before = await filesBelow(cwd);
    const ended = await vendor('small', '--to', to, ...args);
    expect(await filesBelow(cwd)).toEqual(before);
    expect(world.upstream.log).toEqual([]);
    return ended;
  };

  test('of somebody else is not replaced without --force', async () => {
    await mkdir(join(cwd, 'mine'));
    await writeFile(join(cwd, 'mine/file.py'), 'print()');
    const { code, stderr } = await untouched('mine');
    expect(code).toBe(2);
    expect(stderr).toContain('error: mine was not made by pinwheel vendor, and is not empty.');
    await writeFile(join(cwd, 'mine/.pinwheel.json'), '{"made_by": "somebody"}');
    expect(await untouched('mine')).toMatchObject({ code: 2 });
    expect(await vendor('small', '--to', 'mine', '--force')).toMatchObject({ code: 0 });
    expect((await readdir(join(cwd, 'mine'))).sort()).toEqual([
      '.pinwheel.json',
      'small',
      'small-1.0.dist-info',
    ]);
  });

  test('is replaced if it is empty, or from an earlier run', async () => {
    await mkdir(join(cwd, 'deep/er'), { recursive: true });
    expect(await vendor('small', '--to', 'deep/er')).toMatchObject({ code: 0 });
    expect(await vendor('h11', '--to', 'deep/er')).toMatchObject({ code: 0 });
    const names = await readdir(join(cwd, 'deep/er'));
    expect(names).toContain('h11');
    expect(names).not.toContain('small');
    expect(await readdir(join(cwd, 'deep'))).toEqual(['er']);
  });

  test('is created with its parents', async () => {
    expect(await vendor('small', '--to', 'a/b/c')).toMatchObject({ code: 0 });
    expect(await readdir(join(cwd, 'a/b/c'))).toContain('small');
  });

  test('may be a link to a folder', async () => {
    await mkdir(join(cwd, 'real'));
    await symlink('real', join(cwd, 'link'));
    expect(await vendor('small', '--to', 'link')).toMatchObject({ code: 0 });
    expect(await readdir(join(cwd, 'real'))).toContain('small');
    expect(await readFile(join(cwd, 'link/.pinwheel.json'), 'utf8')).toContain('small');
  });

  test.each([
    ['.', 'the current folder'],
    ['..', 'the current folder'],
    ['/', 'the current folder'],
    ['w', 'w/wrangler.toml'],
    ['w/src', 'w/src/entry.py'],
    ['link', 'w/src/entry.py'],
    ['shared', 'w/wrangler.toml'],
  ])('cannot be the current one, nor contain the project: %s', async (to, kept) => {
    await mkdir(join(cwd, 'w/src'), { recursive: true });
    await mkdir(join(cwd, 'shared'));
    await writeFile(join(cwd, 'shared/wrangler.toml'), 'main = "src/entry.py"\n');
    await symlink('../shared/wrangler.toml', join(cwd, 'w/wrangler.toml'));
    await writeFile(join(cwd, 'w/src/entry.py'), 'print()');
    await symlink('w/src', join(cwd, 'link'));
    for (const also of [[], ['--dry-run']]) {
      const { code, stderr } = await untouched(to, '--force', '--config', 'w/wrangler.toml', ...also);
      const error = `error: ${to} would replace ${kept}.\n`;
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(error) });
    }
  });

  test('cannot be a file', async () => {
    await writeFile(join(cwd, 'file'), '');
    expect(await untouched('file', '--force')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('error: file is not a folder.'),
    });
    const { code, stderr } = await untouched('file/below');
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('ENOTDIR') });
  });
});

test.each<[code: number, args: string[], says: string]>([
  [2, [], 'error: There is nothing to resolve.'],
  [2, ['small', '--jobs', '0'], 'error: --jobs 0 is not a number from 1 to 32.'],
  [2, ['small', '--jobs', 'many'], 'error: --jobs many is not a number'],
  [2, ['small', '--format', 'pyodide-lock'], "error: option '--format <format>' argument"],
  [1, ['smal'], 'fix: Did you mean small?'],
  [1, ['shape'], 'error: shape loads the native library libgeo 3.12'],
  [1, ['shape', '--dry-run'], 'fix: Use pinwheel build: the Worker then includes its own Python, with the'],
  [1, ['strange'], 'error: strange-1.0.rar is neither a wheel nor another archive'],
  [1, ['own'], 'error: The wheels of own are Pinwheel-built: only a registry serves them.'],
  [3, ['small', '--registry', 'http://127.0.0.1:1'], 'error: The registry at http://127.0.0.1:1 could not'],
])('exit code %i: %j', async (code, args, says) => {
  const ended = await vendor(...args);
  expect(ended).toEqual({ code, stdout: '', stderr: expect.stringContaining(says) });
  expect(await readdir(cwd)).toEqual([]);
});

test('a closure that is too large for a Worker gets a warning, with the largest packages', async () => {
  const large = await createWorld((shelf) => {
    for (const [name, megabytes] of [
      ['one', 30],
      ['two', 40],
    ] as const) {
      shelf.add(`${name}-1.0-py3-none-any.whl`, makeWheel(name, '1.0', new Uint8Array(megabytes * 1e6)));
    }
  });
  const args = ['vendor', 'one', 'two', ...ASK, '--cache', 'cache'];
  const { code, stdout } = await large.pinwheel.run(args, { cwd: newFolder() });
  expect(code).toBe(0);
  expect(stdout).toContain('70 MB unpacked, 104 % of the 64 MiB (67 MB) that a Worker may have.');
  expect(stdout).toContain(
    'warning: 70 MB are more than the 64 MiB (67 MB) that a Worker may have. The largest packages: two (40 MB), one (30 MB).',
  );
});
