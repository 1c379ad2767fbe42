/** All routes of the API, in the order in which it is described. */
import type { Route } from '../http/route.ts';
import { compareRoutes } from './compare.ts';
import { flagRoutes } from './flags.ts';
import { healthRoute } from './health.ts';
import { lockRoutes } from './locks.ts';
import { logRoutes } from './log.ts';
import { packageRoutes } from './packages.ts';
import { resolveRoutes } from './resolve.ts';
import { runtimesRoute } from './runtimes.ts';
import { setRoutes } from './sets.ts';
import { targetRoute } from './target.ts';
import { whenRoute } from './when.ts';

export const apiRoutes: readonly Route[] = [
  ...resolveRoutes,
  targetRoute,
  runtimesRoute,
  ...flagRoutes,
  ...setRoutes,
  ...lockRoutes,
  ...packageRoutes,
  ...logRoutes,
  healthRoute,
  whenRoute,
  ...compareRoutes,
];
