import { describe, expect, test } from 'vitest';
import { asOfIssue, impossibleDay } from '../../../resolver/compatibility/target.ts';
import { evaluateFlags } from '../../../resolver/compatibility/workerd.ts';
import { fixed } from '../../../resolver/issues/fixes.ts';
import { view } from './catalog.ts';

describe('a date', () => {
  const dateIssue = (date: string, today: string | null) => {
    const { errors } = evaluateFlags(view, date, ['python_workers'], { today, experimental: false });
    return errors[0] ?? null;
  };

  test("may be today, any day if today is unknown, and workerd's own impossible days", () => {
    expect(dateIssue('2026-11-20', '2026-11-20')).toBeNull();
    for (const date of ['2000-01-01', '2999-12-31', '2030-01-01', '2024-02-30', '2025-09-31']) {
      expect(dateIssue(date, null)).toBeNull();
    }
  });

  test('that is too long is quoted shortened', () => {
    expect(dateIssue('9'.repeat(100_000), null)?.message.length).toBeLessThan(300);
  });

  test.for([
    ['2025-9-1', '2025-09-01'],
    ['20250901', '2025-09-01'],
    ['2025/09/01', '2025-09-01'],
    ['2025.9.1', '2025-09-01'],
    [' 2025-09-01 ', '2025-09-01'],
    ['2025-09-01T12:00:00Z', '2025-09-01'],
  ] as const)('that is written as %j means %s', ([date, meant]) => {
    expect(dateIssue(date, null)?.fix).toBe(`Write it as ${meant}.`);
  });

  const others = ['3000-01-01', '2025-00-01', '2025-01-00', '2025-01-32', '２０２５-01-01'];
  test.for(['', 'latest', '2025-13-01', '1999-12-31', '2025-09-011', '2025', ...others])(
    'that is %j is not guessed at',
    (date) => {
      expect(dateIssue(date, null)).toMatchObject({
        message: `Invalid compatibility date: ${date}`,
        ...fixed('Write a day from 2000-01-01 to 2999-12-31 as YYYY-MM-DD.'),
      });
    },
  );
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
  for (const asOf of ['2028-02-29', '2000-02-29', '2025-12-31']) expect(asOfIssue(asOf)).toBeNull();
  for (const asOf of [
    '2027-02-29',
    '2100-02-29',
    '2025-04-31',
    '2025-13-01',
    'today',
    '',
    '2026-11-20T00:00',
  ]) {
    expect(asOfIssue(asOf)).toMatchObject({ kind: 'malformed', code: 'invalid_as_of' });
  }
});
