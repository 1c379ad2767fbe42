/**
 * Publishing with faults, and by two at once. Readers see the state before or after a publication, and nothing between.
 */
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bindings } from '../../../registry/env.ts';
import { today } from '../../../registry/http/reply.ts';
import { tokenId } from '../../../registry/publish/access/token.ts';
import { readDocument } from '../../../registry/storage/documents.ts';
import { keepTable, openTable } from '../../../registry/storage/files.ts';
import { readWhole as readLedger, readNewest } from '../../../registry/storage/newest.ts';
import { readStoredHead, signingKey } from '../../../registry/storage/signed-head.ts';
import { getWheel } from '../../../registry/storage/wheels.ts';
import type { Catalog, PackageSet } from '../../../resolver/catalog.ts';
import { addDays } from '../../../resolver/compatibility/date.ts';
import { sha256 } from '../../../resolver/digest.ts';
import { entryOf, logTree } from '../../../resolver/log/entries.ts';
import { openCheckpoint } from '../../../resolver/log/note.ts';
import { entryBundle } from '../../../resolver/log/tiles.ts';
import { changeOf } from '../../../resolver/publication.ts';
import { PINWHEEL_PATCH, packageSetOf } from '../../test-set.ts';
import { makeSoundWheel } from '../../zip.ts';
import { gone } from '../client.ts';
import { atNoon, timePasses } from '../clock.ts';
import { dataLog, documentOf, publishOn, seed } from '../seed.ts';
import { emptyStorage } from '../storage-state.ts';
import { tokenFor } from '../token-for.ts';
import { FAULTS, type Fault, failing, type Step, stepped } from './steps.ts';

/** A new isolate, and a registry without sets. */
let ask: typeof import('../client.ts').ask;
export async function startAnew(): Promise<void> {
  await emptyStorage();
  await seed(1);
  const python = documentOf(dataLog.find(({ name }) => name === '3.13')!);
  await publishOn(await readLedger(env), python, '2024-10-07');
  vi.resetModules();
  ({ ask } = await import('../client.ts'));
}

/** The catalog in D1; throws if it is incomplete, or if something in the log is missing. */
export async function readWhole(): Promise<Catalog> {
  const catalog = await readLedger(env);
  const rows = await env.DB.prepare('select set_flag, count(*) as n from pins group by set_flag').all<{
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

/** @param runs how often two publish at once */
export function publishing(faults: readonly (Fault | 'each in turn')[], runs: number): void {
  describe('publishing', () => {
    beforeAll(() => atNoon());
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

    const publicationIn = async (catalog: Catalog, { set }: Own) => {
      const table = await openTable(env.STORE, catalog);
      const { after, table: with_ } = await changeOf(
        catalog,
        set,
        { day: today(), publisher: `token ${tokenId(token)}` },
        table,
      );
      keepTable(after, with_);
      return after;
    };

    /** What R2 and a request say after the next check of D1: all of the log is there, signed, and noted. */
    async function expectSettled({ log }: Catalog, own: Own): Promise<void> {
      timePasses(2 * 60_000);
      const key = (await signingKey(env as Bindings))!;
      const note = await (await ask('/log/checkpoint')).text();
      const { root } = await logTree(log);
      expect(await openCheckpoint(note, key)).toMatchObject({ size: log.length, root });
      const bundle = await ask(`/log/tile/entries/000.p/${log.length}`);
      expect(new Uint8Array(await bundle.arrayBuffer())).toEqual(entryBundle(log.map(entryOf)));
      expect((await readStoredHead(env.STORE, key))!.newest.publication).toEqual(log.at(-1));
      expect(await readNewest({ ...env, DB: gone('D1') })).toMatchObject({ catalog: { log } });
      const { flag } = own.set;
      expect((await ask(`/v1/sets/${flag}/packages/own`)).status).toBe(200);
      const counted = await (await ask('/v1/packages?query=own')).json<{ packages: { sets: number }[] }>();
      const sets = await env.DB.prepare('select count(*) as n from pins').first<{ n: number }>();
      expect(counted.packages[0]!.sets).toBe(sets!.n);
    }

    test.each(faults)(
      'with a fault at any step (%s) leaves the state before or after it, and can be repeated',
      async (kind) => {
        let reached = true;
        const names: string[] = [];
        for (let at = 0; reached; at++) {
          const fault = kind === 'each in turn' ? FAULTS[at % FAULTS.length]! : kind;
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
          // Readers see what is signed.
          expect([before, after]).toContainEqual((await readNewest(env)).catalog);
          if (answer) {
            expect([201, 503, 409, 422], await answer.clone().text()).toContain(answer.status);
            if (answer.status === 201) expect(after).toEqual(whole);
            if (answer.status === 503)
              expect(await answer.json()).toMatchObject({ code: 'storage_unavailable' });
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

    test('by two at once, interleaved at random with readers: readers see all or nothing, and R2 has the last', async () => {
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
        { numRuns: runs },
      );
    });
  });
}
