import { describe, expect, test } from 'vitest';
import { flagIssues, redundantFlags } from '../../../resolver/compatibility/workerd.ts';
import { codes, messages, view } from './catalog.ts';

describe('redundantFlags', () => {
  const warned = (date: string, ...flags: string[]) => messages(redundantFlags(view, flags, date));
  const sentence =
    'The compatibility flag python_no_global_handlers became the default as of 2025-08-14 so does not need to be ' +
    'specified anymore.';

  test('warns from the day on, once for each flag', () => {
    expect(warned('2025-08-13', 'python_no_global_handlers')).toEqual([]);
    expect(warned('2025-08-14', 'python_no_global_handlers')).toEqual([sentence]);
    expect(warned('2025-08-14', 'python_no_global_handlers', 'python_no_global_handlers')).toEqual([
      sentence,
    ]);
  });

  test('warns of a flag that is named with its disabling form', () => {
    const both = ['disable_python_no_global_handlers', 'python_no_global_handlers'];
    expect(warned('2026-11-01', ...both)).toEqual([sentence]);
  });

  test('is silent about disabling forms, implied flags and unknown ones', () => {
    const flags = ['disable_python_no_global_handlers', 'python_workers', 'python_workers_314', 'bogus'];
    expect(warned('2026-11-01', ...flags)).toEqual([]);
  });
});

describe('flagIssues', () => {
  const found = (...flags: string[]) => codes(flagIssues(view, flags, false));

  test('a repeated flag is an issue for each repetition, and its other issues are reported once', () => {
    expect(found('bogus', 'bogus', 'bogus')).toEqual(['unknown_flag', 'repeated_flag', 'repeated_flag']);
  });

  test('obsolete flags are accepted, or still experimental', () => {
    expect(found('python_external_packages')).toEqual([]);
    expect(found('python_workers_durable_objects')).toEqual(['experimental_flag']);
  });

  test('the disabling form of an experimental flag needs no opt-in', () => {
    expect(found('no_auto_inject_python_workers')).toEqual([]);
    expect(found('auto_inject_python_workers')).toEqual(['experimental_flag']);
  });
});
