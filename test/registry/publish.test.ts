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

  test('wildcards of SQL mean nothing in a query', async () => {
    expect(await searchPackages(drizzle(env.DB), '%', dataLog.length, 10)).toEqual({
      total: 0,
      packages: [],
    });
  });
});
