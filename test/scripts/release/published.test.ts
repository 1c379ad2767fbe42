/** What the published sets of Pinwheel's own say of themselves, held against the rest of `data/`. */
import { describe, expect, test } from 'vitest';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { canonicalJson } from '../../../resolver/digest.ts';
import { loadDocuments } from '../../../scripts/import/data-files.ts';
import { sha256 } from '../../../scripts/import/digest.ts';
import { readSources } from '../../../scripts/import/sources.ts';
import { readPatchRelease } from '../../../scripts/release/patch-release.ts';

const documents = (await loadDocuments()).map(({ document }) => document);
const sets = documents.filter((document) => document.kind === 'set');
const own = sets.filter(({ source }) => source.registry === 'pinwheel');
const releases = (await readSources()).own_releases;

test('every ABI that Pyodide publishes for has been considered, and some set was released', () => {
  const published = new Set(sets.filter(({ source }) => source.package === 'pyodide').map(({ abi }) => abi));
  expect(new Set(releases.flatMap(({ abis }) => abis))).toEqual(published);
  expect(own.length).toBeGreaterThan(0);
});

describe.each(own.map((set): [string, PackageSet] => [set.flag, set]))('%s', (_, set) => {
  const release = releases.find(({ released }) => released === set.released)!;
  const base = sets.find(({ flag }) => flag === set.source.package)!;
  const isOwn = ({ name }: { name: string }) => release.wheels.some((wheel) => wheel.package === name);

  test('is the newest set of Pyodide of its day, but for the patched wheels', () => {
    const older = sets.filter((one) => one.abi === set.abi && one.source.package === 'pyodide');
    expect(older.filter(({ released }) => released <= set.released).at(-1)).toBe(base);
    expect(set.source.sha256).toBe(sha256(canonicalJson(base)));
    expect(set.packages.filter((one) => !isOwn(one))).toEqual(base.packages.filter((one) => !isOwn(one)));
    expect(set.packages.map(({ name }) => name)).toEqual(base.packages.map(({ name }) => name));
    expect(set.default_from).toBe(set.released);
  });

  test('says who patched its wheels, and from what', () => {
    for (const wheel of release.wheels) {
      const member = set.packages.find(({ name }) => name === wheel.package)!;
      const version = `${wheel.version}+pinwheel.${wheel.release}`;
      expect(member).toMatchObject({ version, url: null, size: expect.any(Number) });
      expect(member.filename).toMatch(/-py3-none-any\.whl$/);
      expect(member.patched).toMatchObject({ by: 'pinwheel', patch: wheel.package, release: wheel.release });
    }
  });

  test('names recipes that are still there, unchanged', async () => {
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
