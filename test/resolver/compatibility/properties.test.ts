import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../../resolver/compatibility/date.ts';
import { selectTarget, type TargetQuestion } from '../../../resolver/compatibility/target.ts';
import { evaluateFlags } from '../../../resolver/compatibility/workerd.ts';
import { ask, catalog, view, viewAt } from './catalog.ts';

const AS_OF = '2026-11-20';

const knownFlag = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...view.runtimeFlags.flatMap(namesOf)) },
  { weight: 1, arbitrary: fc.constantFrom(...view.flagByName.keys()) },
);
const packageFlag = fc.constantFrom(...view.sets.keys());
const day = fc.integer({ min: 0, max: 2_500 }).map((days) => addDays('2020-01-01', days));
const anyText = fc.string({ unit: 'binary', maxLength: 30 });

function namesOf({ enable, disable }: { enable: string | null; disable: string | null }): string[] {
  return [enable, disable].filter((name) => name !== null);
}

/** Mostly valid: known flags once each, `python_workers`, sometimes a package flag. */
const soundQuestion: fc.Arbitrary<TargetQuestion> = fc.record({
  compatibility_date: day,
  compatibility_flags: fc
    .tuple(fc.uniqueArray(knownFlag, { maxLength: 5 }), fc.option(packageFlag, { freq: 2 }))
    .map(([flags, pinned]) => [...new Set(['python_workers', ...flags]), ...(pinned ? [pinned] : [])]),
  as_of: fc.constantFrom(AS_OF, '2028-10-02', '2029-10-07', '2031-01-01'),
  experimental: fc.boolean(),
});

const datedFlags = view.flags.flatMap(({ enable, enable_date }) =>
  enable === null || enable_date === null ? [] : [{ enable, enable_date }],
);

/** A sound question that names a flag which its date has turned on. */
const redundantQuestion = fc
  .tuple(soundQuestion, fc.constantFrom(...datedFlags))
  .map(([question, { enable, enable_date }]) => ({
    ...question,
    compatibility_date: [question.compatibility_date!, enable_date].sort().at(-1)!,
    compatibility_flags: [...new Set([...question.compatibility_flags, enable])],
  }));

const hostileQuestion: fc.Arbitrary<TargetQuestion> = fc.record({
  compatibility_date: fc.oneof(day, anyText, fc.constant(null)),
  compatibility_flags: fc.array(fc.oneof(knownFlag, packageFlag, anyText), { maxLength: 12 }),
  as_of: fc.oneof(day, anyText),
  experimental: fc.boolean(),
});

describe('a target', () => {
  test('is the same, byte for byte, for the same question', () => {
    fc.assert(
      fc.property(fc.oneof(soundQuestion, hostileQuestion), (question) => {
        const before = JSON.stringify(question);
        const first = JSON.stringify(selectTarget(view, question));
        expect(JSON.stringify(selectTarget(view, structuredClone(question)))).toBe(first);
        expect(JSON.stringify(question)).toBe(before);
      }),
    );
  });

  test('at a revision does not change with later publications', () => {
    const { revision } = view.stamp;
    const { log, ...tables } = catalog;
    fc.assert(
      fc.property(soundQuestion, fc.integer({ min: 6, max: revision }), (question, at) => {
        const current = (rows: readonly { revision: number; withdrawn: number | null }[]) =>
          rows
            .filter((row) => row.revision <= at)
            .map((row) => ({ ...row, withdrawn: (row.withdrawn ?? at + 1) > at ? null : row.withdrawn }));
        const known = Object.entries(tables).map(([name, rows]) => [name, current(rows)]);
        const then = viewAt(at, { log: log.slice(0, at), ...Object.fromEntries(known) });
        expect(selectTarget(viewAt(at), question)).toEqual(selectTarget(then, question));
      }),
      { numRuns: 60 },
    );
  });

  test('has the same runtime and set whatever the order of the flags', () => {
    const shuffled = soundQuestion.chain((question) =>
      fc.tuple(
        fc.constant(question),
        fc.shuffledSubarray([...question.compatibility_flags], {
          minLength: question.compatibility_flags.length,
        }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([question, compatibility_flags]) => {
        const answer = ask(question);
        const other = ask({ ...question, compatibility_flags });
        expect(other.target?.runtime).toEqual(answer.target?.runtime);
        expect(other.target?.package_set).toEqual(answer.target?.package_set);
        expect(other.target?.moved_forward).toEqual(answer.target?.moved_forward);
        expect(new Set(other.target?.workerd_flags)).toEqual(new Set(answer.target?.workerd_flags));
        expect(other.issues.map(({ message }) => message).sort()).toEqual(
          answer.issues.map(({ message }) => message).sort(),
        );
      }),
    );
  });

  test('loses nothing but the warning with a redundant flag', () => {
    let removed = 0;
    fc.assert(
      fc.property(redundantQuestion, (question) => {
        const { target } = ask(question);
        const redundant = target?.diagnostics.filter(({ code }) => code === 'redundant_flag') ?? [];
        for (const remark of redundant) {
          const flag = question.compatibility_flags.find((name) => remark.fix === `Remove ${name}.`)!;
          const fewer = question.compatibility_flags.filter((name) => name !== flag);
          const without = (flags: string[]) => flags.filter((name) => name !== flag);
          expect(ask({ ...question, compatibility_flags: fewer }).target).toEqual({
            ...target,
            compatibility_flags: fewer,
            workerd_flags: without(target!.workerd_flags),
            diagnostics: target!.diagnostics.filter((other) => other !== remark),
          });
          removed++;
        }
      }),
      { numRuns: 300 },
    );
    expect(removed).toBeGreaterThan(20);
  });

  test('keeps the pinned set, at any date, with any flags, as of any day', () => {
    fc.assert(
      fc.property(soundQuestion, packageFlag, (question, pinned) => {
        const others = question.compatibility_flags.filter((flag) => !view.sets.has(flag));
        const { target } = ask({ ...question, compatibility_flags: [...others, pinned] });
        if (target) {
          expect(target.package_set.flag).toBe(pinned);
          expect(target.runtime.abi).toBe(view.sets.get(pinned)!.abi);
          expect(target.moved_forward).toBeNull();
        }
      }),
    );
  });

  test('with a bundle is what workerd runs with its flags', () => {
    fc.assert(
      fc.property(soundQuestion, (question) => {
        const { target } = ask(question);
        if (target?.runtime.workerd_bundle) {
          const options = { today: question.as_of, experimental: question.experimental === true };
          const { selected, errors } = evaluateFlags(
            view,
            target.compatibility_date,
            target.workerd_flags,
            options,
          );
          expect(errors).toEqual([]);
          expect(selected?.release.workerd_bundle).toBe(target.runtime.workerd_bundle);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('or printable issues result from any input', () => {
    fc.assert(
      fc.property(hostileQuestion, (question) => {
        const { target, issues } = ask(question);
        expect(target === null).toBe(issues.length > 0);
        for (const { message } of issues) expect(message).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e]/u);
      }),
      { numRuns: 1_000 },
    );
  });
});
