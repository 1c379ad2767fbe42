/** A backup of D1 and R2, restored into another registry: the same log, the same objects. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { drizzle } from 'drizzle-orm/d1';
import { afterAll, expect, test } from 'vitest';
import { getPlatformProxy } from 'wrangler';
import { readCatalog } from '../../registry/storage/catalog.ts';
import { backUp } from '../../scripts/backup.ts';
import { startLocalRegistry } from '../../scripts/local-registry.ts';
import { root } from '../../scripts/root.ts';
import { copySeededState, sharedRegistry } from '../common/registry.ts';

const folder = await mkdtemp(join(tmpdir(), 'pinwheel-backup-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['scripts/backup.ts', ...args], { cwd: root });

async function contentsOf(path: string) {
  const { env, dispose } = await getPlatformProxy<{ DB: D1Database; STORE: R2Bucket }>({
    configPath: join(root, 'wrangler.toml'),
    persist: { path },
  });
  const members = 'select * from set_members order by set_flag, name';
  const contents = {
    catalog: await readCatalog(drizzle(env.DB)),
    members: (await env.DB.prepare(members).all()).results,
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
  await dispose();
  return contents;
}

test('the command backs up the state of this machine, and restores it into another one that is empty', async () => {
  const [state, other, kept] = ['state', 'other', 'kept'].map((name) => join(folder, name));
  await copySeededState(state!);
  const { stdout } = await run('--to', kept!, '--persist', state!);
  expect(stdout).toContain(`kept in ${kept}`);
  expect((await readdir(kept!)).sort()).toEqual(['d1.json', 'log-key.txt', 'r2', 'r2.json']);
  expect((await run('--restore', kept!, '--persist', other!)).stdout).toContain(`restored from ${kept}`);
  expect(await contentsOf(other!)).toEqual(await contentsOf(state!));
  await expect(run('--restore', kept!, '--persist', other!)).rejects.toThrow('has publications already');
  await expect(run('--to', kept!, '--restore', kept!)).rejects.toThrow('npm run backup');
  await expect(run('--form', kept!)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^pinwheel: Unknown option '--form'[\s\S]*npm run backup -- /),
  });
  const nowhere = join(folder, 'nowhere');
  await expect(run('--to', nowhere, '--persist', nowhere)).rejects.toThrow(
    `${nowhere}: D1 has no publications: there is nothing to keep.`,
  );
  await expect(run('--restore', nowhere, '--persist', nowhere)).rejects.toThrow('has no whole backup');

  const steps: string[] = [];
  const restored = await startLocalRegistry({ persist: other!, onProgress: (step) => steps.push(step) });
  try {
    // It goes on where the other one was.
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

test('what is published while a backup is made is noticed', async () => {
  const state = join(folder, 'published');
  await copySeededState(state);
  const { env, dispose } = await getPlatformProxy<{ DB: D1Database; STORE: R2Bucket }>({
    configPath: join(root, 'wrangler.toml'),
    persist: { path: state },
  });
  const publishing = (statement: string) =>
    new Proxy(env.STORE, {
      get: (store, key) => async (given: never) => {
        if (key === 'list') await env.DB.prepare(statement).run();
        return (Reflect.get(store, key) as (of: never) => Promise<unknown>).call(store, given);
      },
    });
  const next = `insert into publications (revision, published, kind, subject, document, members, previous, catalog, digest)
    select revision + 1, published, kind, subject, document, members, digest, catalog, 'next' from publications
    order by revision desc limit 1`;
  const backingUp = backUp({ DB: env.DB, STORE: publishing(next) }, join(folder, 'torn'));
  await expect(backingUp).rejects.toThrow('published meanwhile');
  await backUp({ DB: env.DB, STORE: publishing('select 1') }, join(folder, 'whole'));
  await dispose();
});
