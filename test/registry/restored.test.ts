/** A new isolate, if D1 or R2 is down, slow, or restored from an older backup. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bindings } from '../../registry/env.ts';
import { putCatalog } from '../../registry/storage/documents.ts';
import { readNewest } from '../../registry/storage/newest.ts';
import { StorageUnavailableError } from '../../registry/storage/operations.ts';
import type { Catalog, Publication } from '../../resolver/catalog.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { catalogAt } from '../../resolver/publication.ts';
import { ask, askJson, gone } from './client.ts';
import { seed } from './seed.ts';

const COUNT = 14;
const QUESTION = '/v1/target?flag=python_3.12_packages_2024_11_15&as_of=2026-11-20';
let catalog: Catalog;

beforeAll(async () => {
  catalog = await seed(COUNT);
});
beforeEach(() => {
  for (const level of ['error', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});
afterEach(() => vi.useRealTimers());

const never = () => new Promise<never>(() => {});
const statement = { bind: () => statement, all: never, raw: never };
const session = { withSession: () => session, prepare: () => statement, batch: never };
const slow = { DB: session as never, STORE: { get: never, head: never, put: never } as never };

describe('a new isolate', () => {
  test.each<[string, Partial<Bindings>, string[]]>([
    ['without D1 has what R2 has noted', { DB: gone('D1') }, ['d1_unreachable']],
    ['with a D1 that never answers, too', { DB: slow.DB }, ['d1_unreachable']],
    ['without R2 has the rows of D1', { STORE: gone('R2') }, ['r2_unreachable']],
    ['with an R2 that never answers, too', { STORE: slow.STORE }, ['r2_unreachable']],
  ])('%s', async (_, bindings, troubles) => {
    expect(await readNewest({ ...env, ...bindings })).toEqual({ catalog, troubles });
  });

  test.each<[string, Partial<Bindings>]>([
    ['without both', { DB: gone('D1'), STORE: gone('R2') }],
    ['with both too slow', slow],
    ['without D1 and with a slow R2', { DB: gone('D1'), STORE: slow.STORE }],
  ])('%s says that the storage is unavailable', async (_, bindings) => {
    const without = { ...env, ...bindings };
    const asking = [QUESTION, '/healthz', '/packages', '/simple/'].map(async (path) => {
      const response = await ask(path, {}, without);
      expect(response.status, path).toBe(503);
      expect(response.headers.get('strict-transport-security')).not.toBeNull();
    });
    // At once, as each of them waits for what never answers.
    await Promise.all([expect(readNewest(without)).rejects.toThrow(StorageUnavailableError), ...asking]);
  });
});

test('an isolate that knows nothing waits for D1 and R2 at once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const asked = readNewest({ ...env, ...slow }).catch((error: unknown) => error);
  // One of them may take three seconds, and both together not much longer.
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await Promise.race([asked, 'waits'])).toBeInstanceOf(StorageUnavailableError);
});

test('a D1 restored from an older backup is detected by the head in R2, and the newest publications count', async () => {
  const last = catalog.log.at(-1)!;
  // Unlike a publication, a seed leaves out the catalogs in between.
  await putCatalog(env.STORE, catalogAt(catalog, COUNT - 1));
  const { results } = await env.DB.prepare('select * from publications where revision = ?')
    .bind(last.revision)
    .all();
  await env.DB.prepare('delete from publications where revision = ?').bind(last.revision).run();
  // The isolate starts with D1, and compares it with R2 at its next check.
  expect(await readNewest(env)).toEqual({ catalog: catalogAt(catalog, COUNT - 1), troubles: [] });
  expect(await askJson('/healthz')).toMatchObject({ registry: { revision: COUNT - 1 } });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 60_000 });
  expect(await askJson('/healthz')).toMatchObject({
    status: 'degraded',
    degraded: ['d1_behind'],
    registry: { revision: COUNT, digest: last.digest },
  });
  const response = await ask(QUESTION);
  expect(response.headers.get('warning')).toBeNull();
  expect((await response.json<{ registry: object }>()).registry).toMatchObject({ revision: COUNT });

  // A newer backup: the same log again.
  const columns = Object.keys(results[0]!).map((name) => `"${name}"`);
  await env.DB.prepare(`insert into publications (${columns}) values (${columns.map(() => '?')})`)
    .bind(...Object.values(results[0]!))
    .run();
  vi.setSystemTime(Date.now() + 2 * 60_000);
  expect(await askJson('/healthz')).toMatchObject({ status: 'ok', degraded: [] });
});

test('a D1 restored from another log is detected by the digest of the head in R2, whose log counts', async () => {
  const last = catalog.log.at(-1)!;
  const { digest: _, catalog: __, index: ___, ...rest } = last;
  // Another entry of the same revision, with the facts that hold without it.
  const other: Publication = {
    ...rest,
    subject: 'another',
    catalog: catalog.log.at(-2)!.catalog,
    digest: '',
  };
  const { digest: ____, ...sealed } = other;
  other.digest = await sha256(canonicalJson(sealed));
  const change = ({ subject, catalog: facts, digest }: Publication) =>
    env.DB.prepare('update publications set subject = ?, catalog = ?, digest = ? where revision = ?')
      .bind(subject, facts, digest, last.revision)
      .run();
  await change(other);
  vi.resetModules();
  const { ask } = await import('./client.ts');
  const health = async () => (await ask('/healthz')).json();
  // The isolate starts with D1, and compares it with R2 at its next check.
  expect(await health()).toMatchObject({ registry: { revision: COUNT, digest: other.digest } });
  for (const minutes of [2, 4]) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 });
    expect(await health()).toMatchObject({
      status: 'degraded',
      degraded: ['d1_forked'],
      registry: { revision: COUNT, digest: last.digest },
    });
  }
  await change(last);
  vi.setSystemTime(Date.now() + 2 * 60_000);
  expect(await health()).toMatchObject({ status: 'ok', degraded: [], registry: { digest: last.digest } });
});

test('a D1 with another consistent log changes no answer', async () => {
  const before = await (await ask(QUESTION)).text();
  const { digest, ...last } = catalog.log.at(-1)!;
  const other = await sha256(canonicalJson({ ...last, subject: 'another' }));
  const change = (subject: string, to: string) =>
    env.DB.prepare('update publications set subject = ?, digest = ? where revision = ?')
      .bind(subject, to, last.revision)
      .run();
  await change('another', other);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 });
  expect(await askJson('/healthz')).toMatchObject({ status: 'degraded', degraded: ['d1_forked'] });
  expect(await (await ask(QUESTION)).text()).toBe(before);
  await change(last.subject, digest);
});
