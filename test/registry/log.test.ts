/** The log vouches for every answer: any change of the storage is detected before it is served. */
import { createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bindings } from '../../registry/env.ts';
import { readNewest } from '../../registry/storage/newest.ts';
import { StorageUnavailableError } from '../../registry/storage/operations.ts';
import { integrate, LogForked } from '../../registry/storage/signed-head.ts';
import worker from '../../registry/worker.ts';
import { fromBase64 } from '../../resolver/bytes.ts';
import type { Catalog } from '../../resolver/catalog.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { catalogAt, logTree } from '../../resolver/log/entries.ts';
import {
  generateNoteKey,
  openCheckpoint,
  readSigner,
  readVerifier,
  signCheckpoint,
  verifierText,
} from '../../resolver/log/note.ts';
import { readEntryBundle } from '../../resolver/log/tiles.ts';
import { indexOf } from '../../resolver/publication.ts';
import { ask, askJson } from './client.ts';
import { documentOf, publishNext, seed } from './seed.ts';

/** Pythons, sets and two workerds, of which the second embeds packages. */
const COUNT = 14;
let catalog: Catalog;
const head = () => catalog.log.at(-1)!;
const size = () => catalog.log.length;

beforeAll(async () => {
  catalog = await seed(COUNT);
});
beforeEach(() => {
  for (const level of ['error', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});

/** The result of `work` while one bit of an object in R2 is flipped. */
async function withFlipped<Given>(key: string, work: () => Promise<Given>): Promise<Given> {
  const object = (await env.STORE.get(key))!;
  const good = new Uint8Array(await object.arrayBuffer());
  const bad = good.slice();
  bad[bad.length >> 1]! ^= 1;
  await env.STORE.put(key, bad);
  try {
    return await work();
  } finally {
    await env.STORE.put(key, good);
  }
}

describe('documents', () => {
  test('of all kinds are served by their digests, and so is the index of every revision', async () => {
    for (const entry of catalog.log) {
      const response = await ask(`/v1/documents/${entry.digest}`);
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect(await response.text()).toBe(canonicalJson(documentOf(entry)));
      const index = await (await ask(`/v1/documents/${entry.index}`)).text();
      expect(await sha256(index)).toBe(entry.index);
      expect(JSON.parse(index)).toEqual(await indexOf(catalogAt(catalog, entry.revision)));
    }
    const { catalog: whole, files } = await indexOf(catalog);
    for (const digest of [whole, files!]) {
      expect(await sha256(await (await ask(`/v1/documents/${digest}`)).text())).toBe(digest);
    }
  });

  test('that no entry names are unknown, and a changed one is not served', async () => {
    expect((await ask(`/v1/documents/${'0'.repeat(64)}`)).status).toBe(404);
    expect((await ask('/v1/documents/..%2Fhead')).status).toBe(404);
    for (const { digest: document } of [catalog.log[0]!, catalog.log[1]!]) {
      const response = await withFlipped(`documents/${document}.json`, () =>
        ask(`/v1/documents/${document}`),
      );
      expect(response.status).toBe(503);
    }
  });
});

describe('a changed object', () => {
  test.each([
    ['catalog', async () => `documents/${(await indexOf(catalog)).catalog}.json`],
    ['signed head', async () => 'head.json'],
  ])('that is the %s is not used', async (_, key) => {
    await expect(withFlipped(await key(), () => readNewest(env))).rejects.toThrow(StorageUnavailableError);
    expect((await readNewest(env)).catalog).toEqual(catalog);
  });

  test('that is a set gives no answer', async () => {
    const { digest, flag } = catalog.sets[0]!;
    const question = `/v1/resolve?flag=${flag}&requirement=numpy`;
    const response = await withFlipped(`documents/${digest}.json`, () => ask(question));
    expect(await response.json()).toMatchObject({ status: 503, code: 'storage_unavailable' });
    expect((await ask(question)).status).toBe(200);
  });

  test('that is the head is neither served nor replaced', async () => {
    const [response, health] = await withFlipped('head.json', async () => [
      await ask('/log/checkpoint'),
      await ask('/healthz'),
    ]);
    expect(await response!.json()).toMatchObject({ status: 503, code: 'log_forked' });
    expect(await health!.json()).toMatchObject({ status: 'degraded', degraded: ['head_changed'] });
    expect(await askJson('/healthz')).toMatchObject({ status: 'ok', degraded: [] });
  });
});

describe('the files of the log', () => {
  test('are a signed head, the hashes and the entries', async () => {
    const key = (await readVerifier(await (await ask('/log/key')).text()))!;
    const response = await ask('/log/checkpoint');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const checkpoint = (await openCheckpoint(await response.text(), key))!;
    const tree = await logTree(catalog.log);
    const { signed, ...rest } = checkpoint;
    expect(rest).toEqual({
      origin: 'pinwheel.test/log',
      size: size(),
      root: tree.root,
      key: verifierText(key),
    });
    expect(Date.now() - signed!).toBeLessThan(86_400_000);
    const bundle = await ask(`/log/tile/entries/000.p/${size()}`);
    expect(bundle.headers.get('content-type')).toBe('application/octet-stream');
    expect(bundle.headers.get('cache-control')).toContain('immutable');
    const entries = readEntryBundle(new Uint8Array(await bundle.arrayBuffer()))!;
    expect(entries.map((entry) => JSON.parse(new TextDecoder().decode(entry)))).toEqual(
      catalog.log.map(({ root: _, ...entry }) => entry),
    );
    const hashes = new Uint8Array(await (await ask(`/log/tile/0/000.p/${size()}`)).arrayBuffer());
    expect(hashes.length).toBe(size() * 32);
    for (const path of ['0/000', `0/000.p/${size() + 1}`, '1/000.p/1', '0/..%2f..%2fhead.json', '']) {
      expect((await ask(`/log/tile/${path}`)).status, path).toBe(404);
    }
    expect((await ask('/log/checkpoint', { method: 'POST' })).status).toBe(405);
  });

  test('are there without the head in R2, which is signed again', async () => {
    const path = `/log/tile/0/000.p/${size()}`;
    const whole = await (await ask(path)).arrayBuffer();
    await env.STORE.delete('head.json');
    expect(await (await ask(path)).arrayBuffer()).toEqual(whole);
    expect((await ask('/log/checkpoint')).status).toBe(200);
  });

  test('are not signed without a key, or with an invalid one', async () => {
    expect(await (await ask('/log/checkpoint', {}, { ...env, LOG_KEY: '' })).json()).toMatchObject({
      code: 'no_checkpoint',
    });
    for (const path of ['/log/checkpoint', '/log/key', '/log/proof/1']) {
      const response = await ask(path, {}, { ...env, LOG_KEY: 'nonsense' });
      expect([response.status, (await response.json<{ code: string }>()).code], path).toEqual([
        503,
        'storage_unavailable',
      ]);
    }
  });

  test.each([
    ['lost', ''],
    ['no key', 'nonsense'],
  ])('have a key that is %s: the health says so, and questions are answered', async (_, LOG_KEY) => {
    const without = { ...env, LOG_KEY };
    expect((await ask('/v1/target?flag=python_3.12_packages_2024_11_15', {}, without)).status).toBe(200);
    expect(await (await ask('/healthz', {}, without)).json()).toMatchObject({
      status: 'degraded',
      degraded: ['log_key_missing'],
    });
    expect(await (await ask('/healthz')).json()).toMatchObject({ status: 'ok' });
  });

  test('are signed by another key, if the head of the first is deleted', async () => {
    const first = await (await env.STORE.get('head.json'))!.text();
    const { signing, verifying } = await generateNoteKey('pinwheel.test/log');
    const other = { ...env, LOG_KEY: signing };
    const askOther = (path: string) => ask(path, {}, other);
    expect(await (await askOther('/log/checkpoint')).json()).toMatchObject({ code: 'log_forked' });
    await env.STORE.delete('head.json');
    const note = await (await askOther('/log/checkpoint')).text();
    const checkpoint = await openCheckpoint(note, (await readVerifier(verifying))!);
    expect(checkpoint).toMatchObject({ size: size(), root: (await logTree(catalog.log)).root });
    expect((await askOther(`/log/proof/${size()}`)).status).toBe(200);
    expect(await (await askOther('/healthz')).json()).toMatchObject({ status: 'ok', degraded: [] });
    await env.STORE.put('head.json', first);
  });

  test('are never signed as the continuation of another log', async () => {
    const forked = { ...catalog, log: catalog.log.with(-1, { ...head(), root: '0'.repeat(64) }) };
    await expect(integrate(env, forked)).rejects.toThrow(LogForked);
    await integrate(env, { ...catalog, log: catalog.log.slice(0, -1) });
    const note = await (await ask('/log/checkpoint')).text();
    expect(note.split('\n')[1]).toBe(String(size()));
    expect(fromBase64(note.split('\n')[2]!)).toEqual((await logTree(catalog.log)).root);
  });
});

test('the head is signed again once the signature is a day old, by the scheduled look', async () => {
  const key = (await readSigner((env as Bindings).LOG_KEY!))!;
  const tree = await logTree(catalog.log);
  const read = async () => openCheckpoint(await (await ask('/log/checkpoint')).text(), key);
  const scheduled = () => worker.scheduled(createScheduledController(), env);
  const yesterday = Math.floor(Date.now() / 1000) * 1000 - 86_400_000;
  const head = JSON.parse(await (await env.STORE.get('head.json'))!.text());
  const old = { ...head, checkpoint: await signCheckpoint(tree, key, yesterday) };
  await env.STORE.put('head.json', JSON.stringify(old));
  expect((await read())!.signed).toBe(yesterday);
  await scheduled();
  const again = (await read())!;
  expect(again).toMatchObject({ size: size(), root: tree.root });
  expect(again.signed).toBeGreaterThan(yesterday + 86_000_000);
  const { etag } = (await env.STORE.head('head.json'))!;
  await scheduled();
  expect((await env.STORE.head('head.json'))!.etag).toBe(etag);
});

test('a registry whose address is none says so, instead of failing', async () => {
  for (const PUBLIC_URL of ['registry.example', 'registry.example:443', 'ftp://registry.example']) {
    for (const path of ['/', '/v1/log', 'http://127.0.0.1:8787/packages']) {
      const response = await ask(path, {}, { ...env, PUBLIC_URL } as Bindings);
      expect(await response.json(), path).toMatchObject({
        code: 'wrong_public_url',
        detail: expect.stringContaining(`${PUBLIC_URL}, which is not an address`),
      });
    }
  }
});

test('a registry with a local address answers only local requests, and says why', async () => {
  for (const PUBLIC_URL of [
    'http://127.0.0.1:8787',
    'http://localhost',
    'http://[::1]:8787/',
    'http://0.0.0.0:8787',
    'http://[::]:8787',
    // As of the first deployment, before its address is known.
    undefined as unknown as string,
  ]) {
    const bindings: Bindings = { ...env, PUBLIC_URL };
    for (const path of ['/v1/sets', '/', '/healthz', '/nothing']) {
      const response = await ask(`https://registry.example${path}`, {}, bindings);
      expect(response.status).toBe(421);
      expect(await response.text()).toContain('PUBLIC_URL');
    }
    for (const origin of ['http://127.0.0.1:8787', 'http://localhost:1', 'http://[::1]']) {
      expect((await ask(`${origin}/v1/sets`, {}, bindings)).status).toBe(200);
    }
  }
  expect(
    (await ask('http://127.0.0.1.example/v1/sets', {}, { ...env, PUBLIC_URL: 'http://127.0.0.1' })).status,
  ).toBe(421);
});

test('a tile that another isolate has signed is served by one that has not looked since', async () => {
  const known = async () => (await askJson<{ publications: unknown[] }>('/v1/log')).publications.length;
  expect(await known()).toBe(size());
  catalog = await publishNext(catalog);
  expect(await known()).toBe(size() - 1);
  const tile = await ask(`/log/tile/0/000.p/${size()}`);
  expect((await tile.arrayBuffer()).byteLength).toBe(size() * 32);
  expect(await known()).toBe(size());
});
