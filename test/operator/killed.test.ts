/**
 * A registry that is killed while somebody publishes, and a publisher that is: what was before is there, or what comes
 * after.
 */
import { execFile, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PackageSet, Publication } from '../../resolver/catalog.ts';
import { loadDocument } from '../../scripts/import/data-files.ts';
import { root } from '../../scripts/root.ts';
import { newFolder } from '../common/own.ts';
import { copySeededState } from '../common/registry.ts';
import { kill, type Started, start } from './start-script.ts';

/**
 * Objects that R2 has when the registry is killed: none; some of what a set needs, then all; and files of the log. Each
 * takes a restart, so that `npm run test:all` has those in between.
 */
const KILLED_AT = process.env.TEST_ALL ? [0, 1, 3, 4, 7] : [0, 7];

const state = newFolder();
const known = (await loadDocument({ kind: 'set', name: 'python_3.13_packages_2026_09_16' })) as PackageSet;
let registry: Started;
let origin: string;
let token: string;

beforeAll(async () => {
  await copySeededState(state);
  await up();
  token = (
    await run('scripts/access/main.ts', 'token', 'create', '--name', 'a test', '--scope', 'all')
  ).trim();
});
afterAll(async () => {
  if (registry?.child.exitCode === null) await kill(registry.child);
});

async function up(): Promise<void> {
  registry = await start({ PORT: '0', PINWHEEL_STATE: state }, /curl '[^']+'/, { detached: true });
  origin = new URL(/curl '([^']+)'/.exec(registry.output)![1]!).origin;
}

async function run(script: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, PINWHEEL_STATE: state, PINWHEEL_TOKEN: token };
  return (await promisify(execFile)(process.execPath, [join(root, script), ...args], { cwd: state, env }))
    .stdout;
}

/** A set of Pyodide's as of another day. */
function setOf(day: number): PackageSet {
  const released = `2026-10-${String(day).padStart(2, '0')}`;
  return { ...known, flag: `python_3.13_packages_${released.replaceAll('-', '_')}`, released };
}

const get = async <Answer>(path: string) => (await fetch(new URL(path, origin))).json() as Promise<Answer>;
const readLog = async () => (await get<{ publications: Publication[] }>('/v1/log')).publications;
const publish = (set: PackageSet) =>
  fetch(new URL('/v1/publications', origin), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(set),
  });

/** The files of the objects in R2. */
const objects = () =>
  readdirSync(join(state, 'r2'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.includes('blobs/'),
  );

/** Waits until R2 has so many new objects, or `work` is done. */
async function untilStored(count: number, work: Promise<unknown>): Promise<void> {
  const before = new Set(objects());
  let isDone = false;
  const done = () => {
    isDone = true;
  };
  work.then(done, done);
  while (!isDone && objects().filter((name) => !before.has(name)).length < count) await setImmediate();
}

/** The log is as before, or has the set as well; and publishing goes on from there. */
async function expectAllOrNothing(before: Publication[], set: PackageSet): Promise<boolean> {
  const after = await readLog();
  expect(after.slice(0, before.length)).toEqual(before);
  const isThere = after.length > before.length;
  if (isThere) expect(after.slice(before.length)).toMatchObject([{ kind: 'set', name: set.flag }]);
  expect(await get('/healthz')).toMatchObject({ status: 'ok', registry: { revision: after.length } });
  const question = `/v1/resolve?flag=${set.flag}&requirement=idna`;
  expect((await fetch(new URL(question, origin))).status).toBe(isThere ? 200 : 400);

  const again = await publish(set);
  expect([again.status, await again.json()]).toMatchObject([
    isThere ? 200 : 201,
    { status: isThere ? 'unchanged' : 'published' },
  ]);
  expect((await readLog()).length).toBe(before.length + 1);
  expect((await fetch(new URL(question, origin))).status).toBe(200);
  const { packages } = await get<{ packages: { newest_flag: string }[] }>('/v1/packages?query=idna&limit=1');
  expect(packages).toMatchObject([{ name: 'idna' }]);
  return isThere;
}

test('if it is killed at any step of publishing, a registry has all or nothing, and publishing can continue', async () => {
  const there: boolean[] = [];
  for (const [at, count] of KILLED_AT.entries()) {
    const before = await readLog();
    const set = setOf(at + 1);
    const publishing = publish(set).then(
      (response) => response.status,
      () => 'lost',
    );
    await untilStored(count, publishing);
    await kill(registry.child);
    await publishing;
    await up();
    there.push(await expectAllOrNothing(before, set));
  }
  // The first was too early to be there, and the last too late not to be.
  expect([there.at(0), there.at(-1)]).toEqual([false, true]);
  expect(await run('cli/main.ts', 'log', 'verify', '--registry', origin)).toContain('is valid');
});

test('a publisher that is killed has published all or nothing, and can continue', async () => {
  await writeFile(join(state, 'set.json'), JSON.stringify(setOf(20)));
  const before = await readLog();
  for (const count of [0, 1]) {
    const client = spawn(
      process.execPath,
      [join(root, 'cli/main.ts'), 'publish', 'set.json', '--registry', origin],
      { cwd: state, env: { ...process.env, PINWHEEL_TOKEN: token }, stdio: 'ignore' },
    );
    const gone = new Promise((resolve) => client.on('exit', resolve));
    // At once, or when its first object is there.
    await untilStored(count, gone);
    client.kill('SIGKILL');
    await gone;
    const after = await readLog();
    expect(after.length - before.length).toBeLessThanOrEqual(1);
  }
  // The killed command's request may still be on its way into the log.
  const again = () => run('cli/main.ts', 'publish', 'set.json', '--registry', origin).catch(String);
  await expect.poll(again).toMatch(/Published set|Nothing changes/);
  expect((await readLog()).length).toBe(before.length + 1);
  expect(await run('cli/main.ts', 'log', 'verify', '--registry', origin)).toContain('is valid');
});
