/** Cached replies are sent before routing, and must equal other replies. */
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Bindings } from '../../../registry/env.ts';
import { cachedResponse } from '../../../registry/http/response-cache.ts';
import { publish } from '../../../registry/publish/publish.ts';
import { readWhole } from '../../../registry/storage/newest.ts';
import { ask, gone } from '../client.ts';
import { atNoon, timePasses } from '../clock.ts';
import { dataLog, documentOf, seed } from '../seed.ts';

const FLAG = 'python_3.13_packages_2025_08_08';
const RESOLVE = '/v1/resolve?date=2025-11-02&flag=python_workers&requirement=fastapi';
const SIMPLE = `/simple/${FLAG}/fastapi/`;
const JSON_V1 = 'application/vnd.pypi.simple.v1+json';
const withoutD1: Bindings = { ...env, DB: gone('D1') };

beforeAll(() => seed(dataLog.length - 1));
beforeEach(atNoon);

/** The cached reply to a request, without the Worker's routes. */
function cachedFor(path: string, init?: RequestInit): Response | undefined {
  const request = new Request(`https://pinwheel.test${path}`, init);
  const { url, method } = request;
  return cachedResponse({ req: { raw: request, url, method }, env, executionCtx: { waitUntil: () => {} } });
}

async function described(response: Response | undefined) {
  return response && [response.status, Object.fromEntries(response.headers), await response.text()];
}

describe.each([
  RESOLVE,
  SIMPLE,
  '/v1/target?date=2025-11-02&flag=python_workers',
  '/v1/when?requirement=fastapi',
  `/v1/sets/${FLAG}`,
  '/v1/catalog',
  '/',
  '/?q=numpy',
  '/rows.html',
  `/sets/${FLAG}`,
  '/packages/numpy',
  '/compare?from=2025-10-02&to=2025-11-02',
  '/index.md',
  '/llms.txt',
])('%s', (path) => {
  test('is cached from the third time on, and the same', async () => {
    const first = await described(await ask(path));
    expect(cachedFor(path)).toBeUndefined();
    expect(await described(await ask(path))).toEqual(first);
    expect(await described(cachedFor(path))).toEqual(first);
    expect(await described(await ask(path))).toEqual(first);
  });

  test('is cached only for GET, and for conditional requests', async () => {
    for (const method of ['HEAD', 'POST', 'OPTIONS']) expect(cachedFor(path, { method })).toBeUndefined();
    const { headers } = cachedFor(path)!;
    const etag = headers.get('etag')!;
    for (const header of [etag, `W/${etag}`, '*', `"x", ${etag}`]) {
      const again = cachedFor(path, { headers: { 'if-none-match': header } });
      expect(await described(again)).toEqual([304, Object.fromEntries(headers), '']);
    }
    expect(cachedFor(path, { headers: { 'if-none-match': '"x"' } })!.status).toBe(200);
  });
});

test('a page of the index is cached in the requested form', async () => {
  for (const accept of [JSON_V1, 'text/html']) {
    const headers = { accept };
    for (const _ of [1, 2]) await ask(SIMPLE, { headers });
    const type = cachedFor(SIMPLE, { headers })!.headers.get('content-type');
    expect(type).toContain(accept);
  }
  expect(cachedFor(SIMPLE, { headers: { accept: 'text/plain' } })).toBeUndefined();
});

test('requests of the same hash are told apart', async () => {
  const [one, other] = ['Aa', 'BB'].map((extra) => `${RESOLVE}[${extra}]`) as [string, string];
  for (const _ of [1, 2]) await ask(one);
  expect(await cachedFor(one)!.text()).toContain('fastapi[aa]');
  expect(cachedFor(other)).toBeUndefined();
  expect(await (await ask(other)).text()).toContain('fastapi[bb]');
  expect(await cachedFor(other)!.text()).toContain('fastapi[bb]');
  expect(cachedFor(one)).toBeUndefined();
});

test('problems and the registry’s state are never cached', async () => {
  for (const path of [
    '/v1/resolve?date=x',
    '/healthz',
    `/simple/${FLAG}/nothing/`,
    '/nowhere',
    '/?as_of=x',
    '/packages?date=x',
  ]) {
    for (const _ of [1, 2, 3]) await ask(path);
    expect(cachedFor(path), path).toBeUndefined();
  }
});

test('an answer of today expires with the day', async () => {
  for (const _ of [1, 2]) await ask(RESOLVE);
  const etag = cachedFor(RESOLVE)!.headers.get('etag');
  timePasses(86_400_000 - (Date.now() % 86_400_000) + 1);
  expect(cachedFor(RESOLVE)).toBeUndefined();
  expect((await ask(RESOLVE)).headers.get('etag')).not.toBe(etag);
});

test('nothing is cached while D1 cannot be reached, nor from before a publication', async () => {
  for (const _ of [1, 2]) await ask(RESOLVE);
  timePasses(10 * 86_400_000);
  expect(cachedFor(RESOLVE)).toBeUndefined();
  for (const _ of [1, 2, 3]) {
    expect((await ask(RESOLVE, {}, withoutD1)).headers.get('warning')).toContain('110');
  }
  expect(cachedFor(RESOLVE)).toBeUndefined();

  timePasses(60_000 * 2);
  for (const _ of [1, 2]) expect((await ask(RESOLVE)).headers.get('warning')).toBeNull();
  expect(cachedFor(RESOLVE)).toBeDefined();
  const last = dataLog.at(-1)!;
  const catalog = await readWhole(env);
  const outcome = await publish(env, catalog, documentOf(last), last.day, { absent: 'later' });
  expect(outcome.ok).toBe(true);
  timePasses(60_000 * 2);
  expect(await (await ask(RESOLVE)).json()).toMatchObject({ registry: { revision: last.revision } });
  expect(cachedFor(RESOLVE)).toBeUndefined();
});
