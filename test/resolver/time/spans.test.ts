import { describe, expect, test } from 'vitest';
import { changeDays, spansOf } from '../../../resolver/time/spans.ts';
import { view } from './data.ts';

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

describe('spans', () => {
  const days = ['2000-01-01', '2024-02-29', '2024-03-01', '2025-01-01'];
  const spans = (values: Record<string, string | null>) =>
    spansOf(
      days,
      '2025-01-02',
      (day) => values[day] ?? null,
      (a, b) => a === b,
    );

  test('end on the day before the next change', () => {
    expect(spans({ '2000-01-01': 'a', '2024-02-29': 'b', '2024-03-01': 'c', '2025-01-01': 'd' })).toEqual([
      { from: '2000-01-01', to: '2024-02-28', value: 'a' },
      { from: '2024-02-29', to: '2024-02-29', value: 'b' },
      { from: '2024-03-01', to: '2024-12-31', value: 'c' },
      { from: '2025-01-01', to: '2025-01-02', value: 'd' },
    ]);
  });

  test('go on where nothing changes, and stop where there is nothing', () => {
    expect(spans({ '2000-01-01': 'a', '2024-02-29': 'a', '2025-01-01': 'a' })).toEqual([
      { from: '2000-01-01', to: '2024-02-29', value: 'a' },
      { from: '2025-01-01', to: '2025-01-02', value: 'a' },
    ]);
    expect(spans({})).toEqual([]);
  });
});
