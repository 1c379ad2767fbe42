/** Tables of setuptools: which make the wheel that a folder has without them, and which only setuptools understands. */
import { expect, test } from 'vitest';
import { readFolderPackage } from '../../cli/project/sources/folder-package.ts';
import { newFolder, writeFiles } from '../common/own.ts';

/** The paths in the wheel of a project with these tables and files, or why it has to be built. */
async function wheelOf(root: string, tables: string): Promise<string[] | string> {
  const folder = newFolder();
  await writeFiles(folder, {
    'pyproject.toml': `[project]\nname = "lib"\nversion = "1"\n${tables}`,
    [`${root}lib/__init__.py`]: '',
    [`${root}lib/data/a.json`]: '{}',
    [`${root}other/__init__.py`]: '',
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

test('src/ has nothing but what is installed', async () => {
  const whole = [...LIB, 'other/__init__.py'];
  expect(await wheelOf('src/', `${FIND}where = ["src"]\n`)).toEqual(whole);
  expect(await wheelOf('src/', '')).toEqual(whole);
});

test.each([
  `${FIND}include = ["lib", "other"]\n`,
  `${FIND}exclude = ["lib.data"]\n`,
  `${DATA}lib = ["../data/*.json"]\n`,
  `${DATA}lib = [".hidden/*"]\n`,
  `${DATA}lib = "data/*.json"\n`,
  '[tool.setuptools]\ninclude-package-data = false\n',
  '[tool.setuptools.exclude-package-data]\nlib = ["*.json"]\n',
])('has to be built: %j', async (tables) => {
  expect(await wheelOf('', tables)).toBe('[tool.setuptools]');
});
