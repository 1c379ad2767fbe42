/** What the published sets of Pinwheel's own say of themselves, held against the rest of `data/`. */

import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readPatchRelease } from '../../../cli/packages/patch/patch-folder.ts';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { canonicalJson } from '../../../resolver/digest.ts';
import { compareWritten } from '../../../resolver/time/version-order.ts';
import { loadDocuments } from '../../../scripts/import/data-files.ts';
import { readSources } from '../../../scripts/import/sources.ts';

const documents = await loadDocuments();
const sets = documents.map(({ document }) => document).filter((document) => document.kind === 'set');
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

  const upstream = sets.filter((one) => one.abi === set.abi && one.source.package === 'pyodide');

  test('is the newest wheel of each package that any set of its ABI has', () => {
    expect(upstream.filter(({ released }) => released <= set.released).at(-1)).toBe(base);
    expect(set.source.sha256).toBe(hash('sha256', canonicalJson(base)));
    const members = new Map(set.packages.map((one) => [one.name, one]));
    for (const one of upstream.flatMap(({ packages }) => packages)) {
      if (!one.filename.endsWith('.whl')) continue;
      const ours = members.get(one.name);
      expect(ours && compareWritten(ours.version, one.version), `${one.name} ${one.version}`).toSatisfy(
        (order: number | undefined) => order !== undefined && order >= 0,
      );
    }
    for (const one of base.packages) expect(members.has(one.name), one.name).toBe(true);
  });

  test('has every dependency, and nothing twice', () => {
    const names = set.packages.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
    for (const { name, depends } of set.packages) {
      for (const needed of depends) expect(names, `${name} needs ${needed}`).toContain(needed);
    }
  });

  test('is selected only by its flag: no evidence says that its packages run', () => {
    expect(set.default_from).toBeNull();
  });

  test('names the patches and the upstream wheels', () => {
    for (const wheel of release.wheels) {
      const member = set.packages.find(({ name }) => name === wheel.package)!;
      const version = `${wheel.version}+pinwheel.${wheel.release}`;
      expect(member).toMatchObject({ version, url: null, size: expect.any(Number) });
      expect(member.filename).toMatch(/-py3-none-any\.whl$/);
      expect(member.patched).toMatchObject({ by: 'pinwheel', patch: wheel.package, release: wheel.release });
    }
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
  const version = (abi: string, name: string) => of(abi).packages.find((one) => one.name === name)?.version;
  expect(version('2026_0', 'pymupdf')).toBe('1.27.2.2');
  // Cloudflare's archives are not wheels: langchain and numpy 2.3.1 are reached through its own set alone.
  expect([version('2025_0', 'langchain'), version('2025_0', 'numpy')]).toEqual([undefined, '2.2.5']);
});
