/** What the published sets of Pinwheel's own say of themselves, held against the rest of `data/`. */

import { describe, expect, test } from 'vitest';
import { readPatchRelease } from '../../../cli/packages/patch/patch-folder.ts';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { loadSets } from '../../../scripts/import/data-files.ts';
import { readSources } from '../../../scripts/import/sources.ts';

const sets = await loadSets();
const own = sets.filter(({ source }) => source.registry === 'pinwheel');
const releases = (await readSources()).own_releases;

test('every ABI that Pyodide publishes for has been considered, and some set was released', () => {
  const published = new Set(sets.filter(({ source }) => source.package === 'pyodide').map(({ abi }) => abi));
  expect(new Set(releases.flatMap(({ abis }) => abis))).toEqual(published);
  expect(own.length).toBeGreaterThan(0);
});

describe.each(own.map((set): [string, PackageSet] => [set.flag, set]))('%s', (_, set) => {
  const release = releases.find(({ released }) => released === set.released)!;
  const isOwn = ({ name }: { name: string }) => release.wheels.some((wheel) => wheel.package === name);

  test('is selected only by its flag: no evidence says that its packages run', () => {
    expect(set.default_from).toBeNull();
  });

  test('names recipes that still exist, unchanged', async () => {
    for (const { patched } of set.packages.filter(isOwn)) {
      if (patched?.by !== 'pinwheel') throw new Error('it is not said to be patched');
      const { recipe, manifest } = await readPatchRelease(patched.patch, patched.release);
      const advice =
        `release ${patched.release} of the patch of ${patched.patch} is published in ${set.flag} and must stay ` +
        `as it is: move it to data/patches/${patched.patch}.${patched.release}, and make a new release of it`;
      expect(recipe, advice).toBe(patched.recipe);
      const { filename, sha256 } = patched.upstream;
      expect(manifest.upstream).toContainEqual(expect.objectContaining({ filename, sha256 }));
    }
  });
});

test('what each ABI keeps and loses', () => {
  const of = (abi: string) => own.find((set) => set.abi === abi)!;
  const version = (abi: string, name: string) =>
    of(abi).packages.find((candidate) => candidate.name === name)?.version;
  expect(version('2026_0', 'pymupdf')).toBe('1.27.2.2');
  // Cloudflare's archives are not wheels: langchain and numpy 2.3.1 are reached through its own set alone.
  expect([version('2025_0', 'langchain'), version('2025_0', 'numpy')]).toEqual([undefined, '2.2.5']);
});
