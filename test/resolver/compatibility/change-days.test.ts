import { expect, test } from 'vitest';
import { changeDays } from '../../../resolver/compatibility/change-days.ts';
import { withOwnDefault } from './catalog.ts';

test("days of change are the first date, those of release flags and of Pinwheel's defaults, in order", () => {
  const days = changeDays(withOwnDefault('2026-11-21'), '2026-12-31');
  expect(days[0]).toBe('2000-01-01');
  expect(days).toEqual([...new Set(days)].sort());
  for (const day of ['2025-09-29', '2026-09-08', '2026-11-21']) {
    expect(days).toContain(day);
  }
  // A newer set of Pyodide changes nothing.
  expect(days).not.toContain('2026-09-14');
});
