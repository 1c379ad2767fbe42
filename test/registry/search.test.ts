/** A search over very many packages. */
import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { putDerived } from '../../registry/storage/derived.ts';
import { findPackages } from '../../registry/storage/history.ts';
import { operations } from '../../registry/storage/operations.ts';
import { PACKAGE_TABLE, type PackageTable } from '../../registry/storage/package-table.ts';
import { withPlace } from '../../registry/storage/places.ts';
import type { CatalogSet } from '../../resolver/catalog.ts';
import type { CatalogView } from '../../resolver/compatibility/view.ts';
import { gone } from './client.ts';

const NAMES = 2_000;
const SETS = 500;
const VERSIONS = 20;
const LIMIT = 20;
const sets = Array.from({ length: SETS }, (_, at) => ({
  flag: `flag_${at + 1}`,
  digest: String(at + 1).padStart(64, '0'),
  released: new Date(Date.UTC(2020, 0, at + 1)).toISOString().slice(0, 10),
})) as CatalogSet[];

/** The table as of a number of sets, each of which has every package, some of them in the same version. */
function tableOf(count: number): PackageTable {
  const versions = Math.min(count, VERSIONS);
  const each = count / versions;
  const pins = Array.from({ length: versions }, (_, at) => {
    const places = Array.from({ length: each }, (_, one) => at * each + one);
    return [`1.${at}`, 'package', 'pure', places.reduce(withPlace, '')] as const;
  });
  return new Map(Array.from({ length: NAMES }, (_, at) => [`package-${at + 1}`, pins]));
}

beforeAll(async () => {
  for (const count of [3, SETS]) {
    await putDerived(PACKAGE_TABLE, env, sets.slice(0, count), tableOf(count));
  }
});

/** The results of a search without D1, and its number of reads from R2. */
async function search(query: string, count = SETS) {
  const view = {
    sets: new Map(sets.slice(0, count).map((set) => [set.flag, set])),
    stamp: { revision: count, digest: String(count) },
  } as unknown as CatalogView;
  const before = operations.r2;
  const found = await findPackages({ ...env, DB: gone('D1') }, view, query, LIMIT);
  return { ...found, reads: operations.r2 - before };
}

test.each([
  ['a name', 'package-77', 11],
  ['everything', '', NAMES],
  ['nothing', 'no-such', 0],
])(
  'among a million members, a search for %s reads at most one object, and no row of D1',
  async (_, query, most) => {
    const { reads, total, packages } = await search(query);
    expect(total).toBe(most);
    expect(packages).toHaveLength(Math.min(LIMIT, most));
    for (const found of packages)
      expect(found).toMatchObject({ sets: SETS, versions: VERSIONS, newest_flag: 'flag_500' });
    expect(reads).toBeLessThanOrEqual(1);
  },
);

test('an older revision costs no more', async () => {
  const { reads, packages } = await search('package-77', 3);
  expect(packages[0]).toMatchObject({ name: 'package-77', sets: 3, versions: 3, newest_flag: 'flag_3' });
  expect(reads).toBe(1);
});

test('an exact match comes first, then names that begin with the query, sorted', async () => {
  const { packages } = await search('ge-77');
  expect(packages.map(({ name }) => name).slice(0, 3)).toEqual(['package-77', 'package-770', 'package-771']);
});
