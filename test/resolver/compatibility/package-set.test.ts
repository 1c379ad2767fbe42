import { describe, expect, test } from 'vitest';
import { addDays } from '../../../resolver/compatibility/date.ts';
import {
  defaultSet,
  isPackageFlag,
  packageFlagContradictions,
  packageFlagIssue,
} from '../../../resolver/compatibility/package-set.ts';
import { catalog, view, viewAt } from './catalog.ts';

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
      fix:
        'Did you mean python_3.12_packages_2025_03_01, python_3.12_packages_2025_03_18 or ' +
        'python_3.12_packages_2025_04_04?',
    });
  });

  test.for([
    ['a Python that has no sets yet', 'python_3.15_packages_2026_09_20', 'python_3.14_packages_2026_09_14'],
    ['the Python before the date', 'python_3.13_packages_2024_08_29', 'python_3.13_packages_2025_07_04'],
    ['one-digit months and days', 'python_3.12_packages_2025_3_1', 'python_3.12_packages_2025_03_01'],
    ['another spelling', 'python_3.12_packages_20250301', 'python_3.12_packages_2025_03_01'],
    ['a day before all sets', 'python_3.12_packages_0000_00_00', 'python_3.12_packages_2024_05_27'],
  ] as const)('%s: %s is near %s', ([, flag, near]) => {
    const fix = packageFlagIssue(view, flag)!.fix!;
    expect(fix.startsWith(`Did you mean ${near}`), fix).toBe(true);
  });

  test('with nothing near it says so', () => {
    const flag = `python_3.12_packages_${'9'.repeat(100)}`;
    expect(packageFlagIssue(view, flag)!.fix).toBe('Remove it: no package flag has a name like it.');
  });

  test('a known one has no issue', () => {
    for (const flag of view.sets.keys()) expect(packageFlagIssue(view, flag)).toBeNull();
  });
});

test('each further package flag contradicts the first', () => {
  const [a, b, c] = [...view.sets.keys()] as [string, string, string];
  const said = (flags: string[]) => packageFlagContradictions(view, flags).map(({ message }) => message);
  expect(said([a])).toEqual([]);
  expect(said([a, a])).toEqual([]);
  expect(said([a, 'python_3.12_packages_1999_01_01'])).toEqual([]);
  expect(said([a, b, c])).toEqual([
    `Package flags are mutually contradictory: ${a} vs ${b}`,
    `Package flags are mutually contradictory: ${a} vs ${c}`,
  ]);
});

describe('the default set', () => {
  test.for([
    ['emscripten_3_1_52', '2024-08-28', 'python_3.12_packages_2024_08_29', 'first_default'],
    ['emscripten_3_1_52', '2024-08-29', 'python_3.12_packages_2024_08_29', 'default_by_date'],
    ['2025_0', '2025-08-07', 'python_3.13_packages_2025_08_08', 'first_default'],
    ['2025_0', '2025-08-08', 'python_3.13_packages_2025_08_08', 'default_by_date'],
    ['2026_0', '2020-01-01', 'python_3.14_packages_2026_06_09', 'first_default'],
    ['2026_0', '2026-09-13', 'python_3.14_packages_2026_08_25', 'default_by_date'],
    ['2026_0', '2026-09-14', 'python_3.14_packages_2026_09_14', 'default_by_date'],
  ] as const)('of %s on %s is %s (%s)', ([abi, date, flag, code]) => {
    const chosen = defaultSet(view, abi, date)!;
    expect([chosen.set.flag, chosen.reason.code]).toEqual([flag, code]);
    expect(chosen.reason.message).toContain(flag);
    expect(chosen.reason.message).toContain(chosen.set.default_from);
  });

  test("is Pinwheel's own from the day of its release on", () => {
    const head = viewAt(catalog.log.length);
    const own = catalog.sets.filter(({ source }) => source.registry === 'pinwheel');
    expect(own.map(({ flag }) => flag)).toContain('python_3.14_packages_2026_11_20');
    for (const { flag, abi, released } of own) {
      const before = defaultSet(head, abi, addDays(released, -1))!.set;
      expect([before.source.registry, before.released < released]).toEqual(['npm', true]);
      expect(defaultSet(head, abi, released)!.set.flag).toBe(flag);
      expect(defaultSet(view, abi, released)!.set.flag).toBe(before.flag);
    }
  });

  test('of an ABI without one is none', () => {
    expect(defaultSet(view, '2024_0', '2026-11-01')).toBeNull();
  });
});
