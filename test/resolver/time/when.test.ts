import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Target } from '../../../resolver/answer.ts';
import { resolveClosure } from '../../../resolver/closure/closure.ts';
import { addDays, FIRST_DATE } from '../../../resolver/compatibility/date.ts';
import { selectTarget } from '../../../resolver/compatibility/target.ts';
import { evaluateFlags } from '../../../resolver/compatibility/workerd.ts';
import { evidenceIn } from '../../../resolver/evidence-level.ts';
import type { Issue } from '../../../resolver/issue.ts';
import { sayFixes } from '../../../resolver/issues/fixes.ts';
import { parseRequirement, type Requirement } from '../../../resolver/requirements/requirement.ts';
import { WhenAnswer } from '../../../resolver/time/answers.ts';
import { type WhenQuestion, when } from '../../../resolver/time/when.ts';
import { AS_OF, allPins, pinsOnly, prepared, source, view } from './data.ts';

async function answer(
  requirement: string,
  question: Partial<WhenQuestion> = {},
  from = source,
): Promise<WhenAnswer> {
  const outcome = await when(view, { requirement, as_of: AS_OF, ...question }, from);
  if (!outcome.ok) throw new Error(outcome.issues.map(({ message }) => message).join('\n'));
  return WhenAnswer.parse(outcome.value);
}

async function issues(requirement: string, question: Partial<WhenQuestion> = {}): Promise<Issue[]> {
  const outcome = await when(view, { requirement, as_of: AS_OF, ...question }, source);
  return outcome.ok ? [] : outcome.issues;
}

test('a requirement that the default set lacks, and another one of the same runtime has', async () => {
  const { intervals, flag_intervals } = await answer('pillow', {}, pinsOnly);
  expect(intervals.map(({ from }) => from)).toEqual(['2026-09-08']);
  expect(flag_intervals).toMatchObject([
    {
      ...{ from: '2025-09-29', to: '2026-09-07', version: '11.3.0', runtime: { pyodide: '0.28.2' } },
      ...{ flag: 'python_3.13_packages_2025_09_22', others: 9 },
    },
  ]);
  const pinned = { compatibility_flags: ['python_3.13_packages_2025_08_08'] };
  expect(await answer('pillow', pinned)).toMatchObject({ intervals: [], flag_intervals: [] });
});

test('a requirement holds if its marker excludes it, with a remark', async () => {
  const { diagnostics } = await answer('numpy<2; python_version < "3.13"');
  expect(diagnostics.map(({ code }) => code)).toEqual(['excluded_by_marker']);
});

describe('a requirement that nothing satisfies', () => {
  test.each<[requirement: string, code: string, message: string, fix: string]>([
    ['polrs', 'unknown_package', 'No package set has "polrs".', 'Did you mean polars?'],
    [
      'httpx2',
      'unknown_package',
      'No package set has "httpx2".',
      'An index may have it: ask with index. Did you mean httpx?',
    ],
    [
      'PIL',
      'unknown_package',
      'No package set has "pil".',
      'The module pil comes with pillow: ask for that.',
    ],
    [
      'numpy>=99',
      'version_conflict',
      'No package set pins a version of numpy that numpy>=99 allows.',
      'Package sets pin numpy 2.4.6, 2.4.3, 2.3.1, 2.2.5, 2.0.2, 1.26.4.',
    ],
    [
      'openssl<1',
      'version_conflict',
      'No package set pins a version of openssl that openssl<1 allows.',
      'Package sets pin openssl 1.1.1w, 1.1.1n.',
    ],
  ])('%s', async (requirement, code, message, fix) => {
    const { intervals, flags, first, last, diagnostics } = await answer(requirement);
    expect({ intervals, flags, first, last }).toEqual({ intervals: [], flags: [], first: null, last: null });
    expect(diagnostics).toMatchObject([{ severity: 'warning', code, message, fix }]);
    expect(sayFixes(diagnostics[0]!.fixes)).toBe(fix);
  });

  test('by date, but a package flag does', async () => {
    const { intervals, flags, diagnostics } = await answer('numpy==2.2.5', {}, pinsOnly);
    expect(intervals).toEqual([]);
    expect(flags.length).toBeGreaterThan(5);
    expect(diagnostics.map(({ code }) => code)).toEqual(['no_date']);
  });
});

test('pins of sets after a revision are ignored', async () => {
  const unknown = { flag: 'python_3.15_packages_2027_06_01', version: '99.0' };
  const readPins = async () => new Map([['numpy', [unknown]]]);
  expect(await answer('numpy', {}, { ...source, readPins })).toMatchObject({ intervals: [], flags: [] });
});

describe('issues', () => {
  test('of flags, day and requirement are reported together', async () => {
    const found = await issues('numpy=1', { compatibility_flags: ['python_wrkers'], as_of: 'today' });
    expect(found.map(({ code }) => code)).toEqual([
      'invalid_as_of',
      'unknown_flag',
      'python_workers_required',
      'invalid_requirement',
    ]);
  });

  test.each([
    ['numpy; os_name ~= "posix"', 'meaningless_marker'],
    ['numpy @ https://example.com/numpy.whl', 'direct_url_requirement'],
    ['', 'invalid_requirement'],
  ])('%j', async (requirement, code) => {
    expect(await issues(requirement)).toMatchObject([{ kind: 'malformed', code }]);
  });
});

describe('agrees with resolving', () => {
  const names = [...allPins.keys()];
  const versionsOf = (name: string) => [...new Set((allPins.get(name) ?? []).map(({ version }) => version))];
  const specifier = (name: string) =>
    fc.oneof(
      fc
        .tuple(
          fc.constantFrom('==', '!=', '<', '<=', '>', '>=', '~=', '==='),
          fc.constantFrom('1.0', '2', ...versionsOf(name).filter((version) => /^[\d.]+$/.test(version))),
        )
        .map(([operator, version]) => operator + version),
      fc.constantFrom('==1.*', '!=2.*', '>=1,<3'),
    );
  const marker = fc.constantFrom(
    '',
    '',
    '; python_version < "3.13"',
    '; python_version >= "3.14" or sys_platform == "win32"',
    '; python_full_version == "3.13.2"',
    '; platform_release < "5"',
    '; os_name ~= "posix"',
    '; sys_platform == "emscripten"',
  );
  const requirement = fc
    .oneof(
      { weight: 9, arbitrary: fc.constantFrom(...names) },
      { weight: 1, arbitrary: fc.constant('no-such') },
    )
    .chain((name) => fc.tuple(fc.constant(name), fc.array(specifier(name), { maxLength: 2 }), marker))
    .map(([name, specifiers, condition]) => `${name}${specifiers.join(',')}${condition}`)
    .filter((text) => parseRequirement(text).ok);

  const flagSets = [
    [],
    ['no_python_workers_314'],
    ['python_workers_20250116'],
    ['no_python_workers_314', 'python_workers_20260610'],
    ['no_python_workers_20250116', 'python_workers_314'],
    ['no_python_workers_314', 'no_python_workers_20250116'],
    ['python_workers_development'],
    ['python_3.12_packages_2025_03_01'],
    ['python_3.13_packages_2025_08_08', 'no_python_workers_314'],
  ].map((flags) => ['python_workers', ...flags]);

  interface Setting {
    flags: string[];
    as_of: string;
    /** Every possible day, from the very first to `as_of`, with its target. */
    days: [day: string, target: Target][];
  }
  const settings = flagSets.flatMap((flags) =>
    [AS_OF, '2029-02-01'].map((as_of): Setting => {
      const days: [string, Target][] = [];
      for (let day = FIRST_DATE; day <= as_of; day = addDays(day, 1)) {
        const target = select(flags, day, as_of);
        if (target) days.push([day, target]);
      }
      return { flags, as_of, days };
    }),
  );

  function select(compatibility_flags: string[], compatibility_date: string, as_of: string): Target | null {
    const question = { compatibility_date, compatibility_flags, as_of, experimental: true };
    const outcome = selectTarget(view, question);
    return outcome.ok ? outcome.value : null;
  }

  /** The result of resolving: the version, null if nothing is required, or `fails`. */
  function resolved(target: Target, asked: Requirement): string | null {
    const outcome = resolveClosure(view, target, prepared.get(target.package_set.flag)!, [asked]);
    if (!outcome.ok) return 'fails';
    return outcome.value.packages.find(({ requested }) => requested)?.version ?? null;
  }

  /** The same of one requirement, for targets that differ in nothing but their date. */
  function resolving(asked: Requirement): (target: Target) => string | null {
    const known = new Map<string, string | null>();
    return (target) => {
      const key = `${target.runtime.id} ${target.package_set.flag}`;
      if (!known.has(key)) known.set(key, resolved(target, asked));
      return known.get(key)!;
    };
  }

  type Asked = Setting & { text: string; parsed: Requirement; answer: WhenAnswer | null };

  /** How often `judge` finds that a random requirement holds, or that it does not: the smaller of both numbers. */
  async function asking(numRuns: number, judge: (asked: Asked) => Generator<boolean>): Promise<number> {
    const counts = { held: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(requirement, fc.constantFrom(...settings), async (text, setting) => {
        const parsed = parseRequirement(text);
        if (!parsed.ok) throw new Error(text);
        const { flags, as_of } = setting;
        const question = { requirement: text, compatibility_flags: flags, as_of, experimental: true };
        const outcome = await when(view, question, source);
        const answer = outcome.ok ? outcome.value : null;
        for (const holds of judge({ ...setting, text, parsed: parsed.value, answer })) {
          counts[holds ? 'held' : 'failed']++;
        }
      }),
      { numRuns },
    );
    return Math.min(counts.held, counts.failed);
  }

  test('on every day', async () => {
    const judged = await asking(150, function* ({ text, days, parsed, answer }) {
      const intervals = answer?.intervals ?? [];
      const resolvedOn = resolving(parsed);
      let at = 0;
      for (const [day, target] of days) {
        while (at < intervals.length && intervals[at]!.to < day) at++;
        const interval = intervals[at];
        const expected = resolvedOn(target);
        const found = interval && interval.from <= day ? interval.version : 'fails';
        if (found !== expected) throw new Error(`${text} on ${day}: ${found}, not ${expected}`);
        const holds = interval !== undefined && found !== 'fails';
        if (holds && interval.package_set.flag !== target.package_set.flag) {
          throw new Error(`another set on ${day}`);
        }
        if (holds && interval.runtime.id !== target.runtime.id) throw new Error(`another runtime on ${day}`);
        yield holds;
      }
    });
    expect(judged).toBeGreaterThan(1_000);
  });

  test('with every package flag', async () => {
    const judged = await asking(60, function* ({ text, flags, as_of, days, parsed, answer }) {
      const found = new Map(answer?.flags.map((flag) => [flag.flag, flag]));
      const others = flags.filter((flag) => !view.sets.has(flag));
      for (const { flag, abi, released } of view.sets.values()) {
        const target = select([...others, flag], as_of, as_of)!;
        const expected = resolved(target, parsed);
        const satisfying = found.get(flag);
        yield satisfying !== undefined;
        if (!satisfying) {
          expect(expected, `${text} with ${flag}`).toBe('fails');
          continue;
        }
        const { runtime, workerd_flags } = target;
        expect(satisfying).toEqual({
          flag,
          released,
          runtime,
          version: expected,
          evidence: expected === null ? null : evidenceIn(view, flag)(parsed.name),
          size: expected === null ? null : (view.seenFiles.get(flag)?.sizes[parsed.name] ?? null),
          workerd_flags: runtime.workerd_bundle === null ? null : workerd_flags,
          workerd_dates: satisfying.workerd_dates,
        });
        const options = { today: as_of, experimental: true };
        for (const [day] of days.filter((_, at) => at % 337 === 0)) {
          const alone = evaluateFlags(view, day, others, options).selected?.release.abi === abi;
          const dated = satisfying.workerd_dates.some(({ from, to }) => from <= day && day <= to);
          expect(dated, `${flag} on ${day}`).toBe(alone);
        }
      }
    });
    expect(judged).toBeGreaterThan(100);
  });
});
