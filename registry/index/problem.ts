/** What to say if the index of the operator fails a question, or a wheel that the question names. */
import { IndexError, type IndexErrorCode } from '../../resolver/solver/index-error.ts';
import { type ProblemCode, problem } from '../http/problem.ts';

const STATUS: Partial<Record<IndexErrorCode, ProblemCode>> = {
  timeout: 'index_timeout',
  // Of a wheel that the question names: the index's own addresses are passed over, where they are of no use.
  invalid_address: 'invalid_question',
};

const FIXES: Partial<Record<IndexErrorCode, string>> = {
  timeout: 'Ask again later.',
  unreachable: 'Ask again later.',
  invalid_address: 'Name wheels by public addresses, with https.',
};

/** The refusal for an {@link IndexError}; any other error is thrown on. */
export function indexProblem(error: unknown): Response {
  if (!(error instanceof IndexError)) throw error;
  const { code, message, url } = error;
  return problem(STATUS[code] ?? 'index_failed', message, [
    { code: `index_${code}`, message, fix: FIXES[code] ?? null, url },
  ]);
}
