import { describe, expect, test } from 'vitest';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { packageSetSchema } from '../../../resolver/client/documents.ts';
import { mismatch } from '../../../resolver/client/mismatch.ts';
import { type PinwheelPatch, patcherOf, rebuildCommand, stepRemarks } from '../../../resolver/provenance.ts';
import { PINWHEEL_PATCH, packageSetOf } from '../../test-set.ts';
import { readData } from '../client/registry.ts';

const own = PINWHEEL_PATCH as PinwheelPatch;

describe('what comes in', () => {
  test.each<[what: string, patched: unknown]>([
    ['of Pinwheel', own],
    ['of Pinwheel, with more to say', { ...own, upstream: { ...own.upstream, url: '' }, more: 1 }],
    ['of Pyodide', { by: 'pyodide' }],
    ['of Cloudflare', { by: 'cloudflare' }],
    ['of somebody that this version does not know', { by: 'somebody' }],
  ])('is taken: %s', (_, patched) => {
    expect(mismatchOf(patched)).toBeNull();
  });

  test.each<[what: string, patched: unknown]>([
    ['text', 'pinwheel'],
    ['nobody at all', {}],
    ['a number', { by: 1 }],
    ['a list', ['pinwheel']],
    ['Pinwheel alone', { by: 'pinwheel' }],
    ['no release', { ...own, release: undefined }],
    ['release 0', { ...own, release: 0 }],
    ['release 1.5', { ...own, release: 1.5 }],
    ['a release in words', { ...own, release: '1' }],
    ['a patch that is not a name', { ...own, patch: 'own; rm -rf ~' }],
    ['a patch with a line end', { ...own, patch: 'own\n' }],
    ['no upstream file', { ...own, upstream: null }],
    ['an invalid upstream digest', { ...own, upstream: { ...own.upstream, sha256: 'D'.repeat(64) } }],
    ['an invalid recipe', { ...own, recipe: 'e'.repeat(63) }],
  ])('is refused: %s', (_, patched) => {
    expect(mismatchOf(patched)).toMatch(/^packages\[0\]\.patched[\w.]* is /);
  });

  /** What a client that reads the set finds wrong with it. */
  function mismatchOf(patched: unknown): string | null {
    const filename = 'own-1.0+pinwheel.1-py3-none-any.whl';
    const honest = packageSetOf([{ filename, sha256: '7'.repeat(64), url: null, patched: own }]);
    const packages = honest.packages.map((member) => ({ ...member, patched }));
    return mismatch(packageSetSchema, { ...honest, packages });
  }
});

test('patchers have names; unknown ones keep their id', () => {
  expect(['pinwheel', 'pyodide', 'cloudflare', 'somebody', 'constructor'].map(patcherOf)).toEqual([
    ...['Pinwheel', 'Pyodide', 'Cloudflare', 'somebody', 'constructor'],
  ]);
});

describe('the command that rebuilds a wheel', () => {
  const commandOf = (filename: string) => rebuildCommand({ ...own, upstream: { ...own.upstream, filename } });

  test.each([
    ['httpx-0.28.1-py3-none-any.whl', 'own==0.28.1'],
    ['aiohttp-3.14.3-cp314-cp314-manylinux2014_x86_64.manylinux_2_17_x86_64.whl', 'own==3.14.3'],
    ['a-1.0.post1-1-py3-none-any.whl', 'own==1.0.post1'],
  ])('of %s', (filename, pin) => {
    expect(commandOf(filename)).toBe(`npm run patch:build -- ${pin}`);
  });

  test.each(['', 'own-1.0.tar.gz', 'own.whl', 'own-$(id)-py3-none-any.whl', 'own-1;id-py3-none-any.whl'])(
    'is not composed from %j',
    (filename) => {
      expect(commandOf(filename)).toBeNull();
    },
  );

  test('names a version that the manifest of its patch has', () => {
    const { packages }: PackageSet = readData('sets/python_3.14_packages_2026_11_20.json');
    const patches = packages.flatMap(({ patched }) => (patched?.by === 'pinwheel' ? [patched] : []));
    expect(patches.length).toBeGreaterThan(0);
    for (const patch of patches) {
      const manifest = readData(`patches/${patch.patch}/manifest.json`);
      const pins = manifest.upstream.map(({ version }: { version: string }) => `${patch.patch}==${version}`);
      expect(pins).toContain(rebuildCommand(patch)!.split(' ').at(-1));
    }
  });
});

test.each<[from: string, to: string, direction: 'up' | 'down', remarks: string[]]>([
  ['0.28.1', '0.28.1+pinwheel.1', 'up', ['patched by Pinwheel']],
  ['0.28.1+pinwheel.12', '0.28.1', 'down', ['no longer patched by Pinwheel']],
  ['3.13.5', '3.14.3+pinwheel.1', 'up', ['patched by Pinwheel']],
  ['3.14.3+pinwheel.1', '3.13.5', 'down', ['older', 'no longer patched by Pinwheel']],
  ['0.28.1+pinwheel.1', '0.28.1+pinwheel.2', 'up', []],
  ['0.28.1+pinwheel.2', '0.28.1+pinwheel.1', 'down', ['older']],
  ['0.28.1', '0.28.1+other.1', 'up', []],
  ['0.28.2', '0.28.1', 'down', ['older']],
])('from %s to %s', (from, to, direction, remarks) => {
  expect(stepRemarks({ from, to, direction })).toEqual(remarks);
});
