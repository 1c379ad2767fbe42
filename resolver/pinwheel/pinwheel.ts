/** The way in: one object that answers questions, wherever its documents come from. */
import type { ResolveAnswer, TargetAnswer } from '../answer.ts';
import { type ResolveQuestion, resolve } from '../closure/resolve.ts';
import { answerTarget } from '../compatibility/answer.ts';
import type { TargetQuestion } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Outcome } from '../issue.ts';
import type { CompareAnswer, WhenAnswer } from '../time/answers.ts';
import type { CompareQuestion } from '../time/compare.ts';
import type { WhenQuestion } from '../time/when.ts';
import type { CheckAnswer, CheckQuestion } from './check.ts';
import { type Asked, readQuestion } from './question.ts';
import { ResolveError } from './resolve-error.ts';
import type { PinwheelSource } from './source.ts';

/**
 * Answers questions, the same from bundled data, from a registry, and from documents of one's own. A question
 * without an answer throws a {@link ResolveError}, or with the `safe` twin of each method ends in its issues.
 *
 * @example
 * ```ts
 * import type { Pinwheel } from 'pinwheel-py';
 * import { createResolver } from 'pinwheel-py/bundled';
 *
 * const pythonOf = async (pinwheel: Pinwheel, compatibility_date: string) => {
 *   const question = { compatibility_date, compatibility_flags: ['python_workers'], as_of: '2026-11-20' };
 *   return (await pinwheel.target(question)).runtime.python;
 * };
 * await pythonOf(createResolver(), '2025-11-02'); // → '3.13.2'
 * ```
 */
export interface Pinwheel {
  /** Which runtime and which package set a compatibility date and flags select. */
  target(question: Asked<TargetQuestion>): Promise<TargetAnswer>;
  safeTarget(question: Asked<TargetQuestion>): Promise<Outcome<TargetAnswer>>;
  /** The closure of requirements: every package, pinned to one wheel, in load order. */
  resolve(question: Asked<ResolveQuestion>): Promise<ResolveAnswer>;
  safeResolve(question: Asked<ResolveQuestion>): Promise<Outcome<ResolveAnswer>>;
  /** The dates and the package flags with which a requirement holds. */
  when(question: Asked<WhenQuestion>): Promise<WhenAnswer>;
  safeWhen(question: Asked<WhenQuestion>): Promise<Outcome<WhenAnswer>>;
  /** What changes from one date or package flag, by default the compatibility date, to another, by default `as_of`. */
  compare(question: Asked<AnyCompareQuestion>): Promise<CompareAnswer>;
  safeCompare(question: Asked<AnyCompareQuestion>): Promise<Outcome<CompareAnswer>>;
  /** What Python files import, held against their runtime, package set and requirements. */
  check(question: Asked<CheckQuestion>): Promise<CheckAnswer>;
  safeCheck(question: Asked<CheckQuestion>): Promise<Outcome<CheckAnswer>>;
  /** Where the documents come from. */
  readonly source: PinwheelSource;
}

type AnyCompareQuestion = CompareQuestion & Pick<TargetQuestion, 'compatibility_date'>;

/** Answers from a source. What few questions need is loaded when the first of them is asked. */
export function createPinwheel(source: PinwheelSource): Pinwheel {
  const safeTarget = async (given: Asked<TargetQuestion>) => {
    const read = readQuestion(given, {}, {});
    return read.ok ? onView(source, read.value, (view) => answerTarget(view, read.value)) : read;
  };
  const safeResolve = async (given: Asked<ResolveQuestion>) => {
    const read = readQuestion(given, { requirements: 'texts' }, {});
    if (!read.ok) return read;
    const question = read.value as typeof read.value & ResolveQuestion;
    return onView(source, question, (view) => resolve(view, question, source));
  };
  const safeWhen = async (given: Asked<WhenQuestion>) => {
    const read = readQuestion(given, { requirement: 'text' }, {});
    if (!read.ok) return read;
    const question = read.value as typeof read.value & WhenQuestion;
    const { when } = await import('../time/when.ts');
    return onView(source, question, (view) => when(view, question, source));
  };
  const safeCompare = async (given: Asked<AnyCompareQuestion>) => {
    const read = readQuestion(given, {}, { from: 'text', to: 'text', requirements: 'texts' });
    if (!read.ok) return read;
    const { from, to, compatibility_date, as_of } = read.value;
    const sides = { from: from ?? compatibility_date ?? as_of, to: to ?? as_of };
    const question = { ...read.value, ...sides } as typeof read.value & CompareQuestion;
    const [{ compare }, { moduleReader }] = await Promise.all([
      import('../time/compare.ts'),
      import('../time/standard-library.ts'),
    ]);
    return onView(source, question, async (view) => {
      const library = await source.standardLibrary();
      const modules = library ? { readModules: moduleReader(library.measured) } : {};
      return compare(view, question, { ...source, ...modules });
    });
  };
  const safeCheck = async (given: Asked<CheckQuestion>) => {
    const read = readQuestion(
      given,
      { files: 'object' },
      { main: 'text', requirements: 'texts', vendored: 'texts' },
    );
    if (!read.ok) return read;
    const question = read.value as typeof read.value & CheckQuestion;
    const { check } = await import('./check.ts');
    return onView(source, question, (view) => check(view, question, source));
  };
  return {
    target: throwing(safeTarget),
    safeTarget,
    resolve: throwing(safeResolve),
    safeResolve,
    when: throwing(safeWhen),
    safeWhen,
    compare: throwing(safeCompare),
    safeCompare,
    check: throwing(safeCheck),
    safeCheck,
    source,
  };
}

async function onView<Answer>(
  source: PinwheelSource,
  { revision }: { revision: number | undefined },
  answer: (view: CatalogView) => Outcome<Answer> | Promise<Outcome<Answer>>,
): Promise<Outcome<Answer>> {
  const view = await source.view(revision);
  return view.ok ? answer(view.value) : view;
}

function throwing<Question, Answer>(
  safe: (question: Question) => Promise<Outcome<Answer>>,
): (question: Question) => Promise<Answer> {
  return async (question) => {
    const outcome = await safe(question);
    if (outcome.ok) return outcome.value;
    throw new ResolveError(outcome.issues);
  };
}
