/** Problem documents for failures of the operator's index, or of a wheel that the question names. */
import { IndexError, type IndexErrorCode } from '../../resolver/solver/index.ts';
import { type ProblemCode, problem } from '../http/problem.ts';

const STATUS: Partial<Record<IndexErrorCode, ProblemCode>> = {
  timeout: 'index_timeout',
  // For a wheel that the question names: invalid addresses in the index's pages are skipped.
  invalid_address: 'invalid_question',
};

const FIXES: Partial<Record<IndexErrorCode, string>> = {
  timeout: 'Ask again later.',
  unreachable: 'Ask again later.',
  invalid_address: 'Name wheels by public addresses, with https.',
};

/** The problem document for an {@link IndexError}. Rethrows other errors. */
export function indexProblem(error: unknown): Response {
  if (!(error instanceof IndexError)) throw error;
  const { code, message, url } = error;
  return problem(STATUS[code] ?? 'index_failed', message, [
    { code: `index_${code}`, message, fix: FIXES[code] ?? null, url },
  ]);
}
