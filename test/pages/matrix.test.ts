/** Compares the matrix with the resolver, for all packages and all periods of compatibility dates. */
import { beforeAll, describe, expect, test } from 'vitest';
import { isListed } from '../../registry/pages/components/words.ts';
import { libraryOf } from '../../registry/pages/facts/library.ts';
import { noAnswer, notYetSent } from '../../registry/pages/matrix/answer.ts';
import { type Column, columnsOf, todayOf } from '../../registry/pages/matrix/columns.ts';
import { matrixIn } from '../../registry/pages/matrix/made.ts';
import { matrixOf, type Row, rowsOf } from '../../registry/pages/matrix/matrix.ts';
import { searchedMember } from '../../registry/pages/matrix/matrix-table.tsx';
import { moduleRows, moduleVerdict } from '../../registry/pages/matrix/modules.ts';
import { asksForMore, namesOf, rankOf, wantedName } from '../../registry/pages/matrix/search.ts';
import { verdictOf } from '../../registry/pages/matrix/verdict.ts';
import { type PreparedSet, prepareSet, walk } from '../../resolver/closure/prepare.ts';
import { resolve } from '../../resolver/closure/resolve.ts';
import { changeDays } from '../../resolver/compatibility/change-days.ts';
import { addDays } from '../../resolver/compatibility/date.ts';
import { selectTarget } from '../../resolver/compatibility/target.ts';
import { filesOf, type PinnedFile } from '../../resolver/pinned-files.ts';
import { when } from '../../resolver/time/when.ts';
import { catalog, viewAt } from '../resolver/compatibility/catalog.ts';
import { prepared, source } from '../resolver/time/data.ts';

const view = viewAt(catalog.log.length);

const FLAGS = ['python_workers'];
const DAYS = ['2026-01-15', '2026-11-20'];

/** As in the registry's storage, with some sets `changed`. */
function pinnedFiles(changed: readonly PreparedSet[] = []): PinnedFile[] {
  const sets = new Map([...prepared, ...changed.map((set) => [set.flag, set] as const)]);
  return [...sets.values()].flatMap((set) => filesOf(set, view.sets.get(set.flag)!.revision));
}
const files = pinnedFiles();

const later = (a: string, b: string) => [a, b].sort()[1]!;

describe.each(DAYS)('as of %s', (asOf) => {
  let columns: Column[];
  let rows: Row[];
  beforeAll(() => {
    columns = columnsOf(view, asOf);
    rows = matrixOf(view, columns, files);
  });

  /** Today, or the first day of an announced column. */
  const ask = (name: string, date: string, flags: readonly string[] = FLAGS) =>
    resolve(
      view,
      {
        compatibility_date: date,
        compatibility_flags: flags,
        as_of: later(date, asOf),
        requirements: [name],
      },
      source,
    );

  test("every date is in one column, which has the date's target", () => {
    const days = changeDays(view, '9999-12-31').flatMap((day) => [addDays(day, -1), day, addDays(day, 1)]);
    for (const day of [...days, asOf]) {
      const target = selectTarget(view, {
        compatibility_date: day,
        compatibility_flags: FLAGS,
        as_of: later(day, asOf),
      });
      const of = columns.filter(({ from, to }) => from <= day && (to === null || day <= to));
      expect([day, of.length]).toEqual([day, target.ok ? 1 : 0]);
      if (!target.ok) continue;
      const { runtime, package_set } = target.value;
      expect([of[0]!.target.runtime.id, of[0]!.set.flag]).toEqual([runtime.id, package_set.flag]);
      expect(of[0]!.is === 'announced').toBe(day > asOf && of[0]!.from > asOf);
    }
    const { from, to } = todayOf(columns)!;
    expect(from <= asOf && (to === null || asOf <= to)).toBe(true);
  });

  test('a cell is yes if the resolver says so, with its version', async () => {
    for (const [at, { from, to, date }] of columns.entries()) {
      for (const { name, cells } of rows) {
        for (const day of new Set([from, to ?? date, date])) {
          const answer = await ask(name, day);
          const version = answer.ok
            ? answer.value.packages.find((candidate) => candidate.name === name)!.version
            : undefined;
          const cell = cells[at]!;
          expect([name, day, version]).toEqual([name, day, cell.is === 'own' ? cell.version : undefined]);
        }
      }
    }
  });

  test('a partial cell is what the package flag provides on the date’s runtime, and no means nothing of its ABI', async () => {
    for (const [at, { date, target }] of columns.entries()) {
      for (const { name, cells } of rows) {
        const cell = cells[at]!;
        if (cell.is === 'other') {
          const answer = await ask(name, date, [...FLAGS, cell.flag]);
          if (!answer.ok) throw new Error(`${name} is not in ${cell.flag}`);
          expect(answer.value.target.runtime).toEqual(target.runtime);
          expect(answer.value.target.workerd_flags).toEqual(FLAGS);
          expect(answer.value.packages.find((candidate) => candidate.name === name)!.version).toBe(
            cell.version,
          );
        }
        if (cell.is === 'none') {
          const sets = [...view.sets.values()].filter(({ abi }) => abi === target.runtime.abi);
          expect(sets.filter(({ flag }) => prepared.get(flag)!.index.has(name))).toEqual([]);
        }
      }
    }
  });

  test('agrees with `when` about the dates of a package', async () => {
    for (const { name, cells } of rows) {
      const answer = await when(view, { requirement: name, as_of: asOf }, source);
      if (!answer.ok) throw new Error(name);
      const { intervals, flag_intervals } = answer.value;
      const asked = columns.flatMap(({ from, is }, at) =>
        is === 'announced' ? [] : [{ from, cell: cells[at]! }],
      );
      const own = asked.flatMap(({ from, cell }) => (cell.is === 'own' ? [[from, cell.version]] : []));
      const other = asked.flatMap(({ from, cell }) =>
        cell.is === 'other' ? [[from, cell.flag, cell.version]] : [],
      );
      expect([name, intervals.map(({ from, version }) => [from, version])]).toEqual([name, own]);
      expect([name, flag_intervals.map(({ from, flag, version }) => [from, flag, version])]).toEqual([
        name,
        other,
      ]);
    }
  });

  test.each([
    ['listed', 'none'],
    ['obtainable', 'none'],
    ['imported', 'yes'],
  ] as const)('what is %s has the colour of %s', (level, is) => {
    const numpy = rows.find(({ name }) => name === 'numpy')!;
    const cells = numpy.cells.map((cell) =>
      cell.is === 'own' ? { ...cell, evidence: { ...cell.evidence, level } } : cell,
    );
    expect(searchedMember(columns, { ...numpy, cells }).made().is).toBe(is);
  });

  test('a verdict agrees with the cells, and its date is right', async () => {
    const today = columns.indexOf(todayOf(columns)!);
    for (const row of rows) {
      const { is, sentences, at } = verdictOf(columns, row);
      const text = sentences.join(' ');
      const cell = row.cells[today]!;
      expect([row.name, is]).toEqual([row.name, { own: 'yes', other: 'flag', none: 'no' }[cell.is]]);
      for (const version of text.match(/(?<=Today: |has |with )\d[\w.+]*\w/g) ?? []) {
        expect(row.cells.map((cell) => (cell.is === 'none' ? '' : cell.version))).toContain(version);
      }
      const since = /^In the package set since compatibility_date (\S+)\./.exec(text)?.[1];
      if (since) {
        expect((await ask(row.name, since)).ok).toBe(true);
        expect((await ask(row.name, addDays(since, -1))).ok).toBe(false);
      }
      const last = /last on (\S+) with/.exec(text)?.[1];
      if (last) {
        expect((await ask(row.name, last)).ok).toBe(true);
        expect((await ask(row.name, addDays(last, 1))).ok).toBe(false);
      }
      const change = /Announced: (\d\S*) from (\S+) (?:to ([\d-]+)|on)/.exec(text);
      if (change) {
        const [, version = '', first = '', end] = change;
        const versionOn = async (day: string) => {
          const answer = await ask(row.name, day);
          return answer.ok && answer.value.packages.find((candidate) => candidate.name === row.name)!.version;
        };
        for (const day of [first, end ?? columns.at(-1)!.from]) {
          expect([row.name, day, await versionOn(day)]).toEqual([row.name, day, version]);
        }
        if (end) expect(await versionOn(addDays(end, 1))).not.toBe(version);
      }
      if (at !== null) {
        const taken = row.cells[at]!;
        const flags = taken.is === 'other' ? [...FLAGS, taken.flag] : FLAGS;
        expect((await ask(row.name, columns[at]!.date, flags)).ok).toBe(true);
        // As the line for `pinwheel vendor` says it.
        if (taken.is === 'none') throw new Error(`${row.name} is taken from nowhere`);
        expect((await ask(row.name, columns[at]!.date, [taken.flag])).ok).toBe(true);
      }
    }
  });
});

test('tests that were split off are not packages, and what people ask for comes first', () => {
  const columns = columnsOf(view, '2026-11-20');
  const rows = matrixOf(view, columns, files);
  const names = new Set([...prepared.values()].flatMap(({ members }) => members.map(({ name }) => name)));
  expect(rows.filter(({ name }) => name.endsWith('-tests'))).toEqual([]);
  expect(rows.slice(0, 2).map(({ name }) => name)).toEqual(['fastapi', 'httpx']);
  expect(rows.length).toBe([...names].filter((name) => !name.endsWith('-tests')).length);
});

test.each(['2025-01-01', '2026-01-15', '2026-11-20'])('counts the packages of the set of %s', (asOf) => {
  const columns = columnsOf(view, asOf);
  const today = todayOf(columns)!;
  const { counts } = matrixIn(view, columns, today, matrixOf(view, columns, files));
  expect(Number.parseInt(counts, 10)).toBe(prepared.get(today.set.flag)!.members.filter(isListed).length);
});

/** The set, of which some packages need one more. */
function needing({ flag, members }: PreparedSet, more: Record<string, string>): PreparedSet {
  const packages = members.map((member) => ({
    ...member,
    depends: [...member.depends, ...(more[member.name] ? [more[member.name]!] : [])],
  }));
  return prepareSet({ flag, packages });
}

test("a set that lacks a package's dependency does not count", () => {
  const columns = columnsOf(view, '2026-11-20');
  const { flag } = todayOf(columns)!.set;
  const whole = prepared.get(flag)!;
  const rows = matrixOf(view, columns, pinnedFiles([needing(whole, { numpy: 'lost' })]));
  const cells = rows.find(({ name }) => name === 'pandas')!.cells;
  expect(cells[columns.indexOf(todayOf(columns)!)]).toMatchObject({ is: 'other' });
});

test('a missing dependency of one package in a cycle makes all of them incomplete', () => {
  const columns = columnsOf(view, '2026-11-20');
  const { flag } = todayOf(columns)!.set;
  const cycle = needing(prepared.get(flag)!, { six: 'pandas', pandas: 'numpy', numpy: 'six' });
  const changed = needing(cycle, { pandas: 'lost' });
  const rows = matrixOf(view, columns, pinnedFiles([changed]));
  for (const { name, cells } of rows) {
    const at = changed.index.get(name);
    if (at === undefined) continue;
    const isWhole = walk(changed, [at]).members.every((member) => changed.dangling[member]!.length === 0);
    const cell = cells[columns.indexOf(todayOf(columns)!)]!;
    expect([name, cell.is === 'own']).toEqual([name, isWhole]);
  }
});

test('a file’s tags say whether an index may have what a date lacks, for each date by the set nearest to it', () => {
  const columns = columnsOf(view, '2026-11-20');
  const pure = new Map(
    matrixOf(view, columns, files).map(({ name, cells }) => [
      name,
      cells.map((cell) => cell.is === 'none' && cell.pure),
    ]),
  );
  expect(columns.map(({ target }) => target.runtime.pyodide)).toEqual(['0.26.0a2', '0.28.2', '314.0.6']);
  for (const name of ['langchain', 'tenacity', 'pyjwt', 'python-multipart', 'autograd']) {
    expect([name, pure.get(name)!.at(-1)]).toEqual([name, true]);
  }
  for (const name of ['polars', 'sqlite3', 'test', 'openblas']) {
    expect([name, pure.get(name)!.at(-1)]).toEqual([name, false]);
  }
  // It was compiled later.
  expect(pure.get('peewee')).toEqual([true, false, false]);
  const patched = files.filter(({ name, patched_by }) => name === 'aiohttp' && patched_by === 'pinwheel');
  expect(patched.map(({ filename }) => filename)).toContain('aiohttp-3.14.3+pinwheel.1-py3-none-any.whl');
  expect(rowsOf(view, columns, patched)[0]!.cells[0]).toEqual({ is: 'none', pure: false });
});

test('only one name is a search', () => {
  for (const text of ['numpy', 'import numpy as np', 'from PIL import Image', ' scikit_learn '])
    expect([text, asksForMore(text)]).toEqual([text, false]);
  for (const text of ['import cgi\nimport numpy', 'numpy pandas', 'numpy>=2', '2025-11-02'])
    expect([text, asksForMore(text)]).toEqual([text, true]);
});

test('a package flag that is typed is no package, and leads to its set', () => {
  expect(noAnswer('python_3.12_packages_2025_03_01', [])).toEqual({
    is: 'none',
    title: 'python_3.12_packages_2025_03_01',
    href: '/sets/python_3.12_packages_2025_03_01',
    verdict: 'A package flag: press Answer to open the page of its set.',
    lines: {},
  });
});

test('modules of the standard library have rows, from a set or from Python', () => {
  const columns = columnsOf(view, '2026-11-20');
  const today = columns.indexOf(todayOf(columns)!);
  const all = matrixOf(view, columns, files);
  const modules = moduleRows(
    columns,
    all.filter(({ kind }) => kind === 'standard_library'),
  );
  const rows = new Map(modules.map((row) => [row.name, row.cells[today]!.is]));
  expect(modules.find(({ name }) => name === 'sqlite3')!.cells.map(({ is }) => is)).not.toContain('missing');
  expect([rows.get('json'), rows.get('socket'), rows.get('_ssl'), rows.get('os.path')]).toEqual([
    'works',
    'part',
    undefined,
    'works',
  ]);
  expect(rows.get('curses')).toBe('missing');
});

test('a package of the standard library cannot do what its modules cannot', () => {
  const stateIn = (pyodide: string, module: string) => libraryOf(pyodide)!.stateOf(module);
  for (const pyodide of ['0.26.0a2', '0.28.2']) {
    expect(stateIn(pyodide, 'urllib')).toEqual({
      is: 'part',
      limits: ['open a connection with urllib.request'],
    });
    expect(stateIn(pyodide, 'http.client')).toEqual({ is: 'part', limits: ['open a connection'] });
    expect(stateIn(pyodide, 'urllib.parse').is).toBe('works');
  }
  expect(stateIn('314.0.6', 'urllib').is).toBe('works');
  expect(stateIn('314.0.6', 'http').limits).toEqual(['listen on a port with http.server']);
  expect(stateIn('314.0.6', 'socket').limits).toEqual(['listen on a port']);
});

test('a module’s verdict is about a column that has it, or says that none does', () => {
  const columns = columnsOf(view, '2026-11-20');
  const works = (is: string | undefined) => is === 'works' || is === 'part';
  const said = new Set<string>();
  for (const { name, cells } of moduleRows(columns, [])) {
    const { is, verdict, at } = moduleVerdict(columns, cells);
    const has = cells.some((cell) => works(cell.is));
    expect([name, at !== null]).toEqual([name, has]);
    expect([name, works(cells[at ?? 0]!.is)]).toEqual([name, has]);
    expect([name, verdict.includes('no compatibility date provides it')]).toEqual([name, !has]);
    expect([name, is === 'no']).toEqual([name, !works(cells[columns.indexOf(todayOf(columns)!)]!.is)]);
    said.add(`${is} ${at === null}`);
  }
  expect(said).toEqual(new Set(['yes false', 'flag false', 'no false', 'no true']));
});

test.each([
  ['PIL', 'pillow', ['PIL'], 1],
  ['import yaml as y', 'pyyaml', ['_yaml', 'yaml'], 1],
  ['scikit_learn >= 1', 'scikit-learn', ['sklearn'], 0],
  ['sklearn', 'scikit-learn', ['sklearn'], 1],
  ['scikit', 'scikit-learn', ['sklearn'], 2],
  ['skl', 'scikit-learn', ['sklearn'], 3],
  ['learn', 'scikit-learn', ['sklearn'], 4],
  ['numpy', 'scikit-learn', ['sklearn'], 5],
  ['aiohttp-tests', 'aiohttp', ['aiohttp'], 0],
])('%s matches %s with rank %#', (query, name, imports, rank) => {
  expect(rankOf(namesOf(name, imports), wantedName(query))).toBe(rank);
});

test.each([
  ['numpy>=2', 'numpy>=2'],
  ['\nimport json\nimport yaml\n', 'import json …'],
])('%j is not sent yet, and headed by its first line', (query, title) => {
  expect(notYetSent(query)).toMatchObject({ title, verdict: expect.stringContaining('Press Answer') });
});
