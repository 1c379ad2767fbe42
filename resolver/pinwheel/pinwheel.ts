/** The entry point: one object that answers questions, from any source of documents. */
import type { ResolveAnswer, TargetAnswer } from '../answer.ts';
import type { AuditAnswer } from '../audit/answer.ts';
import { answerResolve, type ResolveQuestion } from '../closure/resolve.ts';
import type { PinwheelSource } from '../closure/source.ts';
import { answerTarget, type TargetQuestion } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Issue, Outcome } from '../issue.ts';
import { leftOut } from '../issues/question.ts';
import { BEYOND_FIELDS, type Fields, fieldsNamed, TARGET_FIELDS } from '../question/fields.ts';
import { type Asked, goesBeyond, readObject, type Settled, settled } from '../question/read.ts';
import type { CompareAnswer, WhenAnswer } from '../time/answers.ts';
import type { CompareQuestion } from '../time/compare.ts';
import type { WhenQuestion } from '../time/when.ts';
import type { resolveBeyond } from './beyond.ts';
import type { CheckAnswer, CheckQuestion, check } from './check.ts';

/**
 * Answers questions, in the same way from bundled data, a registry, or your own documents. A question without an
 * answer throws a {@link ResolveError}; the `safe` twin of each method returns its issues.
 * @example
 * ```ts
 * import { createResolver } from 'pinwheel-py/bundled';
 * const question = { compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'] };
 * const { runtime } = await createResolver().target(question);
 * runtime.python; // → '3.13.2'
 * ```
 */
export interface Pinwheel {
  /** Which runtime and which package set a compatibility date and flags select. */
  target(question: Asked<TargetQuestion>): Promise<TargetAnswer>;
  safeTarget(question: Asked<TargetQuestion>): Promise<Outcome<TargetAnswer>>;
  /**
   * The closure of requirements: every package, pinned to one wheel, in load order. With an `index`, packages that the
   * set does not have come from there; if the index cannot be reached, throws an `IndexError`.
   */
  resolve(question: Asked<ResolveQuestion>): Promise<ResolveAnswer>;
  safeResolve(question: Asked<ResolveQuestion>): Promise<Outcome<ResolveAnswer>>;
  /** The dates and the package flags that satisfy a requirement. */
  when(question: Asked<WhenQuestion>): Promise<WhenAnswer>;
  safeWhen(question: Asked<WhenQuestion>): Promise<Outcome<WhenAnswer>>;
  /** The changes from one date or package flag, by default the compatibility date, to another, by default `as_of`. */
  compare(question: Asked<AnyCompareQuestion>): Promise<CompareAnswer>;
  safeCompare(question: Asked<AnyCompareQuestion>): Promise<Outcome<CompareAnswer>>;
  /** Checks the imports of Python files against their runtime, package set and requirements. */
  check(question: Asked<CheckQuestion>): Promise<CheckAnswer>;
  safeCheck(question: Asked<CheckQuestion>): Promise<Outcome<CheckAnswer>>;
  /** The known vulnerabilities of the closure of requirements, and which date, set or package clears each. */
  audit(question: Asked<ResolveQuestion>): Promise<AuditAnswer>;
  safeAudit(question: Asked<ResolveQuestion>): Promise<Outcome<AuditAnswer>>;
  /** The source of documents. */
  readonly source: PinwheelSource;
}

const TARGET = fieldsNamed(...TARGET_FIELDS, 'pyodide');
const RESOLVE = { ...TARGET, ...fieldsNamed('requirements', ...BEYOND_FIELDS) };
const WHEN = { ...TARGET, ...fieldsNamed('requirement') };
const COMPARE = { ...TARGET, ...fieldsNamed('from', 'to', 'requirements') };
const CHECK = { ...TARGET, ...fieldsNamed('files', 'main', 'requirements') };

type AnyCompareQuestion = CompareQuestion & Pick<TargetQuestion, 'compatibility_date'>;

/** The code of rare questions, which is two thirds of all code. What is absent is refused. */
export interface RareAnswers {
  /** By default a client has no `check`. It is 23 kB, gzipped: the function of that name in `pinwheel-py/python`. */
  check?: typeof check | undefined;
  /**
   * By default a client has no solver, which answers questions with an `index`, a `set` or `constraints`. It is
   * `resolveBeyond` of `pinwheel-py/solver`: 57 kB, gzipped, with what reads wheels whose index has no METADATA.
   */
  resolveBeyond?: typeof resolveBeyond | undefined;
}

/** The code of all rare questions, each loaded with the first question that needs it. */
export const LOADED_ON_DEMAND: RareAnswers = {
  check: async (...asked) => (await import('./check.ts')).check(...asked),
  resolveBeyond: async (...asked) => (await import('./beyond.ts')).resolveBeyond(...asked),
};

export function createPinwheel(source: PinwheelSource, { check, resolveBeyond }: RareAnswers): Pinwheel {
  const safeTarget = reading(TARGET, [], (question) => onView(source, question, answerTarget));
  const answer = (view: CatalogView, question: ResolveQuestion) => {
    if (!goesBeyond(question)) return answerResolve(view, question, source);
    return resolveBeyond
      ? resolveBeyond(view, question, source)
      : notHere('resolveBeyond', 'pinwheel-py/solver');
  };
  const resolving = <Answer>(answer: Answering<ResolveQuestion, Answer>) =>
    reading(RESOLVE, ['requirements'], (question: Settled & ResolveQuestion) =>
      onView(source, question, answer),
    );
  const safeResolve = resolving(answer);
  const safeWhen = reading(WHEN, ['requirement'], (question: Settled & WhenQuestion) =>
    onView(source, question, async (view, asked) =>
      (await import('../time/when.ts')).when(view, asked, source),
    ),
  );
  const safeCompare = reading(COMPARE, [], async (question: Settled & Partial<CompareQuestion>) => {
    const { from, to, ...rest } = question;
    const sides = { from: from ?? rest.compatibility_date ?? rest.as_of, to: to ?? rest.as_of };
    const { compare, moduleReader } = await import('../time/compare.ts');
    return onView(source, { ...rest, ...sides }, async (view, asked) => {
      const library = await source.standardLibrary();
      const facts = library
        ? { readModules: moduleReader(library.measured), flagEffects: library.facts.flags }
        : {};
      return compare(view, asked, { ...source, ...facts });
    });
  });
  const safeCheck = reading(CHECK, ['files'], async (question: Settled & CheckQuestion) => {
    if (!check) return notHere('check', 'pinwheel-py/python');
    return onView(source, question, (view, asked) => check(view, asked, source));
  });
  const safeAudit = resolving((view, question) =>
    import('../audit/audit.ts').then((rare) => rare.audit(view, question, source, answer)),
  );
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
    audit: throwing(safeAudit),
    safeAudit,
    source,
  };
}

function reading<Question extends Settled, Answer>(
  fields: Fields,
  needed: readonly string[],
  answer: (question: Question) => Promise<Outcome<Answer>>,
): (given: unknown) => Promise<Outcome<Answer>> {
  return async (given) => {
    const read = readObject(given, fields, { needed });
    return read.ok ? answer(settled(read.value) as Settled as Question) : read;
  };
}

function notHere(name: keyof RareAnswers, entry: string): Outcome<never> {
  return { ok: false, issues: [leftOut({ name, entry })] };
}

type Answering<Question, Answer> = (
  view: CatalogView,
  question: Question,
) => Outcome<Answer> | Promise<Outcome<Answer>>;

async function onView<Question extends Settled, Answer>(
  source: PinwheelSource,
  question: Question,
  answer: Answering<Question, Answer>,
): Promise<Outcome<Answer>> {
  const view = await source.view(question.revision);
  if (!view.ok) return view;
  if (question.pyodide === undefined) return answer(view.value, question);
  const { byPyodide, namedByPyodide } = await import('./by-pyodide.ts');
  const named = byPyodide(view.value, question);
  if (!named.ok) return named;
  const outcome = await answer(view.value, named.value.question);
  return outcome.ok ? { ok: true, value: namedByPyodide(outcome.value, named.value.set) } : outcome;
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

/**
 * A question without an answer. `issues` has everything that is wrong with it, each with a fix.
 * @example
 * ```ts
 * import { ResolveError } from 'pinwheel-py';
 * import { createResolver } from 'pinwheel-py/bundled';
 * const question = { compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'] };
 * const asked = createResolver().resolve({ ...question, requirements: ['fastapii'] });
 * const error = await asked.catch((error: unknown) => error);
 * error instanceof ResolveError && error.issues.map(({ fix }) => fix); // → ['Did you mean fastapi?']
 * ```
 */
export class ResolveError extends Error {
  override readonly name = 'ResolveError';
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super(issues.map(({ message, fix }) => (fix === null ? message : `${message}\n  ${fix}`)).join('\n'));
    this.issues = issues;
  }
}
