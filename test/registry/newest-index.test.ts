/** The index that a publication names, and the proof that it is in the signed log: what a client needs, and no more. */
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Catalog, NewestIndex, PythonDocument } from '../../resolver/catalog.ts';
import { createClient, type RegistryError } from '../../resolver/client.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { entryOf, newestProblem } from '../../resolver/log/entries.ts';
import { leafHash, rootOfInclusion } from '../../resolver/log/merkle.ts';
import { openCheckpoint, readProof, readVerifier } from '../../resolver/log/note.ts';
import { newestOf } from '../../resolver/publication.ts';
import { publishInto } from '../publish-into.ts';
import { ask, askJson } from './client.ts';
import { dataLog, documentOf, publishNext, seed } from './seed.ts';

const COUNT = 14;
let before: Catalog;
let catalog: Catalog;
const head = () => catalog.log.at(-1)!;
const python = () => documentOf(dataLog[0]!) as PythonDocument;

let first: NewestIndex;
let logKey: string;

const question = { compatibility_flags: ['python_3.12_packages_2024_11_15'], as_of: '2026-11-20' };
const registry = 'https://pinwheel.test';

beforeAll(async () => {
  before = await seed(COUNT);
  first = await askJson<NewestIndex>('/v1/index');
  logKey = (await (await ask('/log/key')).text()).trim();
  catalog = await publishNext(before);
});
beforeEach(() => {
  for (const level of ['error', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});

test('a publication names its index, which is sent with it and under its digest', async () => {
  // The isolate looks for a newer publication every few seconds.
  await expect
    .poll(async () => (await askJson<NewestIndex>('/v1/index')).publication.revision)
    .toBe(COUNT + 1);
  const newest = await askJson<NewestIndex>('/v1/index');
  const { publication, index, checkpoint } = newest;
  expect(newest).toEqual(await newestOf(catalog, checkpoint));
  expect(await newestProblem(newest)).toBeNull();
  expect(index).not.toHaveProperty('log');
  expect(publication.index).toBe(await sha256(canonicalJson(index)));
  const response = await ask(`/v1/documents/${publication.index}`);
  expect(response.headers.get('cache-control')).toContain('immutable');
  expect(await response.text()).toBe(canonicalJson(index));
});

describe('a proof', () => {
  test('leads from each publication to the signed head', async () => {
    const key = (await readVerifier(await (await ask('/log/key')).text()))!;
    for (const entry of catalog.log) {
      const response = await ask(`/log/proof/${entry.revision}`);
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      const proof = readProof(await response.text())!;
      const checkpoint = (await openCheckpoint(proof.checkpoint, key))!;
      const leaf = await leafHash(entryOf(entry));
      expect([proof.index, checkpoint.size]).toEqual([entry.revision - 1, COUNT + 1]);
      expect(await rootOfInclusion(proof.index, checkpoint.size, leaf, proof.hashes)).toEqual(
        checkpoint.root,
      );
    }
  });

  test('is there for publications alone, and where there is a key', async () => {
    for (const revision of ['0', String(COUNT + 2), '1e1', 'x', '99999999999999999999']) {
      expect((await ask(`/log/proof/${revision}`)).status, revision).toBe(404);
    }
    const unsigned = await ask('/log/proof/1', {}, { ...env, LOG_KEY: '' });
    expect(await unsigned.json()).toMatchObject({ code: 'no_checkpoint' });
  });
});

describe('a client with the key of the log', () => {
  test('believes an index that is proven', async () => {
    const asked: string[] = [];
    const fetch = (url: string) => {
      asked.push(new URL(url).pathname);
      return ask(url);
    };
    const target = await createClient({ registry, logKey, fetch }).target(question);
    expect(target.registry).toEqual({ revision: COUNT + 1, digest: head().root });
    expect(asked).toEqual(['/v1/index']);
  });

  test.each<[string, (now: NewestIndex) => Promise<NewestIndex>]>([
    ['with the checkpoint of an older one', async (now) => ({ ...now, checkpoint: first.checkpoint })],
    ['without a checkpoint', async (now) => ({ ...now, checkpoint: null })],
    [
      'with another fact, and a log of its own',
      async ({ checkpoint }) => {
        const forged = await publishInto(
          before,
          { ...python(), supported_until: '2099-01-01' },
          '2026-11-20',
        );
        return newestOf(forged, checkpoint);
      },
    ],
  ])('refuses an index %s', async (_, forge) => {
    const forged = await forge(await askJson<NewestIndex>('/v1/index'));
    const fetch = async () => Response.json(forged);
    const error = await createClient({ registry, logKey, fetch })
      .target(question)
      .catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'not_signed' });
  });
});

describe('a client that has seen a signed head in its cache', () => {
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => null,
      ({ code }: RegistryError) => code,
    );

  test('accepts no unsigned publication from then on, although nobody names the key', async () => {
    const cache = new Map<string, string>();
    await createClient({ registry, logKey, cache, fetch: (url) => ask(url) }).target(question);
    const forged = await publishInto(catalog, { ...python(), supported_until: '2099-01-01' }, '2026-11-20');
    const fetch = async () => Response.json(await newestOf(forged));
    const later = createClient({ registry, cache, fetch });
    expect(await codeOf(later.target(question))).toBe('history_changed');
    // Nor what another program has left in the cache.
    const index = [...cache.keys()].find((key) => key.startsWith('pinwheel-index-'))!;
    cache.set(index, `\n${JSON.stringify(await newestOf(forged))}`);
    const offline = async () => Promise.reject(new Error('offline'));
    const revision = forged.log.length;
    const recalled = createClient({ registry, cache, fetch: offline }).target({ ...question, revision });
    expect(await codeOf(recalled)).toBe('unreachable');
    expect(
      await codeOf(createClient({ registry, cache, fetch: (url) => ask(url) }).target(question)),
    ).toBeNull();
  });

  test('accepts no step back to what was signed before', async () => {
    const cache = new Map<string, string>();
    await createClient({ registry, logKey, cache, fetch: (url) => ask(url) }).target(question);
    for (const key of cache.keys()) if (key.startsWith('pinwheel-index-')) cache.delete(key);
    const fetch = async () => Response.json(first);
    expect(await codeOf(createClient({ registry, cache, fetch }).target(question))).toBe('history_changed');
  });
});
