/** What R2 has of all sets together, and how it comes back after it was lost. */
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { documents } from '../../../registry/facts/standard-library.ts';
import { openSet, pinnedFilesOf } from '../../../registry/storage/history.ts';

import type { Catalog } from '../../../resolver/catalog.ts';
import { walk } from '../../../resolver/closure/prepare.ts';
import type { PinnedFile } from '../../../resolver/pinned-files.ts';
import { modulesOf } from '../../../resolver/python/modules.ts';
import { ask, gone } from '../client.ts';
import { seed, viewOf } from '../seed.ts';

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

const viewAt = (revision: number) => viewOf(catalog, revision);

const namesIn = (files: readonly PinnedFile[]) => [...new Set(files.map(({ name }) => name))];

/** One text for each file and set that pins it. */
const pinsIn = (files: readonly PinnedFile[]) =>
  files
    .flatMap(({ name, version, kind, filename, sha256, patched_by, sets }) =>
      sets.map((set) => [name, version, kind, filename, sha256, patched_by, set].join(' ')),
    )
    .sort();

test('the files of all sets are those of their documents, and D1 is not asked for them', async () => {
  await ask('/v1/log');
  for (const revision of [COUNT, COUNT - 5]) {
    const view = viewAt(revision);
    const files = await pinnedFilesOf({ ...env, DB: gone('D1') }, view);
    const rows: string[] = [];
    for (const set of view.sets.values()) {
      for (const { name, version, kind, filename, sha256, patched } of (await openSet(env, set)).members) {
        rows.push([name, version, kind, filename, sha256, patched?.by, set.revision].join(' '));
      }
    }
    expect(pinsIn(files)).toEqual(rows.sort());
  }
});

test('files have the imports, the dependents and the missing closures of the documents', async () => {
  const view = viewAt(COUNT);
  const files = await pinnedFilesOf(env, view);
  for (const { flag, digest, revision } of view.sets.values()) {
    const set = await openSet(env, { digest });
    const rows = files.filter(({ sets }) => sets.includes(revision));
    expect(namesIn(rows).sort()).toEqual(set.members.map(({ name }) => name).sort());
    for (const { name, imports, sets, dependents, incomplete } of rows) {
      const at = set.index.get(name)!;
      const needing = set.members.filter(
        (dependent, other) => set.edges[other]!.includes(at) && !dependent.name.endsWith('-tests'),
      );
      const isWhole = walk(set, [at]).members.every((member) => set.dangling[member]!.length === 0);
      expect([
        flag,
        name,
        imports,
        dependents[sets.indexOf(revision)],
        incomplete.includes(revision),
      ]).toEqual([flag, name, modulesOf(set.members[at]!, documents.facts), needing.length, !isWhole]);
    }
  }
});

/** The files, as a new isolate finds them without D1, and the text that R2 then has. */
async function filesAgain(key: string) {
  vi.resetModules();
  const { ask } = await import('../client.ts');
  const { pinnedFilesOf } = await import('../../../registry/storage/history.ts');
  await ask('/v1/log');
  const found = async () => pinnedFilesOf({ ...env, DB: gone('D1') }, viewAt(COUNT)).catch(() => null);
  let files = await found();
  // A request reads only some documents.
  for (let request = 0; request < COUNT && !files; request++) files = await found();
  return { files: JSON.stringify(files), stored: await (await env.STORE.get(key))!.text() };
}

const keyOfTable = () => `documents/${catalog.files.at(-1)!.digest}.json`;
/** Each test leaves it as it was. */
let good: Awaited<ReturnType<typeof filesAgain>>;
beforeAll(async () => {
  good = await filesAgain(keyOfTable());
});

test.each<[string, (good: string) => string]>([
  ['changed', (good) => good.replace('"numpy"', '"numpi"')],
  ['cut', (good) => good.slice(0, -1)],
  ['empty', () => '[]'],
])('files that are %s are made again', async (_, changed) => {
  const bad = changed(good.stored);
  expect(bad).not.toBe(good.stored);
  await env.STORE.put(keyOfTable(), bad);
  const again = await filesAgain(keyOfTable());
  expect([again.files === good.files, again.stored === good.stored]).toEqual([true, true]);
});

test('what was lost comes back over some requests, of which none reads many documents', async () => {
  await env.STORE.delete(keyOfTable());
  vi.resetModules();
  const { ask } = await import('../client.ts');
  const { operations } = await import('../../../registry/storage/operations.ts');
  await ask('/v1/log');
  let status = 503;
  for (let request = 0; request < COUNT && status === 503; request++) {
    const reads = operations.r2;
    ({ status } = await ask('/v1/packages?query=numpy'));
    expect(operations.r2 - reads).toBeLessThanOrEqual(MOST_READS);
  }
  expect(status).toBe(200);
  expect(await (await env.STORE.get(keyOfTable()))!.text()).toBe(good.stored);
});
