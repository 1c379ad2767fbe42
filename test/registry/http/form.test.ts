import { describe, expect, test } from 'vitest';
import { readForm } from '../../../registry/http/form.ts';

const TODAY = '2026-11-21';

function dateOf(fields: Record<string, string[]>) {
  const { outcome } = readForm(fields, TODAY);
  if (!outcome.ok) throw new Error(outcome.issues[0]?.message);
  return outcome.value.question;
}

describe('a question without a date', () => {
  test.each([
    ['is about today', {}, TODAY, TODAY],
    ['is about the day that it is asked as of', { as_of: ['2026-11-20'] }, '2026-11-20', '2026-11-20'],
    ['is about today if that is not a day', { as_of: ['2026-02-30'] }, TODAY, '2026-02-30'],
    ['has the date of its package flag', { flag: ['python_3.12_packages_2025_03_01'] }, null, TODAY],
  ])('%s', (_, fields, compatibility_date, as_of) => {
    expect(dateOf(fields)).toMatchObject({ compatibility_date, as_of });
  });

  test('is not one with a date', () => {
    const fields = { date: ['2025-11-02'], as_of: ['2026-11-20'] };
    expect(dateOf(fields)).toMatchObject({ compatibility_date: '2025-11-02', as_of: '2026-11-20' });
  });
});
