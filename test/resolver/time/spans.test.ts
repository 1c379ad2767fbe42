import { describe, expect, test } from 'vitest';
import { spansOf } from '../../../resolver/time/targets.ts';

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

  test('continue if nothing changes, and end if there is nothing', () => {
    expect(spans({ '2000-01-01': 'a', '2024-02-29': 'a', '2025-01-01': 'a' })).toEqual([
      { from: '2000-01-01', to: '2024-02-29', value: 'a' },
      { from: '2025-01-01', to: '2025-01-02', value: 'a' },
    ]);
    expect(spans({})).toEqual([]);
  });
});
