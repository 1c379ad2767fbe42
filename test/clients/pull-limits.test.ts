/** The limits on upstreams: the code that fetches files, in a separate Worker with smaller limits. */
import { createHash, randomBytes } from 'node:crypto';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PullOutcome } from '../../registry/wheels/pull.ts';
import type { PullLimits } from '../../registry/wheels/upstream.ts';
import { migrate } from '../../scripts/migrate.ts';
import { bundle } from '../../scripts/worker-texts.ts';
import {
  chunked,
  dripping,
  endless,
  file,
  silent,
  stallAfter,
  startUpstream,
  status,
  type Upstream,
} from './upstream.ts';

const WORKER = `
  import { pull } from '../../registry/wheels/pull.ts';
  export default {
    async fetch(request, env) {
      const { wheel, urls, limits } = await request.json();
      return Response.json(await pull(env, { ...wheel, urls }, limits));
    },
  };`;

const PATIENT: PullLimits = { bytes: 1_000_000, totalMs: 60_000, stallMs: 60_000 };

let upstream: Upstream;
let miniflare: Miniflare;
let worker: URL;
let bytes: Uint8Array;

beforeAll(async () => {
  const contents = await bundle({ contents: WORKER, resolveDir: import.meta.dirname });
  const modules = [{ type: 'ESModule' as const, path: 'worker.js', contents }];
  miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        {
          name: 'pull',
          modules,
          compatibilityDate: '2026-09-01',
          r2Buckets: { STORE: 'store' },
          d1Databases: { DB: 'db' },
          bindings: { PUBLIC_URL: 'http://127.0.0.1:8787' },
        },
      ],
    }),
  );
  await migrate(await miniflare.getD1Database('DB'));
  [worker, upstream] = await Promise.all([miniflare.ready, startUpstream()]);
});
beforeEach(() => {
  bytes = randomBytes(100_000);
});
afterAll(async () => {
  await miniflare?.dispose();
  await upstream?.stop();
});

async function pull(paths: string[], limits: Partial<PullLimits>): Promise<PullOutcome> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const wheel = { sha256, filename: 'x-1.0.tar.gz' };
  for (const path of paths) upstream.files.set(path, bytes);
  const urls = paths.map((path) => upstream.origin + path);
  const question = { wheel, urls, limits: { ...PATIENT, ...limits } };
  const response = await fetch(worker, { method: 'POST', body: JSON.stringify(question) });
  return response.json() as Promise<PullOutcome>;
}

test('a slow upstream is aborted at the total limit', async () => {
  upstream.at.set('/drips', dripping(100));
  expect(await pull(['/drips'], { totalMs: 1_000 })).toEqual({
    ok: false,
    code: 'upstream_timeout',
    detail: `${upstream.origin}/drips was not done after 1 s.`,
  });
});

test('an upstream that never answers is aborted like one that stalls', async () => {
  upstream.at.set('/silent', silent);
  expect(await pull(['/silent'], { stallMs: 500 })).toEqual({
    ok: false,
    code: 'upstream_timeout',
    detail: `${upstream.origin}/silent sent nothing for 0.5 s.`,
  });
});

test('after a stalled upstream, the next one is tried', async () => {
  upstream.at.set('/stalls', stallAfter(50_000));
  const outcome = await pull(['/stalls', '/good'], { stallMs: 500 });
  expect(outcome).toMatchObject({ ok: true });
});

test('but not after the total limit', async () => {
  upstream.at.set('/drips', dripping(100));
  upstream.requests.length = 0;
  const outcome = await pull(['/drips', '/good'], { totalMs: 1_000 });
  expect(outcome).toMatchObject({ ok: false, code: 'upstream_timeout' });
  expect(upstream.requests).toEqual(['/drips']);
});

test('a slow upstream and one that fails are a failure, not a timeout', async () => {
  upstream.at.set('/stalls', stallAfter(50_000));
  upstream.at.set('/gone', status(410));
  expect(await pull(['/stalls', '/gone'], { stallMs: 500 })).toEqual({
    ok: false,
    code: 'upstream_failed',
    detail: `${upstream.origin}/stalls sent nothing for 0.5 s. ${upstream.origin}/gone answered 410.`,
  });
});

test.each([
  ['announced', file, 'would send 100000 bytes, more than the limit of 99999.'],
  ['unannounced', chunked, 'sent more than 99999 bytes.'],
])('one byte too many, %s', async (kind, send, says) => {
  upstream.at.set(`/${kind}`, send(bytes));
  const outcome = await pull([`/${kind}`], { bytes: 99_999 });
  expect(outcome).toEqual({
    ok: false,
    code: 'upstream_failed',
    detail: `${upstream.origin}/${kind} ${says}`,
  });
  expect(await pull([`/${kind}`], { bytes: 100_000 })).toMatchObject({ ok: true });
});

test('ten gigabytes, unannounced', async () => {
  upstream.at.set('/endless', endless(false));
  expect(await pull(['/endless'], {})).toEqual({
    ok: false,
    code: 'upstream_failed',
    detail: `${upstream.origin}/endless sent more than ${PATIENT.bytes} bytes.`,
  });
});
