/** The registry: every route, mounted, and before them the answers that are ready. */

import { cors } from 'hono/cors';
import { DATA_LICENCES } from '../resolver/provenance/licences.ts';
import { compareApi } from './api/compare.ts';
import { flagsApi } from './api/flags.ts';
import { healthApi } from './api/health.ts';
import { locksApi } from './api/locks.ts';
import { logApi } from './api/log.ts';
import { packagesApi } from './api/packages.ts';
import { resolveApi, resolveByQuery } from './api/resolve.ts';
import { runtimesApi } from './api/runtimes.ts';
import { setsApi } from './api/sets.ts';
import { targetApi } from './api/target.ts';
import { whenApi } from './api/when.ts';
import type { Bindings, Call } from './env.ts';
import { createApi } from './http/app.ts';
import { problem } from './http/problem.ts';
import { readyAnswer } from './http/ready.ts';
import { pages } from './pages/app.tsx';
import { referencePage } from './pages/reference/route.tsx';
import { simpleApi } from './simple/app.ts';
import { StorageUnavailableError } from './storage/isolate.ts';
import { wheelsApi } from './wheels/app.ts';

const app = createApi();

app.options('*', cors({ origin: '*', allowMethods: ['GET', 'HEAD', 'POST'], maxAge: 86_400 }));

for (const api of [
  resolveApi,
  targetApi,
  runtimesApi,
  flagsApi,
  setsApi,
  locksApi,
  packagesApi,
  logApi,
  healthApi,
]) {
  app.route('/', api);
}

app.route('/', whenApi);
app.route('/', compareApi);
app.route('/', wheelsApi);
app.route('/', simpleApi);

const info = {
  title: 'Pinwheel',
  version: '1',
  description:
    'Which Pyodide, which Python and which packages a Python Worker gets from its compatibility date and flags. ' +
    DATA_LICENCES,
};

app.doc31('/openapi.json', (c) => ({ openapi: '3.1.0', info, servers: [{ url: c.env.PUBLIC_URL }] }));

app.route(
  '/',
  referencePage(() => app.getOpenAPI31Document({ openapi: '3.1.0', info })),
);

app.route('/', pages);

app.notFound((c) =>
  problem('not_found', `There is nothing at ${c.req.path.slice(0, 200)}. See /openapi.json.`),
);

app.onError(failure);

export default {
  fetch(request: Request, env: Bindings, executionCtx: ExecutionContext): Response | Promise<Response> {
    const { url, method } = request;
    const call = { req: { raw: request, url, method }, env, executionCtx };
    const ready = readyAnswer(call);
    if (ready) return ready;
    if (isResolve(call.req)) return resolveByQuery(call).catch(failure);
    return app.fetch(request, env, executionCtx);
  },
};

const isResolve = ({ method, url }: Call['req']) =>
  method === 'GET' && url.startsWith('/v1/resolve?', url.indexOf('/', 'https://'.length));

function failure(error: Error): Response {
  if (error instanceof StorageUnavailableError) {
    console.error(error.message, error.cause);
    return problem(
      'storage_unavailable',
      `The registry cannot answer now: ${error.message}. Try again shortly.`,
    );
  }
  // Hono refuses what it cannot read, such as malformed JSON, by throwing.
  if ('status' in error && error.status === 400) {
    const message = 'The body is not valid JSON.';
    const fix = 'Send one JSON object with the content type application/json.';
    return problem('invalid_question', message, [{ code: 'malformed_json', message, fix }]);
  }
  console.error(error);
  return problem('internal_error', 'This is an issue of the registry, not of the question.');
}
