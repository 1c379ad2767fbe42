import { z } from '@hono/zod-openapi';
import { WhenAnswer } from '../../resolver/time/answers.ts';
import { when } from '../../resolver/time/when.ts';
import { createApi } from '../http/app.ts';
import { replyAsOf } from '../http/dated-question.ts';
import { questionOf, TargetQuery } from '../http/question.ts';
import { readRoute } from '../http/routes.ts';
import { storageSource } from '../storage/source.ts';

const route = readRoute({
  path: '/v1/when',
  tag: 'Questions',
  summary: 'Every compatibility date and every package flag that satisfies a requirement',
  query: TargetQuery.omit({ date: true }).extend({
    requirement: z.string().openapi({ description: 'One PEP 508 requirement.', example: 'polars>=1' }),
  }),
  answer: WhenAnswer.openapi('WhenAnswer'),
});

export const whenApi = createApi().openapi(route, (c) => {
  const { requirement, ...query } = c.req.valid('query');
  return replyAsOf(c, query, (view, as_of) =>
    when(view, { ...questionOf(query), as_of, requirement }, storageSource(c.env)),
  );
});
