/**
 * Publishing and pull-through with every kind of fault at every step: an error before or after the step, no response, a
 * publisher that dies, a repeated delivery. Readers see the state before or after it, and nothing between.
 */
import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Bindings } from '../../registry/env.ts';
import { publish } from '../../registry/publish/publish.ts';
import { readCatalog } from '../../registry/storage/catalog.ts';
import { readDocument } from '../../registry/storage/documents.ts';
import { integrate } from '../../registry/storage/log-files.ts';
import { getWheel } from '../../registry/storage/wheel-objects.ts';
import { pull } from '../../registry/wheels/pull.ts';
import type { Catalog, PackageSet } from '../../resolver/catalog.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { catalogDocument, publishInto } from '../../resolver/publication.ts';
import { PINWHEEL_PATCH, packageSetOf } from '../test-set.ts';
import { makeSoundWheel } from '../zip.ts';
import { dataLog, documentOf, seed } from './seed.ts';

const DAY = '2026-11-20';
const FILENAME = 'own-1.0+pinwheel.1-py3-none-any.whl';
let bytes: Uint8Array<ArrayBuffer>;
let hash: string;
/** The initial state. */
let before: Catalog;

beforeAll(async () => {
  await seed(1);
  const python = documentOf(dataLog.find(({ subject }) => subject === '3.13')!);
  const outcome = await publish(env, await readCatalog(drizzle(env.DB)), python, '2024-10-07');
  if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
  before = outcome.value.catalog;
  bytes = await makeSoundWheel('own', '1.0+pinwheel.1');
  hash = await sha256(bytes);
});
afterEach(() => vi.restoreAllMocks());

const days = Array.from({ length: 28 }, (_, at) => String(at + 1).padStart(2, '0'));
const setOf = (month: string, day: string): PackageSet =>
  packageSetOf(
    [{ filename: FILENAME, sha256: hash, size: bytes.length, url: null, patched: PINWHEEL_PATCH }],
    `python_3.13_packages_2026_${month}_${day}`,
  );
const given = () => new Map([[FILENAME, bytes]]);

/** Undoes what tests publish, which publishing itself cannot. */
async function reset(): Promise<void> {
  const { length } = before.log;
  await env.DB.batch([
    env.DB.prepare('delete from set_members'),
    ...['sets', 'publications'].map((table) =>
      env.DB.prepare(`delete from ${table} where revision > ${length}`),
    ),
  ]);
}

/** The catalog in D1; throws if it is incomplete, or if something in the log is missing. */
async function readWhole(): Promise<Catalog> {
  const catalog = await readCatalog(drizzle(env.DB));
  const head = catalog.log.at(-1)!;
  expect(await sha256(catalogDocument(catalog))).toBe(head.catalog);
  const rows = await env.DB.prepare('select set_flag, count(*) as n from set_members group by set_flag').all<{
    set_flag: string;
    n: number;
  }>();
  const counted = new Map(rows.results.map(({ set_flag, n }) => [set_flag, n]));
  expect(counted.size).toBe(catalog.sets.length);
  for (const { flag, digest, package_count } of catalog.sets) {
    expect(counted.get(flag)).toBe(package_count);
    const set = JSON.parse(await readDocument(env.STORE, digest)) as PackageSet;
    for (const member of set.packages) expect(await getWheel(env.STORE, member.sha256)).not.toBeNull();
  }
  return catalog;
}

type Fault = 'before' | 'after' | 'hang' | 'twice';
type Step = (what: string, work: () => Promise<unknown>) => Promise<unknown>;

/** Storage that counts every operation as a step. */
function stepped(step: Step, bindings: Bindings = env): Bindings {
  const wrap = <Target extends object>(target: Target, name: string, methods: readonly string[]): Target =>
    new Proxy(target, {
      get(of, key) {
        const member = Reflect.get(of, key) as unknown;
        if (typeof member !== 'function') return member;
        if (!methods.includes(String(key))) return member.bind(of);
        return (...args: unknown[]) =>
          step(`${name}.${String(key)}`, () =>
            (member as (...given: unknown[]) => Promise<unknown>).apply(of, args),
          );
      },
    });
  return {
    ...bindings,
    DB: wrap(bindings.DB, 'D1', ['batch']),
    STORE: wrap(bindings.STORE, 'R2', ['put', 'get', 'head']),
  };
}

/** Injects a fault at the n-th step; `reached` says whether there was such a step. */
function failing(fault: Fault, at: number) {
  let steps = 0;
  const state = { reached: false, hung: () => {} };
  const hung = new Promise<void>((resolve) => (state.hung = resolve));
  const step: Step = async (what, work) => {
    if (steps++ !== at) return work();
    state.reached = true;
    if (fault === 'before') throw new Error(`${what} failed`);
    if (fault === 'hang') {
      state.hung();
      return new Promise(() => {});
    }
    const done = await work();
    if (fault === 'after') throw new Error(`the answer of ${what} was lost`);
    // Delivered twice: the second time must have no effect, and may fail.
    await work().catch(() => {});
    return done;
  };
  return { step, state, hung };
}

const FAULTS: Fault[] = ['before', 'after', 'hang', 'twice'];

describe('bad input 29: publishing', () => {
  test.each(FAULTS)(
    'with a fault at any step (%s) leaves the state before or after it, and can be repeated',
    async (fault) => {
      let reached = true;
      for (let at = 0; reached; at++) {
        await reset();
        await env.STORE.delete(`wheels/${hash}`);
        const set = setOf('01', days[at % days.length]!);
        const { step, state, hung } = failing(fault, at);
        const work = publish(stepped(step), before, set, DAY, { given: given() });
        // One that hangs is never heard of again: the publisher is gone.
        await Promise.race([Promise.allSettled([work]), hung]);
        reached = state.reached;
        const after = await readWhole();
        const whole = await publishInto(before, set, DAY);
        expect([before, whole]).toContainEqual(after);
        if (fault === 'twice') expect(after).toEqual(whole);
        const again = await publish(env, after, set, DAY, { given: given() });
        expect(again).toMatchObject({
          ok: true,
          value: { status: after.log.length > before.log.length ? 'unchanged' : 'published' },
        });
        expect(await readWhole()).toEqual(whole);
        if (!reached) expect(at).toBeGreaterThan(3);
      }
    },
  );

  test('by two at once, interleaved at random with readers: one wins, and readers see all or nothing', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        await reset();
        const at = days[runs++ % days.length]!;
        const [first, second] = [setOf('02', at), setOf('03', at)];
        // The scheduler keeps promises of its own, of which nobody would take the rejection.
        const settle = scheduler.scheduleFunction(async (work: () => Promise<unknown>) =>
          work().then(
            (value) => ({ value }),
            (error: unknown) => ({ error }),
          ),
        );
        const step: Step = async (_, work) => {
          const settled = await settle(work);
          if ('error' in settled) throw settled.error;
          return settled.value;
        };
        const bindings = stepped(step);
        const seen: Catalog[] = [];
        const read = async () => {
          await scheduler.schedule(Promise.resolve(), 'read');
          seen.push(await readWhole());
        };
        const publishing = [first, second].map((set) =>
          publish(bindings, before, set, DAY, { given: given() }),
        );
        const reading = [read(), read(), read()];
        await scheduler.waitFor(Promise.all([...publishing, ...reading]));
        const outcomes = await Promise.all(publishing);
        expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
        expect(outcomes.find(({ ok }) => !ok)).toMatchObject({ issues: [{ code: 'other_head' }] });
        const winner = outcomes[0]!.ok ? first : second;
        const after = await publishInto(before, winner, DAY);
        for (const catalog of seen) expect([before, after]).toContainEqual(catalog);
        expect(await readWhole()).toEqual(after);
      }),
      { numRuns: 20 },
    );
  });
});

describe('pull-through', () => {
  const URL_OF_IT = 'https://files.example.com/own.whl';
  test.each(FAULTS)(
    'with a fault at any step (%s) stores the whole file or nothing, and can be repeated',
    async (fault) => {
      vi.spyOn(console, 'error').mockImplementation(() => {});
      vi.spyOn(console, 'warn').mockImplementation(() => {});
      vi.spyOn(globalThis, 'fetch').mockImplementation(
        async () => new Response(bytes, { headers: { 'content-length': String(bytes.length) } }),
      );
      const file = { sha256: hash, filename: FILENAME };
      const isWholeOrOut = async () => {
        const object = await getWheel(env.STORE, hash);
        if (object) expect(new Uint8Array(await object.arrayBuffer())).toEqual(bytes);
      };
      let reached = true;
      for (let at = 0; reached; at++) {
        await env.STORE.delete(`wheels/${hash}`);
        await env.STORE.delete(`metadata/${hash}`);
        await env.DB.prepare('delete from wheels').run();
        const { step, state, hung } = failing(fault, at);
        await Promise.race([Promise.allSettled([pull(stepped(step), file, [URL_OF_IT])]), hung]);
        reached = state.reached;
        await isWholeOrOut();
        expect(await pull(env, file, [URL_OF_IT])).toMatchObject({ ok: true, unreadable: null });
        expect(await getWheel(env.STORE, hash)).not.toBeNull();
        await isWholeOrOut();
        const row = await env.DB.prepare('select size, metadata_sha256 from wheels').first<{
          size: number;
          metadata_sha256: string;
        }>();
        expect(row).toMatchObject({
          size: bytes.length,
          metadata_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        });
        if (!reached) expect(at).toBeGreaterThan(2);
      }
    },
  );
});

test('a publication stores each object once', async () => {
  await reset();
  const put: unknown[] = [];
  const STORE = new Proxy(env.STORE, {
    get(of, key) {
      const member = Reflect.get(of, key) as (...given: unknown[]) => unknown;
      return (...given: unknown[]) => {
        if (key === 'put') put.push(given[0]);
        return member.apply(of, given);
      };
    },
  });
  const outcome = await publish({ ...env, STORE }, before, setOf('05', '01'), DAY, { given: given() });
  if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
  await integrate({ ...env, STORE }, outcome.value.catalog);
  const { publication } = outcome.value;
  expect(put).toEqual([...new Set(put)]);
  expect(put).toEqual(
    expect.arrayContaining([
      `documents/${publication.document}.json`,
      `documents/${publication.catalog}.json`,
      'head.json',
      'log/checkpoint',
    ]),
  );
});

test('a publication hashes what R2 stores', async () => {
  await reset();
  const set = setOf('04', '01');
  const outcome = await publish(env, before, set, DAY, { given: given() });
  if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
  expect(await readDocument(env.STORE, outcome.value.publication.document)).toBe(canonicalJson(set));
});
