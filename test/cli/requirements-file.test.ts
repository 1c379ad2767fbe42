import { expect, test } from 'vitest';
import { TARGET, usePinwheel } from './pinwheel.ts';

const pinwheel = await usePinwheel();

test('reads several files and standard input, after the requirements that it is given', async () => {
  const cwd = await pinwheel.folderWith({ 'a.txt': 'httpx', 'b/c.txt': 'jinja2' });
  const args = ['resolve', 'numpy', '-r', 'a.txt', '-r', 'b/c.txt', '-r', '-', ...TARGET, '--json'];
  const { stdout } = await pinwheel.run(args, { cwd, input: '\uFEFFsix\n' });
  const requested = JSON.parse(stdout).packages.filter((one: { requested: boolean }) => one.requested);
  expect(requested.map(({ name }: { name: string }) => name).sort()).toEqual([
    'httpx',
    'jinja2',
    'numpy',
    'six',
  ]);
});

test('reports what it skips, and the position of an invalid requirement', async () => {
  const cwd = await pinwheel.folderWith({
    'r.txt': '--extra-index-url https://u:p@h/\n\nfastapi\nnumpy=1\n-e .\nx @ git+https://h/x\n',
  });
  const { code, stderr } = await pinwheel.run(['resolve', '-r', 'r.txt', ...TARGET], { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatchInlineSnapshot(`
    "warning: r.txt, line 1: --extra-index-url is skipped.
      fix: Nothing needs to be done: a package set says itself which wheels it has and where they are.
    warning: r.txt, line 5: --editable is skipped.
      fix: Leave it out: a local project goes into the Worker as it is.
    error: Expected a specifier such as >=1.0, \`;\` or the end, found \`=\`, at column 6:
          numpy=1
               ^
      in:  r.txt, line 4
      fix: Write == instead of =.
    error: A URL is not accepted as a requirement, at column 3:
          x @ git+https://h/x
            ^
      in:  r.txt, line 6
      fix: Name the package instead: a package set pins each package to one wheel.
    info: Without numpy=1, x @ git+https://h/x, 13 packages resolve: annotated-types 0.7.0, libopenssl 1.1.1w, ssl 1.0.0, sniffio 1.3.1, typing-extensions 4.14.1, anyio 4.9.0, httpx 0.28.1, markupsafe 3.0.2, jinja2 3.1.6, pydantic-core 2.27.2, pydantic 2.10.6, starlette 0.47.2, fastapi 0.116.1.
    "
  `);
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
