import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import dataCatalog from '../../../data/catalog.json';
import { append, publish } from '../../../registry/publish/publish.ts';
import { readDocument } from '../../../registry/storage/documents.ts';
import { findPackages, sourceOf } from '../../../registry/storage/history.ts';
import { readHead } from '../../../registry/storage/ledger.ts';
import { readWhole } from '../../../registry/storage/newest.ts';
import type { Catalog, PackageSet, PythonDocument, RegistryDocument } from '../../../resolver/catalog.ts';
import { canonicalJson, sha256 } from '../../../resolver/digest.ts';
import { isModuleNamed } from '../../../resolver/requirements/name.ts';
import { publishInto } from '../../publish-into.ts';
import { ask } from '../client.ts';
import { dataLog, documentOf, seed, viewOf } from '../seed.ts';

const lastSet = dataLog.findLast((entry) => entry.kind === 'set')!;
let catalog: Catalog;

beforeAll(async () => {
  catalog = await seed();
});

describe('the seed', () => {
  test('has the revisions, digests and facts of the bundled data', async () => {
    expect(await readWhole(env)).toEqual(dataCatalog);
    expect(catalog).toEqual(dataCatalog);
  });

  test('stores every set under its digest, as canonical JSON', async () => {
    for (const { digest: document, name: subject } of dataLog.filter((entry) => entry.kind === 'set')) {
      const text = await readDocument(env.STORE, document);
      expect(await sha256(text), subject).toBe(document);
      expect(canonicalJson(JSON.parse(text)), subject).toBe(text);
    }
  });

  test('changes nothing when it is repeated', async () => {
    const before = await readHead(env.DB);
    await seed();
    expect(await readHead(env.DB)).toEqual(before);
  });
});

describe('publish', () => {
  test('an existing set is rejected with other content, and unchanged with the same', async () => {
    const set = documentOf(lastSet) as PackageSet;
    const other = { ...set, packages: set.packages.slice(1) };
    const outcome = await publish(env, catalog, other, '2026-11-20', { absent: 'later' });
    if (outcome.ok) throw new Error('it was not refused');
    expect(outcome.issues.map(({ code }) => code)).toContain('set_exists');
    const same = await publish(env, catalog, set, '2026-11-20', { absent: 'later' });
    expect(same).toMatchObject({ ok: true, value: { status: 'unchanged', catalog } });
    expect(await readHead(env.DB)).toEqual(catalog.log.at(-1));
  });

  test('accepts thirty Pythons, and further facts of these', async () => {
    const day = '2026-11-21';
    const python = (minor: number) => ({
      ...(documentOf(dataLog.find(({ name }) => name === '3.14')!) as PythonDocument),
      python: `3.${minor}`,
    });
    let full = catalog;
    const publishOn = (document: RegistryDocument) => publish(env, full, document, day, { dryRun: true });
    for (let minor = 15; full.pythons.length < 29; minor++)
      full = await publishInto(full, python(minor), day);
    expect(await publishOn(python(99))).toMatchObject({ ok: true });
    full = await publishInto(full, python(99), day);
    expect(await publishOn(python(100))).toMatchObject({
      ok: false,
      issues: [{ code: 'invalid_field', message: 'python: the registry has 30 Pythons, the limit' }],
    });
    expect(await publishOn({ ...python(99), supported_until: '2040-01-01' })).toMatchObject({ ok: true });
  });

  test.each([
    ['behind', (log: Catalog['log']) => log.slice(0, -1)],
    ['ahead', (log: Catalog['log']) => [...log, { ...log.at(-1)!, revision: log.length + 1 }]],
    ['of another history', (log: Catalog['log']) => log.with(-1, { ...log.at(-1)!, root: 'f'.repeat(64) })],
  ])('is rejected by the database itself for a catalog that is %s', async (_, change) => {
    const now = await readWhole(env);
    const document = { ...documentOf(dataLog[0]!), supported_until: '2028-10-02' } as RegistryDocument;
    const outcome = await append(env, { ...now, log: change(now.log) }, document, '2026-11-20');
    expect(outcome).toMatchObject({ ok: false, issues: [{ code: 'other_head' }] });
    expect(await readWhole(env)).toEqual(now);
  });

  test('never shows a document that does not match its digest', async () => {
    const key = `documents/${lastSet.digest}.json`;
    const good = await (await env.STORE.get(key))!.text();
    await env.STORE.put(key, good.replace('"numpy"', '"nunpy"'));
    await expect(readDocument(env.STORE, lastSet.digest)).rejects.toThrow('corrupted');
    await env.STORE.put(key, good);
  });
});

describe('packages across sets', () => {
  test('every pin of a name, the oldest set first', async () => {
    // The isolate needs the log.
    await ask('/v1/log');
    const pins = (await sourceOf(env, viewOf(catalog)).readPins(['fastapi'])).get('fastapi')!;
    expect(pins[0]).toEqual({ flag: 'python_3.12_packages_2024_08_29', version: '0.110.0', whole: true });
    expect(pins).toContainEqual({ flag: 'python_3.13_packages_2025_08_08', version: '0.116.1', whole: true });
  });

  test('a search of any revision agrees with the members of its sets', async () => {
    const members = catalog.sets.flatMap(({ flag, released, revision }) =>
      (documentOf(dataLog[revision - 1]!) as PackageSet).packages.map(({ name, version, kind, imports }) => ({
        ...{ name, version, kind, imports, flag, released, revision },
      })),
    );
    // The name that is asked for, then by where in a name it is; packages with a module of that name come last.
    const placeIn = (name: string, query: string) =>
      name === query ? -1 : name.includes(query) ? name.indexOf(query) : Number.POSITIVE_INFINITY;
    for (const query of ['', 'py', 'numpy', 'lib-', 'core', '-yaml', 'bs4', 'nothing-like-it']) {
      for (const revision of [1, dataLog.length >> 1, dataLog.length]) {
        const rows = members.filter(
          (row) =>
            row.revision <= revision && (row.name.includes(query) || row.imports.some(isModuleNamed(query))),
        );
        const expected = [...Map.groupBy(rows, ({ name }) => name)].map(([name, all]) => {
          const newest = all.toSorted((a, b) => (a.released + a.flag < b.released + b.flag ? 1 : -1))[0]!;
          const versions = new Set(all.map(({ version }) => version)).size;
          return { name, sets: all.length, versions, newest_flag: newest.flag, kind: newest.kind };
        });
        expected.sort(
          (a, b) => placeIn(a.name, query) - placeIn(b.name, query) || (a.name < b.name ? -1 : 1),
        );
        const found = await findPackages(env, viewOf(catalog, revision), query, 20);
        expect(found).toEqual({ total: expected.length, packages: expected.slice(0, 20) });
      }
    }
  });

  test('wildcards have no meaning in a query', async () => {
    expect(await findPackages(env, viewOf(catalog), '%', 10)).toEqual({
      total: 0,
      packages: [],
    });
  });
});
