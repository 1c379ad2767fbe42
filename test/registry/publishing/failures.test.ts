/** Pull-through and publishing with faults at every step: `npm run test:all` has every kind of fault at each. */
import { env } from 'cloudflare:workers';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Bindings } from '../../../registry/env.ts';
import { today } from '../../../registry/http/reply.ts';
import { publish } from '../../../registry/publish/publish.ts';
import { integrate, readStoredHead } from '../../../registry/storage/signed-head.ts';
import { getWheel } from '../../../registry/storage/wheels.ts';
import { pull } from '../../../registry/wheels/pull.ts';
import type { Catalog, PackageSet } from '../../../resolver/catalog.ts';
import { sha256 } from '../../../resolver/digest.ts';
import { PINWHEEL_PATCH, packageSetOf } from '../../test-set.ts';
import { makeSoundWheel } from '../../zip.ts';
import { atNoon } from '../clock.ts';
import { publishing, readWhole, startAnew } from './publishing.ts';
import { FAULTS, type Fault, failing, type Step, stepped } from './steps.ts';

const FILENAME = 'own-1.0+pinwheel.1-py3-none-any.whl';
let bytes: Uint8Array<ArrayBuffer>;
let hash: string;

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

// What was left hanging gives up after 3 s, and logs that.
afterAll(() => new Promise((resolve) => setTimeout(resolve, 4_000)));
publishing(env.TEST_ALL ? FAULTS : ['hang', 'each in turn'], env.TEST_ALL ? 20 : 4);

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
  expect((await readStoredHead(env.STORE, null))!.newest.publication).toEqual(later!.log.at(-1));
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
  const pullWith = (bindings: Bindings) => pull(bindings, { ...file, urls: [URL_OF_IT] });

  async function expectWholeOrOut(): Promise<void> {
    const object = await getWheel(env.STORE, file.sha256);
    if (object) expect(await sha256(new Uint8Array(await object.arrayBuffer()))).toBe(file.sha256);
  }

  /** @returns the step that failed; empty if there is no such step */
  async function pullFailing(fault: Fault, at: number): Promise<string> {
    await env.STORE.delete(`wheels/${file.sha256}`);
    await env.DB.prepare('delete from wheels').run();
    const { step, state, hung } = failing(fault, at);
    await Promise.race([Promise.allSettled([pullWith(stepped(step))]), hung]);
    await expectWholeOrOut();
    expect(await pullWith(env)).toMatchObject({ ok: true });
    expect(await getWheel(env.STORE, file.sha256)).not.toBeNull();
    await expectWholeOrOut();
    const row = await env.DB.prepare('select size from wheels').first();
    expect(row).toEqual({ size: wheel.length });
    return state.what.split('.').at(-1)!;
  }

  test.each(FAULTS)(
    'with a fault at any step (%s) stores the whole file or nothing, and can be repeated',
    async (fault) => {
      await offer(10, true);
      const steps: string[] = [];
      do steps.push(await pullFailing(fault, steps.length));
      while (steps.at(-1) !== '');
      expect(steps).toEqual(expect.arrayContaining(['head', 'put', 'run']));
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
    expect(await pullWith(stepped(step))).toMatchObject({ ok: true });
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
      `documents/${publication.digest}.json`,
      `documents/${outcome.value.catalog.files.at(-1)!.digest}.json`,
      'head.json',
    ]),
  );
});
