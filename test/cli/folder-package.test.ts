/** Tables of setuptools: which modules a wheel has by them, and which only setuptools understands. */
import { expect, test } from 'vitest';
import { readFolderPackage } from '../../cli/project/sources/folder-package.ts';
import { newFolder, writeFiles } from '../common/own.ts';

/** The paths in the wheel of a project with these tables and files, or why it has to be built. */
async function wheelOf(
  root: string,
  tables: string,
  more: Record<string, string> = {},
): Promise<string[] | string> {
  const folder = newFolder();
  await writeFiles(folder, {
    'pyproject.toml': `[project]\nname = "lib"\nversion = "1"\n${tables}`,
    [`${root}lib/__init__.py`]: '',
    [`${root}lib/data/a.json`]: '{}',
    [`${root}other/__init__.py`]: '',
    [`${root}single.py`]: '',
    ...more,
  });
  const made = await readFolderPackage(folder);
  return 'problem' in made ? made.what : made.code.files.map(([path]) => path);
}

const LIB = ['lib/__init__.py', 'lib/data/a.json'];
const FIND = '[tool.setuptools.packages.find]\n';
const DATA = '[tool.setuptools.package-data]\n';

test.each([
  ['', `${FIND}where = ["."]\ninclude = ["lib*"]\n`],
  ['', `${FIND}include = ["lib*"]\nwhere = ["."]\n`],
  ['', `${FIND}include = ["lib", "lib.*"]\n`],
  ['src/', `${FIND}include = ["lib.*", "lib"]\nwhere = ["src"]\n`],
  ['', `[tool.setuptools]\ninclude-package-data = true\n`],
  ['', `${DATA}lib = ["data/*.json"]\n"*" = ["py.typed"]\n${FIND}include = ["lib*"]\n`],
])('%s: %j', async (root, tables) => {
  expect(await wheelOf(root, tables)).toEqual(LIB);
});

test('a version is read below the root that a table states', async () => {
  const folder = newFolder();
  await writeFiles(folder, {
    'pyproject.toml': `[project]\nname = "lib"\ndynamic = ["version"]\n${FIND}where = ["code"]\n[tool.setuptools.dynamic]\nversion = {attr = "lib.__version__"}\n`,
    'code/lib/__init__.py': '__version__ = "2.1"\n',
  });
  expect(await readFolderPackage(folder)).toMatchObject({ code: { version: '2.1' } });
});

test('src/ has nothing but what is installed', async () => {
  const whole = [...LIB, 'other/__init__.py', 'single.py'];
  expect(await wheelOf('src/', '')).toEqual(whole);
});

// As setuptools 65.5 makes them.
test.each([
  ['src/', `${FIND}where = ["src"]\n`, [...LIB, 'other/__init__.py']],
  ['', `${FIND}include = ["lib", "other"]\n`, [...LIB, 'other/__init__.py']],
  ['code/', `${FIND}where = ["code"]\nexclude = ["oth*"]\n`, LIB],
  [
    '',
    `[tool.setuptools]\npackages = ["other"]\npy-modules = ["single"]\n`,
    ['other/__init__.py', 'single.py'],
  ],
  ['src/', `[tool.setuptools]\npackages = ["lib"]\npackage-dir = {"" = "src"}\n`, LIB],
])('%s: %j has what it states', async (root, tables, files) => {
  expect(await wheelOf(root, tables)).toEqual(files);
});

test.each([
  ['', ['lib/__init__.py', 'lib/ns/a.py', 'lib/tests/__init__.py', 'lib/tests/unit/b.py']],
  ['namespaces = false\n', ['lib/__init__.py', 'lib/tests/__init__.py']],
  ['exclude = ["other", "*.tests", "*.tests.*"]\n', ['lib/__init__.py', 'lib/ns/a.py']],
])('packages below a package: %j', async (fields, files) => {
  const below = { 'lib/ns/a.py': '', 'lib/tests/__init__.py': '', 'lib/tests/unit/b.py': '' };
  const found = await wheelOf('', `${FIND}include = ["lib*"]\n${fields}`, below);
  expect([found].flat().filter((path) => path.endsWith('.py'))).toEqual(files);
});

test.each([
  `${FIND}where = ["lib", "other"]\n`,
  `${FIND}include = ["li?"]\n`,
  `${FIND}include = "lib"\n`,
  '[tool.setuptools]\npackages = ["lib"]\npackage-dir = {lib = "code"}\n',
  `${DATA}lib = ["../data/*.json"]\n`,
  `${DATA}lib = [".hidden/*"]\n`,
  `${DATA}lib = "data/*.json"\n`,
  '[tool.setuptools]\ninclude-package-data = false\n',
  '[tool.setuptools.exclude-package-data]\nlib = ["*.json"]\n',
])('has to be built: %j', async (tables) => {
  expect(await wheelOf('', tables)).toBe('[tool.setuptools]');
});

test.each(['flit_core.buildapi', 'maturin'])('the backend %s has to build', async (backend) => {
  const table = `[build-system]\nbuild-backend = "${backend}"\n`;
  expect(await wheelOf('', table)).toBe(`build-backend = "${backend}"`);
});
