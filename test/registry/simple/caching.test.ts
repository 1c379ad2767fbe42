import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Bindings } from '../../../registry/env.ts';
import { append } from '../../../registry/publish/publish.ts';
import { describeProject } from '../../../registry/simple/project.ts';
import { openSet } from '../../../registry/storage/history.ts';
import { openSnapshot } from '../../../registry/storage/isolate.ts';
import { readWhole } from '../../../registry/storage/newest.ts';
import { operations } from '../../../registry/storage/operations.ts';
import { writeWheelRow } from '../../../registry/storage/wheels.ts';
import { sha256 } from '../../../resolver/digest.ts';
import { ask, gone } from '../client.ts';
import { atNoon, timePasses } from '../clock.ts';
import { seedWith } from '../seed.ts';
import { arrive, BYTES, METADATA, ODD_FLAG, oddSet, sha } from './odd-set.ts';

const JSON_V1 = 'application/vnd.pypi.simple.v1+json';
const HTML_V1 = 'application/vnd.pypi.simple.v1+html';
const withoutD1: Bindings = { ...env, DB: gone('D1') };
const withoutR2: Bindings = { ...env, STORE: gone('R2') };

beforeAll(() => seedWith(oddSet, '2026-11-01'));
beforeEach(atNoon);

const page = (name: string, accept = JSON_V1, bindings = env) =>
  ask(`/simple/${ODD_FLAG}/${name}`, { headers: { accept } }, bindings);

const secondsPass = (seconds: number) => timePasses(seconds * 1_000);

async function operationsOf(work: () => Promise<unknown>): Promise<number> {
  const before = operations.d1 + operations.r2;
  await work();
  return operations.d1 + operations.r2 - before;
}

test('forms have different ETags, and If-None-Match is honoured', async () => {
  for (const path of ['', 'pure/']) {
    const tags = [];
    for (const accept of ['text/html', JSON_V1, HTML_V1]) {
      const response = await page(path, accept);
      const etag = response.headers.get('etag')!;
      expect(etag).toMatch(/^"[0-9a-z._]+"$/);
      expect(response.headers.get('cache-control')).toContain('max-age=60');
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      tags.push(etag);
      for (const [header, status] of [
        [etag, 304],
        [`W/${etag}`, 304],
        [`"x", ${etag}`, 304],
        ['*', 304],
        ['"x"', 200],
        [etag.slice(1), 200],
      ] as const) {
        const again = await ask(`/simple/${ODD_FLAG}/${path}`, {
          headers: { accept, 'if-none-match': header },
        });
        expect([again.status, again.headers.get('vary')], header).toEqual([status, 'Accept']);
        if (status === 304) expect(await again.text()).toBe('');
      }
    }
    expect(new Set(tags).size).toBe(3);
    // The ETag of one form does not match another.
    const other = await ask(`/simple/${ODD_FLAG}/${path}`, {
      headers: { accept: JSON_V1, 'if-none-match': tags[0]! },
    });
    expect(other.status).toBe(200);
  }
});

test('the index of a set does not read D1', async () => {
  await page('pure/');
  expect(await operationsOf(() => page('', HTML_V1, withoutD1))).toBe(0);
});

test('a page is looked up every few seconds until its wheel is stored, and then not again', async () => {
  await page('pure/');
  expect(await operationsOf(() => page('pure/'))).toBe(0);
  secondsPass(6);
  expect(await operationsOf(() => page('pure/'))).toBe(1);
  expect(await operationsOf(() => page('pure/'))).toBe(0);

  const etag = (await page('pure/')).headers.get('etag');
  await arrive(env.STORE, 8);
  expect(await (await page('pure/')).json()).toMatchObject({ meta: { 'api-version': '1.0' } });
  secondsPass(6);
  const known = await page('pure/');
  expect(known.headers.get('etag')).not.toBe(etag);
  expect(await known.json()).toMatchObject({
    meta: { 'api-version': '1.1' },
    files: [{ size: BYTES[8].length }],
  });
  secondsPass(30);
  expect(await operationsOf(() => page('pure/'))).toBe(0);
});

/** What a new isolate would show of a project. */
async function described(name: string, bindings: Bindings = env) {
  const { head } = await openSnapshot({ env, executionCtx: createExecutionContext() });
  const set = head.sets.get(ODD_FLAG)!;
  const { members, index } = await openSet(env, set);
  return describeProject(bindings, head, set, members[index.get(name)!]!);
}

test('no row of D1 changes a page', async () => {
  await arrive(env.STORE, 2);
  const names = ['come-in', 'pure', 'numpy', 'alien'];
  const pages = () => Promise.all(names.map((name) => described(name)));
  const before = await pages();
  const metadata = { sha256: await sha256(METADATA) };
  expect(before[0]!.page.files).toMatchObject([{ size: BYTES[2].length, 'core-metadata': metadata }]);
  const row = { sha256: sha('2'), filename: 'come_in-1.0-py3-none-any.whl', url: null };
  for (const change of [
    () => writeWheelRow(drizzle(env.DB), { ...row, size: 1 }),
    () => env.DB.prepare('update pins set sha256 = ?, filename = ?').bind(sha('8'), 'x.whl').run(),
    () => env.DB.prepare('delete from wheels').run(),
    () => env.DB.prepare('delete from pins').run(),
  ]) {
    await change();
    expect(await pages()).toEqual(before);
  }
  expect(await described('come-in', withoutD1)).toEqual(before[0]);
});

test('without R2, a page has what the isolate has, and says that it is stale', async () => {
  await page('numpy/');
  const fresh = await page('ruamel-yaml/', JSON_V1, withoutR2);
  expect([fresh.status, fresh.headers.get('warning')]).toEqual([200, expect.stringContaining('110')]);
  expect(await fresh.json()).toMatchObject({ files: [{ 'core-metadata': true }] });
  secondsPass(6);
  expect((await page('ruamel-yaml/')).headers.get('warning')).toBeNull();
});

test('known facts stay known while R2 is down', async () => {
  await arrive(env.STORE, 4);
  secondsPass(6);
  const size = BYTES[4].length;
  expect(await (await page('native/')).json()).toMatchObject({ files: [{ size }] });
  secondsPass(30);
  expect(await (await page('native/', JSON_V1, withoutR2)).json()).toMatchObject({ files: [{ size }] });
});

test('a publication changes the pages, and keeps the ETags of unchanged ones', async () => {
  secondsPass(300);
  const before = await page('own/');
  const flag = 'python_3.13_packages_2026_11_02';
  const next = { ...oddSet, flag, released: '2026-11-02' };
  const catalog = await readWhole(env);
  const outcome = await append(env, catalog, next, '2026-11-02', { absent: 'later' });
  expect(outcome.ok).toBe(true);
  expect((await ask(`/simple/${flag}/`)).status).toBe(404);
  secondsPass(300);
  expect((await ask(`/simple/${flag}/`)).status).toBe(200);
  expect((await page('own/')).headers.get('etag')).toBe(before.headers.get('etag'));
});

test('both routes are in the OpenAPI document', async () => {
  const { paths } = await (await ask('/openapi.json')).json<{ paths: Record<string, { get: object }> }>();
  for (const path of ['/simple/{flag}/', '/simple/{flag}/{name}/']) {
    expect(paths[path]?.get).toMatchObject({
      responses: { 200: { content: { [JSON_V1]: {}, [HTML_V1]: {}, 'text/html': {} } }, 301: {}, 406: {} },
    });
  }
});
