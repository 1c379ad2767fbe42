import { TargetAnswer } from '../../resolver/answer.ts';
import { answerTarget } from '../../resolver/compatibility/answer.ts';
import { createApi, snapshotFor } from '../http/app.ts';
import { problemOf } from '../http/problem.ts';
import { endOfToday, questionOf, TargetQuery } from '../http/question.ts';
import { replyReadily } from '../http/ready.ts';
import { etagOf } from '../http/reply.ts';
import { readRoute } from '../http/routes.ts';

const route = readRoute({
  path: '/v1/target',
  tag: 'Questions',
  summary: 'Which runtime and which package set a date and flags select, and why',
  query: TargetQuery,
  answer: TargetAnswer.openapi('TargetAnswer'),
});

export const targetApi = createApi().openapi(route, async (c) => {
  const query = c.req.valid('query');
  const until = endOfToday();
  const question = questionOf(query);
  const snapshot = await snapshotFor(c);
  const view = snapshot.view(query.revision);
  if (!view.ok) return problemOf(view.issues);
  const target = answerTarget(view.value, question);
  if (!target.ok) return problemOf(target.issues);
  const given = {
    body: JSON.stringify(target.value),
    etag: etagOf(c, view.value.stamp.digest, question.as_of),
    immutable: query.revision !== undefined && query.as_of !== undefined,
    stale: snapshot.stale,
  };
  return replyReadily(c, given, snapshot, until);
});
