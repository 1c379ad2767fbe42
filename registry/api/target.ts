import { answerTarget } from '../../resolver/compatibility/target.ts';
import { TargetAnswer } from '../../resolver/schemas.ts';
import { described } from '../http/described.ts';
import { REVISION, TARGET } from '../http/question.ts';
import { answerOf, readRoute } from '../http/route.ts';

export const targetRoute = readRoute({
  path: '/v1/target',
  tag: 'Questions',
  summary: 'Which runtime and which package set a date and flags select, and why',
  query: { ...TARGET, ...REVISION },
  schema: described(TargetAnswer, 'TargetAnswer'),
  answer: ({ view, query }) => answerOf(answerTarget(view, query)),
});
