import * as z from 'zod';
import { answerResolve } from '../../resolver/closure/resolve.ts';
import { fieldsNamed } from '../../resolver/question/fields.ts';
import type { Reading, Settled } from '../../resolver/question/read.ts';
import { ResolveAnswer } from '../../resolver/schemas.ts';
import { DescribedPackage } from '../facts/patched.ts';
import { described } from '../http/described.ts';
import { MOST_ERRORS } from '../http/most-errors.ts';
import { problemOf } from '../http/problem.ts';
import { asksIndex, BEYOND, REVISION, TARGET } from '../http/question.ts';
import { type Answer, type Asked, postRoute, readRoute } from '../http/route.ts';
import { indexProblem } from '../index/problem.ts';
import { askBeyond } from '../index/question.ts';
import { sourceOf } from '../storage/history.ts';
import { recentClosure, targetOf } from './recent.ts';
import { renderAnswer } from './render.ts';

const about = {
  path: '/v1/resolve',
  tag: 'Questions',
  summary: 'The closure of requirements: every package, pinned to one wheel, in load order',
  schema: described(ResolveAnswer.extend({ packages: z.array(DescribedPackage) }), 'ResolveAnswer'),
};

const RESOLVE = { ...TARGET, ...fieldsNamed('requirements'), ...BEYOND };
type Asking = Pick<Asked<Settled & Reading<typeof RESOLVE>, unknown>, 'query' | 'view' | 'env'>;

const byQuery = readRoute({ ...about, query: { ...RESOLVE, ...REVISION }, answer });

const byBody = postRoute({
  ...about,
  body: RESOLVE,
  needed: ['requirements'],
  name: 'ResolveQuestion',
  example: {
    compatibility_date: '2025-11-02',
    compatibility_flags: ['python_workers'],
    requirements: ['fastapi', 'httpx>=0.28'],
  },
  answer,
});

async function answer(asked: Asking): Promise<Answer> {
  const { view, env, query } = asked;
  if (asksIndex(query)) return answerBeyond(asked);
  const question = { ...query, requirements: query.requirements ?? [], index: null };
  const source = { ...sourceOf(env, view), pin: recentClosure, explained: MOST_ERRORS };
  const outcome = await answerResolve(view, question, source, targetOf(view, question));
  return outcome.ok ? renderAnswer(outcome.value) : problemOf(outcome.issues);
}

/** Not cached, because the index may change. */
async function answerBeyond({ query, view, env }: Asking): Promise<Answer> {
  try {
    const outcome = await askBeyond(env, view, { ...query, requirements: query.requirements ?? [] });
    if (!outcome.ok) return problemOf(outcome.issues);
    return Response.json(outcome.value.answer, {
      headers: { 'access-control-allow-origin': '*', 'cache-control': 'no-store' },
    });
  } catch (error) {
    return indexProblem(error);
  }
}

export const resolveRoutes = [byQuery, byBody];
