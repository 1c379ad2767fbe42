import type { Issue } from '../../../resolver/issue.ts';
import { PROBLEMS } from '../../http/problem.ts';

/** The status that the API gives the same issues. */
export function statusOf(issues: readonly Issue[]): number {
  const has = (kind: Issue['kind']) => issues.some((issue) => issue.kind === kind);
  if (has('unknown')) return PROBLEMS.not_found.status;
  return PROBLEMS[has('malformed') ? 'invalid_question' : 'unanswerable_question'].status;
}
