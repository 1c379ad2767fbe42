/** The index that a publication names, and the proof that it is in the signed log: what a client needs, and no more. */
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { publish } from '../../registry/publish/publish.ts';
import { integrate } from '../../registry/storage/log-files.ts';
import { readNewest } from '../../registry/storage/newest.ts';
import type { Catalog, Publication } from '../../resolver/catalog.ts';
import { createClient } from '../../resolver/client.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { openCheckpoint, readProof } from '../../resolver/log/checkpoint.ts';
import { entryOf } from '../../resolver/log/entries.ts';
import { leafHash, rootOfInclusion } from '../../resolver/log/merkle.ts';
import { readVerifier } from '../../resolver/log/note.ts';
import { indexOf } from '../../resolver/publication.ts';
import { ask, askJson } from './client.ts';
import { dataLog, documentOf, seed } from './seed.ts';

const COUNT = 14;
let before: Catalog;
let catalog: Catalog;
const head = () => catalog.log.at(-1)!;

interface Newest {
  publication: Publication;
  index: object | null;
  catalog: Catalog | null;
}
let first: Newest;

beforeAll(async () => {
  before = await seed(COUNT);
  first = await askJson<Newest>('/v1/index');
  const entry = dataLog[COUNT]!;
  const options = { absent: 'later', replayed: true } as const;
  const outcome = await publish(env, before, documentOf(entry), entry.published, options);
  if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
  catalog = outcome.value.catalog;
  await integrate(env, catalog);
});
beforeEach(() => {
  for (const level of ['error', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});

test('a publication from before indexes keeps its digest, and the whole catalog comes with it', () => {
  expect(first).toEqual({ publication: dataLog[COUNT - 1], index: null, catalog: before });
  expect(first.publication).not.toHaveProperty('index');
});

test('a publication names its index, which is sent with it and under its digest', async () => {
  // The isolate looks for a newer publication every few seconds.
  await expect.poll(async () => (await askJson<Newest>('/v1/index')).publication.revision).toBe(COUNT + 1);
  const { publication, index, catalog: none } = await askJson<Newest>('/v1/index');
  expect([publication, none]).toEqual([head(), null]);
  expect(index).toEqual(indexOf(catalog));
  expect(index).not.toHaveProperty('log');
  expect(publication.index).toBe(await sha256(canonicalJson(index)));
  const response = await ask(`/v1/documents/${publication.index}`);
  expect(response.headers.get('cache-control')).toContain('immutable');
  expect(await response.text()).toBe(canonicalJson(index));
});

test('a row of D1 that names another index is passed over', async () => {
  const name = (digest: string | null) =>
    env.DB.prepare('update publications set "index" = ? where revision = ?')
      .bind(digest, COUNT + 1)
      .run();
  for (const other of ['0'.repeat(64), null]) {
    await name(other);
    expect(await readNewest(env)).toEqual({ catalog, troubles: ['d1_changed'] });
  }
  await name(head().index!);
  expect(await readNewest(env)).toEqual({ catalog, troubles: [] });
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
  const question = { compatibility_flags: ['python_3.12_packages_2024_11_15'], as_of: '2026-11-20' };
  const registry = 'https://pinwheel.test';

  test('believes an index that is proven', async () => {
    const logKey = (await (await ask('/log/key')).text()).trim();
    const asked: string[] = [];
    const fetch = (url: string) => {
      asked.push(new URL(url).pathname);
      return ask(url);
    };
    const target = await createClient({ registry, logKey, fetch }).target(question);
    expect(target.registry).toEqual({ revision: COUNT + 1, digest: head().digest });
    expect(asked).toEqual(['/v1/index', `/log/proof/${COUNT + 1}`]);
  });

  test('asks once more if the index is older than the log, past the cache of a browser', async () => {
    const logKey = (await (await ask('/log/key')).text()).trim();
    const asked: string[] = [];
    // A browser's cache answers what asks for no other version than that of an ETag.
    const fetch = async (url: string, { headers }: { headers: Record<string, string> }) => {
      const { pathname } = new URL(url);
      asked.push(pathname);
      const isCached = pathname === '/v1/index' && !headers['if-none-match'];
      return isCached ? Response.json(first, { headers: { etag: '"first"' } }) : ask(url, { headers });
    };
    const pinwheel = createClient({ registry, logKey, fetch });
    const target = await pinwheel.target(question);
    expect(target.registry).toEqual({ revision: COUNT + 1, digest: head().digest });
    const newest = ['/v1/index', `/log/proof/${COUNT + 1}`];
    expect(asked).toEqual(['/v1/index', `/log/proof/${COUNT}`, ...newest]);
    // What was believed is what is asked about from now on.
    await pinwheel.target(question);
    expect(asked.slice(4)).toEqual(newest);
  });

  test('refuses an index that stays older than the log', async () => {
    const logKey = (await (await ask('/log/key')).text()).trim();
    const fetch = async (url: string) => (url.endsWith('/v1/index') ? Response.json(first) : ask(url));
    const error = await createClient({ registry, logKey, fetch })
      .target(question)
      .catch((error: unknown) => error);
    const message = expect.stringContaining(`the newest that the registry sends is ${COUNT}.`);
    expect(error).toMatchObject({ code: 'not_signed', message });
  });

  test('finds another character anywhere in a proof', async () => {
    const logKey = (await (await ask('/log/key')).text()).trim();
    const path = `/log/proof/${COUNT + 1}`;
    const proof = await (await ask(path)).text();
    for (let at = 0; at < proof.length; at++) {
      const other = proof[at] === 'A' ? 'B' : 'A';
      const changed = proof.slice(0, at) + other + proof.slice(at + 1);
      const fetch = (url: string) => (url.endsWith(path) ? Promise.resolve(new Response(changed)) : ask(url));
      const error = await createClient({ registry, logKey, fetch })
        .target(question)
        .catch((error: unknown) => error);
      expect(error, `${at} of ${changed}`).toMatchObject({ code: 'not_signed' });
    }
  });

  test('refuses an index that is signed nowhere', async () => {
    const logKey = (await (await ask('/log/key')).text()).trim();
    const { digest: _, ...entry } = { ...head(), published: '2026-01-01' };
    const publication = { ...entry, digest: await sha256(canonicalJson(entry)) };
    const fetch = async (url: string) =>
      url.endsWith('/v1/index')
        ? Response.json({ publication, index: indexOf(catalog), catalog: null })
        : ask(url);
    const error = await createClient({ registry, logKey, fetch })
      .target(question)
      .catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'not_signed' });
  });
});
