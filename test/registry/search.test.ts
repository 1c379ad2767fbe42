import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { beforeAll, expect, test } from 'vitest';
import { searchPackages } from '../../registry/storage/packages.ts';
import { sets } from '../../registry/storage/schema.ts';

const NAMES = 2_000;
const REVISIONS = 500;
const LIMIT = 20;
/** To count, to find and to sort; and of what is shown, its newest counts and its kind. */
const MOST_ROWS = 3 * NAMES + 10 * LIMIT;

beforeAll(async () => {
  await env.DB.prepare(
    `with recursive
      revision(n) as (select 1 union all select n + 1 from revision where n < ${REVISIONS}),
      package(n) as (select 1 union all select n + 1 from package where n < ${NAMES})
    insert into package_counts (name, revision, set_count, version_count, newest)
    select 'package-' || package.n, revision.n, revision.n, revision.n, '2026-01-01 flag_' || revision.n
    from revision, package`,
  ).run();
  for (const revision of [3, REVISIONS]) {
    const flag = `flag_${revision}`;
    const set = {
      flag,
      python: '3.13',
      abi: '',
      platform: '',
      runtime: '',
      released: '',
      source: {} as never,
    };
    await drizzle(env.DB)
      .insert(sets)
      .values({ ...set, digest: '', package_count: NAMES, revision });
    await env.DB.prepare(
      `insert into set_members (set_flag, name, version, kind, filename, sha256)
      select ?, name, '1', 'package', '', '' from package_counts where revision = ?`,
    )
      .bind(flag, revision)
      .run();
  }
});

/** What a search finds, and how many rows D1 reads for it. */
async function search(query: string, revision = REVISIONS) {
  let rows = 0;
  const counting = {
    prepare: (text: string) => env.DB.prepare(text),
    async batch(statements: D1PreparedStatement[]) {
      const results = await env.DB.batch(statements);
      for (const { meta } of results) rows += meta.rows_read;
      return results;
    },
  };
  const db = drizzle(counting as unknown as D1Database);
  return { ...(await searchPackages(db, query, revision, LIMIT)), rows };
}

test.each([
  ['a name', 'package-77', 11],
  ['everything', '', NAMES],
  ['nothing', 'no-such', 0],
])(
  'among a million rows, a search for %s reads each name thrice at most, and what it shows',
  async (_, query, most) => {
    const { rows, total, packages } = await search(query);
    expect(total).toBe(most);
    expect(packages).toHaveLength(Math.min(LIMIT, most));
    for (const { sets, newest_flag } of packages)
      expect([sets, newest_flag]).toEqual([REVISIONS, 'flag_500']);
    expect(rows).toBeGreaterThan(NAMES);
    expect(rows).toBeLessThan(MOST_ROWS);
  },
);

test('an older revision costs no more', async () => {
  const { rows, packages } = await search('package-77', 3);
  expect(packages[0]).toMatchObject({ name: 'package-77', sets: 3, versions: 3, newest_flag: 'flag_3' });
  expect(rows).toBeLessThan(MOST_ROWS);
});
