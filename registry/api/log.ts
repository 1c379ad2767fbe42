import * as z from 'zod';
import { Catalog, NewestIndex, Publication } from '../../resolver/schemas.ts';
import { described, RevisionPath } from '../http/described.ts';
import { REVISION } from '../http/question.ts';
import { readRoute } from '../http/route.ts';

const list = readRoute({
  path: '/v1/log',
  tag: 'History',
  summary: 'The publications, each with the root of the log up to it, the oldest first',
  schema: described(z.strictObject({ publications: z.array(Publication) }), 'Log'),
  answer: ({ snapshot }) => ({ publications: snapshot.catalog.log }),
});

const one = readRoute({
  path: '/v1/log/{revision}',
  tag: 'History',
  summary: 'One publication',
  query: { answer_version: REVISION.answer_version },
  params: RevisionPath,
  schema: described(Publication, 'Publication'),
  answer: ({ snapshot, params: { revision } }) => snapshot.catalog.log[revision - 1]!,
});

const catalog = readRoute({
  path: '/v1/catalog',
  tag: 'History',
  summary: 'All flags, runtimes and sets over the whole history: what a resolver needs besides a set',
  schema: described(Catalog, 'Catalog'),
  answer: ({ snapshot }) => snapshot.catalog,
});

const index = readRoute({
  path: '/v1/index',
  tag: 'History',
  summary: 'The newest publication and the facts that hold with it: what a resolver needs besides a set',
  schema: described(NewestIndex, 'NewestIndex'),
  answer: ({ snapshot }) => snapshot.newest,
});

export const logRoutes = [list, one, catalog, index];
