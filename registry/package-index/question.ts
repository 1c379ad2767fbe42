/** Questions that may go beyond their package set: with the operator's index. */
import type { CatalogView, Outcome, ResolveAnswer, ResolveQuestion } from '../../resolver/index.ts';
import { noIndexHere, otherIndex } from '../../resolver/issues/solver.ts';
import {
  IndexError,
  type IndexErrorCode,
  type PackageIndex,
  resolveBeyond,
} from '../../resolver/solver/index.ts';
import type { Bindings } from '../env.ts';
import { type ProblemCode, problem } from '../http/problem.ts';
import { PERIOD } from '../http/rate-limit.ts';
import { sourceOf } from '../storage/history.ts';
import { indexUrlOf } from './address.ts';
import { keptIndex } from './kept-index.ts';

/** Comparisons of versions for one question: one or two seconds. */
export const EFFORT = 5_000_000;

type Beyond = Omit<ResolveQuestion, 'index'> & { index?: boolean | string | null | undefined };

/**
 * Answers from the set and the operator's index. Errors are explained with everything that the index has today.
 * @param open the index of a request that asks several questions, which share its limits
 */
export async function askBeyond(
  env: Bindings,
  view: CatalogView,
  { index: given, ...question }: Beyond,
  effort = EFFORT,
  open = openFor(env),
): Promise<Outcome<{ answer: ResolveAnswer; index: PackageIndex | null }>> {
  const asked = given ?? true;
  const { url } = open;
  if (asked !== false && url === null) return { ok: false, issues: [noIndexHere({ wheels: false })] };
  if (typeof asked === 'string' && url !== null && withSlash(asked) !== withSlash(url)) {
    return { ok: false, issues: [otherIndex({ asked, url })] };
  }
  const ask = async (index: PackageIndex | null) => {
    const outcome = await resolveBeyond(view, { ...question, index }, sourceOf(env, view), effort);
    return outcome.ok ? { ok: true as const, value: { answer: outcome.value, index } } : outcome;
  };
  if (open.index === null || asked === false) return ask(null);
  const outcome = await ask(open.index(false));
  return outcome.ok ? outcome : ask(open.index(true));
}

/** The operator's index, and the limits of one request. */
export function openFor(env: Bindings) {
  const url = indexUrlOf(env);
  return { url, index: url === null ? null : keptIndex(env, url) };
}

const withSlash = (url: string) => url.replace(/\/?$/, '/');

const STATUS: Partial<Record<IndexErrorCode, ProblemCode>> = {
  timeout: 'index_timeout',
  // Only a wheel that the question names: invalid addresses in the index's pages are skipped.
  invalid_address: 'invalid_question',
  too_often: 'too_many_requests',
};

const FIXES: Partial<Record<IndexErrorCode, string>> = {
  timeout: 'Ask again later.',
  unreachable: 'Ask again later.',
  too_often: 'Ask again in a minute.',
  too_large: 'Ask for fewer packages at once.',
  invalid_address: 'Name wheels by public addresses, with https.',
};

/** The problem document for an {@link IndexError}. Rethrows other errors. */
export function indexProblem(error: unknown): Response {
  if (!(error instanceof IndexError)) throw error;
  const { code, message, url } = error;
  const response = problem(STATUS[code] ?? 'index_failed', message, [
    { code: `index_${code}`, message, fix: FIXES[code] ?? null, url },
  ]);
  if (code === 'too_often') response.headers.set('retry-after', String(PERIOD));
  return response;
}
