import { answerTarget } from '../../resolver/compatibility/answer.ts';
import { TargetAnswer } from '../../resolver/schemas.ts';
import { described } from '../http/described.ts';
import { problemOf } from '../http/problem.ts';
import { questionOf, TargetQuery } from '../http/query.ts';
import { readRoute } from '../http/route.ts';

export const targetRoute = readRoute({
  path: '/v1/target',
  tag: 'Questions',
  summary: 'Which runtime and which package set a date and flags select, and why',
  query: TargetQuery,
  schema: described(TargetAnswer, 'TargetAnswer'),
  answer({ view, query, asOf }) {
    const answer = answerTarget(view, { ...questionOf(query), as_of: asOf });
    return answer.ok ? answer.value : problemOf(answer.issues);
  },
});
