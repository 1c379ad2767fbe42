import { describe, expect, test } from 'vitest';
import type { ResolveAnswer } from '../../../resolver/answer.ts';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { prepareSet } from '../../../resolver/closure/prepare.ts';
import { answerResolve } from '../../../resolver/closure/resolve.ts';
import type { Issue } from '../../../resolver/issue.ts';
import { MAX_REQUIREMENTS } from '../../../resolver/question/fields.ts';
import { newest as view } from '../compatibility/catalog.ts';
import { realSource, setOf } from './sets.ts';

/** Asks as of a fixed day; `only` replaces the real set by one of the test. */
async function ask(requirements: string[], date = '2025-11-02', only?: PackageSet) {
  const source = only ? { ...realSource, openSet: async () => prepareSet(only) } : realSource;
  const question = {
    compatibility_date: date,
    compatibility_flags: ['python_workers'],
    as_of: '2026-11-20',
    requirements,
  };
  return answerResolve(view, question, source);
}

async function answer(...asked: Parameters<typeof ask>): Promise<ResolveAnswer> {
  const result = await ask(...asked);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.value;
}

async function issues(...asked: Parameters<typeof ask>): Promise<Issue[]> {
  const result = await ask(...asked);
  return result.ok ? [] : result.issues;
}

const prose = (told: Issue[]) => told.map(({ message, fix }) => `${message}\n  ${fix}`).join('\n');

describe('an answer', () => {
  test('adds up sizes only if all are known, and says what packages leave of a Worker', async () => {
    const set = setOf({ a: ['b'], b: ['c'], c: [] });
    const totals = async () => (await answer(['a'], undefined, set)).totals;
    const [first, second, third] = set.packages;
    expect(await totals()).toEqual({ packages: 3, size: null, left_at_most: null, unknown_sizes: 3 });
    first!.size = 21;
    second!.size = 21;
    expect(await totals()).toEqual({ packages: 3, size: null, left_at_most: null, unknown_sizes: 1 });
    // What the runtime has is downloaded by Pyodide, and not vendored.
    Object.assign(third!, { size: 8, kind: 'standard_library' });
    const left_at_most = 64 * 1024 * 1024 - 42;
    expect(await totals()).toEqual({ packages: 3, size: 50, left_at_most, unknown_sizes: 0 });
  });

  test('leaves out what a marker excludes, and says so', async () => {
    const { packages, diagnostics } = await answer([
      'numpy; sys_platform == "win32"',
      'six; python_version > "3.12"',
    ]);
    expect(packages.map(({ name }) => name)).toEqual(['six']);
    expect(diagnostics).toMatchObject([
      { severity: 'info', code: 'excluded_by_marker' },
      { code: 'archives_not_wheels' },
    ]);
  });

  test('names the native libraries that a Worker on the platform would lack', async () => {
    const native = async (flag: string, ...requirements: string[]) => {
      const question = { compatibility_date: '2026-09-01', compatibility_flags: [flag], as_of: '2026-11-20' };
      const outcome = await answerResolve(view, { ...question, requirements }, realSource);
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.issues));
      const { diagnostics } = outcome.value;
      return diagnostics.filter(({ code }) => code === 'native_library').map(({ message }) => message);
    };
    expect(await native('python_3.13_packages_2025_09_22', 'scikit-learn')).toEqual([
      'scipy loads the native library libopenblas 0.3.26, which the platform does not load from python_modules.',
    ]);
    // ssl comes with the runtime, and its library with it.
    expect(await native('python_3.13_packages_2025_08_08', 'fastapi')).toEqual([]);
    // No workerd has its runtime, so that the Worker includes its own Python, with the libraries.
    expect(await native('python_3.12_packages_2025_03_01', 'scikit-learn')).toEqual([]);
  });

  test('names what a package lacked when it ran, and the set does not list as its dependency', async () => {
    const needs = async (...requirements: string[]) => {
      const compatibility_flags = ['python_3.13_packages_2025_10_20'];
      const place = { compatibility_date: null, compatibility_flags, as_of: '2026-11-26' };
      const outcome = await answerResolve(view, { ...place, requirements }, realSource);
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.issues));
      return outcome.value.diagnostics.filter(({ code }) => code === 'undeclared_dependency').map(prosaic);
    };
    const prosaic = ({ message, fix }: { message: string; fix: string | null }) => `${message} ${fix}`;
    expect(await needs('starlette', 'soupsieve')).toEqual([
      'soupsieve 2.6 cannot be used on Pyodide 0.29.0 without beautifulsoup4, which the package set does not list as its dependency. Require beautifulsoup4, too.',
      'starlette 0.47.2 cannot be used on Pyodide 0.29.0 without anyio, which the package set does not list as its dependency. Require anyio, too.',
    ]);
    // These depend on them.
    expect(await needs('fastapi', 'beautifulsoup4')).toEqual([]);
  });

  test('says that a set does not record extras', async () => {
    expect((await answer(['fastapi[all]'])).diagnostics).toMatchObject([
      { code: 'extras_not_recorded' },
      { code: 'archives_not_wheels' },
    ]);
  });
});

describe('an issue', () => {
  test('about a version names the pin and sets with the required one', async () => {
    expect(prose(await issues(['numpy>=3', 'fastapi<0.115']))).toMatchInlineSnapshot(`
      "numpy>=3 cannot be satisfied: the package set python_3.13_packages_2025_08_08 pins numpy 2.3.1.
        No package set pins a version that numpy>=3 allows. An index may have one: ask with index and unpin=numpy. To stay with this set, ask for numpy or numpy==2.3.1.
      fastapi<0.115 cannot be satisfied: the package set python_3.13_packages_2025_08_08 pins fastapi 0.116.1.
        With the compatibility date 2025-09-28, python_3.12_packages_2024_08_29 has fastapi 0.110.0. To stay with this set, ask for fastapi or fastapi==0.116.1."
    `);
  });

  test('about a name lists similar names and the sets that have it', async () => {
    const told = prose(await issues(['pydantik', 'polars', 'definitely-not-a-package']));
    expect(told.replace(/\(one of \d+ sets that would do\)/, '(…)')).toMatchInlineSnapshot(`
      "The package set python_3.13_packages_2025_08_08 has no package "pydantik".
        Did you mean pydantic?
      The package set python_3.13_packages_2025_08_08 has no package "polars".
        With the compatibility date 2026-09-08, python_3.14_packages_2026_08_25 has polars 1.33.1.
      The package set python_3.13_packages_2025_08_08 has no package "definitely-not-a-package".
        No package set has definitely-not-a-package. An index may have it: ask with index."
    `);
  });

  test.each([
    ['opencv', ['opencv-python']],
    ['opemai', ['openai']],
    ['django', []],
  ])('about %s lists names that go on after it before other words: %j', async (name, near) => {
    const set = setOf({ openai: [], 'opencv-python': [], 'opencv-tests': [], 'django-cors-headers': [] });
    expect(await issues([name], undefined, set)).toMatchObject([{ near }]);
  });

  test('about a name that differs from a package by a number names an index, too', async () => {
    const fix = 'An index may have it: ask with index. Did you mean httpx?';
    expect(await issues(['httpx2'])).toMatchObject([{ fix, near: ['httpx'] }]);
  });

  test('about a module that a package provides names the package', async () => {
    expect(prose(await issues(['bs4', 'YAML']))).toMatchInlineSnapshot(`
      "The package set python_3.13_packages_2025_08_08 has no package "bs4".
        The module bs4 comes with beautifulsoup4: ask for that.
      The package set python_3.13_packages_2025_08_08 has no package "yaml".
        The module yaml comes with pyyaml: ask for that."
    `);
  });

  test('about a marker names the comparison', async () => {
    expect(prose(await issues(['numpy; os_name ~= "posix"']))).toMatchInlineSnapshot(`
      "The marker of numpy; os_name ~= "posix" cannot be evaluated: os_name ~= "posix".
        Compare a variable of PEP 508 with a value of its kind."
    `);
  });

  test('about a missing dependency has the chain from its root, also in a cycle', async () => {
    const set = setOf({ app: ['b'], b: ['d', 'gone'], d: ['b'] });
    const [issue] = await issues(['six; python_version < "3"', 'app'], undefined, set);
    expect(issue).toMatchObject({
      code: 'missing_dependency',
      package: 'gone',
      chain: ['app', 'b'],
      requirement: 'app',
      index: 1,
    });
    expect(issue!.message).toContain('has no package "gone", which b needs, which app needs.');
  });

  test('is reported once for a repeated requirement, with all its positions', async () => {
    const asked = ['six', 'numpy<2', 'polars', 'numpy<2', 'six', 'numpy<2', 'polars', 'numpy <2'];
    const told = await issues(asked);
    expect(told.map((issue) => 'index' in issue && [issue.index, issue.repeats])).toEqual([
      [1, [3, 5]],
      [2, [6]],
      [7, []],
    ]);
    const unread = await issues(['six', 'a b', 'numpy', 'a b']);
    expect(unread).toMatchObject([{ code: 'invalid_requirement', index: 1, repeats: [3], column: 3 }]);
    const set = setOf({ app: ['gone'], other: [] });
    const lacking = await issues(['other', 'app', 'other', 'app', 'app '], undefined, set);
    expect(lacking).toMatchObject([{ code: 'missing_dependency', index: 1, repeats: [3] }]);
    const excluded = 'numpy; sys_platform == "win32"';
    const { diagnostics } = await answer([excluded, 'fastapi[all]', excluded, 'fastapi[all]']);
    expect(diagnostics.map(({ code }) => code)).toEqual([
      'excluded_by_marker',
      'extras_not_recorded',
      'archives_not_wheels',
    ]);
  });

  test('has its facts as data too', async () => {
    const [conflict, unknown] = await issues(['numpy>=3', 'pydantik']);
    expect(conflict).toMatchObject({
      ...{ kind: 'unanswerable', code: 'version_conflict', index: 0, requirement: 'numpy>=3' },
      ...{ package: 'numpy', package_set: 'python_3.13_packages_2025_08_08', pinned: '2.3.1' },
      available: null,
    });
    expect(unknown).toMatchObject({
      ...{ code: 'unknown_package', index: 1, package: 'pydantik', near: ['pydantic'], providers: [] },
      fixes: [{ kind: 'set_requirement', name: 'pydantik', requirement: 'pydantic', because: 'similar' }],
    });
  });

  test('is one of all issues, the malformed first', async () => {
    const told = await issues(['a b', 'x @ https://example.com/x.whl'], 'not-a-date');
    expect(told.map(({ code }) => code)).toEqual([
      'invalid_compatibility_date',
      'invalid_requirement',
      'direct_url_requirement',
    ]);
  });

  test('about too many requirements comes before any is read', async () => {
    const many = Array.from({ length: MAX_REQUIREMENTS + 1 }, () => 'not a requirement');
    expect(await issues(many)).toMatchObject([{ kind: 'malformed', code: 'too_many_requirements' }]);
  });
});
