/** Files that include files: their order, repetition and depth, and the folders that they may be in. */
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { CommandError } from '../../cli/common/failure.ts';
import { readSources, type SourcePaths } from '../../cli/project/sources/sources.ts';
import { newFolder, writeFiles } from '../common/own.ts';

let folder: string;
beforeEach(async () => {
  folder = newFolder();
});

const write = (files: Record<string, string>) => writeFiles(folder, files);

/** The requirements of files in the folder; messages do not contain the folder. */
async function read(paths: SourcePaths) {
  const inside = (list: readonly string[] = []) => list.map((path) => join(folder, path));
  const { requirements, constraints, pythons, indexes, remarks } = await readSources({
    ...paths,
    requirements: inside(paths.requirements),
    constraints: inside(paths.constraints),
  });
  return {
    requirements: requirements.map(({ text }) => text),
    constraints: constraints.map(({ text }) => text),
    pythons: pythons.map(({ text }) => text),
    indexes: indexes.map(({ url, where }) => `${where.replaceAll(`${folder}/`, '')}: ${url}`),
    places: requirements.map(({ where }) => where.replaceAll(`${folder}/`, '')),
    remarks: remarks.map(({ message }) => message.replaceAll(`${folder}/`, '')),
  };
}

/** The error. */
async function errorOf(paths: SourcePaths) {
  const error = await read(paths).catch((error: unknown) => error);
  if (!(error instanceof CommandError)) throw new Error('nothing was refused', { cause: error });
  const bare = (text: string | null | undefined) => text?.replaceAll(`${folder}/`, '');
  const [{ message, fix, where }] = error.issues as [(typeof error.issues)[0]];
  return { code: error.exitCode, message: bare(message), fix: bare(fix), where: bare(where) };
}

describe('files that name files', () => {
  test('are read in order, each once, relative to their folder', async () => {
    await write({
      'r.txt': 'a\n-r more/m.txt\nb\n-r more/n.txt',
      'more/m.txt': 'c\n-r n.txt\n-c ./c.txt',
      'more/n.txt': 'd',
      'more/c.txt': 'e<2\n-r f.txt',
      'more/f.txt': 'f<3',
    });
    expect(await read({ requirements: ['r.txt'] })).toEqual({
      requirements: ['a', 'c', 'd', 'f<3', 'b'],
      constraints: ['e<2'],
      pythons: [],
      indexes: [],
      places: [
        'r.txt, line 1',
        'more/m.txt, line 1',
        'more/n.txt, line 1',
        'more/f.txt, line 1',
        'r.txt, line 3',
      ],
      remarks: [],
    });
  });

  test('are requirements and constraints at once if they are named as both', async () => {
    await write({ 'r.txt': '-r x.txt\n-c x.txt', 'x.txt': 'a==1' });
    expect(await read({ requirements: ['r.txt'] })).toMatchObject({
      requirements: ['a==1'],
      constraints: ['a==1'],
    });
    expect(await read({ requirements: [], constraints: ['x.txt'] })).toMatchObject({
      requirements: [],
      constraints: ['a==1'],
    });
  });

  test('may form cycles, which are reported', async () => {
    await write({ 'a.txt': 'a\n-r b.txt', 'b.txt': '-r a.txt\nb\n-r ./b.txt' });
    expect(await read({ requirements: ['a.txt', 'b.txt', 'a.txt'] })).toMatchObject({
      requirements: ['a', 'b'],
      remarks: [
        'b.txt, line 1: a.txt includes itself, and is read once.',
        'b.txt, line 3: ./b.txt includes itself, and is read once.',
      ],
    });
  });

  test('may be those that setuptools reads', async () => {
    const setuptools = '[tool.setuptools.dynamic]\ndependencies = {file = ["more/m.in"]}';
    await write({
      'pyproject.toml': `[project]\ndynamic = ["dependencies"]\n${setuptools}`,
      'more/m.in': 'a\n-r n.in',
      'more/n.in': 'b',
    });
    expect(await read({ requirements: ['pyproject.toml'] })).toMatchObject({
      requirements: ['a', 'b'],
      places: ['more/m.in, line 1', 'more/n.in, line 1'],
    });
    await write({
      'pyproject.toml': `[project]\ndynamic = ["dependencies"]\n${setuptools.replace('m.in', 'o.in')}`,
    });
    expect(await errorOf({ requirements: ['pyproject.toml'] })).toMatchObject({
      code: 3,
      where: 'pyproject.toml, tool.setuptools.dynamic.dependencies',
    });
  });

  test('that do not exist', async () => {
    await write({ 'r.txt': 'a\n-r more/m.txt', 'more/m.txt': '\n-r n.txt' });
    expect(await errorOf({ requirements: ['r.txt'] })).toMatchObject({
      code: 3,
      message: 'more/n.txt could not be read: there is no such file.',
      where: 'more/m.txt, line 2',
    });
  });

  test.each([
    ['uv.lock', 'uv export --format pylock.toml -o pylock.uv.toml, then give `requirements=pylock.uv.toml`.'],
    ['poetry.lock', 'poetry export -o requirements.txt, then give `requirements=requirements.txt`.'],
    ['Pipfile', 'pipenv requirements > requirements.txt, which is read if no file is named.'],
    ['environment.yml', null],
  ])('that are no requirements files: %s', async (name, command) => {
    const kinds = 'Give a requirements.txt, pyproject.toml, pylock.toml or pyodide-lock.json.';
    const fix = command === null ? kinds : `Export them: ${command}`;
    await write({ [name]: 'a = 1', 'r.txt': `-r ${name}` });
    const message = `${name} is not a requirements file.`;
    expect(await errorOf({ requirements: [name] })).toEqual({ code: 2, message, fix });
    expect(await errorOf({ requirements: ['r.txt'] })).toMatchObject({ message, where: 'r.txt, line 1' });
  });

  test('that are scripts with metadata (PEP 723)', async () => {
    const block =
      '# /// script\n# requires-python = ">=3.12"\n# dependencies = [\n#   "jinja2<4",\n#\n# ]\n# ///\n';
    await write({
      'run.py': `"""A script."""\r\n${block.replaceAll('\n', '\r\n')}import jinja2\n`,
      'none.py': '#\n',
    });
    expect(await read({ requirements: ['run.py'] })).toMatchObject({
      requirements: ['jinja2<4'],
      pythons: ['>=3.12'],
      places: ['run.py, dependencies, entry 1'],
    });
    expect(await errorOf({ requirements: ['none.py'] })).toMatchObject({
      code: 2,
      message: 'none.py has no requirements: it has no block # /// script.',
    });
  });

  test('that are scripts which name an index beside that of their folder', async () => {
    const table = (url: string) => `[[tool.uv.index]]\nurl = "${url}"\n`;
    const inside = `dependencies = ["mine"]\n${table('https://own.example/simple')}`.replace(/^/gm, '# ');
    await write({
      'run.py': `# /// script\n${inside}\n# ///\n`,
      'pyproject.toml': table('https://team.example/simple'),
    });
    const indexes = ['run.py: https://own.example/simple', 'pyproject.toml: https://team.example/simple'];
    expect(await read({ requirements: ['run.py'] })).toMatchObject({ requirements: ['mine'], indexes });
  });

  test('that limit versions for uv: in a workspace, at its root', async () => {
    const table = (version: string) => `[tool.uv]\nconstraint-dependencies = ["jinja2<${version}"]\n`;
    const member = `[project]\nname = "a"\n${table('3')}`;
    await write({ 'a/pyproject.toml': member });
    expect(await read({ requirements: ['a/pyproject.toml'] })).toMatchObject({ constraints: ['jinja2<3'] });
    await write({ 'pyproject.toml': `${table('4')}workspace = { members = ["a"] }\n` });
    expect(await read({ requirements: ['a/pyproject.toml'] })).toMatchObject({ constraints: ['jinja2<4'] });
  });

  test.each([
    ['3.12\n', ['==3.12.*']],
    ['# ours\ncpython-3.13.2\n3.9\n', ['==3.13.*']],
    ['pypy@3.11\n', []],
  ])('beside a .python-version: %j', async (text, pythons) => {
    await write({ 'pyproject.toml': '[project]\nname = "a"\n', '.python-version': text });
    expect(await read({ requirements: ['pyproject.toml'] })).toMatchObject({ pythons });
  });

  test('that are too deep, or too many', async () => {
    const deep = Array.from({ length: 30 }, (_, at) => [`${at}.txt`, `-r ${at + 1}.txt`]);
    await write({ ...Object.fromEntries(deep), '30.txt': 'a' });
    expect(await errorOf({ requirements: ['0.txt'] })).toMatchObject({
      code: 2,
      message: 'Files include each other more than 20 levels deep.',
      where: '20.txt, line 1',
    });
    const wide = Array.from({ length: 60 }, (_, at) => `w${at}.txt`);
    await write({
      ...Object.fromEntries(wide.map((name) => [name, 'a'])),
      'w.txt': wide.map((name) => `-r ${name}`).join('\n'),
    });
    expect(await errorOf({ requirements: ['w.txt'] })).toMatchObject({
      message: 'More than 50 files include each other.',
      where: 'w.txt, line 50',
    });
  });
});

describe('nothing is read', () => {
  test.each(['https://h.example/r.txt', 'FILE:///etc/passwd', 'git+ssh://h.example/x'])(
    'from a URL: %s',
    async (url) => {
      await write({ 'r.txt': `-r ${url}` });
      expect(await errorOf({ requirements: ['r.txt'] })).toEqual({
        code: 2,
        message: `${url} is a URL, which pinwheel does not download.`,
        fix: 'Download the file first.',
        where: 'r.txt, line 1',
      });
    },
  );

  test.each(['/etc/passwd', '../outside.txt', 'link.txt', 'linked/outside.txt', 'sub/../../outside.txt'])(
    'from outside the folder: %s',
    async (path) => {
      await write({ 'inside/r.txt': `-r ${path}`, 'outside.txt': 'secret', 'inside/sub/x.txt': '' });
      await symlink(join(folder, 'outside.txt'), join(folder, 'inside/link.txt'));
      await symlink(folder, join(folder, 'inside/linked'));
      const { message, ...rest } = await errorOf({ requirements: ['inside/r.txt'] });
      expect(message).toBe(`${path} is outside the folder of the file that includes it.`);
      expect(rest).toMatchObject({ code: 2, where: 'inside/r.txt, line 1' });
    },
  );

  test('except in the folders of all given files', async () => {
    await write({ 'sub/dev.txt': '-r ../base.txt\nb', 'base.txt': 'a', 'sub-other/x.txt': 'c' });
    expect(await errorOf({ requirements: ['sub/dev.txt'] })).toMatchObject({
      fix: 'To allow it, name base.txt with -r or -c too.',
    });
    expect(await read({ requirements: ['sub/dev.txt', 'base.txt'] })).toMatchObject({
      requirements: ['a', 'b'],
    });
    await write({ 'sub/dev.txt': '-r ../sub-other/x.txt' });
    expect(await errorOf({ requirements: ['sub/dev.txt'] })).toMatchObject({ code: 2 });
  });
});

test('extras and groups are of a pyproject.toml', async () => {
  await write({ 'r.txt': 'a' });
  expect(await errorOf({ requirements: ['r.txt'], extra: ['cli'] })).toMatchObject({
    code: 2,
    message: 'An extra needs a pyproject.toml.',
  });
  expect(await errorOf({ requirements: [], group: ['dev'] })).toMatchObject({
    code: 2,
    message: 'A group needs a pyproject.toml.',
  });
  await write({
    'p/pyproject.toml':
      '[project]\ndependencies = ["b"]\nrequires-python = ">=3.12"\n[dependency-groups]\ndev = ["c"]',
    'r.txt': 'a\n-r p/pyproject.toml',
  });
  expect(await read({ requirements: ['r.txt', 'p/pyproject.toml'], group: ['dev'] })).toMatchObject({
    requirements: ['a', 'b', 'c'],
    pythons: ['>=3.12'],
  });
});
