/** The log vouches for every answer: any change of the storage is detected before it is served. */
import { createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bindings } from '../../registry/env.ts';
import { historyOf } from '../../registry/storage/history.ts';
import { integrate, LogForked } from '../../registry/storage/log-files.ts';
import { readNewest } from '../../registry/storage/newest.ts';
import worker from '../../registry/worker.ts';
import { fromBase64 } from '../../resolver/bytes.ts';
import type { Catalog, CatalogSet, PackageSet } from '../../resolver/catalog.ts';
import { viewCatalog } from '../../resolver/compatibility/view.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { openCheckpoint, signCheckpoint } from '../../resolver/log/checkpoint.ts';
import { logTree } from '../../resolver/log/entries.ts';
import { generateNoteKey, readSigner, readVerifier } from '../../resolver/log/note.ts';
import { readEntryBundle } from '../../resolver/log/tiles.ts';
import { catalogAt } from '../../resolver/publication.ts';
import { ask, askJson, gone } from './client.ts';
import { dataLog, documentOf, seed } from './seed.ts';

/** Pythons, sets and two workerds, of which the second embeds packages. */
const COUNT = 14;
/** A package for each column that is changed. */
const MEMBERS: Record<string, string> = {
  ...{ version: 'attrs', filename: 'numpy', url: 'certifi', sha256: 'click', patched_by: 'idna' },
  ...{ proof: 'packaging', place: 'six', kind: 'pytz', size: 'jinja2' },
};
let catalog: Catalog;
const head = () => catalog.log.at(-1)!;

beforeAll(async () => {
  catalog = await seed(COUNT);
});
beforeEach(() => {
  for (const level of ['error', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});

const run = (query: string) => env.DB.prepare(query).run();

/** Changes a column of some rows, and returns a function that restores it. */
async function changeColumn(table: string, column: string, value: unknown, where: string) {
  const rows = await env.DB.prepare(`select rowid as id, ${column} as was from ${table} where ${where}`).all<{
    id: number;
    was: unknown;
  }>();
  expect(rows.results.length).toBeGreaterThan(0);
  await env.DB.prepare(`update ${table} set ${column} = ? where ${where}`).bind(value).run();
  return () =>
    env.DB.batch(
      rows.results.map(({ id, was }) =>
        env.DB.prepare(`update ${table} set ${column} = ? where rowid = ?`).bind(was, id),
      ),
    );
}

/** The result of `work` while one bit of an object in R2 is flipped. */
async function withFlipped<Given>(key: string, work: () => Promise<Given>): Promise<Given> {
  const object = (await env.STORE.get(key))!;
  const good = new Uint8Array(await object.arrayBuffer());
  const bad = good.slice();
  bad[bad.length >> 1]! ^= 1;
  await env.STORE.put(key, bad);
  try {
    return await work();
  } finally {
    await env.STORE.put(key, good);
  }
}

describe('documents', () => {
  test('of all kinds are served by their digests, and so is the catalog of every revision', async () => {
    for (const entry of catalog.log) {
      const response = await ask(`/v1/documents/${entry.document}`);
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect(await response.text()).toBe(canonicalJson(documentOf(entry)));
      const facts = await (await ask(`/v1/documents/${entry.catalog}`)).text();
      expect(await sha256(facts)).toBe(entry.catalog);
      const { log, ...rest } = catalogAt(catalog, entry.revision);
      expect(JSON.parse(facts)).toEqual({ log: log.slice(0, -1), ...rest });
    }
  });

  test('that no entry names are unknown, and a changed one is not served', async () => {
    expect((await ask(`/v1/documents/${'0'.repeat(64)}`)).status).toBe(404);
    expect((await ask('/v1/documents/..%2Fhead')).status).toBe(404);
    for (const { document } of [catalog.log[0]!, catalog.log[1]!]) {
      const response = await withFlipped(`documents/${document}.json`, () =>
        ask(`/v1/documents/${document}`),
      );
      expect(response.status).toBe(503);
    }
  });
});

describe('a changed row', () => {
  const withoutR2: Bindings = { ...env, STORE: gone('R2') };

  test.each([
    ['flags', 'enable_date', '2020-01-01'],
    ['runtimes', 'python', '3.14.0'],
    ['pythons', 'supported_until', '2099-01-01'],
    ['sets', 'default_from', '2020-01-01'],
    ['package_locks', 'sha256', 'aa'],
    ['publications', 'published', '2020-01-01'],
  ])('of %s decides nothing', async (table, column, value) => {
    const undo = await changeColumn(table, column, value, table === 'publications' ? 'revision = 2' : '1');
    expect((await readNewest(env)).catalog).toEqual(catalog);
    await expect(readNewest(withoutR2)).rejects.toThrow('not those that the log vouches for');
    await undo();
    expect(await readNewest(withoutR2)).toEqual({ catalog, troubles: ['r2_unreachable'] });
  });

  test('of the newest publication is replaced by the head in R2', async () => {
    await run(`update publications set subject = 'x' where revision = ${COUNT}`);
    expect(await readNewest(env)).toEqual({ catalog, troubles: ['d1_changed'] });
    await run(`update publications set subject = '${head().subject}' where revision = ${COUNT}`);
    expect(await readNewest(env)).toEqual({ catalog, troubles: [] });
  });

  test.each(['version', 'filename', 'url', 'sha256', 'patched_by', 'proof', 'place', 'kind', 'size'])(
    "of a set's member is detected by its %s",
    async (column) => {
      await ask('/v1/log');
      const view = viewCatalog(catalog);
      if (!view.ok) throw new Error('no view');
      // Earlier look-ups are cached.
      const name = MEMBERS[column]!;
      const undo = await changeColumn(
        'set_members',
        column,
        column === 'place' || column === 'size' ? 1000 : 'pinwheel',
        `name = '${name}'`,
      );
      await expect(historyOf(env, view.value, name)).rejects.toThrow('not the one that the log vouches for');
      expect((await ask(`/v1/packages/${name}`)).status).toBe(503);
      await undo();
      expect((await historyOf(env, view.value, name)).length).toBeGreaterThan(0);
    },
  );
});

describe('the row that pins a wheel', () => {
  const pins = "name = 'micropip' and filename like '%.whl'";
  async function status(): Promise<number> {
    vi.resetModules();
    const { ask } = await import('./client.ts');
    return (await ask(path)).status;
  }
  let path: string;
  beforeAll(async () => {
    const row = await env.DB.prepare(`select * from set_members where ${pins} limit 1`).first<MemberRow>();
    path = `/wheels/${row!.sha256}/${row!.filename}`;
    // Nothing can be fetched here.
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('offline'));
  });
  afterAll(() => vi.restoreAllMocks());
  interface MemberRow {
    sha256: string;
    filename: string;
  }

  test.each(['sha256', 'filename', 'name'])(
    'is not said to be missing if its %s was changed',
    async (column) => {
      expect(await status()).toBe(502);
      const [, , hash] = path.split('/');
      const undo = await changeColumn('set_members', column, 'another', `sha256 = '${hash}'`);
      expect(await status()).toBe(503);
      await undo();
      expect(await status()).toBe(502);
      expect((await ask(path.replace('micropip', 'another'))).status).toBe(404);
    },
  );
});

/** The first row of a table with its id, and a function that replaces it. */
async function firstRow(table: string, where = 'true') {
  const { results } = await env.DB.prepare(
    `select rowid as rowid, * from ${table} where ${where} limit 1`,
  ).all();
  const { rowid, ...row } = results[0]!;
  const columns = Object.keys(row);
  const names = columns.map((name) => `"${name}"`).join(', ');
  const insert = (values: object, place: unknown = null) =>
    env.DB.prepare(`insert into ${table} (rowid, ${names}) values (?, ${columns.map(() => '?').join(', ')})`)
      .bind(place, ...Object.values(values))
      .run();
  return { row, key: columns[0]!, insert, putBack: () => insert(row, rowid) };
}

describe('a row that was added', () => {
  const withoutR2: Bindings = { ...env, STORE: gone('R2') };

  test.each(['flags', 'runtimes', 'pythons', 'sets', 'package_locks'])(
    'to %s decides nothing',
    async (table) => {
      const { row, key, insert } = await firstRow(table);
      await insert({ ...row, [key]: 'another' });
      expect((await readNewest(env)).catalog).toEqual(catalog);
      await expect(readNewest(withoutR2)).rejects.toThrow('not those that the log vouches for');
      await run(`delete from ${table} where "${key}" = 'another'`);
      expect(await readNewest(withoutR2)).toEqual({ catalog, troubles: ['r2_unreachable'] });
    },
  );

  test('to publications is ignored in favour of the head in R2', async () => {
    const { row, insert } = await firstRow('publications');
    await insert({ ...row, revision: COUNT + 1, digest: 'another' }, COUNT + 1);
    expect(await readNewest(env)).toEqual({ catalog, troubles: ['d1_changed'] });
    await expect(readNewest(withoutR2)).rejects.toThrow('D1 could not be read');
    await run("delete from publications where digest = 'another'");
  });

  test('to yanks decides nothing', async () => {
    const { flag } = catalog.sets[0]!;
    await run(
      `insert into yanks (subject, reason, "from", revision) values ('${flag}', 'none', '2020-01-01', ${COUNT})`,
    );
    expect((await readNewest(env)).catalog).toEqual(catalog);
    await expect(readNewest(withoutR2)).rejects.toThrow('not those that the log vouches for');
    await run('delete from yanks');
  });
});

describe('a row that is missing', () => {
  const withoutR2: Bindings = { ...env, STORE: gone('R2') };
  const member = { set_flag: '', name: 'micropip' };
  beforeAll(() => {
    member.set_flag = catalog.sets[0]!.flag;
  });
  const where = () => `set_flag = '${member.set_flag}' and name = '${member.name}'`;

  test.each(['flags', 'runtimes', 'pythons', 'package_locks', 'publications'])(
    'from %s decides nothing',
    async (table) => {
      const { row, key, putBack } = await firstRow(table);
      await env.DB.prepare(`delete from ${table} where "${key}" = ? and revision = ?`)
        .bind(row[key], row.revision)
        .run();
      expect((await readNewest(env)).catalog).toEqual(catalog);
      await expect(readNewest(withoutR2)).rejects.toThrow('not those that the log vouches for');
      await putBack();
      expect(await readNewest(withoutR2)).toEqual({ catalog, troubles: ['r2_unreachable'] });
    },
  );

  test("of a set's member is detected, if it was deleted or has another name", async () => {
    vi.resetModules();
    const { ask } = await import('./client.ts');
    const { historyOf, sourceOf } = await import('../../registry/storage/history.ts');
    await ask('/v1/log');
    const view = viewCatalog(catalog);
    if (!view.ok) throw new Error('no view');
    const pins = async () => (await sourceOf(env, view.value).readPins([member.name])).get(member.name);
    const found = await pins();
    for (const change of ['delete from set_members', "update set_members set name = 'another'"]) {
      const { putBack } = await firstRow('set_members', where());
      await run(`${change} where ${where()}`);
      await expect(historyOf(env, view.value, member.name)).rejects.toThrow('not those that the log');
      expect((await ask(`/v1/packages/${member.name}`)).status).toBe(503);
      // Pins are not read from D1 while the table of packages is there.
      expect(await pins()).toEqual(found);
      await run(`delete from set_members where set_flag = '${member.set_flag}' and name = 'another'`);
      await putBack();
    }
    const versions = await historyOf(env, view.value, member.name);
    expect(versions.map(({ flag, version }) => ({ flag, version }))).toEqual(found);
    expect(found!.length).toBe(catalog.sets.length);
    for (const lost of [{ DB: gone('D1') }, { STORE: gone('R2') }] as Partial<Bindings>[]) {
      vi.resetModules();
      await (await import('./client.ts')).ask('/v1/log');
      const { sourceOf } = await import('../../registry/storage/history.ts');
      const source = sourceOf({ ...env, ...lost }, view.value);
      expect((await source.readPins([member.name])).get(member.name)).toEqual(found);
    }
  });

  test.each([
    ['name', 'another'],
    ['version', '9.9'],
    ['kind', 'shared_library'],
    ['filename', 'micropip.tar'],
  ])("of a set's member by its %s is detected by lists of all members", async (column, value) => {
    const view = viewCatalog(catalog);
    if (!view.ok) throw new Error('no view');
    // Without what publishing stored of them, and without the documents, a new isolate reads them from D1.
    vi.resetModules();
    const { pinnedFilesOf } = await import('../../registry/storage/history.ts');
    const get = (key: string) => (key.startsWith('versions/') ? env.STORE.get(key) : Promise.resolve(null));
    const STORE = { get, put: () => Promise.reject(new Error('not stored')) } as never;
    const undo = await changeColumn('set_members', column, value, where());
    const shown = pinnedFilesOf({ ...env, STORE }, view.value);
    await expect(shown).rejects.toThrow('not those that the log vouches for');
    await undo();
    expect(await pinnedFilesOf({ ...env, STORE }, view.value)).not.toEqual([]);
  });
});

describe('a changed object', () => {
  test('that is the catalog is replaced by the rows of D1', async () => {
    const found = await withFlipped(`documents/${head().catalog}.json`, () => readNewest(env));
    expect(found).toEqual({ catalog, troubles: ['catalog_missing'] });
  });

  test('that is the stored head is not accepted', async () => {
    const work = () => readNewest({ ...env, DB: gone('D1') });
    await expect(withFlipped('head.json', work)).rejects.toThrow('D1 could not be read');
    expect(await work()).toEqual({ catalog, troubles: ['d1_unreachable'] });
  });

  test.each([`tile/0/000.p/${COUNT}`, `tile/entries/000.p/${COUNT}`])(
    'that is a tile is not served: %s',
    async (path) => {
      const whole = async () => new Uint8Array(await (await ask(`/log/${path}`)).arrayBuffer());
      const good = await whole();
      expect(new Uint8Array(await (await env.STORE.get(`log/${path}`))!.arrayBuffer())).toEqual(good);
      expect(await withFlipped(`log/${path}`, whole)).toEqual(good);
    },
  );

  test('that is a set gives no answer', async () => {
    const { digest, flag } = catalog.sets[0]!;
    const question = `/v1/resolve?flag=${flag}&requirement=numpy`;
    const response = await withFlipped(`documents/${digest}.json`, () => ask(question));
    expect(await response.json()).toMatchObject({ status: 503, code: 'storage_unavailable' });
    expect((await ask(question)).status).toBe(200);
  });

  describe('that is the table of packages', () => {
    type Counts = { name: string; sets: number }[];
    type Table = [name: string, pins: [version: string, kind: string, file: string, sets: string][]][];
    /** Each test uses a table that this isolate has not read. */
    let older = 0;

    /** The table that publishing the n-th set from the end stored. */
    async function storedTable(fromEnd: number) {
      const sets = catalog.sets.slice(0, catalog.sets.length - fromEnd);
      const key = `versions/${await sha256(sets.map(({ digest }) => digest).join('\n'))}`;
      return { sets, key, good: await (await env.STORE.get(key))!.text() };
    }

    /** Searches the sets, and compares the results with their documents. */
    async function expectTrueCounts(sets: CatalogSet[], query: string): Promise<void> {
      const revision = sets.at(-1)!.revision;
      const { packages } = await askJson<{ packages: Counts }>(
        `/v1/packages?query=${query}&revision=${revision}`,
      );
      expect(packages.length).toBeGreaterThan(3);
      const documents = sets.map((set) => documentOf(catalog.log[set.revision - 1]!) as PackageSet);
      for (const found of packages) {
        const having = documents.filter((set) => set.packages.some(({ name }) => name === found.name));
        expect(found.sets, found.name).toBe(having.length);
      }
    }

    test('is derived again from the documents of the sets', async () => {
      const { sets, key, good } = await storedTable(0);
      await withFlipped(key, async () => {
        await expectTrueCounts(sets, 'py');
        expect(await (await env.STORE.get(key))!.text()).toBe(good);
      });
    });

    test.each([
      ['another signature', (json: string, note: string[]) => `${json}\n${note.join('\n')}`],
      [
        'no signature',
        (json: string, note: string[], hash: string) => `${[json, ...note.slice(0, 2), hash].join('\n')}\n`,
      ],
      ['nothing behind it', (json: string) => json],
      ['nothing in it', () => ''],
    ])('is not accepted with other counts and %s', async (_, forge) => {
      const { sets, key, good } = await storedTable(++older);
      const [json = '', ...note] = good.split('\n');
      const table = JSON.parse(json) as Table;
      for (const [, pins] of table) pins[0]![3] += ',99';
      const forged = JSON.stringify(table);
      await env.STORE.put(key, forge(forged, note, await sha256(forged)));
      await expectTrueCounts(sets, 'py');
      expect(await (await env.STORE.get(key))!.text()).toBe(good);
    });

    test('is not accepted instead of another one', async () => {
      const { sets, key, good } = await storedTable(++older);
      await env.STORE.put(key, (await storedTable(0)).good);
      await expectTrueCounts(sets, 'py');
      expect(await (await env.STORE.get(key))!.text()).toBe(good);
    });
  });

  test('that is the checkpoint is neither served nor replaced', async () => {
    const [response, health] = await withFlipped('log/checkpoint', async () => [
      await ask('/log/checkpoint'),
      await ask('/healthz'),
    ]);
    expect(await response!.json()).toMatchObject({ status: 503, code: 'log_forked' });
    expect(await health!.json()).toMatchObject({ status: 'degraded', degraded: ['log_forked'] });
    expect(await askJson('/healthz')).toMatchObject({ status: 'ok', degraded: [] });
  });
});

describe('the files of the log', () => {
  test('are a signed head, the hashes and the entries', async () => {
    const key = (await readVerifier(await (await ask('/log/key')).text()))!;
    const response = await ask('/log/checkpoint');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const checkpoint = (await openCheckpoint(await response.text(), key))!;
    const tree = await logTree(catalog.log);
    const { signed, ...rest } = checkpoint;
    expect(rest).toEqual({ origin: 'pinwheel.test/log', size: COUNT, root: tree.root });
    expect(Date.now() - signed!).toBeLessThan(86_400_000);
    const bundle = await ask(`/log/tile/entries/000.p/${COUNT}`);
    expect(bundle.headers.get('content-type')).toBe('application/octet-stream');
    expect(bundle.headers.get('cache-control')).toContain('immutable');
    const entries = readEntryBundle(new Uint8Array(await bundle.arrayBuffer()))!;
    expect(entries.map((entry) => JSON.parse(new TextDecoder().decode(entry)))).toEqual(catalog.log);
    const hashes = new Uint8Array(await (await ask(`/log/tile/0/000.p/${COUNT}`)).arrayBuffer());
    expect(hashes.length).toBe(COUNT * 32);
    for (const path of ['0/000', `0/000.p/${COUNT + 1}`, '1/000.p/1', '0/..%2f..%2fhead.json', '']) {
      expect((await ask(`/log/tile/${path}`)).status, path).toBe(404);
    }
    expect((await ask('/log/checkpoint', { method: 'POST' })).status).toBe(405);
  });

  test('that R2 lacks are derived from the log', async () => {
    const path = `tile/0/000.p/${COUNT}`;
    const stored = await (await env.STORE.get(`log/${path}`))!.arrayBuffer();
    await env.STORE.delete(`log/${path}`);
    expect(await (await ask(`/log/${path}`)).arrayBuffer()).toEqual(stored);
    await env.STORE.delete('log/checkpoint');
    expect((await ask('/log/checkpoint')).status).toBe(200);
  });

  test('are not signed without a key, or with an invalid one', async () => {
    expect(await (await ask('/log/checkpoint', {}, { ...env, LOG_KEY: '' })).json()).toMatchObject({
      code: 'no_checkpoint',
    });
    for (const path of ['/log/checkpoint', '/log/key', '/log/proof/1']) {
      const response = await ask(path, {}, { ...env, LOG_KEY: 'nonsense' });
      expect([response.status, (await response.json<{ code: string }>()).code], path).toEqual([
        503,
        'storage_unavailable',
      ]);
    }
  });

  test.each([
    ['lost', ''],
    ['no key', 'nonsense'],
  ])('have a key that is %s: the health says so, and questions are answered', async (_, LOG_KEY) => {
    const without = { ...env, LOG_KEY };
    expect((await ask('/v1/target?flag=python_3.12_packages_2024_11_15', {}, without)).status).toBe(200);
    expect(await (await ask('/healthz', {}, without)).json()).toMatchObject({
      status: 'degraded',
      degraded: ['log_key_missing'],
    });
    expect(await (await ask('/healthz')).json()).toMatchObject({ status: 'ok' });
  });

  test('are signed by another key, if the head of the first is deleted', async () => {
    const first = await (await env.STORE.get('log/checkpoint'))!.text();
    const { signing, verifying } = await generateNoteKey('pinwheel.test/log');
    const other = { ...env, LOG_KEY: signing };
    const askOther = (path: string) => ask(path, {}, other);
    expect(await (await askOther('/log/checkpoint')).json()).toMatchObject({ code: 'log_forked' });
    await env.STORE.delete('log/checkpoint');
    const note = await (await askOther('/log/checkpoint')).text();
    const checkpoint = await openCheckpoint(note, (await readVerifier(verifying))!);
    expect(checkpoint).toMatchObject({ size: COUNT, root: (await logTree(catalog.log)).root });
    expect((await askOther(`/log/proof/${COUNT}`)).status).toBe(200);
    expect(await (await askOther('/healthz')).json()).toMatchObject({ status: 'ok', degraded: [] });
    await env.STORE.put('log/checkpoint', first);
  });

  test('are signed again once the signature is a day old, by the scheduled look', async () => {
    const key = (await readSigner((env as Bindings).LOG_KEY!))!;
    const tree = await logTree(catalog.log);
    const read = async () => openCheckpoint(await (await ask('/log/checkpoint')).text(), key);
    const scheduled = () => worker.scheduled(createScheduledController(), env);
    const yesterday = Math.floor(Date.now() / 1000) * 1000 - 86_400_000;
    await env.STORE.put('log/checkpoint', await signCheckpoint(tree, key, yesterday));
    expect((await read())!.signed).toBe(yesterday);
    await scheduled();
    const again = (await read())!;
    expect(again).toMatchObject({ size: COUNT, root: tree.root });
    expect(again.signed).toBeGreaterThan(yesterday + 86_000_000);
    const { etag } = (await env.STORE.head('log/checkpoint'))!;
    await scheduled();
    expect((await env.STORE.head('log/checkpoint'))!.etag).toBe(etag);

    // A D1 behind the signed head is not signed instead.
    const longer = { size: COUNT + 1, root: new Uint8Array(32) };
    const ahead = await signCheckpoint(longer, key, yesterday);
    await env.STORE.put('log/checkpoint', ahead);
    await scheduled();
    expect(await (await env.STORE.get('log/checkpoint'))!.text()).toBe(ahead);
    await env.STORE.put('log/checkpoint', await signCheckpoint(tree, key));
  });

  test('are never signed as the continuation of another log', async () => {
    const forked = { ...catalog, log: catalog.log.with(0, { ...catalog.log[0]!, subject: '3.99' }) };
    await expect(integrate(env, forked)).rejects.toThrow(LogForked);
    await integrate(env, { ...catalog, log: catalog.log.slice(0, -1) });
    const note = await (await ask('/log/checkpoint')).text();
    expect(note.split('\n')[1]).toBe(String(COUNT));
    expect(fromBase64(note.split('\n')[2]!)).toEqual((await logTree(catalog.log)).root);
  });
});

test('a registry whose address is none says so, instead of failing', async () => {
  for (const PUBLIC_URL of ['registry.example', 'registry.example:443', 'ftp://registry.example']) {
    for (const path of ['/', '/v1/log', 'http://127.0.0.1:8787/packages']) {
      const response = await ask(path, {}, { ...env, PUBLIC_URL } as Bindings);
      expect(await response.json(), path).toMatchObject({
        code: 'wrong_public_url',
        detail: expect.stringContaining(`${PUBLIC_URL}, which is not an address`),
      });
    }
  }
});

test('a registry with a local address answers only local requests, and says why', async () => {
  for (const PUBLIC_URL of [
    'http://127.0.0.1:8787',
    'http://localhost',
    'http://[::1]:8787/',
    'http://0.0.0.0:8787',
    'http://[::]:8787',
    // As of the first deployment, before its address is known.
    undefined as unknown as string,
  ]) {
    const bindings: Bindings = { ...env, PUBLIC_URL };
    for (const path of ['/v1/sets', '/', '/healthz', '/nothing']) {
      const response = await ask(`https://registry.example${path}`, {}, bindings);
      expect(response.status).toBe(421);
      expect(await response.text()).toContain('PUBLIC_URL');
    }
    for (const origin of ['http://127.0.0.1:8787', 'http://localhost:1', 'http://[::1]']) {
      expect((await ask(`${origin}/v1/sets`, {}, bindings)).status).toBe(200);
    }
  }
  expect(
    (await ask('http://127.0.0.1.example/v1/sets', {}, { ...env, PUBLIC_URL: 'http://127.0.0.1' })).status,
  ).toBe(421);
});

test('the API and the files have the same log', async () => {
  expect((await askJson<{ publications: unknown }>('/v1/log')).publications).toEqual(catalog.log);
  expect(dataLog.slice(0, COUNT)).toEqual(catalog.log);
});
