import { describe, expect, test } from 'vitest';
import {
  addDays,
  asOfIssue,
  dateIssue,
  isCalendarDay,
  isWorkerdDate,
} from '../../../resolver/compatibility/date.ts';
import { impossibleDay } from '../../../resolver/compatibility/target.ts';
import { fixed } from '../../../resolver/issues/fixes.ts';

describe('isWorkerdDate', () => {
  test.for(['2000-01-01', '2999-12-31', '2024-02-30', '2025-02-30', '2025-09-31'])('accepts %s', (date) => {
    expect(isWorkerdDate(date)).toBe(true);
  });

  test.for([
    '',
    '2025-9-1',
    '20250901',
    '2025-09-01T00:00:00Z',
    '2025-09-01\n',
    ' 2025-09-01',
    '1999-12-31',
    '3000-01-01',
    '2025-00-01',
    '2025-13-01',
    '2025-01-00',
    '2025-01-32',
    '２０２５-01-01',
  ])('rejects %j', (date) => {
    expect(isWorkerdDate(date)).toBe(false);
  });
});

test.for([
  ['2024-02-29', true],
  ['2023-02-29', false],
  ['2000-02-29', true],
  ['2100-02-29', false],
  ['2025-04-31', false],
  ['2025-12-31', true],
  ['2025-13-01', false],
  ['', false],
] as const)('isCalendarDay(%j) is %j', ([date, expected]) => {
  expect(isCalendarDay(date)).toBe(expected);
});

test.for([
  ['2026-11-17', 180, '2027-05-16'],
  ['2024-02-28', 2, '2024-03-01'],
  ['2024-03-01', -1, '2024-02-29'],
] as const)('%s and %i days are %s', ([date, days, sum]) => {
  expect(addDays(date, days)).toBe(sum);
});

describe('dateIssue', () => {
  test('allows today, and any day if today is unknown', () => {
    expect(dateIssue('2026-11-20', '2026-11-20')).toBeNull();
    expect(dateIssue('2030-01-01', null)).toBeNull();
  });

  test('rejects tomorrow', () => {
    expect(dateIssue('2026-11-21', '2026-11-20')).toEqual({
      kind: 'malformed',
      code: 'future_compatibility_date',
      message: `Can't set compatibility date in the future: "2026-11-21". Today's date (UTC) is "2026-11-20".`,
      ...fixed('Use 2026-11-20 or an earlier date, or ask as of 2026-11-21.'),
      date: '2026-11-21',
      today: '2026-11-20',
    });
  });

  test.for([
    ['2025-9-1', '2025-09-01'],
    ['20250901', '2025-09-01'],
    ['2025/09/01', '2025-09-01'],
    ['2025.9.1', '2025-09-01'],
    [' 2025-09-01 ', '2025-09-01'],
    ['2025-09-01T12:00:00Z', '2025-09-01'],
  ] as const)('knows that %j means %s', ([date, meant]) => {
    expect(dateIssue(date, null)?.fix).toBe(`Write it as ${meant}.`);
  });

  test.for(['', 'latest', '2025-13-01', '1999-12-31', '2025-09-011', '2025'])(
    'does not guess at %j',
    (date) => {
      expect(dateIssue(date, null)).toMatchObject({
        message: `Invalid compatibility date: ${date}`,
        ...fixed('Write a day from 2000-01-01 on as YYYY-MM-DD.'),
      });
    },
  );

  test('quotes hostile input escaped and shortened', () => {
    expect(dateIssue('\u0000\u202e\ud800', null)?.message).toBe(
      'Invalid compatibility date: \\u{0}\\u{202e}\\u{d800}',
    );
    expect(dateIssue('9'.repeat(100_000), null)?.message.length).toBeLessThan(300);
  });
});

test('an impossible day gets a remark, with the last day of its month', () => {
  expect(impossibleDay('2025-02-28')).toBeNull();
  expect(impossibleDay('2025-02-30')).toMatchObject({
    severity: 'warning',
    code: 'impossible_day',
    ...fixed('Use 2025-02-28.'),
  });
});

test('as-of days have to be days of the calendar', () => {
  expect(asOfIssue('2028-02-29')).toBeNull();
  for (const asOf of ['2027-02-29', 'today', '', '2026-11-20T00:00']) {
    expect(asOfIssue(asOf)).toMatchObject({ kind: 'malformed', code: 'invalid_as_of' });
  }
});
