/** What questions with an index ask of it, and what they store. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { operations } from '../../../registry/storage/operations.ts';
import type { ResolveAnswer } from '../../../resolver/answer.ts';
import { ask, post } from '../client.ts';
import { atNoon } from '../clock.ts';
import { seed } from '../seed.ts';

const INDEX_URL = 'https://index.example/simple/';
const bindings = { ...env, INDEX_URL };
const requested: string[] = [];
/** Releases that the index has removed. */
const removed = new Set<number>();

/** A project as PyPI has many: eight releases, each with ten wheels for machines, one for all, and a source archive. */
function pageOf(name: string) {
  const files = Array.from({ length: 8 }, (_, release) => {
    const version = `1.${release}`;
    const tags = Array.from({ length: 10 }, (_, at) => `cp3${at}-cp3${at}-manylinux_2_17_x86_64`);
    const names = [...tags, 'py3-none-any'].map((tag) => `${name}-${version}-${tag}.whl`);
    const day = new Date(Date.parse('2023-01-01') + release * 150 * 86_400_000).toISOString();
    return [...names, `${name}-${version}.tar.gz`].map((filename, at) => ({
      filename,
      url: `https://index.example/packages/${'ab/cd/'}${String(at).padStart(60, 'e')}/${filename}`,
      hashes: { sha256: String(release * 100 + at).padStart(64, '0') },
      'requires-python': '>=3.8',
      'upload-time': day,
      'core-metadata': true,
      size: 100_000,
    }));
  })
    .filter((_, release) => !removed.has(release))
    .flat();
  return { meta: { 'api-version': '1.1' }, name, files, versions: [] };
}

beforeAll(() => seed());
beforeEach(() => {
  requested.length = 0;
  removed.clear();
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
    requested.push(String(input));
    const { pathname } = new URL(String(input));
    const [, name = ''] = /^\/simple\/([^/]+)\//.exec(pathname) ?? [];
    if (!name) return new Response(metadataOf(pathname));
    if (name.startsWith('unknown')) return new Response(null, { status: 404 });
    return Response.json(pageOf(name), {
      headers: { 'content-type': 'application/vnd.pypi.simple.v1+json' },
    });
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function metadataOf(path: string): string {
  const [, name, version] = /([^/-]+)-([^-]+)-[^/]*\.metadata$/.exec(path)!;
  const [, at] = /^endless(\d+)$/.exec(name!) ?? [];
  const needs = at === undefined ? '' : `Requires-Dist: endless${Number(at) + 1}\n`;
  return `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${needs}`;
}

async function stored() {
  const { objects } = await env.STORE.list({ prefix: 'index/' });
  return { objects: objects.length, bytes: objects.reduce((sum, { size }) => sum + size, 0) };
}

async function resolve(exclude_newer: string, requirements: string[], init: RequestInit = {}) {
  const compatibility_flags = ['python_3.13_packages_2025_09_22'];
  const asked = { compatibility_flags, as_of: '2026-11-20', index: true, exclude_newer, requirements };
  const { headers, ...question } = post(asked);
  const response = await ask(
    '/v1/resolve',
    { ...question, headers: { ...headers, ...init.headers } },
    bindings,
  );
  return { status: response.status, answer: await response.json<ResolveAnswer>() };
}

const NAMES = Array.from({ length: 60 }, (_, at) => `project${at}`);

test('a question of sixty names stores little, and once for all days', async () => {
  // After some seconds, the registry looks for a newer revision, which is an operation, too.
  atNoon();
  // What a failure reads once for all names, and what is stored already, depends on the tests before this one.
  expect((await resolve('2026-01-01', ['unknown==9'])).status).toBe(422);
  const former = await stored();
  requested.length = 0;
  const impossible = NAMES.map((name) => `${name}==9`);
  const before = operations.r2;
  expect((await resolve('2026-01-01', impossible)).status).toBe(422);
  expect(operations.r2 - before).toBeLessThanOrEqual(60 + 50);
  // To explain the failure asks nothing again.
  expect(requested).toHaveLength(60);
  const once = await stored();
  expect(once.objects - former.objects).toBe(50);
  expect(once.bytes - former.bytes).toBeLessThan(200_000);
  await resolve('2026-01-02', impossible);
  await resolve('2025-06-01', impossible);
  // The other ten, which the first question could not store.
  expect(await stored()).toMatchObject({ objects: former.objects + 60 });
  requested.length = 0;
  for (const day of ['2026-01-03', '2024-01-01']) expect((await resolve(day, ['project1'])).status).toBe(200);
  expect(requested.filter((url) => !url.endsWith('.metadata'))).toEqual([]);
});

test('a question about packages that always need another one ends after 400 requests', async () => {
  const { status, answer } = await resolve('2026-01-01', ['endless0', 'endless1000', 'endless2000']);
  expect(status).toBe(502);
  expect(answer).toMatchObject({
    code: 'index_failed',
    detail: expect.stringContaining('expected 400 requests for a question at most, found more.'),
    errors: [{ code: 'index_too_large', fix: 'Ask for fewer packages at once.' }],
  });
  expect(requested).toHaveLength(400);
});

test('a later day adds what was uploaded since, and keeps what was removed', async () => {
  const versionsAt = async (day: string) =>
    (await resolve(day, ['moving'])).answer.packages.map(({ version }) => version);
  // Release 4 is of 2024-08-23, and 5 of 2025-01-20.
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2024-09-01T12:00:00Z') });
  expect(await versionsAt('2024-08-30')).toEqual(['1.4']);
  removed.add(4);
  vi.setSystemTime(new Date('2025-02-01T12:00:00Z'));
  expect(await versionsAt('2025-01-25')).toEqual(['1.5']);
  expect(await versionsAt('2024-08-30')).toEqual(['1.4']);
});

test('what was stored too long ago is asked again', async () => {
  await resolve('2024-08-30', ['aged']);
  requested.length = 0;
  const { openFacts } = await isolate();
  const [{ key }] = (await env.STORE.list({ prefix: 'index/' })).objects.filter(({ key }) =>
    /aged$/.test(key),
  ) as [R2Object];
  const fact = key.slice('index/'.length);
  expect(await openFacts(env.STORE).get(fact)).not.toBeNull();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 91 * 86_400_000 });
  expect(await (await isolate()).openFacts(env.STORE).get(fact)).toBeNull();
});

/** As another isolate, which has nothing in its memory. */
async function isolate() {
  vi.resetModules();
  return import('../../../registry/storage/index-facts.ts');
}

test.each(['00:10', '12:00'])('a page and a badge of a name ask the index once, at %s', async (time) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(`2026-11-25T${time}Z`) });
  const name = `shown${time.slice(0, 2)}`;
  for (const path of [`/packages/${name}`, `/badge/${name}.svg`])
    expect((await ask(path, {}, bindings)).status).toBe(200);
  expect(requested.filter((url) => url.endsWith(`/${name}/`))).toHaveLength(1);
  requested.length = 0;
  vi.resetModules();
  const { default: worker } = await import('../../../registry/worker.ts');
  const { createExecutionContext, waitOnExecutionContext } = await import('cloudflare:test');
  const context = createExecutionContext();
  const badge = await worker.fetch(new Request(`https://pinwheel.test/badge/${name}.svg`), bindings, context);
  await waitOnExecutionContext(context);
  expect(await badge.text()).toContain('from an index');
  expect(requested).toEqual([]);
});
