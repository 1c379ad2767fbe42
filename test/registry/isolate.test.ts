import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import type { Bindings } from '../../registry/env.ts';
import { publish } from '../../registry/publish/publish.ts';
import { readNewest, readWhole } from '../../registry/storage/newest.ts';
import { ask, askJson, gone } from './client.ts';
import { timePasses } from './clock.ts';
import { dataLog, documentOf, seed } from './seed.ts';

const QUESTION = '/v1/resolve?date=2025-11-02&flag=python_workers&requirement=fastapi&as_of=2026-11-20';
const withoutD1: Bindings = { ...env, DB: gone('D1') };

beforeAll(() => seed(dataLog.length - 1));

const minutesPass = (minutes: number) => timePasses(minutes * 60_000);

test('a warm isolate continues without D1, and without R2 too, and says so', async () => {
  const before = await (await ask(QUESTION)).text();
  minutesPass(5);
  const during = await ask(QUESTION, {}, withoutD1);
  expect(during.status).toBe(200);
  expect(during.headers.get('warning')).toContain('110');
  expect(await during.text()).toBe(before);
  expect(await (await ask('/healthz', {}, withoutD1)).json()).toMatchObject({
    status: 'stale',
    degraded: ['ledger_unreachable'],
  });
  expect((await ask('/healthz?strict', {}, withoutD1)).status).toBe(503);
  const without = { ...withoutD1, STORE: gone('R2') };
  expect(await (await ask('/healthz', {}, without)).json()).toMatchObject({
    status: 'stale',
    degraded: ['ledger_unreachable', 'store_unreachable'],
  });
  expect(await (await ask(QUESTION, {}, without)).text()).toBe(before);
  minutesPass(10);
  expect((await ask(QUESTION)).headers.get('warning')).toBeNull();
  expect((await ask('/healthz?strict')).status).toBe(200);
});

/** The real D1, with a log of its sessions and queries. */
function watched(): { bindings: Bindings; asked: string[] } {
  const asked: string[] = [];
  const watch = <Database extends object>(database: Database): Database =>
    new Proxy(database, {
      get(of, key) {
        const member = Reflect.get(of, key) as (...given: unknown[]) => object;
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => {
          asked.push(`${String(key)} ${given[0]}`);
          const found = member.apply(of, given);
          return key === 'withSession' ? watch(found) : found;
        };
      },
    });
  return { bindings: { ...env, DB: watch(env.DB) }, asked };
}

test('only the head is read from D1, through its Sessions API, and only once', async () => {
  const head = [
    'withSession first-unconstrained',
    expect.stringMatching(/^prepare select \* from publications order by revision desc limit 1$/),
  ];
  // A new isolate, and one that checks again.
  const cold = watched();
  await readNewest(cold.bindings);
  expect(cold.asked).toEqual([]);
  await ask(QUESTION);
  minutesPass(18);
  const warm = watched();
  expect((await ask(QUESTION, {}, warm.bindings)).status).toBe(200);
  expect((await ask(QUESTION, {}, warm.bindings)).status).toBe(200);
  expect(warm.asked).toEqual(head);
});

test('a publication by another isolate is visible after a check of D1', async () => {
  const last = dataLog.at(-1)!;
  expect((await askJson<{ registry: object }>(QUESTION)).registry).toMatchObject({
    revision: last.revision - 1,
  });
  const catalog = await readWhole(env);
  const outcome = await publish(env, catalog, documentOf(last), last.day, { absent: 'later' });
  expect(outcome.ok).toBe(true);
  minutesPass(20);
  expect((await askJson<{ registry: object }>(QUESTION)).registry).toEqual({
    revision: last.revision,
    digest: last.root,
  });
});

test('a D1 that never answers delays a request only by a few seconds', async () => {
  const never = () => new Promise(() => {});
  const statement = { bind: () => statement, all: never, raw: never };
  const DB = { withSession: () => DB, prepare: () => statement };
  minutesPass(1_000);
  const slow: Bindings = { ...env, DB: DB as never };
  expect((await ask(QUESTION, {}, slow)).headers.get('warning')).toContain('110');
});
