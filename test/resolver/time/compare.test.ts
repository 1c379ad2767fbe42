import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../../resolver/compatibility/date.ts';
import { enabledFields } from '../../../resolver/compatibility/workerd.ts';
import type { Issue } from '../../../resolver/issue.ts';
import { CompareAnswer } from '../../../resolver/time/answers.ts';
import { type CompareQuestion, compare, flagSwitches } from '../../../resolver/time/compare.ts';
import { AS_OF, prepared, readModules, source, view } from './data.ts';

type Asked = Partial<CompareQuestion>;

async function ask(from: string, to: string, question: Asked = {}, sets = source) {
  return compare(view, { from, to, as_of: AS_OF, ...question }, sets);
}

async function answer(from: string, to: string, question: Asked = {}): Promise<CompareAnswer> {
  const outcome = await ask(from, to, question);
  if (!outcome.ok) throw new Error(outcome.issues.map(({ message }) => message).join('\n'));
  return CompareAnswer.parse(outcome.value);
}

async function issues(from: string, to: string, question: Asked = {}): Promise<Issue[]> {
  const outcome = await ask(from, to, question);
  return outcome.ok ? [] : outcome.issues;
}

const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);

describe('two targets', () => {
  test('that are the same have no differences', async () => {
    expect(await answer('2026-11-01', '2026-11-01', { requirements: ['fastapi'] })).toMatchObject({
      runtime: { changed: false },
      python: { changed: false },
      package_set: { changed: false },
      packages: { removed: [], changed: [], added: [] },
      standard_library: { removed: [], added: [], built_in: [], reduced: [] },
      flags: [],
      closure: { affected: false, failing: [], removed: [], changed: [], added: [] },
    });
  });

  test('cover every member of both sets, in both directions', async () => {
    const flags = [...view.sets.keys()];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...flags), fc.constantFrom(...flags), async (from, to) => {
        const { packages, standard_library } = await answer(from, to);
        const back = await answer(to, from);
        const before = new Map(prepared.get(from)!.members.map((member) => [member.name, member]));
        const after = new Map(prepared.get(to)!.members.map((member) => [member.name, member]));
        const gone = [...before.keys()].filter((name) => !after.has(name));
        expect([...names(packages.removed), ...standard_library.removed].sort()).toEqual(gone.sort());
        const isModule = (name: string) => after.get(name)!.kind === 'standard_library';
        const differing = [...before.values()].filter(({ name, version, sha256 }) => {
          const now = after.get(name);
          return now && !isModule(name) && (now.version !== version || now.sha256 !== sha256);
        });
        expect(names(packages.changed).sort()).toEqual(names(differing).sort());
        expect(back.packages.added).toEqual(packages.removed);
        expect(back.packages.removed).toEqual(packages.added);
        expect(back.standard_library).toEqual({
          removed: standard_library.added,
          added: standard_library.removed,
          built_in: [],
          reduced: [],
        });
        const turned = { up: 'down', down: 'up', rebuilt: 'rebuilt' } as const;
        const ways = new Map(back.packages.changed.map(({ name, direction }) => [name, direction]));
        for (const { name, direction } of packages.changed) {
          // A name that is a package on one side alone is counted by what it is on the later one.
          if (ways.has(name)) expect([name, ways.get(name)]).toEqual([name, turned[direction]]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('the standard library', () => {
  const library = async (from: string, to: string, read = readModules) => {
    const outcome = await compare(view, { from, to, as_of: AS_OF }, { ...source, readModules: read });
    return outcome.ok ? outcome.value.standard_library : null;
  };

  test('reports what Python removed and added', async () => {
    const { removed, added } = (await library('2025-09-28', '2026-11-01'))!;
    expect(removed).toEqual(expect.arrayContaining(['cgi', 'crypt', 'telnetlib', 'uu']));
    expect(added).toEqual(expect.arrayContaining(['annotationlib', 'compression']));
    expect([...removed, ...added].filter((module) => module.startsWith('_'))).toEqual([]);
  });

  test('says which packages became part of Python, and does not report them as removed', async () => {
    const { removed, added, built_in, reduced } = (await library('2025-11-02', '2026-11-01'))!;
    expect(built_in).toEqual(['lzma', 'sqlite3', 'ssl']);
    // Pyodide 314 has no OpenSSL for hashlib, and no package of it.
    expect(reduced).toEqual(['hashlib', 'pydecimal']);
    expect((await library('2026-11-01', '2025-11-02'))!.built_in).toEqual([]);
    for (const module of ['ssl', 'sqlite3', 'lzma', 'hashlib']) {
      expect([...removed, ...added]).not.toContain(module);
    }
  });

  test('does not report a module that a package replaces', async () => {
    const to = 'python_3.14_packages_2026_09_14';
    expect(prepared.get(to)!.members.some(({ imports }) => imports.includes('audioop'))).toBe(true);
    expect((await library('python_3.12_packages_2025_03_01', to))!.removed).not.toContain('audioop');
  });

  test('is compared by the packages of the sets without a measurement', async () => {
    const partly = async (pyodide: string) => (pyodide === '0.28.2' ? readModules(pyodide) : null);
    expect(await library('2025-11-02', '2026-11-01', partly)).toEqual({
      removed: ['hashlib', 'lzma', 'pydecimal', 'sqlite3', 'ssl'],
      added: [],
      built_in: [],
      reduced: [],
    });
  });

  test('of every runtime has been measured', async () => {
    const runtimes = [...view.releases.values(), ...view.sets.values()];
    for (const runtime of runtimes) {
      const pyodide = 'pyodide' in runtime ? runtime.pyodide : runtime.runtime;
      expect(await readModules(pyodide), pyodide).toContain('asyncio');
    }
  });
});

describe('flags', () => {
  test('about Python come first, each by date', async () => {
    const { flags } = await answer('2024-01-01', '2026-11-20');
    const python = flags.filter((flag) => flag.python);
    expect(python.length).toBeGreaterThan(5);
    expect(flags.slice(0, python.length)).toEqual(python);
    for (const part of [python, flags.slice(python.length)]) {
      const dates = part.map(({ date }) => date);
      expect(dates).toEqual(dates.toSorted());
    }
  });

  test('turn on on the same day as in a search day by day', () => {
    const day = fc.integer({ min: 0, max: 900 }).map((days) => addDays('2024-06-01', days));
    const name = fc.constantFrom(...view.flagByName.keys());
    const flagOf = new Map(view.flags.map(({ field, enable }) => [field, enable]));
    fc.assert(
      fc.property(day, day, fc.uniqueArray(name, { maxLength: 4 }), (from, to, more) => {
        const named = new Set(['python_workers', ...more]);
        const [earlier, later] = from < to ? [from, to] : [to, from];
        const expected: string[] = [];
        let before = enabledFields(view.flags, named, earlier);
        for (let date = earlier; date <= later; date = addDays(date, 1)) {
          const on = enabledFields(view.flags, named, date);
          for (const field of on) if (!before.has(field)) expected.push(`${flagOf.get(field)} ${date}`);
          before = on;
        }
        const switches = flagSwitches(view, named, from, to);
        expect(switches.map(({ flag, date }) => `${flag} ${date}`).sort()).toEqual(expected.sort());
        expect(switches.every(({ on }) => on === from < to)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a closure', () => {
  const closureOf = async (from: string, to: string, ...requirements: string[]) =>
    (await answer(from, to, { requirements })).closure!;

  test('that stays is not affected, rebuilt or not', async () => {
    const { affected, changed, failing } = await closureOf(
      'python_3.14_packages_2026_08_25',
      'python_3.14_packages_2026_09_14',
      'fastapi',
    );
    expect({ affected, failing }).toEqual({ affected: false, failing: [] });
    expect(changed.length).toBeGreaterThan(5);
    expect(new Set(changed.map(({ direction }) => direction))).toEqual(new Set(['rebuilt']));
  });

  test('of which a package has another version is affected', async () => {
    const { affected, changed, failing } = await closureOf('2025-11-02', '2026-11-01', 'six', 'numpy');
    expect({ affected, failing }).toEqual({ affected: true, failing: [] });
    expect(names(changed)).toEqual(['numpy', 'six']);
  });

  test('that loses only a library, or has another version of one, is not', async () => {
    // ssl comes with Python from Pyodide 314 on.
    const { affected, removed } = await closureOf('2025-11-02', '2026-11-01', 'sniffio');
    expect({ affected, removed }).toEqual({ affected: false, removed: [] });
    const anyio = await closureOf('2025-11-02', '2026-11-01', 'anyio');
    expect(anyio.removed.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      'libopenssl: shared_library',
      'ssl: standard_library',
    ]);
    const sets = ['python_3.12_packages_2024_05_27', 'python_3.12_packages_2024_12_31'] as const;
    const logbook = await closureOf(...sets, 'logbook');
    const changed = logbook.changed.filter(({ direction }) => direction !== 'rebuilt');
    expect({ affected: logbook.affected, changed: names(changed) }).toEqual({
      affected: false,
      changed: ['openssl'],
    });
  });

  test('of which a requirement fails is affected, and says why and since when', async () => {
    const { affected, failing, removed } = await closureOf(
      '2025-11-02',
      '2026-11-01',
      'langchain',
      'six<1',
      'polars',
    );
    expect(affected).toBe(true);
    expect(failing.map(({ requirement, held, code }) => ({ requirement, held, code }))).toEqual([
      { requirement: 'langchain', held: true, code: 'unknown_package' },
      { requirement: 'six<1', held: false, code: 'version_conflict' },
    ]);
    expect(failing[0]!.message).toContain('python_3.14_packages_2026_08_25');
    // polars is satisfied now, but not then.
    expect(failing[0]!.fix).toContain('no target satisfies all requirements');
    expect(names(removed)).toContain('langchain');
    const alone = await closureOf('2025-11-02', '2026-11-01', 'langchain', 'six<1');
    expect(alone.failing[0]!.fix).toContain('2026-09-07');
  });

  test('with new packages is not', async () => {
    const { affected, added, failing } = await closureOf('2025-11-02', '2026-11-01', 'polars');
    expect({ affected, failing, added: names(added) }).toEqual({
      affected: false,
      failing: [],
      added: ['polars'],
    });
  });

  test('of which a marker excludes a package at the later date is affected', async () => {
    const asked = 'six; python_version < "3.14"';
    const { closure, diagnostics } = await answer('2025-11-02', '2026-11-01', { requirements: [asked] });
    expect(closure).toMatchObject({ affected: true, failing: [], removed: [{ name: 'six' }] });
    expect(diagnostics.map(({ code }) => code)).toEqual(['excluded_by_marker']);
  });
});

describe('issues', () => {
  test('of both sides, and those they have in common once', async () => {
    const question = { compatibility_flags: ['python_workers', 'python_wrkers'], requirements: ['a b'] };
    const found = await issues('2025-9-1', '2099-01-01', question);
    expect(found.map(({ code }) => code)).toEqual([
      'invalid_compatibility_date',
      'unknown_flag',
      'future_compatibility_date',
      'invalid_requirement',
    ]);
  });

  test.each([
    ['python_3.13_packages_2025_08_09', 'unknown_package_flag'],
    ['', 'invalid_compatibility_date'],
    ['python_workers', 'invalid_compatibility_date'],
  ])('a side that is %j', async (side, code) => {
    expect(await issues('2025-11-02', side)).toMatchObject([{ kind: 'malformed', code }]);
    expect(await issues(side, '2025-11-02')).toMatchObject([{ kind: 'malformed', code }]);
  });
});

test('a package flag as a side replaces that of the question, which the other side has', async () => {
  const [own, other] = ['python_3.12_packages_2025_03_01', 'python_3.13_packages_2025_08_08'];
  const question = { compatibility_flags: ['python_workers', own] };
  const setsOf = async (from: string, to: string) => {
    const { package_set } = await answer(from, to, question);
    return [package_set.from, package_set.to];
  };
  expect(await setsOf('2025-11-02', other)).toEqual([own, other]);
  expect(await setsOf(other, '2025-11-02')).toEqual([other, own]);
  expect(await setsOf(own, other)).toEqual([own, other]);
});
