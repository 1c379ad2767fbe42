/** What R2 has of all sets together, and how it comes back after it was lost. */
import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { describedFilesOf, type findPackages, pinnedFilesOf } from '../../registry/storage/history.ts';
import { openSet } from '../../registry/storage/isolate.ts';
import { type PinnedFile, readPinnedFiles } from '../../registry/storage/packages.ts';
import type { Catalog } from '../../resolver/catalog.ts';
import { walk } from '../../resolver/closure/walk.ts';
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

const namesIn = (files: readonly PinnedFile[]) => [...new Set(files.map(({ name }) => name))];

/** One text for each file and set that pins it. */
const pinsIn = (files: readonly PinnedFile[]) =>
  files
    .flatMap(({ name, version, kind, file, sets }) =>
      sets.map((set) => [name, version, kind, file, set].join(' ')),
    )
    .sort();

async function textsIn(prefix: string): Promise<Map<string, string>> {
  const { objects } = await env.STORE.list({ prefix });
  const texts = objects.map(async ({ key }) => [key, await (await env.STORE.get(key))!.text()] as const);
  return new Map(await Promise.all(texts));
}

test('the files of all sets are those that D1 has, and D1 is not asked for them', async () => {
  for (const revision of [COUNT, COUNT - 5]) {
    const view = viewAt(revision);
    const files = await pinnedFilesOf({ ...env, DB: gone('D1') }, view);
    const rows = await readPinnedFiles(drizzle(env.DB), revision);
    expect(pinsIn(files)).toEqual(pinsIn(rows));
    expect(namesIn(files)).toEqual(namesIn(rows));
  }
});

test('files have the imports, the dependents and the missing closures of the documents', async () => {
  const view = viewAt(COUNT);
  const files = await describedFilesOf(env, view);
  for (const { flag, digest, revision } of view.sets.values()) {
    const set = await openSet(env, digest);
    const rows = files.filter(({ sets }) => sets.includes(revision));
    expect(namesIn(rows)).toEqual(set.members.map(({ name }) => name).sort());
    for (const { name, imports, sets, dependents, incomplete } of rows) {
      const at = set.index.get(name)!;
      const needing = set.members.filter(
        (one, other) => set.edges[other]!.includes(at) && !one.name.endsWith('-tests'),
      );
      const isWhole = walk(set, [at]).members.every((one) => set.dangling[one]!.length === 0);
      expect([
        flag,
        name,
        imports,
        dependents[sets.indexOf(revision)],
        incomplete.includes(revision),
      ]).toEqual([flag, name, set.members[at]!.imports, needing.length, !isWhole]);
    }
  }
});

/** The files, as an isolate without any finds them, and the text that R2 then has. */
async function filesAgain(key: string) {
  vi.resetModules();
  const { describedFilesOf } = await import('../../registry/storage/history.ts');
  const files = await describedFilesOf({ ...env, DB: gone('D1') }, viewAt(COUNT));
  return { files, stored: await (await env.STORE.get(key))!.text() };
}

test.each<[string, (good: string) => string | Promise<string>]>([
  ['changed', (good) => good.replace('"sets":[0', '"sets":[1')],
  ['cut', (good) => good.slice(0, -1)],
  ['not signed', (good) => good.slice(0, good.indexOf('\n\n—'))],
  ['those of fewer sets', async () => (await textsIn('pinned/')).get(`pinned/${await nameAt(COUNT - 1)}`)!],
  ['a table of packages', async () => (await textsIn('versions/')).get(`versions/${await nameAt(COUNT)}`)!],
])('files that are %s are derived again', async (_, changed) => {
  const key = `pinned/${await nameAt(COUNT)}`;
  const good = await filesAgain(key);
  const bad = await changed(good.stored);
  expect(bad).not.toBe(good.stored);
  await env.STORE.put(key, bad);
  expect(await filesAgain(key)).toEqual(good);
});

test('what was lost comes back over some requests, of which none reads many documents', async () => {
  vi.resetModules();
  const { describedFilesOf, findPackages, pinnedFilesOf } = await import('../../registry/storage/history.ts');
  const { operations } = await import('../../registry/storage/operations.ts');
  const before = new Map([...(await textsIn('versions/')), ...(await textsIn('pinned/'))]);
  await env.STORE.delete([...before.keys()]);
  const view = viewAt(COUNT);
  const files = await readPinnedFiles(drizzle(env.DB), COUNT);
  let found: Awaited<ReturnType<typeof findPackages>> | null = null;
  const key = `pinned/${await nameAt(COUNT)}`;
  for (let request = 0; request < view.sets.size; request++) {
    if (found && (await env.STORE.head(key))) break;
    const reads = operations.r2;
    found = await findPackages(env, view, 'numpy', 1).catch(() => null);
    expect(operations.r2 - reads).toBeLessThanOrEqual(MOST_READS);
    // Lists go on with the rows of D1.
    const shown = await pinnedFilesOf(env, view);
    expect(pinsIn(shown)).toEqual(pinsIn(files));
  }
  expect(pinsIn(await describedFilesOf({ ...env, DB: gone('D1') }, view))).toEqual(pinsIn(files));
  expect(found).toMatchObject({ packages: [{ name: 'numpy' }] });
  for (const kind of ['versions', 'pinned']) {
    const key = `${kind}/${await nameAt(COUNT)}`;
    expect(await (await env.STORE.get(key))!.text(), kind).toBe(before.get(key));
  }
});
