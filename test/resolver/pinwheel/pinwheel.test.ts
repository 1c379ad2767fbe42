/** The object that answers questions: its input, its errors, and the documents that it reads. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { TargetAnswer } from '../../../resolver/answer.ts';
import { createResolver } from '../../../resolver/documents.ts';
import { ANSWER_VERSION, type Asked, ResolveError, type ResolveQuestion } from '../../../resolver/index.ts';
import { ResolveAnswer } from '../../../resolver/schemas.ts';
import { CompareAnswer, WhenAnswer } from '../../../resolver/time/answers.ts';
import { catalog, readData } from '../client/registry.ts';

/** On the data of this repository; `opened` are the files that were read. */
function pinwheelOnFiles({ library = true } = {}) {
  const opened: string[] = [];
  const open = (path: string) => {
    opened.push(path);
    return readData(path);
  };
  const pinwheel = createResolver({
    catalog: () => open('catalog.json'),
    openSet: ({ flag }) => open(`sets/${flag}.json`),
    ...(library && {
      standardLibrary: async () => ({
        facts: await open('standard-library/facts.json'),
        measured: await open('standard-library/measured.json'),
      }),
    }),
  });
  return { pinwheel, opened };
}

const wranglerConfig = {
  name: 'hello',
  main: 'src/entry.py',
  compatibility_date: '2025-11-02',
  compatibility_flags: ['python_workers'],
  vars: { from: 1 },
};
const SET = 'sets/python_3.13_packages_2025_08_08.json';

describe('an answer', () => {
  test('is of today and of the newest revision, if only a wrangler file is given', async () => {
    const { pinwheel, opened } = pinwheelOnFiles();
    const answer = await pinwheel.resolve({ ...wranglerConfig, requirements: ['fastapi'] });
    expect(answer.packages.at(-1)).toMatchObject({ name: 'fastapi', version: '0.116.1' });
    expect(answer.target.as_of).toBe(new Date().toISOString().slice(0, 10));
    const { log } = catalog;
    expect(answer.registry.revision).toBe(log.length);
    // That of the set, and those whose wheels may be proposed instead of its archives.
    expect(opened.slice(0, 2)).toEqual(['catalog.json', SET]);
    const known = [...opened];
    await pinwheel.resolve({ ...wranglerConfig, requirements: ['numpy'] });
    expect(opened).toEqual(known);
  });

  test('has its version, and matches its schema', async () => {
    const { pinwheel } = pinwheelOnFiles();
    const question = { ...wranglerConfig, as_of: '2026-11-20', requirements: ['idna'], requirement: 'idna' };
    const answers = [
      TargetAnswer.parse(await pinwheel.target(question)),
      ResolveAnswer.parse(await pinwheel.resolve(question)),
      WhenAnswer.parse(await pinwheel.when(question)),
      CompareAnswer.parse(await pinwheel.compare({ ...question, to: '2026-11-01' })),
    ];
    for (const answer of answers) {
      expect(Object.keys(answer).slice(0, 2)).toEqual(['registry', 'answer_version']);
      expect(answer.answer_version).toBe(ANSWER_VERSION);
    }
  });

  test('compares the compatibility date with the day of the question', async () => {
    const { pinwheel } = pinwheelOnFiles();
    const { from, to, python } = await pinwheel.compare({ ...wranglerConfig, as_of: '2026-11-20' });
    expect([from.compatibility_date, to.compatibility_date]).toEqual(['2025-11-02', '2026-11-20']);
    expect(python).toEqual({ changed: true, from: '3.13.2', to: '3.14.2' });
  });
});

describe('an error', () => {
  test('is thrown with its issues, and returned by the safe method; its fixes consider every set', async () => {
    const { pinwheel } = pinwheelOnFiles();
    const question = { ...wranglerConfig, as_of: '2026-11-20', requirements: ['polars'] };
    const outcome = await pinwheel.safeResolve(question);
    const error = await pinwheel.resolve(question).catch((error: unknown) => error);
    if (outcome.ok || !(error instanceof ResolveError)) throw new Error('this has an answer');
    expect(error.issues).toEqual(outcome.issues);
    expect(error.message).toContain(outcome.issues[0]!.message);
    expect(outcome.issues[0]!.fix).toContain('python_3.');
  });

  test.each<[says: string, question: Record<string, unknown>]>([
    ["requirements has to be a list of strings, but is the string 'fastapi'.", { requirements: 'fastapi' }],
    ['requirements is missing.', { requirements: undefined }],
    ['requirements[1] has to be a string, but is 1.', { requirements: ['a', 1] }],
    [
      "compatibility_flags has to be a list of strings, but is the string 'python_workers'.",
      { compatibility_flags: 'python_workers' },
    ],
    ['compatibility_date has to be a string, but is a date.', { compatibility_date: new Date() }],
    ['as_of has to be a string, but is 2026.', { as_of: 2026 }],
    ["revision has to be a whole number, but is the string '48'.", { revision: '48' }],
    ['experimental has to be true or false, but is 1.', { experimental: 1 }],
  ])('names what is not as it has to be: %s', async (says, change) => {
    const { pinwheel, opened } = pinwheelOnFiles();
    const question = {
      ...wranglerConfig,
      requirements: ['a'],
      ...change,
    } as unknown as Asked<ResolveQuestion>;
    const outcome = await pinwheel.safeResolve(question);
    expect(outcome).toMatchObject({ ok: false, issues: [{ kind: 'malformed', message: says }] });
    expect(opened).toEqual([]);
  });

  test.each([
    [{ requirement: ['polars'] }, 'Did you mean requirements?'],
    [{ requirements: [], exclude_never: '2026-01-01' }, 'Did you mean exclude_newer?'],
    [{ requirements: [], date: '2025-11-02' }, 'Did you mean compatibility_date?'],
    [{ requirements: [], flags: ['python_workers'] }, 'Did you mean compatibility_flags?'],
    [{ requirements: [], compatibilityDate: '2025-11-02' }, 'Did you mean compatibility_date?'],
  ])('refuses a misspelt field: %j', async (given, fix) => {
    const outcome = await pinwheelOnFiles().pinwheel.safeResolve(given as never);
    expect(outcome).toMatchObject({ ok: false });
    expect(outcome.ok || outcome.issues.at(-1)!.fix).toBe(fix);
  });

  test('takes every key of a wrangler file, and the fields of other questions', async () => {
    const schema = JSON.parse(await readFile('node_modules/wrangler/config-schema.json', 'utf8'));
    const keys = Object.keys(schema.definitions.RawConfig.properties);
    expect(keys.length).toBeGreaterThan(50);
    const more = Object.fromEntries(keys.map((key) => [key, [{}]]));
    const question = { ...more, requirement: 'idna', ...wranglerConfig, requirements: ['idna'] };
    expect((await pinwheelOnFiles().pinwheel.resolve(question as never)).totals.packages).toBe(1);
  });

  test.each([null, undefined, 'fastapi', ['fastapi'], 1])(
    'is for an invalid question: %j',
    async (question) => {
      const { pinwheel } = pinwheelOnFiles();
      await expect(pinwheel.target(question as never)).rejects.toBeInstanceOf(ResolveError);
    },
  );

  test('proposes what works if it is pasted', async () => {
    const { pinwheel } = pinwheelOnFiles();
    const outcome = await pinwheel.safeResolve({ ...wranglerConfig, requirements: 'idna' as never });
    const [, fix] = outcome.ok ? [] : /^Write requirements: (.*)\.$/.exec(outcome.issues[0]!.fix!)!;
    const requirements = JSON.parse(fix!.replaceAll("'", '"'));
    expect((await pinwheel.resolve({ ...wranglerConfig, requirements })).totals.packages).toBe(1);
  });
});

describe('a check', () => {
  const check = (files: Record<string, string | Uint8Array>, requirements: string[] = []) =>
    pinwheelOnFiles().pinwheel.check({ ...wranglerConfig, as_of: '2026-11-20', requirements, files });

  test('finds what is imported and not required', async () => {
    const { findings, totals, snapshot } = await check({
      'src/entry.py': 'import yaml\nfrom helper import answer\nimport vendored_one\nDefault = answer()',
      'src/helper.py': new TextEncoder().encode('answer = 42'),
      'python_modules/vendored_one.py': '',
      'README.md': '# no Python',
    });
    expect(findings).toMatchObject([
      { path: 'src/entry.py', line: 1, code: 'unlisted_package', severity: 'error' },
    ]);
    expect(totals).toEqual({ files: 2, imports: 3, errors: 1, warnings: 0 });
    expect(snapshot.entry).toBe('src/entry.py');
  });

  test('checks vendored packages: their ABI, their versions, and what is missing or left over', async () => {
    const vendored = (name: string, version: string, tag: string) => ({
      [`python_modules/${name}-${version}.dist-info/WHEEL`]: `Wheel-Version: 1.0\nTag: ${tag}\n`,
      [`python_modules/${name}-${version}.dist-info/RECORD`]: `${name}/__init__.py,,\n`,
      [`python_modules/${name}/__init__.py`]: '',
    });
    const files = {
      'src/entry.py': 'import yaml, idna, polars\nDefault = yaml.entrypoint()',
      ...vendored('yaml', '6.0.2', 'py3-none-any'),
      ...vendored('idna', '3.9', 'py3-none-any'),
      ...vendored('polars', '1.33.1', 'cp314-cp314-pyemscripten_2026_0_wasm32'),
    };
    // polars is in no set of this ABI: it is there, and for another.
    const { findings } = await check(files, ['idna', 'polars', 'six']);
    expect(findings.map(({ path, code, severity }) => [path, code, severity])).toEqual([
      ['python_modules', 'not_vendored', 'error'],
      ['python_modules/idna-3.9.dist-info', 'vendored_version', 'warning'],
      ['python_modules/polars-1.33.1.dist-info', 'vendored_abi', 'error'],
      ['requirements', 'unused_requirement', 'warning'],
    ]);
  });

  test('names what files have to be', async () => {
    await expect(check({ 'a.py': 1 } as never)).rejects.toThrow(
      'files has to be an object of strings or bytes by paths, but is an object.',
    );
  });

  test('says which extras the package set does not record, as resolve does', async () => {
    const requirements = ['six', 'fastapi[all]; python_version < "3"', 'fastapi[standard]', 'nope[a]'];
    const { findings } = await check({ 'src/entry.py': 'import fastapi, six\nDefault = six' }, requirements);
    expect(findings.map(({ code, line }) => [code, line])).toEqual([
      ['extras_not_recorded', 3],
      ['unknown_package', 4],
    ]);
    const { diagnostics } = await pinwheelOnFiles().pinwheel.resolve({
      ...wranglerConfig,
      requirements: requirements.slice(0, 3),
    });
    expect(findings[0]).toMatchObject(diagnostics.find(({ code }) => code === 'extras_not_recorded')!);
  });

  test('finds a dependency that the package set does not declare', async () => {
    const flags = ['python_workers', 'python_3.13_packages_2025_10_20'];
    const config = { ...wranglerConfig, compatibility_flags: flags, as_of: '2026-11-26' };
    const files = { 'src/entry.py': 'import starlette\nDefault = starlette' };
    const codesOf = async (requirements: string[]) => {
      const { pinwheel } = pinwheelOnFiles();
      const { findings } = await pinwheel.check({ ...config, requirements, files });
      const { diagnostics } = await pinwheel.resolve({ ...config, requirements });
      return [findings, diagnostics].map((all) => all.map(({ code }) => code));
    };
    expect(await codesOf(['starlette'])).toEqual([
      ['missing_requirement'],
      expect.arrayContaining(['undeclared_dependency']),
    ]);
    const [found, remarks] = await codesOf(['starlette', 'anyio']);
    expect(found).toEqual([]);
    expect(remarks).not.toContain('undeclared_dependency');
  });

  test('needs the standard library', async () => {
    const { pinwheel } = pinwheelOnFiles({ library: false });
    const outcome = await pinwheel.safeCheck({ ...wranglerConfig, files: {} });
    expect(outcome).toMatchObject({
      ok: false,
      issues: [{ fix: 'Pass standardLibrary to createResolver.' }],
    });
  });
});
