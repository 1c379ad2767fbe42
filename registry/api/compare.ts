import { createRoute, z } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import measured from '../../data/standard-library/measured.json';
import { MAX_REQUIREMENTS } from '../../resolver/closure/resolve.ts';
import { CompareAnswer } from '../../resolver/time/answers.ts';
import { type CompareSource, compare } from '../../resolver/time/compare.ts';
import { moduleReader } from '../../resolver/time/standard-library.ts';
import type { Bindings } from '../env.ts';
import { createApi, snapshotFor } from '../http/app.ts';
import { replyAsOf } from '../http/dated-question.ts';
import { problem, problemOf } from '../http/problem.ts';
import { questionOf, repeated, TargetQuery, today } from '../http/question.ts';
import { readRoute, refusal } from '../http/routes.ts';
import { storageSource } from '../storage/source.ts';

/** As for `/v1/resolve`, whose questions are of the same size. */
const MAX_BODY_BYTES = 256 * 1024;

const summary = 'Two compatibility dates or package flags side by side, and what becomes of a closure';

const side = (example: string) =>
  z
    .string()
    .openapi({ description: 'A compatibility date, or a package flag, which brings its own.', example });

const byQuery = readRoute({
  path: '/v1/compare',
  tag: 'Questions',
  summary,
  query: TargetQuery.omit({ date: true }).extend({
    from: side('2025-11-02'),
    to: side('2026-11-01'),
    requirement: repeated('With any, the answer says what becomes of their closure.', []),
  }),
  answer: CompareAnswer.openapi('CompareAnswer'),
});

const CompareBody = z
  .strictObject({
    from: side('2025-11-02'),
    to: side('2026-11-01'),
    compatibility_flags: z.array(z.string()).default([]),
    requirements: z.array(z.string()).default([]).openapi({ maxItems: MAX_REQUIREMENTS }),
    as_of: z.string().optional(),
    experimental: z.boolean().optional(),
    revision: z.int().optional(),
  })
  .openapi('CompareQuestion');

const byBody = createRoute({
  method: 'post',
  path: '/v1/compare',
  tags: ['Questions'],
  summary,
  request: { body: { required: true, content: { 'application/json': { schema: CompareBody } } } },
  responses: {
    200: { description: summary, content: { 'application/json': { schema: CompareAnswer } } },
    413: { description: 'The body is too large' },
    default: refusal,
  },
});

const readModules = moduleReader(measured);
const sourceOf = (env: Bindings): CompareSource => ({ ...storageSource(env), readModules });

export const compareApi = createApi();

compareApi.openapi(byQuery, (c) => {
  const { from, to, requirement: requirements, ...query } = c.req.valid('query');
  return replyAsOf(c, query, (view, as_of) =>
    compare(view, { ...questionOf(query), as_of, from, to, requirements }, sourceOf(c.env)),
  );
});

compareApi.use(
  '/v1/compare',
  bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => problem('body_too_large', `A question may have ${MAX_BODY_BYTES / 1024} kB at most.`),
  }),
);

compareApi.openapi(byBody, async (c) => {
  const { revision, as_of, ...body } = c.req.valid('json');
  const view = (await snapshotFor(c)).view(revision);
  if (!view.ok) return problemOf(view.issues);
  const answer = await compare(view.value, { ...body, as_of: as_of ?? today() }, sourceOf(c.env));
  if (!answer.ok) return problemOf(answer.issues);
  return c.json(answer.value, 200, { 'access-control-allow-origin': '*', 'cache-control': 'no-store' });
});
