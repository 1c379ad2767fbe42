/** The router of the API's routes, and the answers to other requests. */
import { type Context, Hono } from 'hono';
import { accepts } from 'hono/accepts';
import { cors } from 'hono/cors';
import { HTTPException } from 'hono/http-exception';
import { TrieRouter } from 'hono/router/trie-router';
import type { Env } from '../env.ts';
import { authorize, shownBy } from '../publish/access/authorize.ts';
import { StorageUnavailableError } from '../storage/operations.ts';
import { logError } from '../structured-log.ts';
import { limitBody, MOST_BODY } from './body.ts';
import { logRefusal, PROBLEMS, type ProblemCode, problem } from './problem.ts';
import { redirect } from './reply.ts';
import type { Route } from './route.ts';

const METHODS = ['GET', 'POST'];

export function createRouter(routes: readonly Route[]): Hono<Env> {
  // Hono's default tries one regular expression for all routes first, which it cannot make of these.
  const router = new Hono<Env>({ router: new TrieRouter() });
  const limit = limitBody(() => problem('body_too_large', `A question may have ${MOST_BODY} at most.`));
  for (const { method, path, access, respond } of routes) {
    // `{path}` is the rest of an address.
    const pattern = path.replace('{path}', ':path{.+}').replaceAll(/\{(\w+)\}/g, ':$1');
    if (access === 'publishers') router.on(method, pattern, (c) => authorized(c, respond));
    else if (method === 'get') router.get(pattern, (c) => respond(c, c.req.param()));
    else router.post(pattern, limit, (c) => respond(c, c.req.param()));
  }
  router.options('*', async (c, next) => {
    await next();
    c.header('allow', namesOf(methodsAt(router, c.req.path)));
  });
  router.options('*', cors({ origin: '*', allowMethods: ['GET', 'HEAD', 'POST'], maxAge: 86_400 }));
  router.onError(failureOf);
  return router;
}

async function authorized(c: Context<Env>, respond: Route['respond']): Promise<Response> {
  const publisher = await authorize(c);
  if (publisher instanceof Response) {
    await logRefusal(publisher, shownBy(c.req.raw));
    return publisher;
  }
  const response = await respond(c, c.req.param(), publisher);
  if (!response.ok) await logRefusal(response, publisher.name);
  return response;
}

const methodsAt = ({ router }: Hono<Env>, address: string): string[] =>
  METHODS.filter((verb) => router.match(verb, address)[0].length > 0);

/** As the header `Allow` has them. */
const namesOf = (methods: readonly string[]): string =>
  [...methods.flatMap((verb) => (verb === 'GET' ? ['GET', 'HEAD'] : [verb])), 'OPTIONS'].join(', ');

/**
 * A request that no route matches: another method, extra slashes, or an unknown path. `written` is its path, not decoded,
 * because a decoded path may be invalid in a header.
 */
export function refuseAddress(
  c: Context<Env>,
  written: string,
  router: Hono<Env>,
  nothingHere: (c: Context<Env>) => Response,
): Response {
  const { path, method } = c.req;
  const asked = method === 'HEAD' ? 'GET' : method;

  const allowed = methodsAt(router, path);
  if (allowed.length > 0 && !allowed.includes(asked)) {
    const names = namesOf(allowed);
    const response = problem('method_not_allowed', `This address takes ${names}.`);
    response.headers.set('allow', names);
    return response;
  }
  // micropip adds `/name/` to the address of an index, which may end in a slash.
  const single = written.replaceAll(/\/{2,}/g, '/');
  const fewer = [single, single.replace(/\/$/, '')].find(
    (address) =>
      address !== written && /^\/[^/\\]/.test(written) && methodsAt(router, address).includes(asked),
  );
  if (fewer !== undefined) return redirect(c.req.url, fewer, asked === 'GET' ? 301 : 308);
  const json = 'application/problem+json';
  const kind = accepts(c, { header: 'Accept', supports: [json, 'text/html'], default: json });
  const response =
    kind === 'text/html'
      ? nothingHere(c)
      : problem('not_found', `Nothing has the address ${path.slice(0, 200)}. See /openapi.json.`);
  response.headers.set('vary', 'Accept');
  return response;
}

/** The public problem document of an error; details for the operator are logged. */
export function failureOf(error: Error): Response {
  if (error instanceof HTTPException) return problemOf(error);
  const code = failureCode(error);
  return code === 'storage_unavailable'
    ? problem(code, `The registry cannot answer now: ${error.message}. Try again shortly.`)
    : problem(code, 'The registry failed; nothing is wrong with the question.');
}

/** Logs an error, and returns its public problem document. */
export function failureCode(error: Error): 'storage_unavailable' | 'internal_error' {
  if (error instanceof StorageUnavailableError) {
    logError(error.message, error.cause);
    return 'storage_unavailable';
  }
  logError(error.message, error);
  return 'internal_error';
}

/** Hono rejects invalid requests by throwing: keeps that status. */
function problemOf({ status, message }: HTTPException): Response {
  const known = Object.entries(PROBLEMS).find(([, entry]) => entry.status === status);
  const code = (known?.[0] ?? (status < 500 ? 'invalid_question' : 'internal_error')) as ProblemCode;
  return problem(code, message || PROBLEMS[code].title, undefined, status);
}
