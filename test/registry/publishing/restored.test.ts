/** A new isolate, if D1 or R2 is down, slow, restored from an older backup, or changed by somebody. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bindings } from '../../../registry/env.ts';
import { readNewest } from '../../../registry/storage/newest.ts';
import { StorageUnavailableError } from '../../../registry/storage/operations.ts';
import type { Catalog } from '../../../resolver/catalog.ts';
import { gone } from '../client.ts';
import { seed } from '../seed.ts';

const COUNT = 14;
const QUESTION = '/v1/target?flag=python_3.12_packages_2024_11_15&as_of=2026-11-20';
let catalog: Catalog;

beforeAll(async () => {
  catalog = await seed(COUNT);
});
beforeEach(() => {
  for (const level of ['error', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});
afterEach(() => vi.useRealTimers());

const never = () => new Promise<never>(() => {});
const statement = { bind: () => statement, all: never, raw: never };
const session = { withSession: () => session, prepare: () => statement, batch: never };
const slow = { DB: session as never, STORE: { get: never, head: never, put: never } as never };

async function newIsolate(): Promise<typeof import('../client.ts')> {
  vi.resetModules();
  return import('../client.ts');
}

describe('a new isolate', () => {
  test.each<[string, Partial<Bindings>]>([
    ['without D1', { DB: gone('D1') }],
    ['with a D1 that never answers', { DB: slow.DB }],
  ])('%s has what R2 has signed', async (_, bindings) => {
    expect((await readNewest({ ...env, ...bindings })).catalog).toEqual(catalog);
  });

  let ask: typeof import('../client.ts').ask;
  beforeAll(async () => {
    ({ ask } = await newIsolate());
  });

  // It stays new: it gets nothing that it could keep.
  test.each<[string, Partial<Bindings>]>([
    ['without R2', { STORE: gone('R2') }],
    ['with an R2 that never answers', { STORE: slow.STORE }],
    ['without both', { DB: gone('D1'), STORE: gone('R2') }],
  ])('%s says that the storage is unavailable', async (_, bindings) => {
    const without = { ...env, ...bindings };
    const asking = [QUESTION, '/healthz', '/packages', '/simple/'].map(async (path) => {
      const response = await ask(path, {}, without);
      expect(response.status, path).toBe(503);
      expect(response.headers.get('strict-transport-security')).not.toBeNull();
    });
    await Promise.all([expect(readNewest(without)).rejects.toThrow(StorageUnavailableError), ...asking]);
  });
});

/** What a registry answers of its data: one address of each kind. */
const PATHS = [
  QUESTION,
  '/v1/resolve?flag=python_3.12_packages_2024_11_15&requirement=numpy&as_of=2026-11-20',
  '/v1/log',
  '/v1/index',
  '/v1/catalog',
  '/v1/packages?query=num',
  '/v1/packages/numpy',
  '/v1/sets/python_3.12_packages_2024_11_15',
  '/simple/python_3.12_packages_2024_11_15/',
  '/simple/python_3.12_packages_2024_11_15/numpy/',
  '/packages/numpy?as_of=2026-11-20',
  '/sets',
  '/changes.atom',
  '/packages/numpy.atom',
  '/log/checkpoint',
];

/** The bodies of all of them, of an isolate that knows nothing, before and after it has looked at D1. */
async function answersOf(): Promise<string[]> {
  const { ask } = await newIsolate();
  const bodies = [];
  for (const later of [0, 2]) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + later * 60_000 });
    for (const path of PATHS) bodies.push(`${path} ${await (await ask(path)).text()}`);
    vi.useRealTimers();
  }
  return bodies;
}

const run = (query: string) => env.DB.prepare(query).run();
const health = async () => (await (await import('../client.ts')).ask('/healthz')).json();

describe('D1 changes no answer, and the health says what is wrong', () => {
  let good: string[];
  beforeAll(async () => {
    good = await answersOf();
  });

  /** Changes a table, and restores it. */
  async function withChanged(table: string, change: string, trouble?: string): Promise<void> {
    await run(`create table was as select * from ${table}`);
    await run(change);
    try {
      expect(await answersOf()).toEqual(good);
      const [status, degraded] = trouble ? ['degraded', [trouble]] : ['ok', []];
      expect(await health()).toMatchObject({ status, degraded, registry: { revision: COUNT } });
    } finally {
      await run(`delete from ${table}`);
      await run(`insert into ${table} select * from was`);
      await run('drop table was');
    }
  }

  test.each([
    ['turned back by five publications', `delete from publications where revision > ${COUNT - 5}`],
    ['empty', 'delete from publications'],
    ['with another root', `update publications set root = 'x' where revision = ${COUNT}`],
    [
      'with one more',
      `insert into publications select ${COUNT + 1}, day, kind, name, digest, "index", 'x', null from publications
       where revision = ${COUNT - 3}`,
    ],
  ])('a ledger %s', (_, change) => withChanged('publications', change, 'ledger_changed'));

  test.each<[string, string, string?]>([
    ['all missing', 'delete from pins', 'pins_missing'],
    [
      'of another name, version and file',
      `update pins set name = name || 'i', version = '9.9', filename = 'numpy-9.9-py3-none-any.whl', sha256 = '${'a'.repeat(64)}'`,
    ],
  ])('pins that are %s', (_, change, trouble) => withChanged('pins', change, trouble));

  test('nor does it once it is restored', async () => {
    expect(await answersOf()).toEqual(good);
    expect(await health()).toMatchObject({ status: 'ok', degraded: [] });
  });
});

test('a head in R2 that was turned back, or is not signed, is not served', async () => {
  const good = await (await env.STORE.get('head.json'))!.text();
  const head = JSON.parse(good);
  // It stays new while it has no head to serve.
  const { ask } = await newIsolate();
  for (const bad of [
    { ...head, checkpoint: head.checkpoint.replace(`${COUNT}\n`, `${COUNT - 1}\n`) },
    { ...head, publication: { ...head.publication, revision: COUNT - 1 } },
    { ...head, index: { ...head.index, sets: head.index.sets.slice(1) } },
    { ...head, before: [] },
    {},
  ]) {
    await env.STORE.put('head.json', JSON.stringify(bad));
    expect((await ask(QUESTION)).status).toBe(503);
  }
  await env.STORE.put('head.json', good);
  expect((await ask(QUESTION)).status).toBe(200);
});

test('a head that R2 has lost is made again from the ledger and the documents, and signed', async () => {
  const good = await (await env.STORE.get('head.json'))!.text();
  await env.STORE.delete('head.json');
  const { ask } = await newIsolate();
  expect((await ask(QUESTION)).status).toBe(200);
  const again = await (await env.STORE.get('head.json'))!.text();
  // It is signed now, and so has another time and signature.
  const unsigned = ({ checkpoint, ...head }: { checkpoint: string }) => ({
    ...head,
    signed: checkpoint.split('\ntime ')[0],
  });
  expect(unsigned(JSON.parse(again))).toEqual(unsigned(JSON.parse(good)));
});
