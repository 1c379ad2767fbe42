/** The commands of CONTRIBUTING.md that are short, as npm runs them, in a copy of the project. */

import { hash } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { encode, writeWheel } from '../../cli/packages/patch/wheel-archive.ts';
import { openNote, readSigner, readVerifier, signNote } from '../../resolver/log/note.ts';
import { root } from '../../scripts/root.ts';
import { onlyInAll } from '../common/only-in-all.ts';
import { newFolder, serve } from '../common/own.ts';
import { copyProject, runIn } from '../common/project-copy.ts';

let home: string;
let copy: string;
beforeAll(async () => {
  home = newFolder();
  copy = join(home, 'project');
  await copyProject(copy);
  // Wheels that were downloaded before.
  await mkdir(join(root, '.cache/wheels'), { recursive: true });
  await mkdir(join(copy, '.cache'), { recursive: true });
  await symlink(join(root, '.cache/wheels'), join(copy, '.cache/wheels'));
  await git('init', '-q');
  await git('add', '.');
  await git('-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '-qm', 'all');
});

const { PATH, HOME } = process.env;
const env = { PATH, HOME, NO_COLOR: '1' } as unknown as NodeJS.ProcessEnv;
const git = (...args: string[]) => runIn(copy, env, 'git', args);
const npm = (...args: string[]) => runIn(copy, env, 'npm', args);
const changed = async () => (await git('status', '--short')).stdout;

test('log:key creates a pair of keys', async () => {
  const { code, stdout } = await npm('run', 'log:key', '--', 'registry.example/log');
  expect(code).toBe(0);
  const [signing] = /^PRIVATE\+KEY\+.*$/m.exec(stdout)!;
  const [verifying] = /^registry\.example\/log\+.*$/m.exec(stdout)!;
  const note = await signNote('text\n', (await readSigner(signing))!);
  expect(await openNote(note, (await readVerifier(verifying))!)).toBe('text\n');
});

test.each(
  [
    'access',
    'backup',
    'data:import',
    'data:release',
    'data:scan',
    'data:stdlib',
    'data:update',
    'data:verify',
  ].concat(['deploy', 'log:key', 'patch:build', 'rebuild']),
)('%s --help prints its usage in 80 columns, and does nothing', async (name) => {
  const { code, stdout, stderr } = await npm('run', '--silent', name, '--', '--help');
  expect([code, stderr.replace(/^npm warn .*\n/gm, '')]).toEqual([0, '']);
  expect(stdout).toMatch(new RegExp(`^npm run ${name} |^npm run data:import `));
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(await changed()).toBe('');
});

test('log:key needs the name of one log', async () => {
  for (const names of [[], ['a', 'b'], ['a b']]) {
    const { code, stdout, stderr } = await npm('run', '--silent', 'log:key', '--', ...names);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining('pinwheel: ')]);
  }
});

test('data:scan proposes rows for what wheels import and call, and changes nothing', async () => {
  const wheels = {
    'pool-1.9': { 'pool.py': 'import threading' },
    'pool-1.10': {
      'pool/__init__.py': 'from . import run',
      'pool/run.py': 'import threading\nfrom multiprocessing import Pool',
      'pool/other.py': 'import subprocess\ndef f():\n  subprocess.run([])',
      'pool/tests/test_run.py': 'import os\nos.fork()',
    },
    'starter-1': { 'starter.py': 'import threading as t\nt.Thread(target=print).start()' },
    'locks-1': { 'locks.py': 'import threading\nlock = threading.Lock()' },
  };
  const folder = newFolder();
  for (const [stem, files] of Object.entries(wheels)) {
    const texts = Object.entries(files).map(([path, text]) => [path, encode(text)] as const);
    await writeFile(join(folder, `${stem}-py3-none-any.whl`), writeWheel(new Map(texts)));
  }
  const scan = (...names: string[]) => npm('run', '--silent', 'data:scan', '--', ...names, '--from', folder);
  const { code, stdout, stderr } = await scan('Pool', 'starter', 'locks');
  expect(code).toBe(0);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows).toEqual([
    {
      names: ['pool'],
      is: 'cannot_run',
      why: 'it needs processes: it imports `multiprocessing` at the top of `pool/run.py`',
      instead: 'Use asyncio, or another Worker through a service binding.',
      source: expect.stringMatching(
        /^pool-1\.10-\S+ imports .* and imports `subprocess` at the top of `pool\/other.py`$/,
      ),
    },
    expect.objectContaining({
      names: ['starter'],
      why: 'it needs threads: it calls `threading.Thread` in line 2 of `starter.py`',
    }),
  ]);
  expect(stderr).toContain('locks: locks-1-py3-none-any.whl, 1 Python file, no sign\n');
  expect(await changed()).toBe('');
  const none = await scan('absent', 'uvicorn');
  expect([none.code, none.stdout]).toEqual([1, '']);
  expect(none.stderr).toContain(`pinwheel: absent: no wheel in ${folder}`);
  for (const path of [join(folder, 'pool-1.9-py3-none-any.whl'), join(folder, 'absent')]) {
    const refused = await npm('run', '--silent', 'data:scan', '--', 'pool', '--from', path);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining(`pinwheel: ${path} is not a folder`),
    ]);
  }
});

test('access --remote asks the D1 that this clone has deployed to', async () => {
  const list = () => npm('run', '--silent', 'access', '--', 'token', 'list', '--remote');
  const before = await list();
  expect([before.code, before.stderr]).toEqual([1, expect.stringContaining('Run npm run deploy first')]);
  const id = '11111111-2222-3333-4444-555555555555';
  const config = { name: 'own', d1_databases: [{ binding: 'DB', database_name: 'own', database_id: id }] };
  await mkdir(join(copy, '.wrangler/pinwheel'), { recursive: true });
  await writeFile(join(copy, '.wrangler/pinwheel/wrangler.json'), JSON.stringify(config));
  const alone = await runIn(copy, { ...env, HOME: home, XDG_CONFIG_HOME: home }, 'npm', [
    'run',
    '--silent',
    'access',
    '--',
    'token',
    'list',
    '--remote',
  ]);
  expect([alone.code, alone.stderr]).toEqual([1, expect.stringContaining('Run npx wrangler login')]);
  const asked: string[] = [];
  // In place of Cloudflare's API, which needs an account.
  const api = await serve((request, response) => {
    asked.push(request.url!);
    const isKnown = asked.length === 1;
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' });
    const result = [{ success: true, results: [], meta: {} }];
    const errors = [{ code: 7404, message: 'The database could not be found' }];
    response.end(JSON.stringify(isKnown ? { success: true, result } : { success: false, errors }));
  });
  Object.assign(env, {
    CLOUDFLARE_API_BASE_URL: api,
    CLOUDFLARE_API_TOKEN: 'a test',
    CLOUDFLARE_ACCOUNT_ID: 'account',
  });
  const [empty, gone] = [await list(), await list()];
  expect(asked[0]).toBe(`/accounts/account/d1/database/${id}/query`);
  expect([empty.code, empty.stderr]).toEqual([0, expect.stringContaining('The list is empty.')]);
  expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining('could not be found')]);
});

test('patch:build builds the wheel that the published set pins, and verifies a set', async () => {
  const built = await npm('run', 'patch:build', '--', 'httpx==0.28.1');
  expect(built, built.stderr).toMatchObject({ code: 0 });
  const [, digest, path] = /^([0-9a-f]{64}) {2}(.*)$/m.exec(built.stdout)!;
  expect(hash('sha256', await readFile(path!))).toBe(digest);
  const set = await readFile(join(copy, 'data/sets/python_3.14_packages_2026_11_20.json'), 'utf8');
  const pinned = JSON.parse(set).packages.find(({ name }: { name: string }) => name === 'httpx');
  expect([basename(path!), digest]).toEqual([pinned.filename, pinned.sha256]);
  const verified = async (recipe: string) => {
    const patched = { ...pinned.patched, recipe };
    const claimed = { ...JSON.parse(set), packages: [{ ...pinned, patched }] };
    await writeFile(join(home, 'set.json'), JSON.stringify(claimed));
    return npm('run', '--silent', 'patch:build', '--', '--set', join(home, 'set.json'));
  };
  expect(await verified(pinned.patched.recipe)).toMatchObject({
    code: 0,
    stdout: `${digest}  ${pinned.filename} is what its recipe makes\n`,
  });
  expect(await verified('0'.repeat(64))).toMatchObject({
    code: 1,
    stderr: `No wheel was built: the patch of httpx is no longer the recipe of ${pinned.filename}\n`,
  });
});

test('data:release reproduces the sets of data/, byte for byte', async () => {
  const path = join(copy, 'data/sets/python_3.14_packages_2026_11_20.json');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('"default_from": null', '"default_from": "2026-11-21"'));
  expect(await changed()).not.toBe('');
  const ended = await npm('run', 'data:release');
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  expect(ended.stdout).toContain('python_3.14_packages_2026_11_20 is released for 2026_0');
  expect(await changed()).toBe('');
});

test('db:generate has nothing to add to the migrations', async () => {
  const { code, stdout } = await npm('run', 'db:generate');
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('No schema changes') });
  expect(await changed()).toBe('');
});

test('format writes files that pass the checks', async () => {
  const path = join(copy, 'resolver/bytes.ts');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replaceAll("'", '"').replaceAll('\n  ', '\n'));
  expect(await changed()).not.toBe('');
  expect(await npm('run', 'format')).toMatchObject({ code: 0 });
  expect(await changed()).toBe('');
});

test('npm test -- FOLDER runs the tests of that folder', async () => {
  const { code, stdout, stderr } = await npm('test', '--', 'test/resolver/text');
  expect(code, stderr).toBe(0);
  expect(filesIn(stdout)).toEqual(['test/resolver/text/nearest.test.ts']);
});

// Vitest reads the imports of every test: that takes 20 s.
onlyInAll('npm test -- --changed runs the tests that a change may affect', async () => {
  const path = join(copy, 'test/resolver/requirements/marker.test.ts');
  await writeFile(path, `${await readFile(path, 'utf8')}\n`);
  const { code, stdout, stderr } = await npm('test', '--', '--changed');
  expect(code, stderr).toBe(0);
  expect(filesIn(stdout)).toEqual(['test/resolver/requirements/marker.test.ts']);
});

/** The test files that a run names as passed. */
const filesIn = (output: string) => [...output.matchAll(/✓ \|\w+\| (\S+)/g)].map(([, file]) => file!);
