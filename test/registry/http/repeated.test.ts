/** Some replies are kept ready: the answer to a question is the same, however often it was asked before. */
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Bindings } from '../../../registry/env.ts';
import { publish } from '../../../registry/publish/publish.ts';
import { readWhole } from '../../../registry/storage/newest.ts';
import { ask, gone } from '../client.ts';
import { atNoon, timePasses } from '../clock.ts';
import { dataLog, documentOf, seed } from '../seed.ts';

const FLAG = 'python_3.13_packages_2025_08_08';
const RESOLVE = '/v1/resolve?date=2025-11-02&flag=python_workers&requirement=fastapi';
const SIMPLE = `/simple/${FLAG}/fastapi/`;
const withoutD1: Bindings = { ...env, DB: gone('D1') };

beforeAll(() => seed(dataLog.length - 1));
beforeEach(atNoon);

async function described(path: string, init?: RequestInit) {
  const response = await ask(path, init);
  return [response.status, Object.fromEntries(response.headers), await response.text()] as const;
}

test.each([
  RESOLVE,
  SIMPLE,
  '/v1/target?date=2025-11-02&flag=python_workers',
  '/v1/when?requirement=fastapi',
  `/v1/sets/${FLAG}`,
  '/v1/catalog',
  '/',
  '/?q=numpy',
  '/rows.json',
  `/sets/${FLAG}`,
  '/packages/numpy',
  '/compare?from=2025-10-02&to=2025-11-02',
  '/index.md',
  '/llms.txt',
])('%s is the same every time, also for HEAD and for what a client has', async (path) => {
  const first = await described(path);
  for (const _ of [2, 3, 4]) expect(await described(path)).toEqual(first);
  const [status, headers] = first;
  const { etag } = headers;
  for (const has of [etag!, `W/${etag}`, '*', `"x", ${etag}`]) {
    const again = await described(path, { headers: { 'if-none-match': has } });
    expect(again).toEqual([304, headers, '']);
  }
  expect(await described(path, { headers: { 'if-none-match': '"x"' } })).toEqual(first);
  const length = String(new TextEncoder().encode(first[2]).length);
  expect(await described(path, { method: 'HEAD' })).toMatchObject([
    status,
    { etag, 'content-length': length },
    '',
  ]);
});

test('a page of the index is sent in the form that is asked for', async () => {
  for (const _ of [1, 2, 3]) {
    for (const accept of ['application/vnd.pypi.simple.v1+json', 'text/html']) {
      const [, headers] = await described(SIMPLE, { headers: { accept } });
      expect(headers['content-type']).toContain(accept);
    }
  }
  expect((await ask(SIMPLE, { headers: { accept: 'text/plain' } })).status).toBe(406);
});

test('requests of the same hash are told apart', async () => {
  for (const extra of ['Aa', 'Aa', 'Aa', 'BB', 'Aa', 'BB', 'BB']) {
    const [, , text] = await described(`${RESOLVE}[${extra}]`);
    expect(text).toContain(`fastapi[${extra.toLowerCase()}]`);
  }
});

test('an answer of today expires with the day', async () => {
  // Another question than that of other tests, for which it is an earlier day again.
  const question = `${RESOLVE}&requirement=six`;
  const [, { etag }] = await described(question);
  timePasses(86_400_000 - (Date.now() % 86_400_000) + 1);
  expect((await described(question))[1].etag).not.toBe(etag);
});

test('what is kept says so while D1 cannot be reached, and is not from before a publication', async () => {
  const warnings = async (bindings?: Bindings) => {
    const said = [];
    for (const _ of [1, 2, 3]) said.push((await ask(RESOLVE, {}, bindings)).headers.get('warning'));
    return said;
  };
  expect(await warnings()).toEqual([null, null, null]);
  timePasses(10 * 86_400_000);
  expect(await warnings(withoutD1)).toEqual(Array(3).fill(expect.stringContaining('110')));
  timePasses(60_000 * 2);
  expect(await warnings()).toEqual([null, null, null]);
  const last = dataLog.at(-1)!;
  const outcome = await publish(env, await readWhole(env), documentOf(last), last.day, { absent: 'later' });
  expect(outcome.ok).toBe(true);
  timePasses(60_000 * 2);
  expect(await (await ask(RESOLVE)).json()).toMatchObject({ registry: { revision: last.revision } });
});
