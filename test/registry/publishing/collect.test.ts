/** What is superseded is removed from R2, and nothing that anybody needs: with publications, faults and a restore meanwhile. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { collect } from '../../../registry/storage/collect.ts';
import { readDocument } from '../../../registry/storage/documents.ts';
import { openNewest, readWhole, withLedger } from '../../../registry/storage/newest.ts';
import { readStoredHead } from '../../../registry/storage/signed-head.ts';
import type { Catalog } from '../../../resolver/catalog.ts';
import { publishNext, seed } from '../seed.ts';
import { emptyStorage } from '../storage-state.ts';
import { FAULTS, failing, stepped } from './steps.ts';

const DAY_MS = 86_400_000;
/** Several sets, so that there are tables of files, too. */
const [FIRST, LAST] = [16, 22];

beforeEach(async () => {
  for (const level of ['error', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => {});
  await emptyStorage();
  await seed(FIRST);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const passDays = (days: number) =>
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * DAY_MS + 60_000 });

const publishAnother = async () => publishNext(await readWhole(env));

async function documentsInR2(): Promise<Map<string, Date>> {
  const { objects } = await env.STORE.list({ prefix: 'documents/' });
  return new Map(objects.map(({ key, uploaded }) => [key, uploaded]));
}

/** Reads back everything that a question, a client or a rebuild needs. */
async function expectWhole(): Promise<Catalog> {
  const head = await readStoredHead(env.STORE, null);
  const { catalog } = await openNewest(env.STORE, head!.newest);
  for (const { digest } of [...catalog.log, ...catalog.sets]) await readDocument(env.STORE, digest);
  await readDocument(env.STORE, head!.newest.index.files!);
  expect(await withLedger(env, null)).toEqual(await readWhole(env));
  return catalog;
}

async function marked(): Promise<void> {
  while ((await readWhole(env)).log.length < LAST) await publishAnother();
  passDays(1);
  expect(await collect(env)).toBe(0);
}

test('what was superseded for a day is removed, and all else is read back', async () => {
  const before = await documentsInR2();
  await marked();
  const all = await documentsInR2();
  expect([...before.keys()].filter((key) => !all.has(key))).toEqual([]);
  expect(await collect(env)).toBe(0);
  const last = await publishAnother();
  passDays(1);
  const removed = await collect(env);
  // Of each publication, its catalog, and of a set its table; the last one was superseded less than a day ago.
  const sets = last.log.slice(FIRST - 1, LAST - 1).filter(({ kind }) => kind === 'set').length;
  expect(removed).toBeGreaterThanOrEqual(LAST - FIRST + sets - 1);
  const left = await documentsInR2();
  expect(left.size).toBe(all.size + 3 - removed);
  expect((await expectWhole()).log).toHaveLength(LAST + 1);
  passDays(1);
  await collect(env);
  await publishAnother();
  await expectWhole();
});

test('whoever fails or ends at any step leaves all that is needed', async () => {
  await marked();
  passDays(1);
  for (const fault of env.TEST_ALL ? FAULTS : (['hang'] as const)) {
    for (let at = 0; ; at += env.TEST_ALL ? 1 : 6) {
      const { step, state, hung } = failing(fault, at);
      await Promise.race([collect(stepped(step)).catch(() => {}), hung]);
      if (!state.reached) break;
      await expectWhole();
      // What was marked is found again.
      await env.STORE.put('superseded.json', await marksAgain());
    }
  }
  await publishAnother();
  await expectWhole();
});

/** Marks of a day ago, of everything. */
async function marksAgain(): Promise<string> {
  const keys = [...(await documentsInR2()).keys()];
  return JSON.stringify({ at: Date.now() - DAY_MS, keys, kept: [] });
}

/** The step before which a removal cannot be taken back; all others in `npm run test:all`. */
const isTried = (what: string) => Boolean(env.TEST_ALL) || what === 'R2.delete';

test('a publication at any step loses nothing', async () => {
  await marked();
  passDays(1);
  let published = 0;
  for (let at = 0; at < 3; at++) {
    await env.STORE.put('superseded.json', await marksAgain());
    let steps = 0;
    await collect(
      stepped(async (what, work) => {
        if (isTried(what) && steps++ === at) {
          published++;
          await publishAnother();
        }
        return work();
      }),
    );
    await expectWhole();
  }
  expect(published).toBeGreaterThan(1);
});

test('a backup with an older head that is restored at any step has its catalog', async () => {
  await marked();
  const older = new Map<string, Uint8Array>();
  for (const key of ['head.json', ...(await documentsInR2()).keys()]) {
    older.set(key, await (await env.STORE.get(key))!.bytes());
  }
  const { index } = (await readStoredHead(env.STORE, null))!.newest;
  const own = [index.catalog, index.files!].map((digest) => `documents/${digest}.json`);
  await publishAnother();
  await publishAnother();
  const newer = await (await env.STORE.get('head.json'))!.bytes();
  passDays(2);
  let steps = 0;
  let restoredAt = 0;
  for (let at = 0; at <= steps; at++) {
    await env.STORE.put('head.json', newer);
    for (const key of own) await env.STORE.put(key, older.get(key)!, { sha256: key.slice(10, 74) });
    await env.STORE.put('superseded.json', JSON.stringify({ at: 0, keys: own, kept: [] }));
    steps = 0;
    await collect(
      stepped(async (what, work) => {
        if (isTried(what) && steps++ === at) {
          restoredAt++;
          await env.STORE.put('head.json', older.get('head.json')!);
          for (const key of own) await env.STORE.put(key, older.get(key)!, { sha256: key.slice(10, 74) });
        }
        return work();
      }),
    ).catch(() => {});
    const head = await readStoredHead(env.STORE, null);
    const there = await documentsInR2();
    for (const digest of [head!.newest.index.catalog, head!.newest.index.files!]) {
      expect([at, there.has(`documents/${digest}.json`)]).toEqual([at, true]);
    }
  }
  expect(restoredAt).toBeGreaterThan(1);
});
