/**
 * Publishing and pull-through with every kind of fault at every step: an error before or after the step, no response, a
 * publisher that dies, a repeated delivery. Readers see the state before or after it, and nothing between.
 */
import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bindings } from '../../registry/env.ts';
import { today } from '../../registry/http/day.ts';
import { publish } from '../../registry/publish/publish.ts';
import { readCatalog } from '../../registry/storage/catalog.ts';
import { readDocument, readNotedHead } from '../../registry/storage/documents.ts';
import { integrate, signingKey, tileOf } from '../../registry/storage/log-files.ts';
import { readNewest } from '../../registry/storage/newest.ts';
import { getWheel } from '../../registry/storage/wheel-objects.ts';
import { pull } from '../../registry/wheels/pull.ts';
import type { Catalog, PackageSet } from '../../resolver/catalog.ts';
import { addDays } from '../../resolver/compatibility/date.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { openCheckpoint } from '../../resolver/log/checkpoint.ts';
import { logTree } from '../../resolver/log/entries.ts';
import { newTiles, tilePath } from '../../resolver/log/tiles.ts';
import { catalogDocument, publishInto } from '../../resolver/publication.ts';
import { PINWHEEL_PATCH, packageSetOf } from '../test-set.ts';
import { makeSoundWheel } from '../zip.ts';
import { gone } from './client.ts';
import { atNoon, timePasses } from './clock.ts';
import { dataLog, documentOf, seed } from './seed.ts';
import { emptyStorage } from './storage-state.ts';
import { tokenFor } from './token-for.ts';

const FILENAME = 'own-1.0+pinwheel.1-py3-none-any.whl';
let bytes: Uint8Array<ArrayBuffer>;
let hash: string;

/** A new isolate, and a registry without sets. */
let ask: typeof import('./client.ts').ask;
async function startAnew(): Promise<void> {
  await emptyStorage();
  await seed(1);
  const python = documentOf(dataLog.find(({ subject }) => subject === '3.13')!);
  const outcome = await publish(env, await readCatalog(drizzle(env.DB)), python, '2024-10-07');
  if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
  await integrate(env, outcome.value.catalog);
  vi.resetModules();
  ({ ask } = await import('./client.ts'));
}

beforeAll(async () => {
  atNoon();
  await startAnew();
  bytes = await makeSoundWheel('own', '1.0+pinwheel.1');
  hash = await sha256(bytes);
});
afterEach(() => vi.restoreAllMocks());

const setOf = (day: string): PackageSet =>
  packageSetOf(
    [{ filename: FILENAME, sha256: hash, size: bytes.length, url: null, patched: PINWHEEL_PATCH }],
    `python_3.13_packages_2026_01_${day}`,
  );
const given = () => new Map([[FILENAME, bytes]]);

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
  for (const { flag, package_count } of catalog.sets) expect(counted.get(flag)).toBe(package_count);
  for (const { digest } of catalog.sets.slice(-2)) {
    const set = JSON.parse(await readDocument(env.STORE, digest)) as PackageSet;
    for (const member of set.packages) expect(await getWheel(env.STORE, member.sha256)).not.toBeNull();
  }
  return catalog;
}

type Fault = 'before' | 'after' | 'hang' | 'twice';
type Step = (what: string, work: () => Promise<unknown>) => Promise<unknown>;

/** What only makes another object to ask. */
const MAKERS = ['withSession', 'prepare', 'bind'];

/** Storage of which every operation is a step: also those of statements, of parts, and of what was found. */
function stepped(step: Step): Bindings {
  /** Statements as they are: a batch takes no others. */
  const bare = new WeakMap<object, object>();
  const bareOf = (given: unknown): unknown =>
    Array.isArray(given) ? given.map(bareOf) : (bare.get(given as object) ?? given);
  const wrap = <Target extends object>(target: Target, name: string): Target => {
    const wrapped = new Proxy(target, {
      get(of, key) {
        const member = Reflect.get(of, key) as unknown;
        if (typeof member !== 'function') return member;
        const what = `${name}.${String(key)}`;
        return (...args: unknown[]) => {
          const work = () => (member as (...given: unknown[]) => unknown).apply(of, args.map(bareOf));
          if (MAKERS.includes(String(key))) return wrap(work() as object, what);
          return step(what, async () => work()).then((found) => (isAsked(found) ? wrap(found, what) : found));
        };
      },
    });
    bare.set(wrapped, target);
    return wrapped;
  };
  return { ...env, DB: wrap(env.DB, 'D1'), STORE: wrap(env.STORE, 'R2') };
}

/** Whether something of R2 has bytes, or takes them. */
function isAsked(found: unknown): found is object {
  return typeof found === 'object' && found !== null && ('arrayBuffer' in found || 'uploadPart' in found);
}

/** Injects a fault at the n-th step; `reached` says whether there was such a step. */
function failing(fault: Fault, at: number) {
  let steps = 0;
  const state = { reached: false, what: '', hung: () => {} };
  const hung = new Promise<void>((resolve) => (state.hung = resolve));
  const step: Step = async (what, work) => {
    // Who hangs is gone.
    if (state.reached && fault === 'hang') return new Promise(() => {});
    if (steps++ !== at) return work();
    state.reached = true;
    state.what = what;
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
  let token: string;
  beforeEach(async () => {
    for (const level of ['error', 'warn', 'log'] as const)
      vi.spyOn(console, level).mockImplementation(() => {});
    await startAnew();
    token = await tokenFor(['set']);
  });

  let published = 0;
  /** A set with a wheel of its own, which nobody has published. */
  async function nextSet() {
    const at = ++published;
    const filename = `own-1.${at}+pinwheel.1-py3-none-any.whl`;
    const wheel = await makeSoundWheel('own', `1.${at}+pinwheel.1`);
    const released = addDays('2024-11-01', at).replaceAll('-', '_');
    const pin = {
      filename,
      sha256: await sha256(wheel),
      size: wheel.length,
      url: null,
      patched: PINWHEEL_PATCH,
    };
    return { set: packageSetOf([pin], `python_3.13_packages_${released}`), wheel, filename };
  }
  type Own = Awaited<ReturnType<typeof nextSet>>;

  /** Publishes as a publisher does, from the token to the signed head of the log. */
  function send({ set, wheel, filename }: Own, bindings?: Bindings): Promise<Response> {
    const form = new FormData();
    form.set('document', JSON.stringify(set));
    form.append('wheel', new File([wheel], filename));
    const headers = { authorization: `Bearer ${token}` };
    return ask('/v1/publications', { method: 'POST', headers, body: form }, bindings);
  }

  const publicationIn = (catalog: Catalog, { set }: Own) => publishInto(catalog, set, today());

  /** What R2 and a request say after the next check of D1: all of the log is there, signed, and noted. */
  async function expectSettled({ log }: Catalog, own: Own): Promise<void> {
    timePasses(2 * 60_000);
    const key = (await signingKey(env as Bindings))!;
    const note = await (await ask('/log/checkpoint')).text();
    const tree = await logTree(log);
    expect(await openCheckpoint(note, key)).toMatchObject({ size: log.length, root: tree.root });
    for (const address of newTiles(0, log.length)) {
      const stored = await env.STORE.get(`log/${tilePath(address)}`);
      expect(new Uint8Array(await stored!.arrayBuffer())).toEqual(tileOf(log, tree, address));
    }
    expect(await readNotedHead(env.STORE)).toEqual(log.at(-1));
    expect(await readNewest({ ...env, DB: gone('D1') })).toMatchObject({ catalog: { log } });
    const { flag } = own.set;
    expect((await ask(`/v1/sets/${flag}/packages/own`)).status).toBe(200);
    const counted = await (await ask('/v1/packages?query=own')).json<{ packages: { sets: number }[] }>();
    const sets = await env.DB.prepare('select count(*) as n from set_members').first<{ n: number }>();
    expect(counted.packages[0]!.sets).toBe(sets!.n);
  }

  test.each(FAULTS)(
    'with a fault at any step (%s) leaves the state before or after it, and can be repeated',
    { timeout: 120_000 },
    async (fault) => {
      let reached = true;
      const names: string[] = [];
      for (let at = 0; reached; at++) {
        const before = await readWhole();
        const own = await nextSet();
        const whole = await publicationIn(before, own);
        const { step, state, hung } = failing(fault, at);
        const work = send(own, stepped(step));
        // One that hangs is never heard of again: the publisher is gone.
        const answer = await Promise.race([work, hung]);
        reached = state.reached;
        if (state.what) names.push(state.what);
        const after = await readWhole();
        expect([before, whole]).toContainEqual(after);
        // Before a reader asks, storage may already be restored from what is there.
        expect((await readNewest(env)).catalog).toEqual(after);
        expect((await readNewest({ ...env, STORE: gone('R2') })).catalog).toEqual(after);
        if (answer) {
          expect([201, 503, 409, 422], await answer.clone().text()).toContain(answer.status);
          if (answer.status === 201) expect(after).toEqual(whole);
          if (fault === 'twice') expect(answer.status).toBe(201);
        }
        const isThere = after.log.length > before.log.length;
        const again = await send(own);
        expect([again.status, await again.json()]).toMatchObject([
          isThere ? 200 : 201,
          { status: isThere ? 'unchanged' : 'published' },
        ]);
        expect(await readWhole()).toEqual(whole);
        await expectSettled(whole, own);
      }
      // From the token to the last object that is written.
      expect(names.at(0)).toMatch(/^D1/);
      expect(names).toEqual(expect.arrayContaining(['D1.batch', 'R2.put']));
      expect(names.at(-1)).toBe('R2.put');
      expect(names.length - names.indexOf('D1.batch')).toBeGreaterThan(5);
    },
  );

  test('by two at once, interleaved at random with readers: readers see all or nothing, and R2 has the last', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const before = await readWhole();
        const both = [await nextSet(), await nextSet()] as const;
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
        const seen: Catalog[] = [];
        const read = async () => {
          await scheduler.schedule(Promise.resolve(), 'read');
          seen.push(await readWhole());
          seen.push((await readNewest(stepped(step))).catalog);
        };
        // Who comes second publishes again.
        const sendUntilDone = async (own: Own): Promise<Response> => {
          const answer = await send(own, stepped(step));
          return answer.status === 409 ? sendUntilDone(own) : answer;
        };
        const publishing = both.map(sendUntilDone);
        const reading = [read(), read(), read()];
        await scheduler.waitFor(Promise.all([...publishing, ...reading]));
        for (const answer of await Promise.all(publishing)) expect(answer.status).toBe(201);
        const states = [before];
        const ends: Catalog[] = [];
        for (const order of [both, both.toReversed()]) {
          let catalog = before;
          for (const own of order) {
            catalog = await publicationIn(catalog, own);
            states.push(catalog);
          }
          ends.push(catalog);
        }
        const after = await readWhole();
        expect(ends).toContainEqual(after);
        for (const catalog of seen) expect(states).toContainEqual(catalog);
        await expectSettled(after, both[0]);
      }),
      { numRuns: 20 },
    );
  });
});

test('a publisher that notes its publication late does not replace a later one', async () => {
  await startAnew();
  const publishOne = async (day: string) => {
    const outcome = await publish(env, await readWhole(), setOf(day), today(), { given: given() });
    if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
    return outcome.value.catalog;
  };
  const first = await publishOne('03');
  let later: Catalog | undefined;
  const STORE = new Proxy(env.STORE, {
    get(of, key) {
      const member = Reflect.get(of, key) as (...given: unknown[]) => Promise<unknown>;
      return async (...given: unknown[]) => {
        if (key === 'put' && given[0] === 'head.json' && !later) {
          later = await publishOne('04');
          await integrate(env, later);
        }
        return member.apply(of, given);
      };
    },
  });
  await integrate({ ...env, STORE }, first);
  expect(await readNotedHead(env.STORE)).toEqual(later!.log.at(-1));
});

describe('pull-through', () => {
  const URL_OF_IT = 'https://files.example.com/own.whl';
  let wheel: Uint8Array<ArrayBuffer>;
  let file: { sha256: string; filename: string };

  /** What the URL sends from now on. */
  async function offer(size: number, announced: boolean): Promise<void> {
    for (const level of ['error', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => {});
    wheel = await makeSoundWheel('own', '1.0', { more: { 'own/more.bin': new Uint8Array(size) } });
    file = { sha256: await sha256(wheel), filename: 'own-1.0-py3-none-any.whl' };
    const headers = new Headers(announced ? { 'content-length': String(wheel.length) } : {});
    vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(wheel, { headers }));
  }
  const pullWith = (bindings: Bindings) => pull(bindings, file, [URL_OF_IT]);

  async function expectWholeOrOut(): Promise<void> {
    const object = await getWheel(env.STORE, file.sha256);
    if (object) expect(await sha256(new Uint8Array(await object.arrayBuffer()))).toBe(file.sha256);
  }

  /** @returns the step that failed; empty if there is no such step */
  async function pullFailing(fault: Fault, at: number): Promise<string> {
    await env.STORE.delete([`wheels/${file.sha256}`, `metadata/${file.sha256}`]);
    await env.DB.prepare('delete from wheels').run();
    const { step, state, hung } = failing(fault, at);
    await Promise.race([Promise.allSettled([pullWith(stepped(step))]), hung]);
    await expectWholeOrOut();
    expect(await pullWith(env)).toMatchObject({ ok: true, unreadable: null });
    expect(await getWheel(env.STORE, file.sha256)).not.toBeNull();
    await expectWholeOrOut();
    const row = await env.DB.prepare('select size, metadata_sha256 from wheels').first();
    expect(row).toEqual({ size: wheel.length, metadata_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    return state.what.split('.').at(-1)!;
  }

  test.each(FAULTS)(
    'with a fault at any step (%s) stores the whole file or nothing, and can be repeated',
    async (fault) => {
      await offer(10, true);
      const steps: string[] = [];
      do steps.push(await pullFailing(fault, steps.length));
      while (steps.at(-1) !== '');
      expect(steps).toEqual(expect.arrayContaining(['head', 'put', 'get', 'arrayBuffer', 'run']));
    },
  );

  test('in parts, with faults of all kinds in turn, stores the whole file or nothing', async () => {
    await offer(6 * 1024 * 1024, false);
    const steps: string[] = [];
    // What comes after is the same for all files.
    do steps.push(await pullFailing(FAULTS[steps.length % FAULTS.length]!, steps.length));
    while (steps.at(-1) !== 'delete');
    expect(steps).toEqual([
      ...['head', 'createMultipartUpload', 'uploadPart', 'uploadPart', 'complete', 'get', 'put', 'delete'],
    ]);
  });

  test('with a D1 that never answers has the file', async () => {
    await offer(10, true);
    const step: Step = (what, work) => (what.startsWith('D1') ? new Promise(() => {}) : work());
    expect(await pullWith(stepped(step))).toMatchObject({ ok: true, facts: { size: wheel.length } });
  });
});

test('a publication stores each object once', async () => {
  const before = await readWhole();
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
  const outcome = await publish({ ...env, STORE }, before, setOf('02'), today(), { given: given() });
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
  const before = await readWhole();
  const set = setOf('01');
  const outcome = await publish(env, before, set, today(), { given: given() });
  if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
  expect(await readDocument(env.STORE, outcome.value.publication.document)).toBe(canonicalJson(set));
});
