import * as z from 'zod';
import { when } from '../../resolver/index.ts';
import { WhenAnswer } from '../../resolver/time/answers.ts';
import { described } from '../http/described.ts';
import { questionOf, TargetQuery } from '../http/query.ts';
import { answerOf, readRoute } from '../http/route.ts';
import { sourceOf } from '../storage/history.ts';

export const whenRoute = readRoute({
  path: '/v1/when',
  tag: 'Questions',
  summary: 'Every compatibility date and every package flag that satisfies a requirement',
  query: TargetQuery.omit({ date: true }).extend({
    requirement: described(z.string(), { description: 'One PEP 508 requirement.', example: 'polars>=1' }),
  }),
  schema: described(WhenAnswer, 'WhenAnswer'),
  async answer({ view, query: { requirement, ...query }, asOf, env }) {
    return answerOf(
      await when(view, { ...questionOf(query), as_of: asOf, requirement }, sourceOf(env, view)),
    );
  },
});
