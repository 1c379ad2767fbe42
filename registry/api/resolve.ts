import * as z from 'zod';
import { answerResolve } from '../../resolver/closure/answer.ts';
import type { ResolveQuestion } from '../../resolver/index.ts';
import { ResolveAnswer } from '../../resolver/schemas.ts';
import { DescribedPackage } from '../facts/patched.ts';
import { described } from '../http/described.ts';
import { MOST_ERRORS } from '../http/most-errors.ts';
import { problemOf } from '../http/problem.ts';
import { BodyQuestion, questionOf, Requirements, repeated, TargetQuery } from '../http/query.ts';
import { type Answer, type Asked, postRoute, readRoute } from '../http/route.ts';
import { indexProblem } from '../index/problem.ts';
import { askBeyond, type Beyond, BeyondBody, BeyondQuery, beyondOf } from '../index/question.ts';
import { sourceOf } from '../storage/history.ts';
import { recentClosure } from './recent-closures.ts';
import { targetOf } from './recent-targets.ts';
import { renderAnswer } from './render.ts';

const about = {
  path: '/v1/resolve',
  tag: 'Questions',
  summary: 'The closure of requirements: every package, pinned to one wheel, in load order',
  schema: described(ResolveAnswer.extend({ packages: z.array(DescribedPackage) }), 'ResolveAnswer'),
};

const byQuery = readRoute({
  ...about,
  query: TargetQuery.extend({
    requirement: repeated('A PEP 508 requirement; repeatable.', ['fastapi']),
    ...BeyondQuery,
  }),
  answer(asked) {
    const { query, asOf } = asked;
    const question = { ...questionOf(query), as_of: asOf, requirements: query.requirement };
    const beyond = beyondOf(query);
    return beyond ? answerBeyond({ ...question, ...beyond }, asked) : answerTo(question, asked);
  },
});

const byBody = postRoute({
  ...about,
  body: described(
    BodyQuestion.extend({
      compatibility_date: z.string().nullable().optional(),
      requirements: Requirements,
      ...BeyondBody,
    }),
    'ResolveQuestion',
    {
      example: {
        compatibility_date: '2025-11-02',
        compatibility_flags: ['python_workers'],
        requirements: ['fastapi', 'httpx>=0.28'],
      },
    },
  ),
  answer(asked) {
    const { compatibility_date = null, compatibility_flags, requirements, experimental } = asked.query;
    const { index, unpin, exclude_newer, exclude_newer_package } = asked.query;
    const question = {
      compatibility_date,
      compatibility_flags,
      requirements,
      experimental,
      as_of: asked.asOf,
    };
    const beyond = { index, unpin, exclude_newer, exclude_newer_package };
    const isBeyond = Object.values(beyond).some((one) => one !== undefined && one !== false);
    return isBeyond ? answerBeyond({ ...question, ...beyond }, asked) : answerTo(question, asked);
  },
});

async function answerTo(
  question: ResolveQuestion,
  { view, env }: Pick<Asked<unknown, unknown>, 'view' | 'env'>,
): Promise<Answer> {
  const source = { ...sourceOf(env, view), pin: recentClosure, explained: MOST_ERRORS };
  const answer = await answerResolve(view, question, source, targetOf(view, question));
  return answer.ok ? renderAnswer(answer.value) : problemOf(answer.issues);
}

/** Like {@link answerTo}, but not cached, because the index may change. */
async function answerBeyond(question: Beyond, { view, env }: Pick<Asked<unknown, unknown>, 'view' | 'env'>) {
  try {
    const outcome = await askBeyond(env, view, question);
    if (!outcome.ok) return problemOf(outcome.issues);
    return Response.json(outcome.value.answer, {
      headers: { 'access-control-allow-origin': '*', 'cache-control': 'no-store' },
    });
  } catch (error) {
    return indexProblem(error);
  }
}

export const resolveRoutes = [byQuery, byBody];
