/** Tables and `setup.cfg` of setuptools: which modules a wheel has by them, and which only setuptools understands. */
import { describe, expect, test } from 'vitest';
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

describe('setup.cfg', () => {
  const METADATA = '[metadata]\nname = my-lib\nversion = attr: lib.__version__\n\n[flake8]\nignore = E1\n\n';
  const FILES = {
    'code/lib/__init__.py': '__version__ = "2.1"\n',
    'code/lib/tests/__init__.py': '',
    'code/lib/ns/a.py': '',
  };

  async function made(config: string, more: Record<string, string> = {}) {
    const folder = newFolder();
    await writeFiles(folder, { ...FILES, ...more, 'setup.cfg': `${METADATA}${config}` });
    const made = await readFolderPackage(folder);
    if ('problem' in made) return made.what;
    const { files, info } = made.code;
    return { paths: files.map(([path]) => path), metadata: info.METADATA, points: info['entry_points.txt'] };
  }

  // As setuptools 65.5 makes them.
  test.each([
    ['find:', ['lib/__init__.py']],
    ['find_namespace:', ['lib/__init__.py', 'lib/ns/a.py']],
    ['\n  # one\n  lib.tests', ['lib/tests/__init__.py']],
  ])('its packages: %j', async (packages, paths) => {
    const found = packages.startsWith('find')
      ? '[options.packages.find]\nwhere = code\nexclude = *.tests, x\n'
      : '';
    const options = `[options]\npackages = ${packages}\npackage_dir =\n    =code\n${found}`;
    expect(
      await made(options, { 'setup.py': '# Old.\nimport setuptools\n\nsetuptools.setup()\n' }),
    ).toMatchObject({ paths });
  });

  test('its metadata', async () => {
    const options = `[options]
packages = lib
package-dir =
    = code
python_requires: >=3.9
install_requires =
    six>=1; python_version >= "3.8"
    attrs
zip_safe = no
[options.extras_require]
dev = pytest; black
[options.entry_points]
lib.plugins =
    a = lib.a:b
`;
    expect(await made(options)).toMatchObject({
      metadata: `Metadata-Version: 2.4
Name: my-lib
Version: 2.1
Requires-Python: >=3.9
Requires-Dist: six>=1; python_version >= "3.8"
Requires-Dist: attrs
Provides-Extra: dev
Requires-Dist: pytest ; extra == "dev"
Requires-Dist: black ; extra == "dev"
`,
      points: '[lib.plugins]\na = lib.a:b\n',
    });
  });

  test('has to be built with what setuptools alone understands', async () => {
    const options = '[options]\npackages = lib\npackage_dir =\n    =code\n';
    expect(await made(`${options}scripts = a.sh\n`)).toBe('setup.cfg');
    expect(await made(`${options}[options.data_files]\na = b\n`)).toBe('setup.cfg');
    expect(await made(options, { 'setup.py': 'import setuptools\nsetuptools.setup(version="3")\n' })).toBe(
      'setup.py',
    );
  });

  test('is not read if another backend builds', async () => {
    const project =
      '[project]\nname = "lib"\nversion = "1"\n[build-system]\nbuild-backend = "hatchling.build"\n';
    const files = { 'pyproject.toml': project, 'lib/__init__.py': '' };
    expect(await made('[options]\nscripts = a.sh\n', files)).toMatchObject({ paths: ['lib/__init__.py'] });
  });
});
