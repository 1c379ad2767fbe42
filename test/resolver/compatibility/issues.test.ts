import { describe, expect, test } from 'vitest';
import { fixed } from '../../../resolver/issues/fixes.ts';
import { ask, codes, messages } from './catalog.ts';

describe('all issues are reported at once', () => {
  test('days first, then flags in the order asked, then contradictions, then python_workers', () => {
    const { issues } = ask({
      compatibility_date: '2026-9-1',
      as_of: '2027-02-29',
      compatibility_flags: [
        'bogus',
        'python_workers_314',
        'no_python_workers_20250116',
        'python_zstd_snapshot',
        'bogus',
        'python_workers_20250116',
        'no_python_workers_314',
      ],
    });
    expect(messages(issues)).toEqual([
      'Invalid as-of day: 2027-02-29',
      'Invalid compatibility date: 2026-9-1',
      'No such compatibility flag: bogus',
      'The compatibility flag python_zstd_snapshot is experimental and may break or be removed in a future ' +
        'version of workerd. To use this flag, you must pass --experimental on the command line.',
      'Compatibility flag specified multiple times: bogus',
      'Compatibility flags are mutually contradictory: python_workers_20250116 vs no_python_workers_20250116',
      'Compatibility flags are mutually contradictory: python_workers_314 vs no_python_workers_314',
      'The python_workers compatibility flag is required to use Python.',
    ]);
    expect(issues.every(({ fix }) => fix !== null)).toBe(true);
    expect(issues.map(({ kind }) => kind)).toEqual([...new Array(7).fill('malformed'), 'unanswerable']);
  });

  test('package flags among the others', () => {
    const { issues } = ask({
      compatibility_flags: [
        'python_3.13_packages_2025_08_08',
        'python_3.12_packages_1999_01_01',
        'bogus',
        'python_3.13_packages_2025_08_08',
        'python_3.14_packages_2026_09_14',
      ],
    });
    expect(messages(issues)).toEqual([
      'No such package flag: python_3.12_packages_1999_01_01',
      'No such compatibility flag: bogus',
      'Compatibility flag specified multiple times: python_3.13_packages_2025_08_08',
      'Package flags are mutually contradictory: python_3.13_packages_2025_08_08 vs python_3.14_packages_2026_09_14',
    ]);
  });
});

describe('the date', () => {
  test('is in the future after as_of', () => {
    const { issues } = ask({ compatibility_date: '2026-11-21', as_of: '2026-11-20' });
    expect(issues).toEqual([
      {
        kind: 'malformed',
        code: 'future_compatibility_date',
        message: `Can't set compatibility date in the future: "2026-11-21". Today's date (UTC) is "2026-11-20".`,
        ...fixed('Use 2026-11-20 or an earlier date, or ask as of 2026-11-21.'),
        date: '2026-11-21',
        today: '2026-11-20',
      },
    ]);
    expect(ask({ compatibility_date: '2026-11-21', as_of: '2026-11-21' }).issues).toEqual([]);
  });

  test('cannot be in the future of an as-of day that cannot be read', () => {
    expect(codes(ask({ compatibility_date: '2999-01-01', as_of: 'soon' }).issues)).toEqual(['invalid_as_of']);
  });

  test('is missing without a package flag, whatever the as-of day', () => {
    const { issues } = ask({ compatibility_date: null, as_of: '2001-01-01' });
    expect(issues).toMatchObject([
      {
        kind: 'malformed',
        code: 'missing_compatibility_date',
        message: 'Worker must specify compatibilityDate.',
      },
      {
        kind: 'unanswerable',
        code: 'python_workers_required',
        message: 'The python_workers compatibility flag is required to use Python.',
        // Adding the flag, which is there, would not do.
        ...fixed(null),
      },
    ]);
  });

  test('is not missing if the package flag that should provide it is unknown', () => {
    const compatibility_flags = ['python_3.12_packages_1999_01_01'];
    expect(codes(ask({ compatibility_date: null, compatibility_flags }).issues)).toEqual([
      'unknown_package_flag',
    ]);
  });

  test('of a package flag is in the future before its release', () => {
    const compatibility_flags = ['python_3.14_packages_2026_09_14'];
    const { issues } = ask({ compatibility_date: null, compatibility_flags, as_of: '2026-09-13' });
    expect(codes(issues)).toEqual(['future_compatibility_date']);
  });
});

describe('the flags', () => {
  test('without any for Python cannot be answered', () => {
    expect(ask({ compatibility_flags: ['nodejs_compat', 'python_workers_314'] }).issues).toEqual([
      {
        kind: 'unanswerable',
        code: 'python_workers_required',
        message: 'The python_workers compatibility flag is required to use Python.',
        ...fixed([{ kind: 'flags', add: ['python_workers'], remove: [], pyodide: null }]),
      },
    ]);
  });

  test('that are unknown come with the nearest', () => {
    expect(ask({ compatibility_flags: ['python_workers', 'python_workers_313'] }).issues).toEqual([
      {
        kind: 'malformed',
        code: 'unknown_flag',
        message: 'No such compatibility flag: python_workers_313',
        ...fixed('Did you mean python_workers_314, no_python_workers_314 or python_workers?'),
        flag: 'python_workers_313',
        near: ['python_workers_314', 'no_python_workers_314', 'python_workers'],
      },
    ]);
  });

  test('are at most 100', () => {
    const compatibility_flags = Array.from({ length: 101 }, () => 'x');
    expect(codes(ask({ compatibility_flags }).issues)).toEqual(['too_many_flags']);
    expect(codes(ask({ compatibility_flags: compatibility_flags.slice(1) }).issues)).toHaveLength(101);
  });

  test("are quoted completely in workerd's sentence, up to 1,000 characters", () => {
    const long = ['x'.repeat(200), 'y'.repeat(201), 'w'.repeat(1_000)];
    const tooLong = 'z'.repeat(1_000_000);
    const { issues } = ask({ compatibility_flags: ['python_workers', ...long, tooLong, tooLong] });
    expect(messages(issues)).toEqual([
      ...long.map((flag) => `No such compatibility flag: ${flag}`),
      `No such compatibility flag: ${'z'.repeat(1_000)}…`,
      `Compatibility flag specified multiple times: ${'z'.repeat(1_000)}…`,
    ]);
    expect(codes(issues)).toEqual([...new Array(4).fill('unknown_flag'), 'repeated_flag']);
    expect(JSON.stringify(issues).length).toBeLessThan(10_000);
  });

  test('named like properties of JavaScript objects are unknown', () => {
    const compatibility_flags = ['python_workers', '__proto__', 'constructor', 'toString'];
    expect(codes(ask({ compatibility_flags }).issues)).toEqual(new Array(3).fill('unknown_flag'));
  });
});
