/** A search over very many packages. */
import { expect, test } from 'vitest';
import { searchTable } from '../../registry/storage/history.ts';
import type { CatalogSet } from '../../resolver/catalog.ts';
import type { CatalogView } from '../../resolver/compatibility/view.ts';
import type { PinnedFile } from '../../resolver/pinned-files.ts';

const NAMES = 2_000;
const SETS = 500;
const VERSIONS = 20;
const LIMIT = 20;
const sets = Array.from({ length: SETS }, (_, at) => ({
  flag: `flag_${at + 1}`,
  revision: at + 1,
  released: new Date(Date.UTC(2020, 0, at + 1)).toISOString().slice(0, 10),
})) as CatalogSet[];

/** Each set has every package, some of them in the same version. */
const files = Array.from({ length: VERSIONS }, (_, at) => {
  const each = SETS / VERSIONS;
  const pinned = Array.from({ length: each }, (_, index) => at * each + index + 1);
  const file = { version: `1.${at}`, kind: 'package', filename: 'a', sha256: `${at}` } as const;
  return { ...file, patched_by: null, imports: [], sets: pinned, dependents: [], incomplete: [] };
});
const table = new Map<string, readonly PinnedFile[]>(
  Array.from({ length: NAMES }, (_, at) => {
    const name = `package-${at + 1}`;
    return [name, files.map((file): PinnedFile => ({ ...file, name }))];
  }),
);

function search(query: string, count = SETS) {
  const view = {
    sets: new Map(sets.slice(0, count).map((set) => [set.flag, set])),
  } as unknown as CatalogView;
  return searchTable(table, view, query, LIMIT);
}

test.each([
  ['a name', 'package-77', 11],
  ['everything', '', NAMES],
  ['nothing', 'no-such', 0],
])('among a million members, a search finds %s', (_, query, most) => {
  const { total, packages } = search(query);
  expect(total).toBe(most);
  expect(packages).toHaveLength(Math.min(LIMIT, most));
  for (const found of packages)
    expect(found).toMatchObject({ sets: SETS, versions: VERSIONS, newest_flag: 'flag_500' });
});

test('at an older revision, only its sets count', () => {
  const { packages } = search('package-77', 30);
  expect(packages[0]).toMatchObject({ name: 'package-77', sets: 30, versions: 2, newest_flag: 'flag_30' });
});

test('an exact match comes first, then names that begin with the query, sorted', () => {
  const { packages } = search('ge-77');
  expect(packages.map(({ name }) => name).slice(0, 3)).toEqual(['package-77', 'package-770', 'package-771']);
});

test('those that have a module of that name come last', () => {
  const withModule = files.map((file) => ({ ...file, name: 'other', imports: ['package_7'] }));
  const view = { sets: new Map(sets.map((set) => [set.flag, set])) } as unknown as CatalogView;
  const found = searchTable(new Map([['other', withModule], ...table]), view, 'package-7', NAMES);
  expect(found.total).toBe(1 + [...table.keys()].filter((name) => name.includes('package-7')).length);
  expect(found.packages[0]!.name).toBe('package-7');
  expect(found.packages.at(-1)!.name).toBe('other');
});
