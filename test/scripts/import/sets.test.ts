import { expect, test } from 'vitest';
import { loadDocuments } from '../../../scripts/import/data-files.ts';
import { loadSet } from './fixtures.ts';

const documents = (await loadDocuments()).map(({ document }) => document);
const sets = documents.filter((document) => document.kind === 'set');
const imported = sets.filter(({ source }) => source.registry === 'npm');
const pyodideSets = imported.filter(({ source }) => source.package === 'pyodide');

/** Counts and lock digests as they were taken from the packages by other scripts than the importers. */
const known: [set: string, packages: number, lock: string][] = [
  ['3.12_packages_2024_08_29', 53, 'c2d9c67ea55a672b95a3beb8d66bfbe7df736edb4bb657383b263151e7e85ef4'],
  ['3.12_packages_2024_12_18', 63, '1421e9351baf24ec44d82f78b9ac26e8e0e6595bfe3f626dedb33147bfcd1998'],
  ['3.12_packages_2025_06_06', 66, '2eab57a5e2f66c8c317e12c64a45a0065f9212f04dccc86d49ef00213a8a3f71'],
  ['3.13_packages_2025_08_08', 72, '315f5f3922d40253b3d9dae9ecea08110a9764c43fdfb240276d902769684dee'],
  ['3.12_packages_2024_11_15', 310, 'cd50b49de944c579045e122fe8628b31f9ce446379f032f36c05e273d38766e0'],
  ['3.12_packages_2025_03_01', 340, 'bb75898cd30da9530e25a9cb7336755db7c3cc85ddd0e3da20ae794a589b3972'],
  ['3.12_packages_2025_06_04', 351, '9c45b916001a750f4102fc287494f3eab215909c7535c626a20db80fd6333e2c'],
  ['3.13_packages_2025_08_19', 343, 'f6e6f42f451f42affbbcddb00e8c9a3278dcbf399f57aab9f3f568839a7ff4a6'],
  ['3.13_packages_2025_09_22', 343, 'f6e6f42f451f42affbbcddb00e8c9a3278dcbf399f57aab9f3f568839a7ff4a6'],
  ['3.13_packages_2026_09_16', 379, '14d2c2dba101277999e17135e653d8f15389ad1437f53eae213bf0c3cdff723d'],
  ['3.14_packages_2026_09_14', 357, '5dc2fc119108bc148c7457dc86e7675b5c87e1cafd420b9c34c1eaef7b36c010'],
];

test.each(known)('python_%s has %i packages of the known lock', async (name, packages, lock) => {
  const set = await loadSet(`python_${name}`);
  expect(set.packages).toHaveLength(packages);
  expect(set.source.sha256).toBe(lock);
});

test('files have the URLs of their publisher', async () => {
  const find = async (flag: string, name: string) =>
    (await loadSet(flag)).packages.find((member) => member.name === name);
  expect(await find('python_3.14_packages_2026_09_14', 'pydantic-core')).toMatchObject({
    written_name: 'pydantic_core',
    kind: 'package',
    url: expect.stringMatching(
      /^https:\/\/cdn\.jsdelivr\.net\/pyodide\/v314\.0\.7\/full\/pydantic_core-.*\.whl$/,
    ),
  });
  expect(await find('python_3.12_packages_2024_08_29', 'httpx')).toMatchObject({
    url: 'https://python-packages.edgeworker.net/20240829.4/httpx-0.27.0-py3-none-any.tar.gz',
    size: null,
  });
  for (const { filename, url } of imported.flatMap(({ packages }) => packages)) {
    expect(url!.endsWith(`/${filename}`)).toBe(true);
    expect(filename).not.toMatch(/[/\\]/);
  }
});

test('every kind of package occurs', async () => {
  const kinds = new Set(sets.flatMap(({ packages }) => packages.map(({ kind }) => kind)));
  expect([...kinds].sort()).toEqual(['package', 'shared_library', 'standard_library']);
  const ssl = (await loadSet('python_3.13_packages_2025_08_08')).packages.find(({ name }) => name === 'ssl');
  expect(ssl?.kind).toBe('standard_library');
});

test('defaults are the sets that workerd pairs with a runtime, and otherwise those of its release', () => {
  const defaults = imported.filter(({ default_from }) => default_from !== null);
  for (const set of defaults) expect(set.default_from).toBe(set.released);
  expect(defaults.map(({ flag }) => flag)).toEqual([
    'python_3.12_packages_2024_08_29',
    'python_3.12_packages_2024_12_18',
    'python_3.12_packages_2025_06_06',
    'python_3.13_packages_2025_08_08',
    'python_3.14_packages_2026_08_04',
    'python_3.14_packages_2026_08_17',
    'python_3.14_packages_2026_08_25',
  ]);
});

test("Cloudflare's sets have the Python and ABI of the runtime that workerd runs them on", () => {
  const sets = imported.filter(({ source }) => source.package === '@cloudflare/workerd-linux-64');
  expect(
    sets.map(({ flag, runtime, python, abi, platform }) => [flag, runtime, python, abi, platform]),
  ).toEqual([
    ['python_3.12_packages_2024_08_29', '0.26.0a2', '3.12.1', 'emscripten_3_1_52', 'emscripten_3_1_52'],
    ['python_3.12_packages_2024_12_18', '0.27.1', '3.12.7', '2024_0', 'emscripten_3_1_58'],
    ['python_3.12_packages_2025_06_06', '0.27.7', '3.12.7', '2024_0', 'emscripten_3_1_58'],
    ['python_3.13_packages_2025_08_08', '0.28.2', '3.13.2', '2025_0', 'emscripten_4_0_9'],
  ]);
});

test('only httpx without dependencies, in sets of Pyodide, is marked as patched by Pyodide', () => {
  for (const set of imported) {
    const patched = set.packages.filter((member) => member.patched !== null);
    const httpx = set.packages.find(({ name }) => name === 'httpx');
    const expected = set.source.package === 'pyodide' && httpx ? [httpx] : [];
    expect(patched, set.flag).toEqual(expected);
    for (const member of patched) expect([member.patched, member.depends]).toEqual([{ by: 'pyodide' }, []]);
  }
  expect(
    pyodideSets.find(({ runtime }) => runtime === '0.27.2')!.packages.some(({ patched }) => patched),
  ).toBe(true);
});

/** Sizes of closures, roots included, as they were counted in the lock files. */
test.each([
  ['python_3.12_packages_2024_08_29', { fastapi: 10, openai: 15, httpx: 9, aiohttp: 10, langchain: 17 }],
  ['python_3.12_packages_2024_08_29', { requests: 5, pydantic: 4 }],
  ['python_3.13_packages_2025_08_08', { fastapi: 13, openai: 12, httpx: 1, aiohttp: 12, langchain: 23 }],
  ['python_3.13_packages_2025_08_08', { sqlalchemy: 3, requests: 5 }],
])('%s has the closures %o', async (flag, sizes) => {
  const depends = new Map((await loadSet(flag)).packages.map((member) => [member.name, member.depends]));
  for (const [root, size] of Object.entries(sizes)) {
    const closure = new Set([root]);
    for (const name of closure) for (const needed of depends.get(name)!) closure.add(needed);
    expect(closure.size, root).toBe(size);
  }
});
