import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { Catalog, Publication } from '../../resolver/catalog.ts';
import type { Env } from '../env.ts';
import { createApi, replyFromView, snapshotFor } from '../http/app.ts';
import { RevisionQuery } from '../http/question.ts';
import { replyReadily } from '../http/ready.ts';
import { etagOf } from '../http/reply.ts';
import { readRoute } from '../http/routes.ts';
import type { Snapshot } from '../storage/isolate.ts';

const list = readRoute({
  path: '/v1/log',
  tag: 'History',
  summary: 'The publications, each vouching by its digest for all before it; the oldest first',
  answer: z.strictObject({ publications: z.array(Publication) }).openapi('Log'),
});

const one = readRoute({
  path: '/v1/log/{revision}',
  tag: 'History',
  summary: 'One publication',
  params: RevisionQuery.required(),
  answer: Publication.openapi('Publication'),
});

const catalog = readRoute({
  path: '/v1/catalog',
  tag: 'History',
  summary: 'All flags, runtimes and sets over the whole history: what a resolver needs besides a set',
  answer: Catalog.openapi('Catalog'),
});

export const logApi = createApi();

logApi.openapi(list, async (c) => {
  const snapshot = await snapshotFor(c);
  return replyWithHistory(c, snapshot, { publications: snapshot.catalog.log });
});

logApi.openapi(one, async (c) => {
  const { revision } = c.req.valid('param');
  const snapshot = await snapshotFor(c);
  return replyFromView(c, revision, () => snapshot.catalog.log[revision - 1]!);
});

logApi.openapi(catalog, async (c) => {
  const snapshot = await snapshotFor(c);
  return replyWithHistory(c, snapshot, snapshot.catalog);
});

function replyWithHistory(c: Context<Env>, snapshot: Snapshot, history: object): Response {
  const { head, stale } = snapshot;
  const etag = etagOf(c, head.stamp.digest);
  return replyReadily(
    c,
    { body: JSON.stringify(history), etag, immutable: false, stale },
    snapshot,
    Infinity,
  );
}
