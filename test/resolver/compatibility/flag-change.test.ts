import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CatalogFlag, CatalogRelease } from '../../../resolver/catalog.ts';
import { findFlagChange } from '../../../resolver/compatibility/flag-change.ts';
import { changeFixes } from '../../../resolver/compatibility/target.ts';
import { type CatalogView, PYTHON_WORKERS_FIELD } from '../../../resolver/compatibility/view.ts';
import { selectRelease } from '../../../resolver/compatibility/workerd.ts';
import { sayFixes } from '../../../resolver/issues/fixes.ts';
import { view } from './catalog.ts';

const base = ['python_workers'];

describe('findFlagChange', () => {
  test('finds nothing if no release is wanted', () => {
    expect(findFlagChange(view, '2026-11-01', base, { abi: '2024_0' })).toBeNull();
  });

  test('prefers the newest release among changes of the same size', () => {
    expect(findFlagChange(view, '2025-06-01', base, { abi: '2026_0' })!.selected.release.id).toBe('314.0.6');
  });

  test('never adds an experimental flag', () => {
    const change = findFlagChange(view, '2025-06-01', base, { id: 'dev' });
    expect(change).toBeNull();
  });

  test('needs one step for each release to disable, however many there are', () => {
    const many = viewWithReleases(40);
    const change = findFlagChange(many, '2026-11-01', base, { field: PYTHON_WORKERS_FIELD })!;
    expect(change.add).toHaveLength(40);
    expect(change.selected.flag.field).toBe(PYTHON_WORKERS_FIELD);
  });

  const names = ['20250116', '20260610', '314'].flatMap((release) => [
    `python_workers_${release}`,
    `no_python_workers_${release}`,
  ]);

  test('finds changes as small as those of an exhaustive search', () => {
    const dates = fc.constantFrom('2025-06-01', '2025-10-01', '2026-09-07', '2026-09-08');
    const releases = fc.constantFrom(...view.releases.values()).filter(({ id }) => id !== 'dev');
    const sound = fc.subarray(names).filter((flags) => flags.every((flag) => !flags.includes(`no_${flag}`)));
    fc.assert(
      fc.property(dates, sound, releases, (date, flags, { field }) => {
        const asked = [...base, ...flags];
        const found = findFlagChange(view, date, asked, { field });
        const smallest = smallestChange(date, asked, field);
        expect(found && found.add.length + found.remove.length).toBe(smallest);
        if (found) {
          expect(selectRelease(view, date, new Set(found.flags))?.flag.field).toBe(field);
          expect(found.flags.every((flag) => !found.flags.includes(`no_${flag}`))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  /** The size of the smallest change among all sets of release names, or null. */
  function smallestChange(date: string, asked: string[], field: string): number | null {
    let smallest: number | null = null;
    for (let mask = 0; mask < 2 ** names.length; mask++) {
      const flags = [...base, ...names.filter((_, bit) => mask & (1 << bit))];
      if (flags.some((flag) => flags.includes(`no_${flag}`))) continue;
      if (selectRelease(view, date, new Set(flags))?.flag.field !== field) continue;
      const size = names.filter((name) => flags.includes(name) !== asked.includes(name)).length;
      if (smallest === null || size < smallest) smallest = size;
    }
    return smallest;
  }
});

/** The base release, and as many newer ones, all on by date. */
function viewWithReleases(count: number): CatalogView {
  const [first] = view.runtimeFlags as [CatalogFlag];
  const flags = Array.from({ length: count }, (_, index) => ({
    ...first,
    field: `release${index}`,
    ordinal: 1_000 + index,
    enable: `release_${index}`,
    disable: `no_release_${index}`,
    enable_date: '2025-01-01',
    implied_by: [],
    implied_date: null,
  }));
  const release = view.releases.get(PYTHON_WORKERS_FIELD) as CatalogRelease;
  const releases = new Map([[PYTHON_WORKERS_FIELD, release]]);
  for (const { field } of flags) releases.set(field, { ...release, field, id: field });
  return { ...view, runtimeFlags: [first, ...flags], releases };
}

test('a change is described by what to do', () => {
  const change = findFlagChange(view, '2026-11-01', [...base, 'python_workers_314'], { abi: '2025_0' });
  expect(sayFixes(changeFixes(change))).toBe(
    'To make workerd run Pyodide 0.28.2, remove python_workers_314, and add no_python_workers_314.',
  );
  expect(changeFixes(null)).toEqual([]);
});
