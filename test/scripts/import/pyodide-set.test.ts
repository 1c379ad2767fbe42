import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { membersOf, parseLock, pyodideSet } from '../../../scripts/import/sets.ts';
import { readSources } from '../../../scripts/import/sources.ts';
import { loadSet } from './fixtures.ts';

const sources = await readSources();
const folder = new URL('../../../node_modules/pyodide/', import.meta.url);

test('the installed Pyodide makes its set', async () => {
  const { version } = JSON.parse(await readFile(new URL('package.json', folder), 'utf8'));
  const release = sources.pyodide_releases.find((entry) => entry.version === version)!;
  const lock = await readFile(new URL('pyodide-lock.json', folder), 'utf8');
  const set = pyodideSet(release, lock, sources);
  expect(set).toEqual(await loadSet(set.flag));
  expect(() => pyodideSet(release, `${lock}\n`, sources)).toThrow(/SHA-256 .* is pinned/);
});

test('a lock that states its platform as PEP 783 does makes the same set, of that platform', async () => {
  const { version } = JSON.parse(await readFile(new URL('package.json', folder), 'utf8'));
  const { lock_sha256: _, ...release } = sources.pyodide_releases.find((entry) => entry.version === version)!;
  const lock = JSON.parse(await readFile(new URL('pyodide-lock.json', folder), 'utf8'));
  lock.info.platform = 'pyemscripten_2025_0_wasm32';
  const { platform, packages } = pyodideSet(release, JSON.stringify(lock), sources);
  expect(platform).toBe('pyemscripten_2025_0');
  expect(packages).toEqual((await loadSet(release.flag ?? 'python_3.13_packages_2026_09_16')).packages);
});

describe('a lock', () => {
  const entry = {
    name: 'Ruamel.YAML_x',
    version: '1.0',
    file_name: 'ruamel-1.0.whl',
    install_dir: 'site',
    sha256: '0'.repeat(64),
    package_type: 'package',
    imports: ['ruamel'],
    depends: ['Some_Thing'],
    unvendored_tests: false,
  };
  const members = (...entries: object[]) =>
    membersOf(
      parseLock(
        JSON.stringify({
          info: { python: '3.13.2', platform: 'emscripten_4_0_9' },
          packages: Object.fromEntries(entries.map((item, index) => [index, item])),
        }),
      ),
      'https://files.example/',
    );

  test('gives members canonical names and keeps the written ones', () => {
    expect(members(entry)[0]).toMatchObject({
      name: 'ruamel-yaml-x',
      written_name: 'Ruamel.YAML_x',
      depends: ['some-thing'],
      written_depends: ['Some_Thing'],
      filename: 'ruamel-1.0.whl',
      url: 'https://files.example/ruamel-1.0.whl',
    });
  });

  test('may name a file by its whole URL', () => {
    const url = 'https://elsewhere.example/a/b-1.0.whl?x=1';
    expect(members({ ...entry, file_name: url })[0]).toMatchObject({ url, filename: 'b-1.0.whl' });
  });

  test('is rejected with a package of an unknown type', () => {
    expect(() => members({ ...entry, package_type: 'static_library' })).toThrow(
      'an entry that cannot be parsed',
    );
  });

  test('is rejected with two packages of one canonical name', () => {
    expect(() => members(entry, { ...entry, name: 'ruamel-yaml-X' })).toThrow(
      'two packages named ruamel-yaml-x',
    );
  });

  test('is rejected if a package lacks a field of members', () => {
    const { sha256: _, ...unpinned } = entry;
    expect(() => members(unpinned)).toThrow('an entry that cannot be parsed');
  });
});
