/** What R2 has of all sets together, and how it comes back after it was lost. */
import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { findPackages, pinnedFilesOf } from '../../registry/storage/history.ts';
import { operations } from '../../registry/storage/operations.ts';
import { readPinnedFiles } from '../../registry/storage/packages.ts';
import type { Catalog } from '../../resolver/catalog.ts';
import { type CatalogView, viewCatalog } from '../../resolver/compatibility/view.ts';
import { sha256 } from '../../resolver/digest.ts';
import { gone } from './client.ts';
import { seed } from './seed.ts';

/** More sets than one request reads. */
const COUNT = 24;
/** R2 operations: the last objects that may be there, a few documents, and what was derived. */
const MOST_READS = 8;
let catalog: Catalog;

beforeAll(async () => {
  catalog = await seed(COUNT);
});
beforeEach(() => {
  for (const level of ['error', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});

function viewAt(revision: number): CatalogView {
  const view = viewCatalog(catalog, revision);
  if (!view.ok) throw new Error('no view');
  return view.value;
}

const nameAt = (revision: number) =>
  sha256([...viewAt(revision).sets.values()].map(({ digest }) => digest).join('\n'));

async function textsIn(prefix: string): Promise<Map<string, string>> {
  const { objects } = await env.STORE.list({ prefix });
  const texts = objects.map(async ({ key }) => [key, await (await env.STORE.get(key))!.text()] as const);
  return new Map(await Promise.all(texts));
}

test('the files of all sets are those that D1 has, and D1 is not asked for them', async () => {
  for (const revision of [COUNT, COUNT - 5]) {
    const view = viewAt(revision);
    const files = await pinnedFilesOf({ ...env, DB: gone('D1') }, view);
    const byRow = (row: object) => JSON.stringify(row);
    const rows = await readPinnedFiles(drizzle(env.DB), revision);
    const sorted = rows.map((row) => ({ ...row, sets: row.sets.toSorted((a, b) => a - b) }));
    expect(files.map(byRow).sort()).toEqual(sorted.map(byRow).sort());
    expect(files.map(({ name }) => name)).toEqual(rows.map(({ name }) => name));
  }
});

test('files that were changed are derived again', async () => {
  const key = `files/${await nameAt(COUNT)}`;
  const good = await (await env.STORE.get(key))!.text();
  const before = await pinnedFilesOf(env, viewAt(COUNT));
  await env.STORE.put(key, good.replace('"sets":[0', '"sets":[1'));
  expect(await pinnedFilesOf({ ...env, DB: gone('D1') }, viewAt(COUNT))).toEqual(before);
  expect(await (await env.STORE.get(key))!.text()).toBe(good);
});

test('what was lost comes back over some requests, of which none reads many documents', async () => {
  const before = new Map([...(await textsIn('packages/')), ...(await textsIn('files/'))]);
  await env.STORE.delete([...before.keys()]);
  const view = viewAt(COUNT);
  const files = await readPinnedFiles(drizzle(env.DB), COUNT);
  let found: Awaited<ReturnType<typeof findPackages>> | null = null;
  const filesAgain = `files/${await nameAt(COUNT)}`;
  for (let request = 0; request < view.sets.size; request++) {
    if (found && (await env.STORE.head(filesAgain))) break;
    const reads = operations.r2;
    found = await findPackages(env, view, 'numpy', 1).catch(() => null);
    expect(operations.r2 - reads).toBeLessThanOrEqual(MOST_READS);
    // Pages go on with the rows of D1.
    const shown = await pinnedFilesOf(env, view);
    expect(shown.map(({ name }) => name)).toEqual(files.map(({ name }) => name));
  }
  expect(found).toMatchObject({ packages: [{ name: 'numpy' }] });
  for (const kind of ['packages', 'files']) {
    const key = `${kind}/${await nameAt(COUNT)}`;
    expect(await (await env.STORE.get(key))!.text(), kind).toBe(before.get(key));
  }
});
