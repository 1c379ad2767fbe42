/**
 * The cache in front of the Worker. That of Cloudflare runs only on its network; here, workerd's cache replaces it,
 * with the documented behaviour: whole answers by `CDN-Cache-Control`, purged by tags.
 */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import worker from '../../../registry/worker.ts';
import type { RegistryDocument } from '../../../resolver/catalog.ts';
import { makeWheel } from '../../zip.ts';
import { ask } from '../client.ts';
import { atNoon } from '../clock.ts';
import { dataLog, documentOf, seed } from '../seed.ts';
import { tokenFor } from '../token-for.ts';
import { type PlantedFile, plantFiles } from '../wheels/plant.ts';

const TARGET = '/v1/target?date=2025-11-02&flag=python_workers';
const PINNED = `${TARGET}&as_of=2026-11-20&revision=${dataLog.length - 1}&answer_version=1`;
const DAY_MS = 86_400_000;

let wheel: PlantedFile;
let token: string;
beforeAll(async () => {
  await seed(dataLog.length - 1);
  const filename = 'front-1.0-py3-none-any.whl';
  [wheel] = (await plantFiles([{ filename, bytes: makeWheel('front', '1.0') }])) as [PlantedFile];
  token = await tokenFor(['yank']);
});
afterEach(() => vi.useRealTimers());

const at = (now: number) => vi.useFakeTimers({ toFake: ['Date'], now });
const midnight = () => (Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS;

const tags = new Map<string, string[]>();

async function lookUp(path: string, headers?: HeadersInit): Promise<Response | undefined> {
  return caches.default.match(new Request(`https://pinwheel.test${path}`, headers && { headers }));
}

/** Answers from the cache, or else requests the whole answer. */
async function through(path: string, headers?: HeadersInit) {
  const kept = await lookUp(path, headers);
  if (kept) return { response: kept, hit: true };
  const response = await ask(path);
  const stored = new Response(response.clone().body, response);
  const control = stored.headers.get('cdn-cache-control');
  if (control) stored.headers.set('cache-control', control);
  tags.set(path, (stored.headers.get('cache-tag') ?? '').split(','));
  await caches.default.put(`https://pinwheel.test${path}`, stored);
  return { response, hit: false };
}

/** As `ctx.cache` of the Worker. */
const front = {
  async purge(options: CachePurgeOptions): Promise<CachePurgeResult> {
    for (const [path, has] of tags) {
      if (!options.tags!.some((tag) => has.includes(tag))) continue;
      await caches.default.delete(`https://pinwheel.test${path}`);
    }
    return { success: true, errors: [] };
  },
};

async function publish(document: RegistryDocument | object, cache: Pick<CacheContext, 'purge'>) {
  const context = createExecutionContext();
  Object.defineProperty(context, 'cache', { value: cache });
  const request = new Request('https://pinwheel.test/v1/publications', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(document),
  });
  const response = await worker.fetch(request, env, context);
  await waitOnExecutionContext(context);
  return response;
}

const yank = (subject: string) => ({
  kind: 'yank',
  subject,
  sha256: null,
  reason: 'A test.',
  from: new Date(Date.now() + 2 * DAY_MS).toISOString().slice(0, 10),
});

describe('a wheel', () => {
  test.each(['bytes=0-0', 'bytes=5-', 'bytes=-7', 'bytes=10-20', 'bytes=3-99999999'])(
    '%s from the cache is what the Worker sends',
    async (range) => {
      await through(wheel.path);
      const { response, hit } = await through(wheel.path, { range });
      expect(hit).toBe(true);
      const direct = await ask(wheel.path, { headers: { range } });
      expect([response.status, direct.status]).toEqual([206, 206]);
      for (const name of ['content-range', 'content-length', 'etag', 'content-type']) {
        expect(response.headers.get(name), name).toBe(direct.headers.get(name));
      }
      const bytes = new Uint8Array(await response.arrayBuffer());
      expect(bytes).toEqual(new Uint8Array(await direct.arrayBuffer()));
      const [, first, last] = /^bytes (\d+)-(\d+)\//.exec(response.headers.get('content-range')!)!;
      expect(bytes).toEqual(wheel.bytes.slice(Number(first), Number(last) + 1));
    },
  );

  test('past its end is rejected, and a conditional request is not modified', async () => {
    await through(wheel.path);
    expect((await through(wheel.path, { range: 'bytes=99999999-' })).response.status).toBe(416);
    const again = await through(wheel.path, { 'if-none-match': `"${wheel.sha256}"` });
    expect([again.hit, again.response.status]).toEqual([true, 304]);
  });
});

describe('midnight', () => {
  test.each<[string, number, fresh: number, stale: number]>([
    ['noon', DAY_MS / 2, 60, 600],
    ['eleven minutes before', 661_000, 60, 600],
    ['five minutes before', 300_000, 60, 240],
    ['half a minute before', 30_000, 30, 0],
    ['half a second before', 500, 0, 0],
  ])('%s, an answer is kept until then at most', async (_when, before, fresh, stale) => {
    at(midnight() - before);
    // Thrice, so that what is kept ready is among them.
    for (const path of [TARGET, '/flags', '/simple/', '/changes.atom', '/v1/sets']) {
      for (const _ of [1, 2, 3]) {
        const { headers } = await ask(path);
        expect(headers.get('cache-control'), path).toBe(
          `public, max-age=${fresh}, stale-while-revalidate=${stale}`,
        );
        expect(headers.get('cdn-cache-control'), path).toBe(`public, max-age=${fresh}`);
      }
    }
  });

  test('what was cached late in a day is fresh for as long as any other on the next', async () => {
    at(midnight() - 5_000);
    for (const _ of [1, 2, 3]) await ask('/simple/');
    at(midnight() + 60_000);
    expect((await ask('/simple/')).headers.get('cdn-cache-control')).toBe('public, max-age=60');
  });

  test('the cache does not have yesterday’s answer', async () => {
    const path = `${TARGET}&experimental=true`;
    at(midnight() - 2_000);
    const { response } = await through(path);
    expect(response.headers.get('cdn-cache-control')).toBe('public, max-age=2');
    // The cache has a real clock: on a busy machine, the two seconds are over before the next request.
    for (let hit = false; !hit; ) ({ hit } = await through(path));
    vi.useRealTimers();
    await vi.waitUntil(async () => !(await lookUp(path)), { timeout: 30_000, interval: 200 });
    at(midnight() + 1_000);
    const next = await through(path);
    expect(next.hit).toBe(false);
    expect(next.response.headers.get('etag')).not.toBe(response.headers.get('etag'));
  });

  test('immutable answers do not expire with the day', async () => {
    at(midnight() - 500);
    for (const path of [PINNED, wheel.path]) {
      const { headers } = await ask(path);
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(headers.get('cache-tag')).toBeNull();
    }
  });
});

test('a publication purges answers of the newest revision, and nothing immutable', async () => {
  atNoon();
  const revisionOf = async ({ response }: { response: Response }) =>
    (await response.json<{ registry: { revision: number } }>()).registry.revision;
  const resolve = '/v1/resolve?date=2025-11-02&flag=python_workers&requirement=six';
  const before = await revisionOf(await through(resolve));
  await through(PINNED);
  expect([await lookUp(resolve), await lookUp(PINNED)].every((kept) => kept !== undefined)).toBe(true);

  const refused = await publish({ kind: 'yank' }, front);
  expect(refused.status).toBe(422);
  expect(await lookUp(resolve)).toBeDefined();

  const published = await publish(yank(documentSubject(0)), front);
  expect(published.status).toBe(201);
  const after = await through(resolve);
  expect(after.hit).toBe(false);
  expect(await revisionOf(after)).toBe(before + 1);
  expect(await lookUp(PINNED)).toBeDefined();
});

test('a purge that fails is logged, and the publication succeeds', async () => {
  atNoon();
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  const errors = [{ code: 1, message: 'too many purges' }];
  const failing = { purge: async () => ({ success: false, errors }) };
  expect((await publish(yank(documentSubject(1)), failing)).status).toBe(201);
  expect(JSON.stringify(error.mock.calls)).toContain('too many purges');
});

/** A set that is not the default: yanking it changes no other answer. */
function documentSubject(place: number): string {
  const sets = dataLog.slice(0, -1).filter((entry) => entry.kind === 'set');
  const plain = sets.filter((entry) => {
    const document = documentOf(entry);
    return document.kind === 'set' && document.default_from === null;
  });
  return plain[place]!.name;
}
