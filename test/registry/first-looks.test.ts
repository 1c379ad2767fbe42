/** What a new isolate, which has answered nothing but a list of sets, reads for its first answer of each kind. */
import { env } from 'cloudflare:workers';
import { beforeAll, expect, test, vi } from 'vitest';
import { seed } from './seed.ts';

beforeAll(() => seed());

interface Look {
  status: number;
  /** By the keys of objects, up to the first slash; queries of D1 as `d1`. */
  reads: Record<string, number>;
}

/** Asks a new isolate. */
async function readsOf(path: string): Promise<Look> {
  const [look] = await readsOfAll([path]);
  return look!;
}

/** Asks one after the other, each of which has what those before it have read. */
async function readsOfAll(paths: readonly string[]): Promise<Look[]> {
  vi.resetModules();
  const { ask } = await import('./client.ts');
  const { operations } = await import('../../registry/storage/operations.ts');
  const reads: Record<string, number> = {};
  const STORE = new Proxy(env.STORE, {
    get(store, key) {
      const member = Reflect.get(store, key) as (...given: unknown[]) => unknown;
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        const [folder] = String(given[0]).split('/');
        reads[folder!] = (reads[folder!] ?? 0) + 1;
        return member.apply(store, given);
      };
    },
  });
  await ask('/v1/sets', {}, { ...env, STORE });
  const looks: Look[] = [];
  for (const path of paths) {
    for (const folder of Object.keys(reads)) delete reads[folder];
    const before = { ...operations };
    const { status } = await ask(path, {}, { ...env, STORE });
    const d1 = operations.d1 - before.d1;
    const r2 = Object.values(reads).reduce((sum, count) => sum + count, 0);
    expect(operations.r2 - before.r2).toBe(r2);
    looks.push({ status, reads: d1 === 0 ? { ...reads } : { ...reads, d1 } });
  }
  return looks;
}

const QUESTION = 'date=2025-11-02&flag=python_workers&as_of=2026-11-20';
/** The table of files, under its digest. */
const FILES = { documents: 1 };

test.each([
  ['/', 200, FILES],
  ['/v1/packages?query=num', 200, FILES],
  ['/v1/packages/numpy', 200, FILES],
  ['/packages/no-such-package', 200, FILES],
  ['/badge/numpy.svg', 200, FILES],
])('the first look at %s reads no document of a set', async (path, status, reads) => {
  expect(await readsOf(path)).toEqual({ status, reads });
});

test('pages about all sets, and about packages, read one object once', async () => {
  const expected: [path: string, status: number, reads: Record<string, number>][] = [
    // The answer about one name has its known vulnerabilities: the advisories are read, too.
    ['/?q=numpy', 200, { documents: 2 }],
    ['/?q=no-such-package', 200, {}],
    ['/?show=all', 200, {}],
    ['/?as_of=2026-01-15', 200, {}],
    ['/rows.json', 200, {}],
    ['/index.md', 200, {}],
    ['/sets', 200, {}],
    ['/llms.txt', 200, {}],
    ['/packages/PIL', 302, {}],
    ['/badge/no-such-package.svg', 200, {}],
  ];
  const looks = await readsOfAll(expected.map(([path]) => path));
  expect(looks.map(({ status, reads }, at) => [expected[at]![0], status, reads])).toEqual(expected);
});

test.each([
  // How many of its files are stored, D1 knows. Its vulnerabilities, and what clears them, take the advisories and the
  // table of files.
  ['/sets/python_3.13_packages_2026_09_16', 200, { d1: 1, documents: 4 }],
  [`/v1/resolve?${QUESTION}&requirement=numpy%3C2&requirement=polars`, 422, { documents: 2 }],
  // The set, the advisories and the table, which says at which dates the sets have all that is needed.
  [`/resolve?${QUESTION}&requirement=fastapi`, 200, { documents: 3 }],
  // The last is about files that were seen, with what their METADATA says.
  ['/packages/numpy', 200, { documents: 4 }],
  ['/packages/numpy.md', 200, { documents: 4 }],
  // What was seen of its files is in the catalog.
  ['/v1/resolve?flag=python_3.13_packages_2025_10_20&requirement=numpy', 200, { documents: 1 }],
  // Those of all dates in between, too.
  ['/compare?from=2025-11-02&to=2026-11-01&as_of=2026-11-20', 200, { documents: 3 }],
])('the first look at %s reads only the documents of the sets that it shows', async (path, status, reads) => {
  expect(await readsOf(path)).toEqual({ status, reads });
});
