/** Seeding a registry with a set that pins a wheel of Pinwheel's own. */

import { hash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readStoredHead } from '../../registry/storage/signed-head.ts';
import type { Publication, PythonDocument } from '../../resolver/catalog.ts';
import { wheelPath } from '../../resolver/closure/prepare.ts';
import { isSigned } from '../../resolver/log/entries.ts';
import { readSigner } from '../../resolver/log/note.ts';
import { loadDocuments, type PublishedDocument } from '../../scripts/import/data-files.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { type BuildWheel, seed } from '../../scripts/seed.ts';
import { newFolder } from '../common/own.ts';
import { PINWHEEL_PATCH, packageSetOf } from '../test-set.ts';
import { makeSoundWheel, makeWheel, metadataOf } from '../zip.ts';

const persist = newFolder();

const bytes = await makeSoundWheel('own', '1.0+pinwheel.1');
const filename = 'own-1.0+pinwheel.1-py3-none-any.whl';
const pin = {
  filename,
  sha256: hash('sha256', bytes),
  size: bytes.length,
  url: null,
  patched: PINWHEEL_PATCH,
};
const flags = ['python_3.13_packages_2026_11_01', 'python_3.13_packages_2026_11_02'];
const documents = [
  ...(await loadDocuments()).filter(({ document }) => document.kind === 'python'),
  ...flags.map((flag) => ({ document: packageSetOf([pin], flag), day: '2026-11-02' })),
];

async function withRegistry(buildWheel: BuildWheel, use: (registry: LocalRegistry) => Promise<void>) {
  const registry = await startLocalRegistry({ persist, documents, buildWheel });
  await use(registry).finally(() => registry.stop());
}

/** The registry's answer at `path` below the address of the wheel. */
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

test('what D1 and R2 lost of documents, and of what follows from them, is made again', async () => {
  const folder = newFolder();
  const start = () => startLocalRegistry({ persist: folder, documents, buildWheel: async () => bytes });
  const readAll = async ({ miniflare }: LocalRegistry) => {
    const STORE = (await miniflare.getR2Bucket('STORE')) as unknown as R2Bucket;
    const DB = await miniflare.getD1Database('DB');
    const { newest } = (await readStoredHead(STORE, null))!;
    const table = `documents/${newest.index.files}.json`;
    const pins = (await DB.prepare('select * from pins order by set_flag, name').all()).results;
    return { STORE, DB, newest, table, text: await (await STORE.get(table))!.text(), pins };
  };
  const first = await start();
  const { STORE, DB, table, ...before } = await readAll(first);
  const health = async ({ url }: LocalRegistry) => {
    const response = await fetch(new URL('/healthz?strict', url));
    const { degraded } = (await response.json()) as { degraded: string[] };
    return [response.status, ...degraded];
  };
  expect(await health(first)).toEqual([200]);
  const { digest } = before.newest.index.sets[0]!;
  await STORE.delete(`documents/${digest}.json`);
  expect(await health(first)).toEqual([503, 'documents_missing']);
  await STORE.delete([table, 'head.json']);
  await DB.prepare('delete from pins where set_flag = ?').bind(flags[0]!).run();
  await first.stop();
  const second = await start();
  const { newest, text, pins } = await readAll(second);
  // Its head is signed now, and so has another time and signature.
  const unsigned = ({ checkpoint, ...head }: typeof newest) => ({
    ...head,
    signed: checkpoint?.split('\ntime ')[0],
  });
  expect({ newest: unsigned(newest), text, pins }).toEqual({ ...before, newest: unsigned(before.newest) });
  expect(await health(second)).toEqual([200]);
  expect((await fetch(new URL(`/v1/documents/${digest}`, second.url))).status).toBe(200);
  await second.stop();
});

test('a seed without the key of the log changes nothing that the key has signed, and the Worker continues it', async () => {
  const registry = await startLocalRegistry({ documents, buildWheel: async () => bytes });
  const { miniflare, logKey, url } = registry;
  const DB = await miniflare.getD1Database('DB');
  const STORE = (await miniflare.getR2Bucket('STORE')) as unknown as R2Bucket;
  const key = (await readSigner(logKey))!;
  const head = async () => (await readStoredHead(STORE, key))!.newest;
  const before = await head();
  const next = { document: packageSetOf([pin], 'python_3.13_packages_2026_11_03'), day: '2026-11-03' };
  await seed(
    { DB, STORE },
    [...documents, next],
    async () => bytes,
    () => {},
  );
  expect(await head()).toEqual(before);

  const search = async () => (await fetch(new URL('/v1/packages?query=own', url))).json();
  await expect.poll(search).toMatchObject({ packages: [{ name: 'own', sets: flags.length + 1 }] });
  expect((await fetch(new URL('/sets', url))).status).toBe(200);
  const after = await head();
  expect(after.publication.revision).toBe(before.publication.revision + 1);
  expect(await isSigned(after, key)).toBe(true);
  await registry.stop();
});

test('a registry whose key is gone makes no other one, and says what to do', async () => {
  const folder = newFolder();
  const start = () => startLocalRegistry({ persist: folder, documents, buildWheel: async () => bytes });
  await (await start()).stop();
  const file = join(folder, 'log-key.txt');
  await rename(file, `${file}.copy`);
  await expect(start()).rejects.toThrow('is gone. Put a copy of it there');
  await rename(`${file}.copy`, file);
  await (await start()).stop();
});

test('other bytes than the set pins are not stored', async () => {
  const starting = startLocalRegistry({ documents, buildWheel: async () => makeWheel('other', '1.0') });
  await expect(starting).rejects.toThrow(`The given ${filename} has the SHA-256`);
});

test('a registry whose D1 was restored from an older backup is not seeded over', async () => {
  const folder = newFolder();
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
    `D1 ends at revision ${revision - 1}, but R2 has signed revision ${revision}; nothing can be published before npm run rebuild`,
  );
});

test('what an operator published, announced or withdrew since the last seed stays, and what is new follows it', async () => {
  const folder = newFolder();
  const pin = {
    filename: 'a-1.0-py3-none-any.whl',
    sha256: 'a'.repeat(64),
    url: 'https://files.pythonhosted.org/a',
  };
  const pure = (day: string) => packageSetOf([pin], `python_3.13_packages_${day.replaceAll('-', '_')}`);
  const pythons = documents.slice(0, -flags.length);
  const python = pythons[0]!.document as PythonDocument;
  const document = { ...python, supported_until: '2990-01-01' };
  const announcement = { kind: 'announcement', takes_effect: '2989-01-01', document } as const;
  const withdrawal = { kind: 'withdrawal', revision: pythons.length + 1, reason: 'It waits.' } as const;
  const released = { document: pure('2026-11-04'), day: '2026-11-04' };
  const early = pure('2026-11-03');
  const logAfter = async (seeded: readonly PublishedDocument[]) => {
    const registry = await startLocalRegistry({ persist: folder, documents: seeded });
    const answer = await (await fetch(new URL('/v1/log', registry.url))).json();
    await registry.stop();
    return (answer as { publications: Publication[] }).publications;
  };
  const data = [...pythons, { document: announcement, day: '2026-11-03' }];
  const before = await logAfter([
    ...data,
    { document: withdrawal, day: '2026-11-05' },
    { document: pure('2026-11-05'), day: '2026-11-06' },
    {
      document: { kind: 'announcement', takes_effect: '2989-01-01', document: early },
      day: '2026-11-06',
    },
  ]);
  const after = await logAfter([...data, { document: early, day: '2026-11-03' }, released]);
  expect(after.slice(0, -1)).toEqual(before);
  expect(after.at(-1)).toMatchObject({ name: released.document.flag, day: '2026-11-06' });
});
