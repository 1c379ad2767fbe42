import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CommandError } from '../../cli/common/failure.ts';
import { type Choice, parsePyproject } from '../../cli/project/sources/pyproject-file.ts';

const NOTHING: Choice = { extras: [], groups: [] };

const POETRY =
  'Export them: poetry export -o requirements.txt, which is read if no file is named. Or list them under [project], which Poetry reads since 2.0.';

async function read(text: string, choice: Partial<Choice> = {}) {
  const { requirements, remarks } = await parsePyproject('p.toml', text, { ...NOTHING, ...choice });
  return {
    texts: requirements.map(({ text }) => text),
    places: requirements.map(({ where }) => where.replace('p.toml, ', '')),
    remarks: remarks.map(({ message }) => message),
  };
}

async function issuesOf(text: string, choice: Partial<Choice> = {}) {
  const error = await read(text, choice).catch((error: unknown) => error);
  if (!(error instanceof CommandError)) throw new Error('nothing was refused', { cause: error });
  expect(error.exitCode).toBe(2);
  return error.issues.map(({ code, message, fix }) => [code, message, fix]);
}

const PROJECT = `
[project]
name = "Spam.Eggs"
dependencies = ["fastapi", "httpx>=0.28; python_version > '3'"]
[project.optional-dependencies]
cli = ["typer", "rich"]
Data_Frames = ["pandas"]
all = ["spam-eggs[cli, data-frames]", "numpy", "Spam_Eggs[all]"]
some = ["spam-eggs[cli]; sys_platform == 'linux'"]
[dependency-groups]
Test_Tools = ["pytest", {include-group = "typing"}]
typing = ["mypy"]
lint = ["ruff", {include-group = "typing"}]
a = [{include-group = "b"}]
b = [{include-group = "c"}]
c = [{include-group = "a"}, "x"]
`;

describe('a project', () => {
  test('has dependencies, with their positions', async () => {
    expect(await read(PROJECT)).toEqual({
      texts: ['fastapi', "httpx>=0.28; python_version > '3'"],
      places: ['project.dependencies, entry 1', 'project.dependencies, entry 2'],
      remarks: [],
    });
    expect((await read('[project]\nname = "x"')).texts).toEqual([]);
  });

  test('has extras, which may name each other through the project', async () => {
    const { texts } = await read(PROJECT, { extras: ['cli', 'data.frames'] });
    expect(texts.slice(2)).toEqual(['typer', 'rich', 'pandas']);
    expect((await read(PROJECT, { extras: ['ALL', 'cli'] })).texts.slice(2)).toEqual([
      'numpy',
      'typer',
      'rich',
      'pandas',
    ]);
  });

  test('may name its own extras in its dependencies and groups', async () => {
    const project = (name: string, dependency: string) => `
      [project]
      name = "${name}"
      dependencies = ["a", "${dependency}"]
      optional-dependencies = {Web = ["b"], cli = ["c"]}
      [dependency-groups]
      dev = ["d", "Spam_Eggs[cli]"]`;
    const groups = ['dev'];
    expect((await read(project('spam-eggs', 'spam.eggs[web]'), { groups })).texts).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
    // A Worker may have the name of a package that it requires.
    expect((await read(project('fastapi', 'fastapi'))).texts).toEqual(['a', 'fastapi']);
    expect((await read(project('fastapi', 'fastapi[all]'))).texts).toEqual(['a', 'fastapi[all]']);
  });

  test('may name its own extras with a marker, with a remark', async () => {
    expect((await read(PROJECT, { extras: ['some'] })).remarks).toEqual([
      "p.toml, project.optional-dependencies.some, entry 1: spam-eggs[cli]; sys_platform == 'linux' names extras of the project itself under a marker, and is skipped.",
    ]);
  });

  test('has groups, which may include each other', async () => {
    const { texts, places } = await read(PROJECT, { groups: ['test-tools', 'lint'] });
    expect(texts.slice(2)).toEqual(['pytest', 'mypy', 'ruff']);
    expect(places[3]).toBe('dependency-groups.typing, entry 1');
    expect((await read('[dependency-groups]\ntest = ["a"]', { groups: ['test'] })).texts).toEqual(['a']);
  });

  test.each<[tables: string, files: string[], fix: string | null]>([
    ['', [], 'List them in project.dependencies, and not under dynamic, or in a requirements.txt.'],
    ['[tool.poetry.dependencies]\njinja2 = "^3.1"', [], POETRY],
    ['[tool.setuptools.dynamic]\ndependencies = {file = "a.in"}', ['a.in'], null],
    ['[tool.setuptools.dynamic]\ndependencies = {file = ["a.in", "b.in"]}', ['a.in', 'b.in'], null],
    ['[tool.setuptools.dynamic]\ndependencies = {file = [1]}', [], expect.any(String)],
  ])('may leave its requirements to a backend: %j', async (tables, files, fix) => {
    const text = `[project]\ndynamic = ["dependencies", "version"]\n${tables}`;
    const message = 'p.toml leaves project.dependencies to its build backend, which pinwheel does not run.';
    const unread = fix === null ? null : expect.objectContaining({ message, fix });
    expect(await parsePyproject('p.toml', text, NOTHING)).toMatchObject({ files, unread, requirements: [] });
  });
});

describe('refused', () => {
  test('cycles of groups', async () => {
    expect(await issuesOf(PROJECT, { groups: ['b'] })).toEqual([
      [
        'malformed_pyproject',
        'The dependency groups form a cycle: b includes c includes a includes b.',
        'Leave out one include-group.',
      ],
    ]);
  });

  test('unknown names, with similar ones', async () => {
    expect(await issuesOf(PROJECT, { extras: ['clii'], groups: ['lnt', 'nothing-like-it'] })).toEqual([
      ['unknown_group', 'p.toml has no group "lnt".', 'Did you mean lint?'],
      [
        'unknown_group',
        'p.toml has no group "nothing-like-it".',
        'It has test-tools, typing, lint, a, b, c.',
      ],
      ['unknown_extra', 'p.toml has no extra "clii".', 'Did you mean cli?'],
    ]);
  });

  test('files without a project', async () => {
    expect(await issuesOf('[tool.poetry.dependencies]\nfastapi = "*"')).toEqual([
      ['malformed_pyproject', 'p.toml has no [project] table.', POETRY],
    ]);
  });

  test.each<[text: string, choice: Partial<Choice>, says: string]>([
    ['[project', {}, 'p.toml could not be parsed: '],
    ['project = 1', {}, 'p.toml has no [project] table.'],
    ['[project]\ndependencies = "a"', {}, 'project.dependencies has to be a list of strings.'],
    ['[project]\ndependencies = ["a", 1]', {}, 'project.dependencies has to be a list of strings.'],
    ['[project]\nrequires-python = 3.12', {}, 'project.requires-python has to be a string.'],
    [
      '[project.optional-dependencies]\nx = {}',
      { extras: ['x'] },
      'project.optional-dependencies.x has to be a list of strings.',
    ],
    ['[dependency-groups]\nx = "a"', { groups: ['x'] }, 'The dependency group x has to be a list.'],
    ['[dependency-groups]\nx = [1]', { groups: ['x'] }, 'The dependency group x has an invalid entry.'],
    [
      '[dependency-groups]\nx = [{include-group = "y", more = 1}]\ny = []',
      { groups: ['x'] },
      'The dependency group x has an invalid entry.',
    ],
    [
      '[dependency-groups]\na-b = []\nA_B = []',
      { groups: ['a-b'] },
      'The dependency groups a-b and A_B have the same name.',
    ],
    ['[dependency-groups]\nx = [{include-group = "y"}]', { groups: ['x'] }, 'p.toml has no group "y".'],
  ])('%j', async (text, choice, says) => {
    const [[, message]] = (await issuesOf(text, choice)) as [[string, string]];
    expect(message).toContain(says);
  });
});

test('large and deep groups are read once', async () => {
  const wide = Array.from({ length: 50 }, (_, at) => {
    const next = `{include-group = "g${at + 1}"}`;
    return `g${at} = [${next}, ${next}, "p${at}"]`;
  });
  const text = `[dependency-groups]\n${wide.join('\n')}\ng50 = []`;
  expect((await read(text, { groups: ['g0'] })).texts.length).toBe(50);
  const deep = Array.from({ length: 5_000 }, (_, at) => `g${at} = [{include-group = "g${at + 1}"}]`);
  expect(await issuesOf(`[dependency-groups]\n${deep.join('\n')}`, { groups: ['g0'] })).toEqual([
    ['malformed_pyproject', 'Dependency groups include each other more than 100 levels deep.', null],
  ]);
});

test("any file throws only Pinwheel's errors", async () => {
  const word = fc.constantFrom(
    ...'project name dependencies x __proto__ dependency-groups dynamic'.split(' '),
  );
  const value = fc.constantFrom(...'1 "x" ["x"] [{include-group="x"}] {x=[]} [[]] 2020-01-01 nan'.split(' '));
  const line = fc.oneof(
    fc.tuple(word, value).map(([key, text]) => `${key} = ${text}`),
    word.map((key) => `[${key}]`),
    fc.tuple(word, word).map(([outer, other]) => `[${outer}.${other}]`),
    fc.string({ unit: 'binary', maxLength: 10 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
      const choice = { extras: ['x', '__proto__'], groups: ['x'] };
      await read(lines.join('\n'), choice).catch((error: unknown) => {
        if (!(error instanceof CommandError)) throw error;
      });
    }),
    { numRuns: 3_000 },
  );
});
