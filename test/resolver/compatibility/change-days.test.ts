import { describe, expect, test } from 'vitest';
import { changeDays } from '../../../resolver/compatibility/change-days.ts';
import { view } from './catalog.ts';

describe('days of change', () => {
  test('are the first date, the dates of release flags and of default sets, in order', () => {
    const days = changeDays(view, '2026-11-20');
    expect(days[0]).toBe('2000-01-01');
    expect(days).toEqual([...new Set(days)].sort());
    for (const day of ['2024-08-29', '2025-08-08', '2025-09-29', '2026-09-08', '2026-09-14']) {
      expect(days).toContain(day);
    }
  });

  test('end with the day asked, itself included', () => {
    expect(changeDays(view, '2025-09-29').at(-1)).toBe('2025-09-29');
    expect(changeDays(view, '2025-09-28').at(-1)).toBe('2025-08-08');
    expect(changeDays(view, '2000-01-01')).toEqual(['2000-01-01']);
  });
});
