import type { Fault } from '../../../resolver/fault.ts';
import { PROBLEMS } from '../../api/problem.ts';

/** The status that the API gives the same faults. */
export function statusOf(faults: readonly Fault[]): number {
  const has = (kind: Fault['kind']) => faults.some((fault) => fault.kind === kind);
  if (has('unknown')) return PROBLEMS.not_found.status;
  return PROBLEMS[has('malformed') ? 'invalid_question' : 'unanswerable_question'].status;
}
