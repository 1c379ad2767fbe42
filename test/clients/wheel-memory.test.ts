/** The memory that a wheel of 100 MB takes in a real registry. */
import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { newFolder } from '../common/own.ts';
import { packageSetOf } from '../test-set.ts';
import { makeWheel, metadataOf } from '../zip.ts';
import { chunked, file, startUpstream, type Upstream } from './upstream.ts';
import { collectGarbageAtOnce, memoryGrowth } from './workerd-memory.ts';

const MEGABYTE = 1_000_000;
/** For a wheel of 100 MB: workerd was measured to grow by 1 to 10 MB, and with all of it in memory by 210 to 255. */
const MOST_GROWTH = 40 * MEGABYTE;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const wheels = (['small', 'large'] as const).map((name, at) => {
  const bytes = makeWheel(name, '1.0', randomBytes((at + 1) * 50 * MEGABYTE));
  return { filename: `${name}-1.0-py3-none-any.whl`, sha256: sha256(bytes), bytes };
});
const [small, large] = wheels as [(typeof wheels)[number], (typeof wheels)[number]];

let state: string;
let upstream: Upstream;
let registry: LocalRegistry;

beforeEach(async () => {
  collectGarbageAtOnce();
  state = newFolder();
  upstream = await startUpstream();
  registry = await start();
});
afterEach(async () => {
  await registry?.stop();
  await upstream?.stop();
});

function start(): Promise<LocalRegistry> {
  const pins = wheels.map(({ filename, sha256 }) => {
    return { filename, sha256, url: `${upstream.origin}/${filename}` };
  });
  return startLocalRegistry({
    unchecked: true,
    persist: state,
    documents: [{ document: packageSetOf(pins), day: '2026-11-01' }],
  });
}

const urlOf = ({ sha256, filename }: typeof large) =>
  new URL(`/wheels/${sha256}/${filename}`, registry.url).href;

/** How workerd's memory grows while the large wheel passes, once it has what any wheel takes of it. */
async function growthOfPassing(): Promise<number> {
  expect(await digestOf(urlOf(small))).toBe(small.sha256);
  return memoryGrowth(async () => {
    expect(await digestOf(urlOf(large))).toBe(large.sha256);
  });
}

/** The SHA-256 of what a GET returns, without holding it. */
async function digestOf(url: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of (await fetch(url)).body!) hash.update(chunk);
  return hash.digest('hex');
}

test.each([
  ['announces its length', file],
  ['does not announce its length', chunked],
])('an upstream that %s', async (_, send) => {
  for (const { filename, bytes } of wheels) upstream.at.set(`/${filename}`, send(bytes));
  expect(await growthOfPassing()).toBeLessThan(MOST_GROWTH);
  expect(await (await fetch(`${urlOf(large)}.metadata`)).text()).toBe(metadataOf('large', '1.0'));
  expect(upstream.requests).toHaveLength(2);
});

test('a stored wheel that is hashed again after a restart', async () => {
  for (const { filename, bytes } of wheels) upstream.files.set(`/${filename}`, bytes);
  await growthOfPassing();
  await registry.stop();
  registry = await start();
  expect(await growthOfPassing()).toBeLessThan(MOST_GROWTH);
  expect(upstream.requests).toHaveLength(2);
});
