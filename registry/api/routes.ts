/** All routes of the API, in the order in which it is described. */
import type { Route } from '../http/route.ts';
import { compareRoutes } from './compare.ts';
import { documentRoute } from './documents.ts';
import { flagRoutes } from './flags.ts';
import { healthRoute } from './health.ts';
import { lockRoute } from './lock.ts';
import { lockRoutes } from './locks.ts';
import { logRoutes } from './log.ts';
import { packageRoutes } from './packages.ts';
import { publicationRoute } from './publications.ts';
import { resolveRoutes } from './resolve.ts';
import { runtimesRoute } from './runtimes.ts';
import { setRoutes } from './sets.ts';
import { standardLibraryRoute } from './standard-library.ts';
import { targetRoute } from './target.ts';
import { whenRoute } from './when.ts';

export const apiRoutes: readonly Route[] = [
  ...resolveRoutes,
  lockRoute,
  targetRoute,
  runtimesRoute,
  ...flagRoutes,
  ...setRoutes,
  ...lockRoutes,
  ...packageRoutes,
  ...logRoutes,
  publicationRoute,
  documentRoute,
  standardLibraryRoute,
  healthRoute,
  whenRoute,
  ...compareRoutes,
];
