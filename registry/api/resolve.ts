/** Answers `/v1/resolve`: most of a question and of its answer is shared with others, and kept. */
import { LRUCache } from 'lru-cache';
import type { PreparedSet } from '../../resolver/closure/prepare.ts';
import { type PinnedClosure, pinClosure } from '../../resolver/closure/prepare.ts';
import { answerResolve as answerInSet } from '../../resolver/closure/resolve.ts';
import {
  type CatalogView,
  type Outcome,
  type ResolveAnswer,
  type ResolvedPackage,
  selectTarget,
  type Target,
  type TargetQuestion,
} from '../../resolver/index.ts';
import { fieldsNamed, INDEX_FIELDS } from '../../resolver/question/fields.ts';
import type { Reading, Settled } from '../../resolver/question/read.ts';
import { remembered } from '../../resolver/remembered.ts';
import { problemOf } from '../http/problem.ts';
import { BEYOND, MOST_ERRORS, TARGET } from '../http/question.ts';
import type { Answer, Asked } from '../http/route.ts';
import { askBeyond, indexProblem } from '../package-index/question.ts';
import { sourceOf } from '../storage/history.ts';

export const RESOLVE = { ...TARGET, ...fieldsNamed('requirements'), ...BEYOND };
export type Asking = Pick<Asked<Settled & Reading<typeof RESOLVE>, unknown>, 'query' | 'view' | 'env'>;

export async function answerResolve(asked: Asking): Promise<Answer> {
  const { view, env, query } = asked;
  if (asksIndex(query)) return answerBeyond(asked);
  const question = { ...query, requirements: query.requirements ?? [], index: null };
  const source = {
    ...sourceOf(env, view),
    pin: recentClosure,
    explained: MOST_ERRORS,
  };
  const outcome = await answerInSet(view, question, source, targetOf(view, question));
  return outcome.ok ? renderAnswer(outcome.value) : problemOf(outcome.issues);
}

function answerBeyond({ query, view, env }: Asking): Promise<Answer> {
  return fromIndex(async () => {
    const outcome = await askBeyond(env, view, { ...query, requirements: query.requirements ?? [] });
    return outcome.ok ? { ok: true, value: outcome.value.answer } : outcome;
  });
}

/** An answer with packages of an index. It is not cached, because the index may change. */
export async function fromIndex(ask: () => Promise<Outcome<object>>): Promise<Answer> {
  try {
    const outcome = await ask();
    if (!outcome.ok) return problemOf(outcome.issues);
    return Response.json(outcome.value, {
      headers: { 'access-control-allow-origin': '*', 'cache-control': 'no-store' },
    });
  } catch (error) {
    return indexProblem(error);
  }
}

export function asksIndex(query: Asking['query']): boolean {
  return (query.index ?? false) !== false || INDEX_FIELDS.some((name) => query[name] != null);
}

/** A target has a few kilobytes. */
const MOST_TARGETS = 512;
/** The longest cached question, in characters: longer ones are rarely repeated. */
const LONGEST_KEY = 400;

const targets = new LRUCache<string, Target>({ max: MOST_TARGETS });

/** Like `selectTarget`, but its result is shared: do not change it. */
function targetOf(view: CatalogView, question: TargetQuestion): Outcome<Target> {
  const { compatibility_date, compatibility_flags, as_of, experimental = false } = question;
  const key = JSON.stringify([
    view.stamp.digest,
    as_of,
    compatibility_date,
    experimental,
    ...compatibility_flags,
  ]);
  const known = targets.get(key);
  if (known) return { ok: true, value: known };
  const outcome = selectTarget(view, question);
  if (outcome.ok && key.length <= LONGEST_KEY) targets.set(key, outcome.value);
  return outcome;
}

/** The packages of all cached closures. With its part of an answer's JSON, a package takes about a kilobyte. */
const MOST_PACKAGES = 8_192;
/** The closures of which it is known that they were asked for once. */
const MOST_SEEN = 1_024;

const closures = new LRUCache<string, PinnedClosure>({ maxSize: MOST_PACKAGES });
/** A closure is cached from the second time on: most are asked for once, and caching those slows every answer. */
const seen = new LRUCache<string, true>({ max: MOST_SEEN });

/** Like `pinClosure`, but its result is shared: do not change it. */
function recentClosure(
  set: PreparedSet,
  roots: ReadonlyMap<number, unknown>,
  view: Pick<CatalogView, 'evidence' | 'levels'>,
  { package_set }: Target,
): PinnedClosure | null {
  const evidence = view.evidence.get(set.flag)?.at(-1)?.revision;
  const key = [package_set.digest, set.seen, evidence, ...roots.keys()].join(' ');
  const known = closures.get(key);
  if (known) return known;
  const closure = pinClosure(set, roots, view);
  if (!closure) return null;
  if (seen.delete(key)) {
    closures.set(key, closure, { size: closure.packages.length + 1 });
    closureTexts.set(closure.packages, packagesText(closure.packages));
  } else {
    seen.set(key, true);
  }
  return closure;
}

/** A package as JSON, around what only its answer has: up to the value of `requested`, and from the end of `required_by`. */
interface PackageParts {
  evidence: ResolvedPackage['evidence'];
  before: string;
  after: string;
}

/** Finished parts by wheel, because all answers from a set share its wheels. */
const parts = new WeakMap<ResolvedPackage['wheel'], PackageParts>();

/** Answers for the same date and flags share their target. */
const targetText = remembered((target: Target) => JSON.stringify(target));

/**
 * The same bytes as `JSON.stringify(answer)`, in a fraction of the time: nine tenths of an answer are wheels, which are
 * serialized once for each set, and most of the rest is the target. The parts are joined, because concatenation makes a
 * tree of strings, which workerd takes longer to send.
 */
function renderAnswer(answer: ResolveAnswer): string {
  const { registry, answer_version, target, packages, totals, diagnostics } = answer;
  return [
    `{"registry":${JSON.stringify(registry)},"answer_version":${answer_version},"target":`,
    targetText(target),
    ',"packages":[',
    closureTexts.get(packages) ?? packagesText(packages),
    `],${JSON.stringify({ totals, diagnostics }).slice(1)}`,
  ].join('');
}

/** The JSON of the packages of cached closures. */
const closureTexts = new WeakMap<readonly ResolvedPackage[], string>();

function packagesText(packages: readonly ResolvedPackage[]): string {
  const pieces: string[] = [];
  for (const [at, resolved] of packages.entries()) {
    const { requested, required_by } = resolved;
    const { before, after } = partsOf(resolved);
    if (at > 0) pieces.push(',');
    pieces.push(before, requested ? 'true' : 'false', ',"required_by":', listOf(required_by), after);
  }
  return pieces.join('');
}

/** Canonical names need no escapes. */
const listOf = (names: readonly string[]) => (names.length === 0 ? '[]' : `["${names.join('","')}"]`);

function partsOf({ name, version, kind, depends, wheel, evidence }: ResolvedPackage): PackageParts {
  let known = parts.get(wheel);
  if (known?.evidence !== evidence) {
    known = {
      evidence,
      before: `${JSON.stringify({ name, version, kind }).slice(0, -1)},"requested":`,
      after: `,${JSON.stringify({ depends, wheel, evidence }).slice(1)}`,
    };
    parts.set(wheel, known);
  }
  return known;
}
