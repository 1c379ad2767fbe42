/** The registry: cached replies first, then every route. */
import { isLoopback } from '../resolver/public-host.ts';
import type { Bindings, Call } from './env.ts';
import { discardBody, refuseCoding } from './http/body.ts';
import { openApiRoute, readDescription } from './http/openapi.ts';
import { logRefusal, problem } from './http/problem.ts';
import { askerOf, tooOften } from './http/rate-limit.ts';
import { cachedResponse, NOSNIFF, secure } from './http/reply.ts';
import { directRoutes } from './http/route.ts';
import { createRouter, failureOf, refuseAddress } from './http/router.ts';
import { nothingHere, pages } from './pages/app.tsx';
import { shownBy } from './publish/access/authorize.ts';
import { routesWith } from './routes.ts';
import { collect } from './storage/collect.ts';
import { readNewest } from './storage/newest.ts';
import { integrate } from './storage/signed-head.ts';

const all = [...routesWith(readDescription), openApiRoute];

const direct = directRoutes(all);
const router = createRouter(all);
router.route('/', pages);
router.notFound((c) => refuseAddress(c, pathOf(c.req.url), router, nothingHere));

export default {
  fetch(request: Request, bindings: Bindings, executionCtx: ExecutionContext): Response | Promise<Response> {
    const { url, method } = request;
    const isCounted = bindings.INDEX_URL && bindings.RATE_LIMITER;
    const env = isCounted ? { ...bindings, asker: askerOf(request) } : bindings;
    const call = { req: { raw: request, url, method }, env, executionCtx };
    const refused = tooLong(url) ?? wrongHost(url, env.PUBLIC_URL);
    if (refused) return answer(call, () => refused);
    const ready = cachedResponse(call);
    if (ready) return request.headers.has('if-match') ? expected(request, ready) : ready;
    const route = method === 'GET' ? direct.get(pathOf(url)) : undefined;
    const respond = () =>
      route ? route.respond(call, {}) : (refuseCoding(request) ?? router.fetch(request, env, executionCtx));
    const limited = env.RATE_LIMITER ? async () => (await refuseOften(call)) ?? respond() : respond;
    return answer(call, limited);
  },

  /** Once a day: signs the head of the log again, so that clients see that it is not an old one, and cleans up. */
  async scheduled(_: ScheduledController, env: Bindings): Promise<void> {
    await integrate(env, (await readNewest(env)).catalog);
    await collect(env);
  },
};

async function refuseOften(call: Call): Promise<Response | undefined> {
  const refused = await tooOften(call);
  const { raw } = call.req;
  if (refused && raw.headers.has('authorization')) await logRefusal(refused, shownBy(raw));
  return refused;
}

/** The path of an address, not decoded. */
function pathOf(url: string): string {
  const start = url.indexOf('/', 'https://'.length);
  const query = url.indexOf('?', start);
  return query < 0 ? url.slice(start) : url.slice(start, query);
}

/** As long as Cloudflare's own limit for addresses: a page reads its query several times, and repeats it. */
const LONGEST_QUERY = 16 * 1024;

function tooLong(url: string): Response | undefined {
  const query = url.indexOf('?');
  if (query < 0 || url.length - query <= LONGEST_QUERY) return undefined;
  return problem(
    'address_too_long',
    `A query may have ${LONGEST_QUERY} characters at most. POST the question.`,
  );
}

let known: { publicUrl: string; isLocal: boolean; isAddress: boolean } | undefined;

/**
 * Rejects a request if the links in the answer would point to the client's own machine: a local address on a public
 * host is a mistake.
 */
function wrongHost(url: string, publicUrl: string): Response | undefined {
  if (known?.publicUrl !== publicUrl) {
    const isAddress = !publicUrl || (/^https?:/i.test(publicUrl) && URL.canParse(publicUrl));
    known = { publicUrl, isLocal: !publicUrl || isOwn(publicUrl), isAddress };
  }
  const isReached = !known.isLocal || url.startsWith(`${publicUrl}/`) || isOwn(url);
  if (known.isAddress && isReached) return undefined;
  const place = known.isAddress
    ? 'an address of its own machine, and its answers would link there'
    : 'which is not an address such as https://registry.example';
  const set = publicUrl
    ? `is set up to be reached at ${publicUrl}, ${place}`
    : 'does not know its own address yet';
  return problem(
    'wrong_public_url',
    `This registry ${set}. Its operator has to set PUBLIC_URL to its public address; npm run deploy does that.`,
  );
}

/** Whether a URL leads to the machine that asks; so do 0.0.0.0 and [::], with which a server listens at every address. */
const isOwn = (url: string): boolean => isLoopback(url) || ALL_ADDRESSES.test(url);

const ALL_ADDRESSES = /^https?:\/\/(?:0\.0\.0\.0|\[::\])(?=[:/?#]|$)/i;

async function answer({ req }: Call, work: () => Response | Promise<Response>): Promise<Response> {
  const { raw, url } = req;
  let response: Response;
  try {
    response = await work();
  } catch (error) {
    response = failureOf(error as Error);
  }
  if (raw.body) await discardBody(raw.body, raw);
  return expected(raw, secured(response, url));
}

/** Adds security headers to a response that was created without them. */
function secured(response: Response, url: string): Response {
  if (!response.headers.has(NOSNIFF)) secure(response.headers, url);
  return response;
}

/** The answer, or a 412 if `If-Match` names others. */
async function expected(request: Request, response: Response): Promise<Response> {
  if (isMatch(request, response)) return response;
  await response.body?.cancel();
  const detail = 'The answer has none of the ETags that If-Match names. Ask for it without If-Match.';
  return secured(problem('precondition_failed', detail), request.url);
}

/**
 * Whether an answer to a GET or HEAD may be sent by `If-Match` (RFC 9110): `*`, or a list, compared strongly. What has
 * no ETag matches only `*`, and errors stay what they are.
 */
function isMatch({ method, headers }: Request, { status, headers: sent }: Response): boolean {
  const header = headers.get('if-match')?.trim();
  const isAnswer = status < 300 || status === 304;
  if (header === undefined || header === '*' || !isAnswer || !['GET', 'HEAD'].includes(method)) return true;
  const etag = sent.get('etag');
  return header.split(',').some((tag) => tag.trim() === etag && etag.startsWith('"'));
}
