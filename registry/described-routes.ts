/** The routes that the API's description has, in its order. */
import { apiRoutes } from './api/routes.ts';
import type { Route } from './http/route.ts';
import { logFileRoutes, tileRoute } from './log/routes.ts';
import { simpleRoutes } from './simple/routes.ts';
import { wheelRoute } from './wheels/route.ts';

export const describedRoutes: readonly Route[] = [
  ...apiRoutes,
  ...logFileRoutes,
  tileRoute,
  wheelRoute,
  ...simpleRoutes,
];
