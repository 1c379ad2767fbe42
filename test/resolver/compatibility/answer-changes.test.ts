/** The changes that a publication lists, compared with the answers before and after it. */
import { expect, test } from 'vitest';
import type { AnswerChange } from '../../../resolver/answer.ts';
import type { PythonDocument, WorkerdDocument } from '../../../resolver/catalog.ts';
import { answerChanges, changesPast } from '../../../resolver/compatibility/answer-changes.ts';
import { addDays } from '../../../resolver/compatibility/date.ts';
import { selectTarget } from '../../../resolver/compatibility/target.ts';
import { type CatalogView, viewCatalog } from '../../../resolver/compatibility/view.ts';
import { changeOf } from '../../../resolver/publication.ts';
import { catalog, viewAt } from './catalog.ts';

const TODAY = '2026-11-21';
const before = viewAt(catalog.log.length);

const flag = (ordinal: number, more: object) => ({
  ...{ field: 'newer', ordinal, enable: 'python_newer', disable: 'no_python_newer', enable_date: null },
  ...{ implied_by: ['pythonWorkers'], implied_date: '2026-12-15' },
  ...{ experimental: false, obsolete: false, release: true, ...more },
});

/** A workerd that runs another Pyodide of an ABI that an earlier one has. */
const newer: WorkerdDocument = {
  kind: 'workerd',
  workerd: '1.20261121.0',
  flags: [...before.flags.map(({ revision: _, withdrawn: __, ...fact }) => fact), flag(10_000, {})],
  releases: [
    ...[...before.releases.values()].map(({ revision: _, withdrawn: __, ...fact }) => fact),
    {
      ...{ field: 'newer', id: '314.0.7', pyodide: '314.0.7', python: '3.14.2', abi: '2026_0' },
      ...{ platform: 'emscripten_5_0_3', workerd_bundle: '314.0.7_2026-12-01_1', packages_tag: null },
    },
  ],
  package_locks: [],
  source: { registry: 'npm', package: 'workerd', version: '1.20261121.0', file: 'bin/workerd', sha256: null },
};

const longer: PythonDocument = {
  kind: 'python',
  python: '3.12',
  first_release: '2023-10-02',
  supported_until: '2028-12-31',
  source: { registry: 'pep', package: 'PEP 693', version: '3.12', file: 'schedule', sha256: null },
};

async function changesBy(document: PythonDocument | WorkerdDocument) {
  const change = await changeOf(catalog, document, { day: TODAY });
  const outcome = viewCatalog(change.after);
  if (!outcome.ok) throw new Error(outcome.issues[0]?.message);
  return { after: outcome.value, changes: answerChanges(before, outcome.value, TODAY) };
}

const chosen = (view: CatalogView, compatibility_date: string, flags: string[], as_of: string) => {
  const outcome = selectTarget(view, { compatibility_date, compatibility_flags: flags, as_of });
  return outcome.ok ? [outcome.value.runtime.pyodide, outcome.value.package_set.flag] : null;
};

/** Whether a question of today, or for a later date on its day, is in the list. */
const isListed = (changes: AnswerChange[], date: string, flags: string[]) =>
  changes.some(
    ({ compatibility_flags, from, until, as_of }) =>
      compatibility_flags.join() === flags.join() &&
      as_of <= (date > TODAY ? date : TODAY) &&
      from <= date &&
      (until === null || date <= until),
  );

test.each([
  ['a workerd with another Pyodide of the same ABI', newer],
  ['a longer support', longer],
])('%s changes the answers that it lists, and no others', async (_, document) => {
  const { after, changes } = await changesBy(document);
  const days = changes.flatMap(({ from, until }) => [from, until ?? '2999-12-31']);
  const around = [...days, TODAY, '2028-10-02', '2028-12-31'].flatMap((day) =>
    [-1, 0, 1].map((by) => addDays(day, by)),
  );
  const dates = [...new Set(around)].filter((day) => day >= '2000-01-01' && day <= '2999-12-31');
  const asked = [['python_workers'], ...[...before.sets.keys()].map((name) => [name])];
  for (const flags of asked) {
    for (const date of dates) {
      const as_of = date > TODAY ? date : TODAY;
      const [was, is] = [before, after].map((view) => JSON.stringify(chosen(view, date, flags, as_of)));
      expect([flags, date, isListed(changes, date, flags)]).toEqual([flags, date, was !== is]);
    }
  }
});

test('a workerd changes past answers about pinned sets, if it has a newer Pyodide of their ABI', async () => {
  const { changes } = await changesBy(newer);
  const pinned = ['python_3.14_packages_2026_11_20'];
  const past = changes.filter((change) => changesPast(change, TODAY));
  expect(past.filter(({ compatibility_flags }) => compatibility_flags.join() === pinned.join())).toEqual([
    {
      compatibility_flags: pinned,
      from: '2000-01-01',
      until: '2026-09-07',
      as_of: TODAY,
      before: { pyodide: '314.0.6', python: '3.14.2', package_set: pinned[0], moved_from: null },
      after: { pyodide: '314.0.7', python: '3.14.2', package_set: pinned[0], moved_from: null },
    },
  ]);
});

test('a longer support changes nothing for dates after its end', async () => {
  const { changes } = await changesBy(longer);
  const oldest = [
    'python_workers',
    'no_python_workers_20250116',
    'no_python_workers_20260610',
    'no_python_workers_314',
  ];
  expect(changes.filter(({ compatibility_flags }) => compatibility_flags.join() === oldest.join())).toEqual([
    expect.objectContaining({ from: '2000-01-01', until: '2028-12-30', as_of: '2028-10-02' }),
  ]);
});

const changed = (field: string, fact: object): WorkerdDocument => ({
  ...newer,
  flags: before.flags.map(({ revision: _, withdrawn: __, ...one }) =>
    one.field === field ? { ...one, ...fact } : one,
  ),
  releases: newer.releases.slice(0, -1),
});

test.each<[string, WorkerdDocument, string[]]>([
  ['no longer has a flag', changed('nodeJsCompat', { enable: null }), ['nodejs_compat']],
  ['names a flag differently', changed('nodeJsCompat', { disable: 'x' }), ['no_nodejs_compat']],
  ['wants --experimental for a flag', changed('nodeJsCompat', { experimental: true }), ['nodejs_compat']],
  [
    'wants --experimental for a release flag',
    changed('pythonWorkers20250116', { experimental: true }),
    ['python_workers_20250116'],
  ],
  ['wants --experimental for all of Python', changed('pythonWorkers', { experimental: true }), []],
])('a workerd changes past answers if it %s', async (_, document, named) => {
  const flags = ['python_workers', ...named];
  const { after, changes } = await changesBy(document);
  for (const date of ['2024-01-01', '2025-11-02', TODAY]) {
    expect(chosen(before, date, flags, TODAY)).not.toBeNull();
    expect(chosen(after, date, flags, TODAY)).toBeNull();
    expect([date, isListed(changes, date, flags)]).toEqual([date, true]);
  }
  expect(changes.some((change) => changesPast(change, TODAY))).toBe(true);
});

test('a workerd changes past answers if another flag implies a runtime', async () => {
  const implied = { implied_by: ['nodeJsCompat'], implied_date: '2025-01-01' };
  const { after, changes } = await changesBy(changed('pythonWorkersDevPyodide', implied));
  const flags = ['python_workers', 'nodejs_compat'];
  const [was, is] = [before, after].map((view) => chosen(view, '2025-02-01', flags, TODAY));
  expect(was).not.toEqual(is);
  expect(isListed(changes, '2025-02-01', flags)).toBe(true);
});
