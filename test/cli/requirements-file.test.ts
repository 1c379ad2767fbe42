import { expect, test } from 'vitest';
import { writeFiles } from '../common/own.ts';
import { makeWheel } from '../zip.ts';
import { TARGET, usePinwheel } from './pinwheel.ts';

const pinwheel = await usePinwheel();

test('reads several files and standard input, after the requirements that it is given', async () => {
  const cwd = await pinwheel.folderWith({ 'a.txt': 'httpx', 'b/c.txt': 'jinja2' });
  const args = ['resolve', 'numpy', '-r', 'a.txt', '-r', 'b/c.txt', '-r', '-', ...TARGET, '--json'];
  const { stdout } = await pinwheel.run(args, { cwd, input: '\uFEFFsix\n' });
  const requested = JSON.parse(stdout).packages.filter((member: { requested: boolean }) => member.requested);
  expect(requested.map(({ name }: { name: string }) => name).sort()).toEqual([
    'httpx',
    'jinja2',
    'numpy',
    'six',
  ]);
});

test('reports what it skips, and the positions of an invalid requirement and of a source that is refused', async () => {
  const cwd = await pinwheel.folderWith({
    'r.txt':
      '--extra-index-url https://u:p@h/\n--pre\nfastapi\nnumpy=1\n-e .\nx @ git+https://h/x\n-f wheels\n',
  });
  const { code, stderr } = await pinwheel.run(['resolve', '-r', 'r.txt', ...TARGET], { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatchInlineSnapshot(`
    "warning: r.txt, line 2: --pre is skipped.
      fix: Nothing needs to be done: a package set says itself which wheels it has and where they are.
    warning: r.txt, line 7: --find-links is skipped.
      fix: Give that folder yourself, if the package set lacks what is in it: --find-links FOLDER
    error: Expected a specifier such as >=1.0, \`;\` or the end, found \`=\`, at column 6:
          numpy=1
               ^
      in:  r.txt, line 4
      fix: Write == instead of =.
    error: x comes from git+https://h/x, a repository, which pinwheel does not clone.
      in:  r.txt, line 6
      fix: Clone it, and name its folder: x = { path = "../x" } under [tool.uv.sources] of pyproject.toml. Then require x by its name, without the place.
    "
  `);
});

test('a folder that has to be built is named, and its wheel is what the fix says', async () => {
  const settings = '[project]\nname = "util"\nversion = "1"\n';
  const cwd = await pinwheel.folderWith({
    'r.txt': '-e ./libs/util\n',
    'libs/util/pyproject.toml': settings,
    'libs/util/setup.py': '',
  });
  const args = ['resolve', '-r', 'r.txt', ...TARGET, '--find-links', '.'];
  await writeFiles(cwd, { 'util-1-py3-none-any.whl': makeWheel('util', '1') });
  expect((await pinwheel.run(args, { cwd })).stderr).toMatchInlineSnapshot(`
    "error: util has to be built, because of setup.py.
      in:  r.txt, line 1
      fix: Build its wheel with its own tool, and give the folder of it with --find-links, or name that file: util = { path = "FILE.whl" } under [tool.uv.sources] of pyproject.toml. Then require util by its name, without the place.
    "
  `);
  // Also if the file names the folder, which is skipped.
  await writeFiles(cwd, { 'r.txt': '--find-links .\nutil\n' });
  expect((await pinwheel.run(args, { cwd })).stdout).toMatch(/^util +1 /m);
});

test('rejects a file that is too large, and a list that is too long', async () => {
  const cwd = await pinwheel.folderWith({
    'large.txt': '#'.repeat(1_000_001),
    'long.txt': 'a\n'.repeat(400_000),
  });
  const large = await pinwheel.run(['resolve', '-r', 'large.txt', ...TARGET], { cwd });
  expect(large).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('large.txt is larger than 1 MB.'),
  });
  const long = await pinwheel.run(['resolve', '-r', 'long.txt', ...TARGET], { cwd });
  expect(long).toMatchObject({ code: 2, stderr: expect.stringContaining('There are 400000 requirements') });
});

test('reports every position of a repeated requirement', async () => {
  const cwd = await pinwheel.folderWith({
    'a.txt': 'numpy<2\nsix\nnumpy<2\n',
    'b.txt': 'numpy <2\nnumpy<2\n',
  });
  const args = ['resolve', 'fastapi', '-r', 'a.txt', '-r', 'b.txt', ...TARGET, '--json'];
  const { stderr } = await pinwheel.run(args, { cwd });
  const told = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(told.map(({ code, index, repeats, where }) => ({ code, index, repeats, where }))).toEqual([
    {
      code: 'version_conflict',
      index: 1,
      repeats: [3, 5],
      where: 'a.txt, line 1; a.txt, line 3; b.txt, line 2',
    },
    { code: 'version_conflict', index: 4, repeats: [], where: 'b.txt, line 1' },
  ]);
});
