/** Seeding a registry with a set that pins a wheel of Pinwheel's own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { Publication, PythonDocument } from '../../resolver/catalog.ts';
import { wheelPath } from '../../resolver/closure/prepare.ts';
import { openNote, readSigner } from '../../resolver/log/note.ts';
import { loadDocuments, type PublishedDocument } from '../../scripts/import/data-files.ts';
import { sha256 } from '../../scripts/import/digest.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { type BuildWheel, seed } from '../../scripts/seed.ts';
import { PINWHEEL_PATCH, packageSetOf } from '../test-set.ts';
import { makeSoundWheel, makeWheel, metadataOf } from '../zip.ts';

const persist = await mkdtemp(join(tmpdir(), 'pinwheel-seed-'));
afterAll(() => rm(persist, { recursive: true, force: true }));

const bytes = await makeSoundWheel('own', '1.0+pinwheel.1');
const filename = 'own-1.0+pinwheel.1-py3-none-any.whl';
const pin = { filename, sha256: sha256(bytes), size: bytes.length, url: null, patched: PINWHEEL_PATCH };
const flags = ['python_3.13_packages_2026_11_01', 'python_3.13_packages_2026_11_02'];
const documents = [
  ...(await loadDocuments()).filter(({ document }) => document.kind === 'python'),
  ...flags.map((flag) => ({ document: packageSetOf([pin], flag), published: '2026-11-02' })),
];

async function withRegistry(buildWheel: BuildWheel, use: (registry: LocalRegistry) => Promise<void>) {
  const registry = await startLocalRegistry({ persist, documents, buildWheel });
  await use(registry).finally(() => registry.stop());
}

/** What the registry sends at `path` below the wheel's own. */
async function get({ url }: LocalRegistry, suffix = '') {
  const response = await fetch(new URL(wheelPath(pin) + suffix, url));
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
}

test('a wheel that cannot be built is reported by name, and built by a later start', async () => {
  let sets = '';
  const asked: string[] = [];
  await withRegistry(
    async (member) => {
      asked.push(member.filename);
      throw new Error('nobody can build it');
    },
    async (registry) => {
      expect(registry.missing).toEqual([{ filename, reason: 'nobody can build it' }]);
      for (const suffix of ['', '.metadata']) {
        const { status, body } = await get(registry, suffix);
        expect(status).toBe(503);
        const { code, detail } = JSON.parse(body.toString());
        expect([code, detail]).toEqual(['wheel_missing', expect.stringContaining(filename)]);
      }
      sets = await (await fetch(new URL('/v1/sets', registry.url))).text();
    },
  );
  // Once, though two sets pin it.
  expect(asked).toEqual([filename]);

  await withRegistry(
    async () => bytes,
    async (registry) => {
      expect(registry.missing).toEqual([]);
      const { status, body } = await get(registry);
      expect([status, Buffer.compare(body, bytes)]).toEqual([200, 0]);
      expect((await get(registry, '.metadata')).body.toString()).toBe(metadataOf('own', '1.0+pinwheel.1'));
      expect(await (await fetch(new URL('/v1/sets', registry.url))).text()).toBe(sets);
    },
  );

  await withRegistry(
    async () => {
      throw new Error('it is there already, and is not built again');
    },
    async (registry) => {
      expect(registry.missing).toEqual([]);
      expect((await get(registry)).status).toBe(200);
    },
  );
});

test('what R2 lost of all sets together is made again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinwheel-lost-'));
  const start = () => startLocalRegistry({ persist: folder, documents, buildWheel: async () => bytes });
  const derived = async ({ miniflare }: LocalRegistry) => {
    const store = (await miniflare.getR2Bucket('STORE')) as unknown as R2Bucket;
    const listed = await Promise.all(['versions/', 'pinned/'].map((prefix) => store.list({ prefix })));
    return { store, keys: listed.flatMap(({ objects }) => objects.map(({ key }) => key)) };
  };
  const before = await start();
  const { store, keys } = await derived(before);
  await store.delete(keys);
  await before.stop();
  const after = await start();
  // Those of all sets; those of fewer are for older revisions.
  expect((await derived(after)).keys).toEqual([
    expect.stringMatching(/^versions\//),
    expect.stringMatching(/^pinned\//),
  ]);
  await after.stop();
  await rm(folder, { recursive: true });
});

test('a seed without the key of the log changes nothing that the key has signed, and the Worker continues it', async () => {
  const registry = await startLocalRegistry({ documents, buildWheel: async () => bytes });
  const { miniflare, logKey, url } = registry;
  const DB = await miniflare.getD1Database('DB');
  const STORE = (await miniflare.getR2Bucket('STORE')) as unknown as R2Bucket;
  const key = (await readSigner(logKey))!;
  const derived = async () => {
    const listed = await Promise.all(['versions/', 'pinned/'].map((prefix) => STORE.list({ prefix })));
    const keys = listed.flatMap(({ objects }) => objects.map(({ key }) => key));
    return Promise.all(
      keys.map(async (name) => {
        const text = await (await STORE.get(name))!.text();
        return { name, text, isSigned: (await openNote(text.slice(text.indexOf('\n') + 1), key)) !== null };
      }),
    );
  };
  const before = await derived();
  const next = { document: packageSetOf([pin], 'python_3.13_packages_2026_11_03'), published: '2026-11-03' };
  const printed = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const again = { signedElsewhere: true };
  await seed(
    { DB, STORE },
    [...documents, next],
    async () => bytes,
    () => {},
    again,
  );
  expect(printed.mock.calls).toEqual([]);
  printed.mockRestore();
  expect(await derived()).toEqual(before);

  const search = async () => (await fetch(new URL('/v1/packages?query=own', url))).json();
  await expect.poll(search).toMatchObject({ packages: [{ name: 'own', sets: flags.length + 1 }] });
  expect((await fetch(new URL('/sets', url))).status).toBe(200);
  const after = await derived();
  expect(after).toEqual(expect.arrayContaining(before));
  expect(after.map(({ isSigned }) => isSigned)).toEqual(Array(before.length + 2).fill(true));
  await registry.stop();
});

test('other bytes than the set pins are not stored', async () => {
  const starting = startLocalRegistry({ documents, buildWheel: async () => makeWheel('other', '1.0') });
  await expect(starting).rejects.toThrow(`The given ${filename} has the SHA-256`);
});

test('a registry whose D1 was restored from an older backup is not seeded over', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinwheel-older-'));
  const buildWheel = async () => bytes;
  const start = () => startLocalRegistry({ persist: folder, documents, buildWheel });
  const registry = await start();
  const db = await registry.miniflare.getD1Database('DB');
  const { revision } = (await db
    .prepare('select max(revision) as revision from publications')
    .first<{ revision: number }>())!;
  await db.prepare('delete from publications where revision = ?').bind(revision).run();
  await registry.stop();
  await expect(start()).rejects.toThrow(
    `D1 ends at revision ${revision - 1}, but R2 has noted revision ${revision}; a newer backup`,
  );
  await rm(folder, { recursive: true, force: true });
});

test('what an operator published, announced or withdrew since the last seed stays, and what is new follows it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinwheel-seed-again-'));
  const pin = { filename: 'a-1.0-py3-none-any.whl', sha256: 'a'.repeat(64), url: 'https://a.example.com/a' };
  const pure = (day: string) => packageSetOf([pin], `python_3.13_packages_${day.replaceAll('-', '_')}`);
  const pythons = documents.slice(0, -flags.length);
  const python = pythons[0]!.document as PythonDocument;
  const document = { ...python, supported_until: '2990-01-01' };
  const announcement = { kind: 'announcement', takes_effect: '2989-01-01', document } as const;
  const withdrawal = { kind: 'withdrawal', revision: pythons.length + 1, reason: 'It waits.' } as const;
  const released = { document: pure('2026-11-04'), published: '2026-11-04' };
  const early = pure('2026-11-03');
  const logAfter = async (seeded: readonly PublishedDocument[]) => {
    const registry = await startLocalRegistry({ persist: folder, documents: seeded });
    const answer = await (await fetch(new URL('/v1/log', registry.url))).json();
    await registry.stop();
    return (answer as { publications: Publication[] }).publications;
  };
  const data = [...pythons, { document: announcement, published: '2026-11-03' }];
  const before = await logAfter([
    ...data,
    { document: withdrawal, published: '2026-11-05' },
    { document: pure('2026-11-05'), published: '2026-11-06' },
    {
      document: { kind: 'announcement', takes_effect: '2989-01-01', document: early },
      published: '2026-11-06',
    },
  ]);
  const after = await logAfter([...data, { document: early, published: '2026-11-03' }, released]);
  expect(after.slice(0, -1)).toEqual(before);
  expect(after.at(-1)).toMatchObject({ subject: released.document.flag, published: '2026-11-06' });
  await rm(folder, { recursive: true, force: true });
});
