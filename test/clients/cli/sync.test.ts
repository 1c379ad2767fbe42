/** `pinwheel sync`, `add` and `remove`, with real wheels from an upstream on this machine. */
import { spawn } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { editRequirements } from '../../../cli/project/edit-requirements.ts';
import { Edits } from '../../../cli/project/edits.ts';
import { parseRequirementsFile } from '../../../resolver/requirements/requirements-file.ts';
import { newFolder } from '../../common/own.ts';
import { makeWheel } from '../../zip.ts';
import { silent } from '../upstream.ts';
import { ASK, createWorld, type World } from './vendor-world.ts';

let world: World;
let cwd: string;

beforeAll(async () => {
  world = await createWorld((shelf) => {
    for (const name of ['alpha', 'beta', 'gamma']) {
      const needs = name === 'beta' ? { depends: ['gamma'], written_depends: ['gamma'] } : {};
      shelf.add(`${name}-1.0-py3-none-any.whl`, makeWheel(name, '1.0'), needs);
    }
  });
});
beforeEach(async () => {
  cwd = newFolder();
  world.upstream.log.length = 0;
});

const run = (...args: string[]) => world.pinwheel.run([...args, ...ASK, '--cache', 'cache'], { cwd });
const read = (file: string) => readFile(join(cwd, file), 'utf8');

const PROJECT = `# The Worker.
[project]
name = "w"
version = "1"
dependencies = [
    "alpha",  # kept
    # about beta
    "beta>=1"
]

[tool.x]
a = 1
`;

const POETRY = '[tool.poetry.dependencies]\nalpha = "*"\n';
const DYNAMIC = '[project]\ndynamic = ["dependencies"]\n';

test.each([
  [POETRY, 'has no [project] table.'],
  [DYNAMIC + POETRY, 'leaves project.dependencies to its build backend'],
])('what Poetry requires is neither hidden nor taken for nothing: %j', async (text, says) => {
  await writeFile(join(cwd, 'pyproject.toml'), text);
  for (const words of [['add', 'beta'], ['remove', 'alpha'], ['sync'], ['vendor']]) {
    const { code, stderr } = await run(...words);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(says) });
    expect(stderr).toContain('poetry export');
  }
  expect(await readdir(cwd)).toEqual(['pyproject.toml']);
  await writeFile(join(cwd, 'requirements.txt'), 'alpha\n');
  expect(await run('add', 'beta')).toMatchObject({ code: 0 });
  expect(await read('requirements.txt')).toBe('alpha\nbeta\n');
});

test('add and remove change the file that setuptools reads, if it is one', async () => {
  const dynamic = (files: string) =>
    `${DYNAMIC}[tool.setuptools.dynamic]\ndependencies = {file = ${files}}\n`;
  await writeFile(join(cwd, 'pyproject.toml'), dynamic('["all.in"]'));
  await writeFile(join(cwd, 'all.in'), '# all\nalpha\n');
  expect(await run('add', 'beta')).toMatchObject({ code: 0 });
  expect(await read('all.in')).toBe('# all\nalpha\nbeta\n');
  expect(await readdir(join(cwd, 'python_modules'))).toEqual(
    expect.arrayContaining(['alpha', 'beta', 'gamma']),
  );
  expect(await run('remove', 'beta')).toMatchObject({ code: 0 });
  expect(await read('all.in')).toBe('# all\nalpha\n');
  await writeFile(join(cwd, 'pyproject.toml'), dynamic('["all.in", "more.in"]'));
  expect(await run('add', 'beta')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Change one by hand, then run pinwheel sync: all.in, more.in.'),
  });
});

test('sync vendors what the project requires, and then leaves it as it is', async () => {
  await writeFile(join(cwd, 'pyproject.toml'), PROJECT);
  const first = await run('sync');
  expect(first.stdout).toMatch(
    /^ \+ alpha 1\.0\n \+ beta 1\.0\n \+ gamma 1\.0\n\npython_modules has 3 packages: .* downloaded, 0 B from the cache\.\n/,
  );
  const { ino } = await stat(join(cwd, 'python_modules'));
  expect(await run('sync')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^python_modules has 3 packages: nothing changed\.\n/),
  });
  expect((await stat(join(cwd, 'python_modules'))).ino).toBe(ino);
  expect(world.upstream.log).toHaveLength(3);
});

test('add and remove change the file and the folder; comments stay', async () => {
  await writeFile(join(cwd, 'pyproject.toml'), PROJECT.replace('    "beta>=1"\n', ''));
  await run('sync');
  const added = await run('add', 'beta>=1');
  expect(added.stdout).toContain('+     "beta>=1",\n\n + beta 1.0\n + gamma 1.0\n');
  expect(await read('pyproject.toml')).toBe(PROJECT.replace('"beta>=1"', '"beta>=1",'));
  const dry = await run('remove', 'Beta', '--dry-run');
  expect(dry.stdout).toMatch(/Would change pyproject\.toml:\n- {2,}"beta>=1",?\n/);
  expect(dry.stdout).toContain('python_modules would have 1 package: 2 packages would change.');
  expect(await read('pyproject.toml')).toContain('"beta>=1"');
  const removed = await run('remove', 'Beta', '--json');
  expect(JSON.parse(removed.stdout)).toMatchObject({
    file: 'pyproject.toml',
    changes: [
      { name: 'beta', from: '1.0', to: null },
      { name: 'gamma', from: '1.0', to: null },
    ],
  });
  expect(await read('pyproject.toml')).toBe(PROJECT.replace('    "beta>=1"\n', ''));
});

test('what cannot be satisfied leaves file and folder as they were', async () => {
  await writeFile(join(cwd, 'requirements.txt'), 'alpha\n');
  await run('sync');
  const { code, stderr } = await run('add', 'delta');
  expect({ code, stderr }).toMatchObject({
    code: 1,
    // The file has the line no more.
    stderr: expect.stringMatching(/has no package "delta"\.\n {2}in: {2}requirements\.txt\n/),
  });
  expect(await read('requirements.txt')).toBe('alpha\n');
  expect(await run('remove', 'beta')).toMatchObject({
    code: 1,
    stderr: `error: requirements.txt does not require beta.\n  fix: See which package needs it: pinwheel why beta ${ASK.join(' ')}\n`,
  });
  expect((await run('sync')).stdout).toContain('python_modules has 1 package: nothing changed.\n');
});

test('a requirement that is in the way is named with its line of the file that stays', async () => {
  const before = `beta\n\ngamma\nalpha --hash=sha256:${'0'.repeat(64)}\n`;
  await writeFile(join(cwd, 'requirements.txt'), before);
  for (const words of [
    ['remove', 'beta'],
    ['add', 'beta>=1'],
  ]) {
    const { code, stderr } = await run(...words);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/No hash of alpha matches .*\n {2}in: {2}requirements\.txt, line 4\n/),
    });
    expect(await read('requirements.txt')).toBe(before);
  }
});

test('Ctrl-C while a package is fetched leaves the file as it was', async () => {
  await writeFile(join(cwd, 'requirements.txt'), 'alpha\n');
  world.upstream.misbehave('/beta-1.0-py3-none-any.whl', silent);
  const words = [world.pinwheel.script, 'add', 'beta', ...ASK, '--cache', 'cache'];
  const child = spawn(process.execPath, words, { cwd });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const asked = () => world.upstream.log.map(({ path }) => path);
  await expect.poll(asked).toContain('/beta-1.0-py3-none-any.whl');
  expect(await read('requirements.txt')).toBe('alpha\nbeta\n');
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(await read('requirements.txt')).toBe('alpha\n');
});

describe('a file', () => {
  const edited = async (file: string, text: string, isAdded: boolean, ...words: string[]) => {
    await writeFile(join(cwd, file), text);
    const edits = new Edits();
    return edits.textOf(await editRequirements(edits, cwd, words, isAdded));
  };
  const project = (list: string) => `[project]\nname = "w"\n${list}\n[x]\n`;

  test.each<[before: string, isAdded: boolean, word: string, after: string]>([
    ['dependencies = []\n', true, 'six', 'dependencies = ["six"]\n'],
    ['dependencies = ["a", "b"] # x\n', true, 'six', 'dependencies = ["a", "b", "six"] # x\n'],
    ['dependencies = ["a", "b"]\n', false, 'b', 'dependencies = ["a"]\n'],
    ['dependencies = ["a", "b"]\n', false, 'A', 'dependencies = ["b"]\n'],
    ["dependencies = ['a[x]>=1']\n", true, 'a>=2', 'dependencies = ["a>=2"]\n'],
    ['dependencies = [\n  "a", # "]"\n]\n', true, 'six', 'dependencies = [\n  "a", # "]"\n  "six",\n]\n'],
    ['dependencies = [\n  "a"\n]\n', true, 'six', 'dependencies = [\n  "a",\n  "six",\n]\n'],
    ['dependencies = [\n  "a", # gone too\n  "b",\n]\n', false, 'a', 'dependencies = [\n  "b",\n]\n'],
    ['dependencies = [\n  "a",\n  "b"]\n', true, 'six', 'dependencies = [\n  "a",\n  "b", "six"]\n'],
    ['dependencies = ["a; os_name == \\"x\\"", "b"]\n', false, 'a', 'dependencies = ["b"]\n'],
    ['', true, 'six', 'dependencies = [\n    "six",\n]\n'],
  ])('with %j, edited (added: %j) by %s', async (before, isAdded, word, after) => {
    expect(await edited('pyproject.toml', project(before), isAdded, word)).toBe(project(after));
  });

  test('keeps its byte order mark and its line ends of Windows, and is as before after a dry run', async () => {
    const text = '\ufeff# mine\r\nalpha\r\n';
    await writeFile(join(cwd, 'requirements.txt'), text);
    const dry = await run('add', 'beta', '--dry-run');
    expect(dry.stdout).toContain('Would change requirements.txt:\n+ beta\n');
    expect(await read('requirements.txt')).toBe(text);
    const { code, stderr } = await run('add', 'beta');
    expect(code, stderr).toBe(0);
    expect(await read('requirements.txt')).toBe(`${text}beta\r\n`);
  });

  test('that only a person can change is named, and stays', async () => {
    const text = 'project = { name = "w", dependencies = ["a"] }\n';
    await expect(edited('pyproject.toml', text, true, 'six')).rejects.toThrow('only a person can change');
    expect(await read('pyproject.toml')).toBe(text);
  });

  test.each<[before: string, isAdded: boolean, word: string, after: string]>([
    ['', true, 'six', 'six\n'],
    ['# mine\na>=1  # why\n-c c.txt', true, 'six', '# mine\na>=1  # why\n-c c.txt\nsix\n'],
    ['# mine\na>=1  # why\n', true, 'a>=2', '# mine\na>=2  # why\n'],
    ['# mine\na>=1  # why\nb\n', false, 'a', '# mine\nb\n'],
    ['a==1 --hash=sha256:00 --hash sha256:11 # why\nb\n', true, 'a<2', 'a<2 # why\nb\n'],
    [
      'a==1 \\\n  --hash=sha256:00 \\\n  --hash=sha256:11\n  # via b\nb\n',
      true,
      'a<2',
      'a<2\n  # via b\nb\n',
    ],
    ['a[x]>=1 ; \\\n  python_version > "3"', true, 'a<2', 'a<2\n'],
    ['a \\\n--config-settings=x=y --hash=sha256:00\n', true, 'a<2', 'a<2 --config-settings=x=y\n'],
    // Only some lines end as on Windows.
    ['b\r\na \\\r\n  >=1\r\nc\n', true, 'a<2', 'b\r\na<2\r\nc\n'],
  ])('of plain lines, %j, edited (added: %j) by %s', async (before, isAdded, word, after) => {
    expect(await edited('requirements.txt', before, isAdded, word)).toBe(after);
  });

  test('of lines that go on, or have hashes, is edited as it is read', async () => {
    const space = fc.constantFrom(' ', ' \\\n  ');
    const parts = [
      fc.constantFrom('==1', '>=1,<3', '[x] ~= 1.0'),
      fc.constantFrom('', '; python_version > "3"'),
      fc.array(fc.constantFrom('--hash=sha256:00', '--hash sha384:11'), { maxLength: 2 }),
      fc.constantFrom('', '  # why', '\n    # via b', '\n\n-c c.txt'),
    ] as const;
    const written = fc.tuple(space, ...parts).map(([space, version, marker, hashes, end]) => {
      return [version, marker, ...hashes].filter(Boolean).join(space) + end;
    });
    const files = fc.tuple(fc.array(written, { minLength: 1, maxLength: 5 }), fc.constantFrom('\n', '\r\n'));
    const read = (text: string) =>
      parseRequirementsFile('r.txt', text).entries.map(({ where: _, ...entry }) => entry);
    const property = fc.asyncProperty(files, fc.nat(), async ([all, end], chosen) => {
      const at = chosen % all.length;
      const before = `${all.map((rest, at) => `name${at}${rest}\n`).join('')}`.replaceAll('\n', end);
      const isOther = (entry: object) => !('text' in entry && `${entry.text}`.startsWith(`name${at}`));
      const removed = await edited('requirements.txt', before, false, `name${at}`);
      expect(read(removed)).toEqual(read(before).filter(isOther));
      const replaced = await edited('requirements.txt', before, true, `name${at}<9`);
      const expected = read(before).map((entry) => (isOther(entry) ? entry : { text: `name${at}<9` }));
      expect(read(replaced)).toEqual(expected);
      for (const text of [removed, replaced]) {
        expect(text.match(/^ *#.*$/gm)).toEqual(before.match(/^ *#.*$/gm));
        expect(text.replaceAll(end, '')).not.toMatch(/[\r\n]/);
      }
    });
    await fc.assert(property, { numRuns: 200 });
  });
});

test('sync and add lock too, if asked', async () => {
  await writeFile(join(cwd, 'pyproject.toml'), PROJECT.replace('    "beta>=1"\n', ''));
  const planned = await run('sync', '--lock', '--dry-run');
  expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('Would write pylock.toml.') });
  expect(await readdir(cwd)).toEqual(['pyproject.toml']);
  expect(await run('sync', '--lock')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/python_modules has 1 package: .*\n\nWrote pylock\.toml\.\n/),
  });
  expect(await read('pylock.toml')).toMatch(/name = "alpha"\nversion = "1\.0"/);
  const again = await run('sync', '--lock');
  expect(again.stderr.match(/Using what pyproject\.toml requires/g)).toHaveLength(1);
  expect([again.code, again.stdout.includes('Wrote')]).toEqual([0, false]);
  expect(await world.pinwheel.run(['lock', '--check', ...ASK], { cwd })).toMatchObject({ code: 0 });
  const before = await read('pylock.toml');
  expect(await run('add', 'none-such', '--lock')).toMatchObject({ code: 1 });
  expect(await read('pylock.toml')).toBe(before);
  expect(await run('add', 'beta', '--lock')).toMatchObject({ code: 0 });
  expect(await read('pylock.toml')).toContain('name = "gamma"');
});
