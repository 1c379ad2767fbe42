import { describe, expect, test } from 'vitest';
import { defaultSet, isPackageFlag, packageFlagIssue } from '../../../resolver/compatibility/package-set.ts';
import { fixed } from '../../../resolver/issues/fixes.ts';
import { catalog, OWN_SET, revisionOf, targetOf, view, viewAt, withOwnDefault } from './catalog.ts';

test.for([
  ['python_3.12_packages_2025_03_01', true],
  ['python_3.99_packages_2099_01_01', true],
  ['python_3.12_packages_20250301', true],
  ['python_workers', false],
  ['python_external_packages', false],
  ['Python_3.12_packages_2025_03_01', false],
  ['', false],
] as const)('isPackageFlag(%j) is %j', ([flag, expected]) => {
  expect(isPackageFlag(flag)).toBe(expected);
});

describe('an unknown package flag', () => {
  test('is named, with the nearest', () => {
    expect(packageFlagIssue(view, 'python_3.12_packages_2025_03_02')).toEqual({
      kind: 'malformed',
      code: 'unknown_package_flag',
      message: 'No such package flag: python_3.12_packages_2025_03_02',
      ...fixed(
        'Did you mean python_3.12_packages_2025_03_01, python_3.12_packages_2025_03_18 or ' +
          'python_3.12_packages_2025_04_04?',
      ),
      flag: 'python_3.12_packages_2025_03_02',
      near: [
        'python_3.12_packages_2025_03_01',
        'python_3.12_packages_2025_03_18',
        'python_3.12_packages_2025_04_04',
      ],
    });
  });

  test.for([
    ['a Python that has no sets yet', 'python_3.15_packages_2026_09_20', 'python_3.14_packages_2026_09_14'],
    ['the Python before the date', 'python_3.13_packages_2024_08_28', 'python_3.13_packages_2025_07_04'],
    ['its date of another Python', 'python_3.13_packages_2025_03_01', 'python_3.12_packages_2025_03_01'],
    ['its date of no such Python', 'python_3.17_packages_2025_03_01', 'python_3.12_packages_2025_03_01'],
    ['one-digit months and days', 'python_3.12_packages_2025_3_1', 'python_3.12_packages_2025_03_01'],
    ['another spelling', 'python_3.12_packages_20250301', 'python_3.12_packages_2025_03_01'],
    ['a day before all sets', 'python_3.12_packages_0000_00_00', 'python_3.12_packages_2024_05_27'],
  ] as const)('%s: %s is near %s', ([, flag, near]) => {
    const fix = packageFlagIssue(view, flag)!.fix!;
    expect(fix.startsWith(`Did you mean ${near}`), fix).toBe(true);
  });

  test('without similar ones says so', () => {
    const flag = `python_3.12_packages_${'9'.repeat(100)}`;
    expect(packageFlagIssue(view, flag)!.fix).toBe('Remove it: no flag has a name like it.');
  });

  test('a known one has no issue', () => {
    for (const flag of view.sets.keys()) expect(packageFlagIssue(view, flag)).toBeNull();
  });
});

describe('the default set', () => {
  const release = (id: string) => [...view.releases.values()].find((candidate) => candidate.id === id)!;

  test.for([
    ['0.26.0a2', '2000-01-01', 'python_3.12_packages_2024_08_29'],
    ['0.26.0a2', '2026-11-01', 'python_3.12_packages_2024_08_29'],
    ['0.28.2', '2025-08-07', 'python_3.13_packages_2025_08_08'],
    ['0.28.2', '2026-11-01', 'python_3.13_packages_2025_08_08'],
    ['314.0.4', '2026-11-01', 'python_3.14_packages_2026_08_04'],
    ['314.0.6', '2020-01-01', 'python_3.14_packages_2026_08_25'],
    ['314.0.6', '2026-09-14', 'python_3.14_packages_2026_08_25'],
    ['dev', '2026-09-14', 'python_3.14_packages_2026_08_25'],
  ] as const)("of Pyodide %s is the runtime's own, on %s too", ([id, date, flag]) => {
    const chosen = defaultSet(view, release(id), date)!;
    expect([chosen.set.flag, chosen.reason.code]).toEqual([flag, 'runtime_set']);
    expect(chosen.reason.message).toContain(flag);
    expect(chosen.reason.message.includes('workerd pairs')).toBe(release(id).packages_tag !== null);
  });

  test('of an earlier runtime is what workerd paired with it then', () => {
    const then = viewAt(revisionOf('1.20250617.0'));
    const asked = { compatibility_date: '2025-06-10', experimental: true };
    const flags = { compatibility_flags: ['python_workers', 'python_workers_20250116'] };
    expect(targetOf({ ...asked, ...flags }, then)).toMatchObject({
      runtime: { id: '0.27.7' },
      package_set: { flag: 'python_3.12_packages_2025_06_06', delivery: { by: 'workerd' } },
    });
  });

  test("is Pinwheel's from the day on which it becomes the default, whatever the Pyodide", () => {
    const head = withOwnDefault('2026-11-21');
    const { abi } = head.sets.get(OWN_SET)!;
    const releases = [...head.releases.values()].filter((release) => release.abi === abi);
    expect(releases.length).toBeGreaterThan(0);
    for (const release of releases) {
      expect(defaultSet(head, release, '2026-11-20')!.reason.code).toBe('runtime_set');
      expect(defaultSet(head, release, '2026-11-21')).toMatchObject({
        set: { flag: OWN_SET },
        reason: { code: 'default_by_date' },
      });
    }
  });

  test('is never one that needs its flag, as all of Pinwheel do', () => {
    const head = viewAt(catalog.log.length);
    const own = catalog.sets.filter(({ source }) => source.registry === 'pinwheel');
    expect(own.filter(({ default_from }) => default_from !== null)).toEqual([]);
    const flags = own.map(({ flag }) => flag);
    expect(flags).toContain(OWN_SET);
    for (const release of head.releases.values())
      expect(flags).not.toContain(defaultSet(head, release, '2027-01-01')?.set.flag);
  });

  test('does not exist for a Pyodide without one', () => {
    expect(defaultSet(view, { ...release('0.28.2'), pyodide: '0.28.9' }, '2026-11-01')).toBeNull();
  });
});
