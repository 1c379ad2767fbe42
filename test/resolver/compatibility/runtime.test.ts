import { describe, expect, test } from 'vitest';
import type { CatalogFlag, CatalogRelease } from '../../../resolver/catalog.ts';
import { runtimeReason } from '../../../resolver/compatibility/target.ts';
import { enabledFields, selectRelease } from '../../../resolver/compatibility/workerd.ts';
import { view } from './catalog.ts';

/** A flag that is neither on by date nor implied. */
function flag(field: string, ordinal: number, more: Partial<CatalogFlag> = {}): CatalogFlag {
  return {
    field,
    ordinal,
    enable: field,
    disable: `no_${field}`,
    enable_date: null,
    implied_by: [],
    implied_date: null,
    experimental: false,
    obsolete: false,
    release: false,
    revision: 1,
    withdrawn: null,
    ...more,
  };
}

describe('enabledFields', () => {
  const on = (flags: CatalogFlag[], named: string[], date: string) => [
    ...enabledFields(flags, new Set(named), date),
  ];

  // What else dates and names turn on is compared with what workerd said.
  test('an implied flag needs the date, any one that implies it, and no disabling form', () => {
    const implied = flag('c', 3, { implied_by: ['a', 'b'], implied_date: '2025-01-01' });
    const flags = [flag('a', 1), flag('b', 2), implied];
    expect(on(flags, ['b'], '2024-12-31')).toEqual(['b']);
    expect(on(flags, ['b'], '2025-01-01')).toEqual(['b', 'c']);
    expect(on(flags, ['no_c', 'b'], '2025-01-01')).toEqual(['b']);
    expect(on(flags, [], '2025-01-01')).toEqual([]);
  });

  test('implications are followed in one pass, in schema order', () => {
    const by = (...implied_by: string[]) => ({ implied_by, implied_date: '2000-01-01' });
    const forward = [flag('a', 1), flag('b', 2, by('a')), flag('c', 3, by('b'))];
    expect(on(forward, ['a'], '2025-01-01')).toEqual(['a', 'b', 'c']);
    const backward = [flag('c', 1, by('b')), flag('b', 2, by('a')), flag('a', 3)];
    expect(on(backward, ['a'], '2025-01-01')).toEqual(['a', 'b']);
  });
});

describe('the reason for a runtime', () => {
  test.for([
    ['2025-09-28', ['python_workers'], 'base_release', 'python_workers is on and no newer release flag is'],
    [
      '2025-09-29',
      ['python_workers'],
      'flag_by_date',
      'python_workers implies python_workers_20250116 from 2025-09-29 on; its release is Pyodide 0.28.2.',
    ],
    [
      '2025-06-01',
      ['python_workers', 'python_workers_314'],
      'flag_named',
      'python_workers_314 is named; its release is Pyodide 314.0.6.',
    ],
    [
      '2026-11-01',
      ['python_workers_development'],
      'development',
      'python_workers_development beats every release flag; its release is Pyodide 314.0.6.',
    ],
  ] as const)('%s %j: %s', ([date, flags, code, message]) => {
    const selected = selectRelease(view, date, new Set(flags))!;
    const reason = runtimeReason(view, selected, flags);
    expect(reason.code).toBe(code);
    expect(reason.message).toContain(message);
  });

  test('of a release whose flag has a date names that date', () => {
    const release = view.releases.get('pythonWorkers314')!;
    const dated = flag('python_workers_315', 300, { enable_date: '2027-01-01', release: true });
    const next: CatalogRelease = { ...release, field: dated.field, pyodide: '315.0.0' };
    const seen = {
      ...view,
      runtimeFlags: [...view.runtimeFlags, dated],
      releases: new Map([...view.releases, [dated.field, next]]),
    };
    const selected = selectRelease(seen, '2027-01-01', new Set(['python_workers']))!;
    expect(runtimeReason(seen, selected, ['python_workers'])).toEqual({
      code: 'flag_by_date',
      message: 'python_workers_315 is on from 2027-01-01 on; its release is Pyodide 315.0.0.',
    });
  });
});
