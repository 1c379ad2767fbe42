import { createRoute, z } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { ResolveAnswer } from '../../resolver/answer.ts';
import { type ResolveQuestion, resolve } from '../../resolver/closure/resolve.ts';
import type { Outcome } from '../../resolver/issue.ts';
import type { Call } from '../env.ts';
import { createApi, readQuery, snapshotFor } from '../http/app.ts';
import { problem, problemOf } from '../http/problem.ts';
import { endOfToday, questionOf, ResolveBody, ResolveQuery, today } from '../http/question.ts';
import { replyReadily } from '../http/ready.ts';
import { renderAnswer } from '../http/render.ts';
import { etagOf } from '../http/reply.ts';
import { readRoute, refusal } from '../http/routes.ts';
import type { Snapshot } from '../storage/isolate.ts';
import { storageSource } from '../storage/source.ts';
import { DescribedPackage } from './patched.ts';

/** Enough for the most requirements that a question may have, at a generous length each. */
const MAX_BODY_BYTES = 256 * 1024;

const summary = 'The closure of requirements: every package, pinned to one wheel, in load order';

const Answer = ResolveAnswer.extend({ packages: z.array(DescribedPackage) }).openapi('ResolveAnswer');

const byQuery = readRoute({
  path: '/v1/resolve',
  tag: 'Questions',
  summary,
  query: ResolveQuery,
  answer: Answer,
});

const byBody = createRoute({
  method: 'post',
  path: '/v1/resolve',
  tags: ['Questions'],
  summary,
  request: { body: { required: true, content: { 'application/json': { schema: ResolveBody } } } },
  responses: {
    200: { description: summary, content: { 'application/json': { schema: Answer } } },
    413: { description: 'The body is too large' },
    default: refusal,
  },
});

export const resolveApi = createApi();

resolveApi.openAPIRegistry.registerPath(byQuery);

resolveApi.get('/v1/resolve', (c) => resolveByQuery(c));

/** Asked most of all, and always anew: called before any routing as well. */
export async function resolveByQuery(c: Call): Promise<Response> {
  const query = readQuery(c, ResolveQuery);
  if (query instanceof Response) return query;
  const until = endOfToday();
  const question = { ...questionOf(query), requirements: query.requirement };
  const snapshot = await snapshotFor(c);
  const answer = await answerFrom(c, snapshot, question, query.revision);
  if (!answer.ok) return problemOf(answer.issues);
  const given = {
    body: renderAnswer(answer.value),
    etag: etagOf(c, answer.value.registry.digest, question.as_of),
    immutable: query.revision !== undefined && query.as_of !== undefined,
    stale: snapshot.stale,
  };
  return replyReadily(c, given, snapshot, until);
}

resolveApi.post(
  '/v1/resolve',
  bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => problem('body_too_large', `A question may have ${MAX_BODY_BYTES / 1024} kB at most.`),
  }),
);

resolveApi.openapi(byBody, async (c) => {
  const body = c.req.valid('json');
  const question = {
    compatibility_date: body.compatibility_date ?? null,
    compatibility_flags: body.compatibility_flags,
    requirements: body.requirements,
    as_of: body.as_of ?? today(),
    experimental: body.experimental ?? false,
  };
  const answer = await answerFrom(c, await snapshotFor(c), question, body.revision);
  if (!answer.ok) return problemOf(answer.issues);
  return c.json(answer.value, 200, { 'access-control-allow-origin': '*', 'cache-control': 'no-store' });
});

async function answerFrom(
  c: Call,
  snapshot: Snapshot,
  question: ResolveQuestion,
  revision: number | undefined,
): Promise<Outcome<ResolveAnswer>> {
  const view = snapshot.view(revision);
  if (!view.ok) return view;
  return resolve(view.value, question, storageSource(c.env));
}
