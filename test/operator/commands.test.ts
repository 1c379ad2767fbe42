/** The commands of CONTRIBUTING.md that are short, as npm runs them, in a copy of the project. */

import { hash } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openNote, readSigner, readVerifier, signNote } from '../../resolver/log/note.ts';
import { root } from '../../scripts/root.ts';
import { listen } from '../common/listen.ts';
import { ending, newFolder } from '../common/own.ts';
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
  ['access', 'backup', 'data:import', 'data:release', 'data:stdlib', 'data:update', 'data:verify'].concat([
    'deploy',
    'log:key',
    'patch:build',
    'rebuild',
  ]),
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
  const api = ending(
    await listen((request, response) => {
      asked.push(request.url!);
      const isKnown = asked.length === 1;
      response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' });
      const result = [{ success: true, results: [], meta: {} }];
      const errors = [{ code: 7404, message: 'The database could not be found' }];
      response.end(JSON.stringify(isKnown ? { success: true, result } : { success: false, errors }));
    }),
  );
  Object.assign(env, {
    CLOUDFLARE_API_BASE_URL: api.origin,
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
test.runIf(process.env.TEST_ALL)(
  'npm test -- --changed runs the tests that a change may affect',
  async () => {
    const path = join(copy, 'test/resolver/requirements/marker.test.ts');
    await writeFile(path, `${await readFile(path, 'utf8')}\n`);
    const { code, stdout, stderr } = await npm('test', '--', '--changed');
    expect(code, stderr).toBe(0);
    expect(filesIn(stdout)).toEqual(['test/resolver/requirements/marker.test.ts']);
  },
);

/** The test files that a run names as passed. */
const filesIn = (output: string) => [...output.matchAll(/✓ \|\w+\| (\S+)/g)].map(([, file]) => file!);
