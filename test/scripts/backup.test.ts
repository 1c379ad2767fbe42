/** A backup of D1 and R2, restored elsewhere: the same log, the same objects. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { drizzle } from 'drizzle-orm/d1';
import { afterAll, expect, test } from 'vitest';
import { readCatalog } from '../../registry/storage/catalog.ts';
import { backUp, restore } from '../../scripts/backup.ts';
import { loadDocuments } from '../../scripts/import/data-files.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { root } from '../../scripts/root.ts';

const folder = await mkdtemp(join(tmpdir(), 'pinwheel-backup-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['scripts/backup.ts', ...args], { cwd: root });

test('the command backs up the state of this machine, and restores it into another one', async () => {
  const [state, other, kept] = ['state', 'other', 'kept'].map((name) => join(folder, 'command', name));
  const start = async (persist: string, count: number) => {
    const documents = (await loadDocuments()).slice(0, count);
    return startLocalRegistry({ persist, documents });
  };
  const first = await start(state!, 8);
  await first.stop();
  const empty = await start(other!, 0);
  await empty.stop();
  const { stdout } = await run('--to', kept!, '--persist', state!);
  expect(stdout).toContain(`kept in ${kept}`);
  expect((await run('--restore', kept!, '--persist', other!)).stdout).toContain(`restored from ${kept}`);
  await expect(run('--restore', kept!, '--persist', other!)).rejects.toThrow('has publications already');
  await expect(run('--to', kept!, '--restore', kept!)).rejects.toThrow('npm run backup');
  // What it brings up is what was kept: nothing is left to publish.
  const restored = await start(other!, 8);
  const log = async ({ url }: LocalRegistry) => (await fetch(new URL('/v1/log', url))).text();
  const again = await start(state!, 8);
  try {
    expect(await log(restored)).toBe(await log(again));
    expect(await (await fetch(new URL('/healthz', restored.url))).json()).toMatchObject({ status: 'ok' });
  } finally {
    await Promise.all([restored.stop(), again.stop()]);
  }
});

const storedIn = async ({ miniflare }: LocalRegistry) => ({
  DB: await miniflare.getD1Database('DB'),
  STORE: (await miniflare.getR2Bucket('STORE')) as unknown as R2Bucket,
});

test('a registry is restored from its backup, and only into an empty one', async () => {
  const first = await startLocalRegistry({ documents: (await loadDocuments()).slice(0, 8) });
  const second = await startLocalRegistry({ documents: [] });
  try {
    const [from, to] = [await storedIn(first), await storedIn(second)];
    const backup = join(folder, 'backup');
    await backUp(from, backup);
    expect((await readdir(backup)).sort()).toEqual(['d1.json', 'r2', 'r2.json']);
    await restore(to, backup);
    expect(await readCatalog(drizzle(to.DB))).toEqual(await readCatalog(drizzle(from.DB)));
    const members = 'select * from set_members order by set_flag, name';
    expect((await to.DB.prepare(members).all()).results).toEqual(
      (await from.DB.prepare(members).all()).results,
    );
    const [kept, found] = await Promise.all([from.STORE.list(), to.STORE.list()]);
    expect(found.objects.map(({ key, size, etag }) => [key, size, etag])).toEqual(
      kept.objects.map(({ key, size, etag }) => [key, size, etag]),
    );
    await expect(restore(to, backup)).rejects.toThrow('has publications already');
    const asked = '/v1/target?date=2025-11-02&flag=python_workers&as_of=2026-11-20';
    const answers = await Promise.all(
      [first, second].map(async ({ url }) => (await fetch(url + asked.slice(1))).text()),
    );
    expect(answers[0]).toBe(answers[1]);
  } finally {
    await Promise.all([first.stop(), second.stop()]);
  }
});
