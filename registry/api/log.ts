import { z } from '@hono/zod-openapi';
import { Catalog, Publication } from '../../resolver/catalog.ts';
import { createApi, replyFromView, snapshotFor } from './app.ts';
import { RevisionQuery } from './question.ts';
import { etagOf, reply } from './reply.ts';
import { readRoute } from './routes.ts';

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
  const { catalog, stale } = await snapshotFor(c);
  const body = JSON.stringify({ publications: catalog.log });
  return reply(c, { body, etag: etagOf(c, catalog.log.at(-1)!.digest), immutable: false, stale });
});

logApi.openapi(one, async (c) => {
  const { revision } = c.req.valid('param');
  const snapshot = await snapshotFor(c);
  return replyFromView(c, revision, () => snapshot.catalog.log[revision - 1]!);
});

logApi.openapi(catalog, async (c) => {
  const { catalog, stale } = await snapshotFor(c);
  const body = JSON.stringify(catalog);
  return reply(c, { body, etag: etagOf(c, catalog.log.at(-1)!.digest), immutable: false, stale });
});
