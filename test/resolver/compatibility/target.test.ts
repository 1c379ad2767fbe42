import { describe, expect, test } from 'vitest';
import { Target } from '../../../resolver/answer.ts';
import { fixed } from '../../../resolver/issues/fixes.ts';
import { ask, codes, messages, remarksOf, revisionOf, targetOf, view, viewAt } from './catalog.ts';

const seen = (question: Parameters<typeof targetOf>[0]) => {
  const target = targetOf(question);
  return {
    runtime: target.runtime.id,
    set: target.package_set.flag,
    flags: target.workerd_flags,
    codes: codes(remarksOf(target)),
  };
};

describe('a date and python_workers', () => {
  test('the answer is a complete document', () => {
    const set = view.sets.get('python_3.14_packages_2026_08_25')!;
    const target = targetOf({ compatibility_date: '2026-11-01' });
    expect(Target.parse(target)).toEqual(target);
    // The whole of one is a sample of the API.
    const message = `No workerd embeds ${set.flag}.`;
    expect(target.package_set.delivery).toEqual({
      by: 'python_modules',
      reason: { code: 'never_embedded', message },
    });
    expect(target.diagnostics).toEqual([
      {
        severity: 'info',
        code: 'packages_not_in_runtime',
        message: `${message} Packages come from the Worker's own python_modules folder.`,
        fix:
          `Put them there with pinwheel vendor and the package flag ${set.flag}, or let pywrangler install them ` +
          `from the simple index of a registry, /simple/${set.flag}/.`,
        fixes: [{ kind: 'vendor', package_flag: set.flag, simple_index: `/simple/${set.flag}/` }],
      },
    ]);
  });

  test('a flag that is the default at every date is a warning', () => {
    const flags = ['python_workers', 'r2_public_beta_bindings'];
    expect(messages(remarksOf(targetOf({ compatibility_flags: flags })))).toEqual([
      'The compatibility flag r2_public_beta_bindings is the default, so does not need to be specified anymore.',
    ]);
  });
});

describe('naming an older release', () => {
  test('does not pin it, and names the flag that would', () => {
    const flags = ['python_workers', 'python_workers_20250116'];
    const target = targetOf({ compatibility_flags: flags });
    expect(target.runtime.id).toBe('314.0.6');
    expect(remarksOf(target)).toEqual([
      {
        severity: 'warning',
        code: 'release_not_pinned',
        message:
          'python_workers_20250116 does not pin Pyodide 0.28.2: python_workers_314 is on too, and its release, ' +
          'Pyodide 314.0.6, wins.',
        ...fixed([{ kind: 'flags', add: ['no_python_workers_314'], remove: [], pyodide: '0.28.2' }]),
      },
    ]);
  });

  test.for([
    ['2026-11-01', ['python_workers_20250116', 'no_python_workers_314'], []],
    ['2025-06-01', ['python_workers_20250116'], []],
    ['2026-11-01', ['python_workers_314'], []],
    ['2025-06-01', ['python_workers_20250116', 'python_workers_314'], []],
    ['2026-11-01', ['python_workers_20260610'], ['release_not_pinned']],
  ] as const)('%s %j: %j', ([date, flags, expected]) => {
    const compatibility_flags = ['python_workers', ...flags];
    expect(seen({ compatibility_date: date, compatibility_flags }).codes).toEqual(expected);
  });
});

describe('a package flag', () => {
  test('is enough for a question: it implies python_workers and has a date', () => {
    const compatibility_flags = ['python_3.14_packages_2026_09_14'];
    const target = targetOf({ compatibility_date: null, compatibility_flags });
    expect(target).toMatchObject({
      compatibility_date: '2026-09-14',
      compatibility_flags,
      workerd_flags: ['python_workers'],
      runtime: { id: '314.0.6' },
      reasons: {
        package_set: { code: 'pinned', message: 'python_3.14_packages_2026_09_14 is named.' },
        runtime: { code: 'flag_by_date' },
      },
    });
    expect(remarksOf(target)).toMatchObject([{ severity: 'info', code: 'date_from_package_flag' }]);
  });

  test('overrides the default of its date, without a remark', () => {
    const compatibility_flags = ['python_workers', 'python_3.13_packages_2025_08_19', 'nodejs_compat'];
    expect(seen({ compatibility_date: '2026-01-01', compatibility_flags })).toEqual({
      runtime: '0.28.2',
      set: 'python_3.13_packages_2025_08_19',
      flags: ['python_workers', 'nodejs_compat'],
      codes: [],
    });
  });

  test('with the ABI of another workerd release: that release, and the flags that make workerd run it', () => {
    const target = targetOf({ compatibility_flags: ['python_workers', 'python_3.13_packages_2025_08_08'] });
    expect(target).toMatchObject({
      workerd_flags: ['python_workers', 'no_python_workers_314'],
      runtime: { id: '0.28.2', abi: '2025_0', workerd_bundle: '0.28.2_2025-01-16_22' },
      package_set: { flag: 'python_3.13_packages_2025_08_08' },
      reasons: { runtime: { code: 'package_set_abi' }, package_set: { code: 'pinned' } },
      moved_forward: null,
    });
    expect(remarksOf(target)).toEqual([
      {
        severity: 'warning',
        code: 'runtime_mismatch',
        message:
          'The date 2026-11-01 and the flags alone give Pyodide 314.0.6 (ABI 2026_0), but ' +
          'python_3.13_packages_2025_08_08 needs ABI 2025_0, which Pyodide 0.28.2 has.',
        ...fixed([{ kind: 'flags', add: ['no_python_workers_314'], remove: [], pyodide: '0.28.2' }]),
      },
    ]);
  });

  test('with an ABI of no workerd release: its own Pyodide, which the Worker has to include', () => {
    const compatibility_flags = ['python_3.12_packages_2025_03_01'];
    const target = targetOf({ compatibility_date: null, compatibility_flags });
    expect(target).toMatchObject({
      compatibility_date: '2025-03-01',
      workerd_flags: ['python_workers'],
      runtime: {
        id: '0.27.3',
        pyodide: '0.27.3',
        python: '3.12.7',
        abi: '2024_0',
        platform: 'emscripten_3_1_58',
        workerd_bundle: null,
      },
      reasons: { runtime: { code: 'package_set_runtime' } },
    });
    expect(target.diagnostics[1]).toEqual({
      severity: 'warning',
      code: 'runtime_not_in_workerd',
      message:
        'The date 2025-03-01 and the flags alone give Pyodide 0.26.0a2 (ABI emscripten_3_1_52), but ' +
        'python_3.12_packages_2025_03_01 needs ABI 2024_0, which no workerd release has.',
      ...fixed('The Worker must include Pyodide 0.27.3 and its packages: see pinwheel build.'),
    });
    expect(target.diagnostics.map(({ code }) => code)).not.toContain('packages_not_in_runtime');
  });

  test.for([
    [
      '2026-11-01',
      ['python_3.12_packages_2024_08_29'],
      '0.26.0a2',
      ['python_workers', 'no_python_workers_314', 'no_python_workers_20250116'],
    ],
    ['2025-06-01', ['python_3.14_packages_2026_09_14'], '314.0.6', ['python_workers', 'python_workers_314']],
    [
      '2026-11-01',
      ['python_workers_314', 'python_3.13_packages_2025_08_08', 'python_workers'],
      '0.28.2',
      ['python_workers', 'no_python_workers_314'],
    ],
    [
      '2026-11-01',
      ['no_python_workers_314', 'python_3.14_packages_2026_09_14'],
      '314.0.6',
      ['python_workers'],
    ],
  ] as const)('%s %j: Pyodide %s with %j', ([compatibility_date, compatibility_flags, id, flags]) => {
    const { runtime, flags: found, codes: remarks } = seen({ compatibility_date, compatibility_flags });
    expect([runtime, found, remarks]).toEqual([id, flags, ['runtime_mismatch']]);
    const followed = targetOf({ compatibility_date, compatibility_flags: found });
    expect(followed.runtime.id).toBe(id);
  });

  test('if only an experimental flag makes workerd run its ABI, the Worker has to include it', () => {
    const then = viewAt(revisionOf('1.20250617.0'));
    const compatibility_flags = ['python_3.12_packages_2025_03_01'];
    const target = targetOf({ compatibility_date: null, compatibility_flags }, then);
    expect(target.runtime.workerd_bundle).toBeNull();
    const remark = target.diagnostics.find(({ code }) => code === 'runtime_not_in_workerd');
    expect(remark?.message).toContain('only an experimental flag makes workerd run');
  });
});

describe('the support window', () => {
  const asked = (date: string, as_of: string, ...flags: string[]) =>
    targetOf({ compatibility_date: date, compatibility_flags: ['python_workers', ...flags], as_of });

  test('on its last day a Python stays', () => {
    const target = asked('2024-06-01', '2028-10-01');
    expect([target.runtime.id, target.moved_forward]).toEqual(['0.26.0a2', null]);
  });

  test.for([
    ['2024-06-01', '2028-10-02', '3.12', '3.13', '0.28.2', '2028-10-02', 'python_workers_20250116'],
    ['2024-06-01', '2029-10-06', '3.12', '3.13', '0.28.2', '2028-10-02', 'python_workers_20250116'],
    ['2024-06-01', '2029-10-07', '3.12', '3.14', '314.0.6', '2028-10-02', 'python_workers_314'],
    ['2026-01-01', '2029-10-07', '3.13', '3.14', '314.0.6', '2029-10-07', 'python_workers_314'],
  ] as const)('%s as of %s moves from %s to %s', ([date, asOf, from, to, id, since, flag]) => {
    const target = asked(date, asOf);
    expect(target.moved_forward).toEqual({ from, to, since });
    expect(target.runtime.id).toBe(id);
    expect(target.package_set.flag.startsWith(`python_${to}_`)).toBe(true);
    expect(target.reasons.runtime.code).toBe('moved_forward');
    expect(target.workerd_flags).toEqual(['python_workers', flag]);
    expect(codes(remarksOf(target))).toEqual(['moved_forward']);
    expect(target.reasons.runtime.message).toMatch(
      /^By Cloudflare's announced policy, .* No workerd up to 1\.\d+\.\d does so/,
    );
    expect(target.diagnostics[0]).toEqual({
      severity: 'warning',
      code: 'moved_forward',
      message: target.reasons.runtime.message,
      fix: `To make workerd run Pyodide ${id}, add ${flag}.`,
      fixes: [{ kind: 'flags', add: [flag], remove: [], pyodide: id }],
    });
  });

  test('a later Python without a workerd release is skipped', () => {
    const newestReleaseOf = new Map([...view.newestReleaseOf].filter(([python]) => python !== '3.13'));
    const question = { compatibility_date: '2024-06-01', as_of: '2028-10-02' };
    expect(targetOf(question, { ...view, newestReleaseOf }).runtime.id).toBe('314.0.6');
  });

  test('conflicting flags are removed', () => {
    const target = asked('2026-11-01', '2029-10-07', 'no_python_workers_314');
    expect(target.moved_forward).toEqual({ from: '3.13', to: '3.14', since: '2029-10-07' });
    expect(target.workerd_flags).toEqual(['python_workers']);
  });

  test('if no Python is supported, the newest is used, with a warning', () => {
    const target = asked('2024-06-01', '2031-01-01');
    expect(target.moved_forward).toEqual({ from: '3.12', to: '3.14', since: '2028-10-02' });
    expect(codes(remarksOf(target))).toEqual(['moved_forward', 'no_supported_python']);

    const newest = asked('2026-11-01', '2031-01-01');
    expect([newest.runtime.id, newest.moved_forward]).toEqual(['314.0.6', null]);
    expect(codes(remarksOf(newest))).toEqual(['no_supported_python']);
  });

  test.for([
    ['2028-10-01', [], null],
    [
      '2028-10-02',
      ['python_out_of_support'],
      'Leave python_3.12_packages_2024_08_29 out to move forward to Python 3.13.',
    ],
    [
      '2031-01-01',
      ['python_out_of_support'],
      'Leave python_3.12_packages_2024_08_29 out to move forward to Python 3.14.',
    ],
  ] as const)('a pinned set is never moved: as of %s', ([as_of, remarks, fix]) => {
    const compatibility_flags = ['python_workers', 'python_3.12_packages_2024_08_29'];
    const target = targetOf({ compatibility_date: '2025-01-01', compatibility_flags, as_of });
    expect([target.runtime.id, target.moved_forward]).toEqual(['0.26.0a2', null]);
    expect(target.package_set.flag).toBe('python_3.12_packages_2024_08_29');
    expect(codes(remarksOf(target))).toEqual([...remarks]);
    expect(remarksOf(target)[0]?.fix ?? null).toBe(fix);
  });
});

describe('a forecast', () => {
  test.for([
    ['2026-11-01', '2026-11-24', []],
    ['2025-11-01', '2026-11-25', []],
    ['2026-11-24', '2031-01-01', ['no_supported_python']],
    ['2026-11-25', '2026-11-25', ['forecast']],
  ] as const)('dated %s as of %s: %j', ([compatibility_date, as_of, expected]) => {
    expect(seen({ compatibility_date, as_of }).codes).toEqual(expected);
  });

  test('depends on what the view knows', () => {
    const then = viewAt(revisionOf('1.20251001.0'));
    const diagnostics = remarksOf(targetOf({ compatibility_date: '2025-10-09' }, then));
    expect(diagnostics).toMatchObject([{ severity: 'info', code: 'forecast' }]);
    expect(diagnostics[0]!.message).toContain('1.20251001.0');
  });
});

describe('a question at an earlier revision', () => {
  test('does not use later publications', () => {
    const then = viewAt(revisionOf('1.20251001.0'));
    const compatibility_flags = ['python_workers', 'python_workers_314', 'python_3.14_packages_2026_09_14'];
    expect(codes(ask({ compatibility_flags }, then).issues)).toEqual([
      'unknown_flag',
      'unknown_package_flag',
    ]);
  });

  test('before any runtime was known cannot be answered', () => {
    const first = revisionOf('1.20240909.0');
    expect(ask({}, viewAt(first - 1)).issues).toEqual([
      {
        kind: 'unanswerable',
        code: 'no_runtime_yet',
        message: `No runtime of workerd is known at revision ${first - 1} yet.`,
        ...fixed(`Ask for revision ${first} or a later one.`),
        revision: first - 1,
        first,
      },
    ]);
    expect(ask({}, viewAt(first)).issues).toEqual([]);
  });

  test('has no default set before one was published', () => {
    const runtimeSets = new Map();
    expect(ask({}, { ...view, runtimeSets }).issues).toMatchObject([
      { kind: 'unanswerable', code: 'no_package_set' },
    ]);
  });
});
