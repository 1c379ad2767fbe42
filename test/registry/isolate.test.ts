import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Bindings } from '../../registry/env.ts';
import { publish } from '../../registry/publish/publish.ts';
import { readCatalog } from '../../registry/storage/catalog.ts';
import { ask, askJson, gone } from './client.ts';
import { dataLog, documentOf, seed } from './seed.ts';

const QUESTION = '/v1/resolve?date=2025-11-02&flag=python_workers&requirement=fastapi&as_of=2026-11-20';
const withoutD1: Bindings = { ...env, DB: gone('D1') };
const withoutR2: Bindings = { ...env, STORE: gone('R2') };

beforeAll(() => seed(dataLog.length - 1));
afterEach(() => vi.useRealTimers());

function minutesPass(minutes: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 });
}

test('a new isolate without D1, or without R2, is unavailable for now', async () => {
  const noCatalog = await ask(QUESTION, {}, withoutD1);
  expect(noCatalog.status).toBe(503);
  expect(await noCatalog.json()).toMatchObject({ code: 'storage_unavailable' });
  const noSet = await ask(QUESTION, {}, withoutR2);
  expect(noSet.status).toBe(503);
});

test('a warm isolate goes on without D1, and says so', async () => {
  const before = await (await ask(QUESTION)).text();
  minutesPass(5);
  const during = await ask(QUESTION, {}, withoutD1);
  expect(during.status).toBe(200);
  expect(during.headers.get('warning')).toContain('110');
  expect(await during.text()).toBe(before);
  expect(await (await ask('/healthz', {}, withoutD1)).json()).toMatchObject({ status: 'stale' });
  minutesPass(10);
  expect((await ask(QUESTION)).headers.get('warning')).toBeNull();
});

test('a publication elsewhere shows after a look at D1', async () => {
  const last = dataLog.at(-1)!;
  expect((await askJson<{ registry: object }>(QUESTION)).registry).toMatchObject({
    revision: last.revision - 1,
  });
  const catalog = await readCatalog(drizzle(env.DB));
  const outcome = await publish(env, catalog, documentOf(last), last.published, { absent: 'later' });
  expect(outcome.ok).toBe(true);
  minutesPass(20);
  expect((await askJson<{ registry: object }>(QUESTION)).registry).toEqual({
    revision: last.revision,
    digest: last.digest,
  });
});
