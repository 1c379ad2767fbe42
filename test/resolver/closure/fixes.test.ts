/** Every fix of a failure is applied, and the question asked again: what is proposed works. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import packageFacts from '../../../data/package-facts.json' with { type: 'json' };
import facts from '../../../data/standard-library/facts.json' with { type: 'json' };
import measured from '../../../data/standard-library/measured.json' with { type: 'json' };
import { type ResolveQuestion, resolve } from '../../../resolver/closure/resolve.ts';
import type { ResolveSource } from '../../../resolver/closure/source.ts';
import type { StandardLibraryDocuments } from '../../../resolver/index.ts';
import { resolveBeyond } from '../../../resolver/pinwheel/beyond.ts';
import { PackageFacts } from '../../../resolver/python/standard-library-document.ts';
import { canonicalName } from '../../../resolver/requirements/name.ts';
import { compare } from '../../../resolver/time/compare.ts';
import { when } from '../../../resolver/time/when.ts';
import { makeIndex } from '../solver/made-index.ts';
import { AS_OF, view } from '../time/data.ts';
import { applyAll } from './applied.ts';
import { allPins, realSets, realSource } from './sets.ts';

const documents = { facts, measured, packages: packageFacts } as unknown as StandardLibraryDocuments;
const source: ResolveSource = { ...realSource, standardLibrary: async () => documents };

type Asked = Pick<
  ResolveQuestion,
  'compatibility_date' | 'compatibility_flags' | 'requirements' | 'index' | 'unpin'
>;
const ask = (asked: Asked) =>
  asked.index
    ? resolveBeyond(view, { ...asked, as_of: AS_OF }, source)
    : resolve(view, { ...asked, as_of: AS_OF }, source);

const PLACES = [
  ...['2024-10-01', '2025-03-01', '2025-11-02', '2026-09-08', AS_OF].map((compatibility_date) => ({
    compatibility_date,
    compatibility_flags: ['python_workers'],
  })),
  ...['no_python_workers_314', 'python_workers_314', 'python_workers_20250116'].map((flag) => ({
    compatibility_date: '2026-11-01',
    compatibility_flags: ['python_workers', flag],
  })),
  ...realSets.map(({ flag }) => ({ compatibility_date: null, compatibility_flags: [flag] })),
];
const SPECIFIERS = [
  '',
  '==99',
  '<0.1',
  '==8.1.3',
  '>=2,<2',
  '===x',
  '!=1.*',
  '~=1.25',
  '[extra]==0.0.1',
  ' ; python_version < "3.13"',
  '<2 ; python_version >= "3.13"',
  ' ; os_name ~= "posix"',
];
const UNKNOWN = [
  ...['numpi', 'PIL', 'yaml', 'cv2', 'click', 'dateutil', 'flask', 'bs4'],
  ...['workers', 'js', 'ssl', 'asyncio', 'pydecimal'],
];
const POPULAR = ['psycopg2', 'requests', 'lxml', 'pandas', 'fastapi', 'httpx', 'opencv-python', 'tiktoken'];

describe('a fix', () => {
  test('of one requirement works, for popular names in every set', async () => {
    const names = [...UNKNOWN, ...POPULAR];
    for (const place of PLACES) {
      const questions = names.flatMap((name) => SPECIFIERS.map((specifier) => name + specifier));
      await Promise.all(questions.map((text) => applyAll({ ...place, requirements: [text] }, ask)));
    }
  });

  test('of a question with an index works, and one that holds without the index is not lost', async () => {
    const compiled = ['lxml', 'pandas', 'pillow', 'psycopg2', 'uvloop'].map((name) => [
      name,
      {
        '1.0': { tags: 'cp313-cp313-manylinux_2_17_x86_64', uploaded: '2025-01-01' },
        '99.0': { tags: null },
      },
    ]);
    const pure = ['only-here', 'numpy'].map((name) => [name, { '8.1.3': { uploaded: '2025-01-01' } }]);
    const index = makeIndex(Object.fromEntries([...compiled, ...pure]));
    const place = { compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'], index };
    const kindsOf = async (asked: Asked) => {
      const outcome = await ask(asked);
      return outcome.ok ? [] : outcome.issues.map(({ fixes }) => fixes.map(({ kind }) => kind));
    };
    for (const name of ['lxml', 'pandas', 'pillow', 'psycopg2']) {
      const asked = { ...place, requirements: [name, 'only-here==8.1.3'] };
      expect(await kindsOf(asked)).toEqual(await kindsOf({ ...place, index: null, requirements: [name] }));
      expect(await applyAll(asked, ask)).toBeGreaterThan(0);
    }
    for (const texts of [
      ['numpy==8.1.3'],
      ['numpy==8.1.3', 'lxml'],
      ['lxml', 'pillow', 'nope'],
      ['uvloop', 'pandas<2.4'],
    ]) {
      expect(await kindsOf({ ...place, requirements: texts })).not.toEqual([]);
      await applyAll({ ...place, requirements: texts }, ask);
    }
  });

  test('of a package of an index that needs another version than the set pins is a set that pins it', async () => {
    const requires = ['pydantic[email]>=2.12', 'starlette>=0.30'];
    const index = makeIndex({ model: { '1.0': { requires, uploaded: '2025-01-01' } } });
    const place = { compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'], index };
    const asked = { ...place, requirements: ['model', 'numpy'] };
    const outcome = await ask(asked);
    const issues = outcome.ok ? [] : outcome.issues;
    expect(issues).toMatchObject([{ code: 'no_solution' }]);
    expect(issues[0]!.fixes).toMatchObject([
      { kind: 'package_flag', same_runtime: true, has: [{ name: 'pydantic', version: '2.12.5' }] },
      { kind: 'date', compatibility_date: '2026-09-08' },
    ]);
    expect(await applyAll(asked, ask)).toBeGreaterThan(0);
    // No set has it.
    const never = makeIndex({ model: { '1.0': { requires: ['pydantic>=99'], uploaded: '2025-01-01' } } });
    const hopeless = await ask({ ...asked, index: never });
    expect(hopeless.ok ? [] : hopeless.issues.map(({ fixes }) => fixes)).toEqual([[]]);
  });

  test('of several requirements satisfies the one that it is of, and another target all of them', async () => {
    const name = fc.constantFrom(
      ...allPins.keys(),
      ...UNKNOWN,
      ...packageFacts.packages.flatMap(({ names }) => names),
    );
    const requirement = fc
      .tuple(fc.oneof(name, fc.constantFrom(...POPULAR)), fc.constantFrom(...SPECIFIERS))
      .map((parts) => parts.join(''));
    const question = fc.record({
      place: fc.constantFrom(...PLACES),
      texts: fc.array(requirement, { minLength: 2, maxLength: 5 }),
    });
    let applied = 0;
    await fc.assert(
      fc.asyncProperty(question, async ({ place, texts }) => {
        applied += await applyAll({ ...place, requirements: texts }, ask);
      }),
      { numRuns: process.env.TEST_ALL ? 3_000 : 400 },
    );
    expect(applied).toBeGreaterThan(400);
  });
});

describe('what left the sets for compiled wheels on PyPI', () => {
  const place = { compatibility_date: '2026-11-20', compatibility_flags: ['python_workers'], as_of: AS_OF };
  const wheels = 'https://github.com/pyodide/pyodide-recipes/pull/603';

  test('is said of a requirement, with the index to ask', async () => {
    const outcome = await ask({ ...place, requirements: ['arro3-core'] });
    const [issue] = outcome.ok ? [] : outcome.issues;
    expect('fixes' in issue! && issue.fixes).toContainEqual({
      kind: 'use_index',
      requirement: null,
      packages: [],
      wheels,
    });
    expect(issue!.fix).toContain(`It left the set, with compiled wheels on PyPI (${wheels})`);
    // Another set has it, so that it is not misspelt python-flirt.
    const flint = await ask({ ...place, requirements: ['python-flint'] });
    expect(flint.ok ? [] : flint.issues).toMatchObject([
      { near: [], fix: expect.stringMatching(/^It left/) },
    ]);
    const older = await ask({ ...place, compatibility_date: '2025-11-02', requirements: ['arro3-core'] });
    expect(JSON.stringify(older)).not.toContain('compiled wheels');
  });

  test('by when, and by a comparison', async () => {
    const days = await when(view, { ...place, requirement: 'arro3-core' }, source);
    const gone = 'arro3-core left the set: PyPI has compiled wheels for ABI 2026_0.';
    expect(days.ok && days.value.diagnostics.map(({ message }) => message)).toContain(gone);
    const move = {
      from: 'python_3.12_packages_2025_06_04',
      to: 'python_3.14_packages_2026_08_25',
      compatibility_flags: [],
      as_of: AS_OF,
    };
    const moved = await compare(view, { ...move, requirements: ['arro3-core'] }, source);
    expect(moved.ok && moved.value.closure?.failing[0]?.fix).toContain('compiled wheels on PyPI');
    const whole = await compare(view, { ...move, requirements: [] }, source);
    expect(whole.ok && whole.value.diagnostics.map(({ message }) => message)).toContain(
      'arro3-compute, arro3-core, arro3-io left the set: PyPI has compiled wheels for ABI 2026_0.',
    );
  });
});

test('the facts of packages have their schema, canonical names, and none that a set has', () => {
  expect(PackageFacts.parse(packageFacts)).toEqual(packageFacts);
  const names = packageFacts.packages.flatMap(({ names }) => names);
  expect(names.map(canonicalName)).toEqual(names);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => allPins.has(name))).toEqual([]);
});
