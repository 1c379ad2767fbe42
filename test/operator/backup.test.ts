/** A backup of D1 and R2, restored into another registry: the same log, the same objects. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { getPlatformProxy } from 'wrangler';
import { publish } from '../../registry/publish/publish.ts';
import { readHead } from '../../registry/storage/ledger.ts';
import { readWhole } from '../../registry/storage/newest.ts';
import { integrate } from '../../registry/storage/signed-head.ts';
import { generateNoteKey } from '../../resolver/log/note.ts';
import { backUp, expectWhole, restore } from '../../scripts/backup.ts';
import { startLocalRegistry } from '../../scripts/local-registry.ts';
import { root } from '../../scripts/root.ts';
import type { Stored } from '../../scripts/stored.ts';
import { onlyInAll } from '../common/only-in-all.ts';
import { newFolder } from '../common/own.ts';
import { copySeededState, sharedRegistry } from '../common/registry.ts';

const folder = newFolder();

const run = (...args: string[]) => runWith({}, ...args);
const runWith = (env: Record<string, string>, ...args: string[]) =>
  promisify(execFile)(process.execPath, ['scripts/backup.ts', ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  });

async function contentsOf(path: string) {
  const { env, dispose } = await getPlatformProxy<{ DB: D1Database; STORE: R2Bucket }>({
    configPath: join(root, 'wrangler.toml'),
    persist: { path },
  });
  // A proxy that is not disposed of keeps the database open, and the next one may find it locked.
  try {
    const members = 'select * from pins order by set_flag, name';
    const { results } = await env.DB.prepare(members).all();
    return {
      catalog: await readWhole(env),
      members: results,
      objects: (await env.STORE.list({ include: ['customMetadata'] })).objects.map(
        ({ key, size, etag, checksums, customMetadata }) => [
          key,
          size,
          etag,
          checksums.toJSON(),
          customMetadata,
        ],
      ),
    };
  } finally {
    await dispose();
  }
}

/** A seeded state and its backup: tests that change the backup have a copy. */
const seeded = join(folder, 'seeded');
const backup = join(folder, 'backup');
await copySeededState(seeded);
// The folder of npm start, which no option names.
const { stdout: said, stderr: shown } = await runWith({ PINWHEEL_STATE: seeded }, '--to', backup);

async function copyBackup(name: string): Promise<string> {
  const copy = join(folder, name);
  await cp(backup, copy, { recursive: true });
  return copy;
}

test('the command backs up the state of this machine, and restores it into another one that is empty', async () => {
  const [state, other, kept] = [seeded, join(folder, 'other'), backup];
  expect(said).toContain(`kept in ${kept}`);
  expect(shown).toContain('pinwheel: keeping objects…\n');
  expect((await readdir(kept)).sort()).toEqual(['backup.json', 'd1.json', 'log-key.txt', 'r2']);
  const done = await run('--restore', kept, '--persist', other);
  expect(done.stdout).toContain(`restored from ${kept}`);
  expect(done.stderr).toContain('pinwheel: restoring objects…\n');
  expect(await contentsOf(other)).toEqual(await contentsOf(state));
  await expect(run('--restore', kept, '--persist', other)).rejects.toThrow('has publications already');
  await expect(run('--to', kept, '--persist', state)).rejects.toThrow(`${kept} is not empty`);
  await expect(run('--to', kept, '--restore', kept)).rejects.toThrow('npm run backup');
  expect((await run('--help')).stdout).toMatch(/^npm run backup -- --to FOLDER/);
  await expect(run('--to', kept, '--config', 'none.json')).rejects.toThrow('There is no none.json.');
  await expect(run('--form', kept)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^pinwheel: Unknown option '--form'[\s\S]*npm run backup -- /),
  });
  const nowhere = join(folder, 'nowhere');
  await expect(run('--to', nowhere, '--persist', nowhere)).rejects.toThrow(
    `${nowhere}: D1 has no publications: there is nothing to keep.`,
  );
  await expect(run('--restore', nowhere, '--persist', nowhere)).rejects.toThrow('has no whole backup');

  const steps: string[] = [];
  const restored = await startLocalRegistry({ persist: other, onProgress: (step) => steps.push(step) });
  try {
    // The restored registry goes on from the last revision of the first: nothing of `data/` is published again.
    expect(steps).toEqual(['bundling the Worker']);
    expect(await (await fetch(new URL('/healthz', restored.url))).json()).toMatchObject({ status: 'ok' });
    const before = await sharedRegistry();
    for (const path of [
      '/v1/log',
      '/log/key',
      '/v1/target?date=2025-11-02&flag=python_workers&as_of=2026-11-20',
    ]) {
      const [was, is] = await Promise.all(
        [before, restored.url].map(async (url) => (await fetch(new URL(path, url))).text()),
      );
      expect(is).toBe(was);
    }
  } finally {
    await restored.stop();
  }
});

test('of a backup that was changed or not finished, nothing is restored', async () => {
  const [kept, other] = [await copyBackup('changed'), join(folder, 'empty')];
  const restoring = () => run('--restore', kept, '--persist', other);
  // R2 has no checksum of the head.
  for (const name of ['d1.json', 'r2/head.json']) {
    const bytes = await readFile(join(kept, name));
    const flip = () => {
      bytes[5]! ^= 1;
      return writeFile(join(kept, name), bytes);
    };
    await flip();
    await expect(restoring()).rejects.toThrow(`${kept} has no whole backup: ${name} was changed`);
    await flip();
  }
  await rm(join(kept, 'backup.json'));
  await expect(restoring()).rejects.toThrow(`${kept} has no whole backup`);
  await expect(contentsOf(other)).rejects.toThrow('no such table');
});

test('a log is restored only with the key that has signed it', async () => {
  const [kept, other] = [await copyBackup('signed'), join(folder, 'signed-other')];
  const [own, taken] = [join(kept, 'log-key.txt'), join(other, 'log-key.txt')];
  const key = await readFile(own, 'utf8');
  await rm(own);
  const restoring = () => run('--restore', kept, '--persist', other);
  const problem = `The log of ${kept} goes on only with its own key, of localhost/log. Copy that to ${own}.`;
  await expect(restoring()).rejects.toMatchObject({ code: 1, stderr: `pinwheel: ${problem}\n` });
  await writeFile(taken, (await generateNoteKey('localhost/log')).signing);
  await expect(restoring()).rejects.toMatchObject({
    code: 1,
    stderr: `pinwheel: ${problem} ${taken} has another key.\n`,
  });
  expect((await contentsOf(other)).objects).toEqual([]);
  await rm(taken);
  await writeFile(own, key);
  await restoring();
  expect(await readFile(taken, 'utf8')).toBe(key);
});

onlyInAll('without space for all of a backup, nothing is restored', async () => {
  const [kept, other] = [await copyBackup('spacious'), join(folder, 'narrow')];
  const path = join(kept, 'backup.json');
  const manifest = await readFile(path, 'utf8');
  const { d1, r2 } = JSON.parse(manifest);
  const { bavail, bsize } = await statfs(folder);
  // A sparse file has a size, but takes no space. Twice what is free, because others may free some meanwhile.
  await writeFile(join(kept, 'r2/wheels/large'), '');
  await truncate(join(kept, 'r2/wheels/large'), 2 * bavail * bsize);
  await writeFile(path, JSON.stringify({ d1, r2: [...r2, { ...r2[0], key: 'wheels/large' }] }));
  await expect(run('--restore', kept, '--persist', other)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^pinwheel: The backup needs .*B, but .*narrow has space for .*B\.$/m),
  });
  await expect(contentsOf(other)).rejects.toThrow('no such table');

  // If the disk fills up meanwhile, workerd never answers.
  await writeFile(path, manifest);
  const { env, dispose } = await getPlatformProxy<{ DB: D1Database; STORE: R2Bucket }>({
    configPath: join(root, 'wrangler.toml'),
    persist: { path: other },
  });
  const silent = new Proxy(env.STORE, { get: () => () => new Promise(() => {}) });
  await expect(restore({ DB: env.DB, STORE: silent }, kept, other, 1)).rejects.toThrow(
    /could not be restored into R2: no answer .* Nothing is published yet/,
  );
  expect(await readHead(env.DB)).toBeUndefined();
  await restore(env, kept, other);
  await dispose();
  expect(await contentsOf(other)).toEqual(await contentsOf(seeded));
});

onlyInAll(
  'tables that this version does not have are reported, and nothing can be published on what was restored',
  async () => {
    const [state, kept, other] = ['newer-state', 'newer', 'newer-other'].map((name) => join(folder, name));
    await copySeededState(state!);
    const { env, dispose } = await getPlatformProxy<{ DB: D1Database }>({
      configPath: join(root, 'wrangler.toml'),
      persist: { path: state! },
    });
    await env.DB.prepare('alter table pins add column newer text').run();
    await dispose();
    await run('--to', kept!, '--persist', state!);
    await expect(run('--restore', kept!, '--persist', other!)).rejects.toThrow(
      `${kept} could not be restored into the tables of this version of Pinwheel`,
    );
    await expect(contentsOf(other!)).rejects.toThrow('D1 ends at revision 0, but R2 has signed revision');
  },
);

test('a backup is whole whatever is published meanwhile, and a later one reads only what is new', async () => {
  const [state, first, second, other] = ['published', 'first', 'second', 'restored'].map((name) =>
    join(folder, name),
  );
  await copySeededState(state!);
  const { env, dispose } = await getPlatformProxy<Stored & Record<string, unknown>>({
    configPath: join(root, 'wrangler.toml'),
    persist: { path: state! },
  });
  const storage = { ...env, LOG_KEY: (await readFile(join(state!, 'log-key.txt'), 'utf8')).trim() };
  const { log } = await readWhole(storage);
  const day = log.at(-1)!.day;
  const sets = log.filter(({ kind }) => kind === 'set').map(({ name }) => name);
  /** R2 that has a publication more at each step of a backup, and the keys of the objects that are read. */
  const busy = () => {
    const read: string[] = [];
    const STORE = new Proxy(env.STORE, {
      get: (store, name) => async (given: never) => {
        if (name === 'get') read.push(given);
        if (name === 'list' || given === 'head.json') {
          const reason = `Step ${(await readWhole(storage)).log.length}.`;
          const yank = { kind: 'yank', subject: sets.pop()!, sha256: null, reason, from: '2027-01-01' };
          const outcome = await publish(storage, await readWhole(storage), yank, day);
          if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
          await integrate(storage, outcome.value.catalog);
        }
        return (Reflect.get(store, name) as (of: never) => Promise<unknown>).call(store, given);
      },
    });
    return { stored: { DB: env.DB, STORE }, read };
  };
  const [whole, later] = [busy(), busy()];
  await backUp(whole.stored, first!, state);
  // Objects that the earlier backup has lost are read again.
  const lost = whole.read.at(-1)!;
  await rm(join(first!, 'r2', lost));
  await expect(backUp(later.stored, second!, state, other)).rejects.toThrow(`${other} has no whole backup`);
  await backUp(later.stored, second!, state, first);
  expect(later.read.filter((key) => whole.read.includes(key))).toEqual(['head.json', lost]);
  expect(later.read.length).toBeGreaterThan(1);
  await dispose();
  await rm(first!, { recursive: true });
  await run('--restore', second!, '--persist', other!);
  const restored = await startLocalRegistry({ persist: other! });
  const health = (await (await fetch(new URL('/healthz', restored.url))).json()) as object;
  expect(health).toMatchObject({ status: 'ok', registry: { revision: log.length + 3 } });
  await restored.stop();
});

test('while another program has locked the tables, a backup and a restoration say so in one line', async () => {
  const [state, later] = [join(folder, 'locked'), join(folder, 'kept-locked')];
  await copySeededState(state);
  const files = await readdir(state, { recursive: true });
  const [file] = files.filter((name) => /d1.*[0-9a-f]{64}\.sqlite$/.test(name));
  const database = new DatabaseSync(join(state, file!));
  database.exec('pragma locking_mode = exclusive; begin exclusive');
  const said =
    'workerd could not use the storage on this machine, for the reason above. ' +
    'If another program is writing to it, such as npm start, run this again when that is done.';
  const errorOf = (what: string) => ({
    stderr: expect.stringMatching(new RegExp(`SQLITE_BUSY.*\\npinwheel: ${what}${said}\\n$`, 's')),
  });
  try {
    await expect(run('--to', later, '--persist', state)).rejects.toMatchObject(
      errorOf(`The backup of ${state}: `),
    );
    await expect(run('--restore', backup, '--persist', state)).rejects.toMatchObject(errorOf(''));
  } finally {
    database.close();
  }
});

onlyInAll('two backups in one folder do not mix, and none leaves out a key that it cannot read', async () => {
  const [state, kept] = [join(folder, 'twice'), join(folder, 'of both')];
  await copySeededState(state);
  const { env, dispose } = await getPlatformProxy<{ DB: D1Database; STORE: R2Bucket }>({
    configPath: join(root, 'wrangler.toml'),
    persist: { path: state },
  });
  const [first, other] = await Promise.allSettled([backUp(env, kept, state), backUp(env, kept, state)]);
  const [lost] = [first, other].filter(({ status }) => status === 'rejected');
  expect([first.status, other.status].sort()).toEqual(['fulfilled', 'rejected']);
  expect(lost).toMatchObject({
    reason: { message: expect.stringContaining('d1.json could not be written') },
  });
  await expectWhole(kept);

  const key = join(state, 'log-key.txt');
  await rm(key);
  await mkdir(key);
  await expect(backUp(env, join(folder, 'without key'), state)).rejects.toThrow(`${key} could not be read`);
  await dispose();
});
