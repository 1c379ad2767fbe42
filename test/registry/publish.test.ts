import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { beforeAll, describe, expect, test } from 'vitest';
import dataCatalog from '../../data/catalog.json';
import { publish } from '../../registry/publish/publish.ts';
import { readCatalog, readHeadRevision } from '../../registry/storage/catalog.ts';
import { readSetDocument } from '../../registry/storage/documents.ts';
import { readPins, readVersions, searchPackages } from '../../registry/storage/packages.ts';
import type { Catalog, PackageSet } from '../../resolver/catalog.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { dataLog, documentOf, seed } from './seed.ts';

const lastSet = dataLog.findLast((entry) => entry.kind === 'set')!;
let catalog: Catalog;

beforeAll(async () => {
  catalog = await seed();
});

describe('the seed', () => {
  test('gives the revisions, digests and facts that the command line carries', async () => {
    expect(await readCatalog(drizzle(env.DB))).toEqual(dataCatalog);
    expect(catalog).toEqual(dataCatalog);
  });

  test('stores every set under its digest, as canonical JSON', async () => {
    for (const { document, subject } of dataLog.filter((entry) => entry.kind === 'set')) {
      const text = await readSetDocument(env.STORE, document);
      expect(await sha256(text), subject).toBe(document);
      expect(canonicalJson(JSON.parse(text)), subject).toBe(text);
    }
  });

  test('changes nothing when it is sown again', async () => {
    const before = await readHeadRevision(drizzle(env.DB));
    await seed();
    expect(await readHeadRevision(drizzle(env.DB))).toBe(before);
  });
});

describe('publish', () => {
  test('refuses other content under the name of a published set', async () => {
    const set = documentOf(lastSet) as PackageSet;
    const outcome = await publish(env, catalog, { ...set, packages: set.packages.slice(1) }, '2026-11-20');
    expect(outcome).toMatchObject({ ok: false, issues: [{ code: 'set_exists' }] });
    expect(await readHeadRevision(drizzle(env.DB))).toBe(catalog.log.length);
  });

  test('lets one of two publishers win, and shows nothing of the other', async () => {
    const set = documentOf(lastSet) as PackageSet;
    const [first, second] = ['python_3.14_packages_2099_01_01', 'python_3.14_packages_2099_01_02'].map(
      (flag) => ({ ...set, flag, released: flag.slice(-10).replaceAll('_', '-') }),
    );
    const outcomes = await Promise.allSettled([
      publish(env, catalog, first!, '2026-11-20', { absent: 'later' }),
      publish(env, catalog, second!, '2026-11-20', { absent: 'later' }),
    ]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    const now = await readCatalog(drizzle(env.DB));
    expect(now.log.length).toBe(catalog.log.length + 1);
    expect(now.sets.length).toBe(catalog.sets.length + 1);
    const winner = now.sets.at(-1)!.flag;
    const versions = await readVersions(drizzle(env.DB), 'numpy', now.log.length);
    expect(versions.filter(({ flag }) => flag.includes('2099')).map(({ flag }) => flag)).toEqual([winner]);
  });

  test('never shows a document that is not what its digest says', async () => {
    const key = `documents/${lastSet.document}.json`;
    const good = await (await env.STORE.get(key))!.text();
    await env.STORE.put(key, good.replace('"numpy"', '"nunpy"'));
    await expect(readSetDocument(env.STORE, lastSet.document)).rejects.toThrow('corrupted');
    await env.STORE.put(key, good);
  });
});

describe('packages across sets', () => {
  test('every pin of a name, the oldest set first', async () => {
    const pins = (await readPins(drizzle(env.DB), ['fastapi'])).get('fastapi')!;
    expect(pins[0]).toEqual({ flag: 'python_3.12_packages_2024_08_29', version: '0.110.0' });
    expect(pins).toContainEqual({ flag: 'python_3.13_packages_2025_08_08', version: '0.116.1' });
  });

  test('a search finds what begins with the query first', async () => {
    const { total, packages } = await searchPackages(drizzle(env.DB), 'pydantic', dataLog.length, 2);
    expect(packages.map(({ name }) => name)).toEqual(['pydantic', 'pydantic-core']);
    expect(total).toBeGreaterThanOrEqual(2);
  });

  test('a search of any revision tells what the members of its sets tell', async () => {
    const members = await env.DB.prepare(
      'select name, version, released, flag, revision from set_members join sets on flag = set_flag',
    ).all<{ name: string; version: string; released: string; flag: string; revision: number }>();
    for (const query of ['', 'py', 'numpy', 'lib-', 'nothing-like-it']) {
      for (const revision of [1, dataLog.length >> 1, dataLog.length]) {
        const rows = members.results.filter((row) => row.revision <= revision && row.name.includes(query));
        const expected = [...Map.groupBy(rows, ({ name }) => name)].map(([name, all]) => ({
          name,
          sets: all.length,
          versions: new Set(all.map(({ version }) => version)).size,
          newest_flag: all.toSorted((a, b) => (a.released + a.flag < b.released + b.flag ? 1 : -1))[0]!.flag,
        }));
        const found = await searchPackages(drizzle(env.DB), query, revision, 2_000);
        const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
        expect(found.total).toBe(expected.length);
        expect(found.packages.toSorted(byName)).toEqual(expected.sort(byName));
      }
    }
  });

  test('the counts that a migration makes of what was published before are those of publishing', async () => {
    const migration = env.MIGRATIONS.flatMap(({ queries }) => queries).find((query) =>
      query.startsWith('INSERT INTO `package_counts`'),
    )!;
    const counts = migration.slice(migration.indexOf('SELECT'));
    const [made, written] = await Promise.all([
      env.DB.prepare(counts.replace(/;\s*$/, '')).raw(),
      env.DB.prepare('select * from package_counts').raw(),
    ]);
    const sorted = (rows: unknown[][]) => rows.map((row) => row.join(' ')).sort();
    expect(sorted(made)).toEqual(sorted(written));
    expect(made.length).toBeGreaterThan(1_000);
  });

  test('wildcards of SQL mean nothing in a query', async () => {
    expect(await searchPackages(drizzle(env.DB), '%', dataLog.length, 10)).toEqual({
      total: 0,
      packages: [],
    });
  });
});
