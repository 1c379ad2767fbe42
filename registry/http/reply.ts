/**
 * The headers of answers: how they are cached, for ever if their address determines them, else shortly, with an ETag; and
 * what browsers may do with them.
 */
import { LRUCache } from 'lru-cache';
import type { Call } from '../env.ts';
import { endOfToday } from './day.ts';

/** In seconds: how long an answer is fresh, and how long after that a browser may show it while it revalidates. */
const FRESH = 60;
const STALE = 600;
/**
 * The tag of answers from the newest revision, which are purged from the cache in front of the Worker at a publication.
 */
export const NEWEST = 'newest';
export const FOREVER = 'public, max-age=31536000, immutable';

export interface Reply {
  /** Null for a file whose bytes are not here: only conditional requests get a reply. */
  body: string | null;
  /** Quoted, strong: equal tags mean equal bytes. */
  etag: string;
  immutable: boolean;
  contentType?: string;
  /** The header of requests on which the answer depends. */
  vary?: 'Accept';
  /** Further headers, such as a page's policy. */
  headers?: Readonly<Record<string, string>>;
  /** When its day ends, in milliseconds since the epoch; by default, today. */
  until?: number;
  /** Whether there may be a newer revision. */
  stale?: boolean;
}

/**
 * The ETag of an answer that depends on its URL, on `parts` (a revision's digest, a day) and on this version of the
 * Worker. ETags are compared for one URL, so the body need not be hashed.
 */
export function etagOf(c: Pick<Call, 'env'>, ...parts: string[]): string {
  return `"${[...parts, c.env.VERSION.id].map((part) => part.slice(0, 16)).join('.')}"`;
}

export function reply(c: Pick<Call, 'req'>, answer: Reply): Response {
  return send(c.req.raw, answer, headersOf(answer, c.req.url));
}

/**
 * The headers of an answer that is cached for a short while, and never beyond midnight, when answers that depend on
 * today's date change. The cache in front of the Worker serves nothing stale.
 */
export function shortly(until = endOfToday()): Record<string, string> {
  const left = Math.max(0, Math.floor((until - Date.now()) / 1000));
  const fresh = Math.min(FRESH, left);
  const stale = Math.min(STALE, left - fresh);
  return {
    'cache-control': `public, max-age=${fresh}, stale-while-revalidate=${stale}`,
    'cdn-cache-control': `public, max-age=${fresh}`,
    'cache-tag': NEWEST,
  };
}

/** Whether the day is about to end, so that the headers of answers change with every second. */
export function dayEnds(): boolean {
  return endOfToday() - Date.now() < (FRESH + STALE + 1) * 1000;
}

/** A cache of `Headers`, which many answers share: a response copies `Headers` much faster than a record. */
const made = new LRUCache<string, Headers>({ max: 256 });

export function headersOf(answer: Reply, url: string): Headers {
  const { etag, immutable, contentType, vary, headers: own, until, stale } = answer;
  const cached = immutable ? { 'cache-control': FOREVER } : shortly(until);
  const key = `${etag} ${cached['cache-control']} ${contentType} ${vary} ${JSON.stringify(own)} ${stale} ${url.startsWith('https:')}`;
  const known = made.get(key);
  if (known) return known;
  const headers = new Headers({
    'content-type': contentType ?? 'application/json',
    ...cached,
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'etag',
    etag,
    ...own,
  });
  if (vary) headers.set('vary', vary);
  if (stale)
    headers.set('warning', '110 pinwheel "the registry could not be asked whether this is the newest"');
  secure(headers, url);
  made.set(key, headers);
  return headers;
}

/** The whole answer, or a 304 if the client has it already. */
export function send(request: Request, { body, etag }: Reply, headers: Headers): Response {
  return isNotModified(request.headers, etag)
    ? new Response(null, { status: 304, headers })
    : new Response(body, { headers });
}

/** If-None-Match (RFC 9110): `*` or a list, compared weakly. A malformed value matches nothing. */
export function isNotModified(headers: Headers, etag: string): boolean {
  const header = headers.get('if-none-match');
  if (header === null) return false;
  if (header === etag) return true;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/**
 * Whether an answer to a GET or HEAD may be sent by `If-Match` (RFC 9110): `*`, or a list, compared strongly. What has
 * no ETag matches only `*`, and errors stay what they are.
 */
export function isMatch({ method, headers }: Request, { status, headers: sent }: Response): boolean {
  const header = headers.get('if-match')?.trim();
  const isAnswer = status < 300 || status === 304;
  if (header === undefined || header === '*' || !isAnswer || !['GET', 'HEAD'].includes(method)) return true;
  const etag = sent.get('etag');
  return header.split(',').some((tag) => tag.trim() === etag && etag.startsWith('"'));
}

/** Forbids loading, framing and sending. Pages have their own policy. */
const POLICY = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"].join(
  '; ',
);

const NOSNIFF = 'x-content-type-options';
const CSP = 'content-security-policy';

/** Adds them to the headers of an answer to a request of `url`. */
export function secure(headers: Headers, url: string): void {
  headers.set(NOSNIFF, 'nosniff');
  if (!headers.has(CSP)) headers.set(CSP, POLICY);
  // Over http it would be ignored (RFC 6797).
  if (url.startsWith('https:')) headers.set('strict-transport-security', 'max-age=31536000');
}

/** Adds them to a response that was created without them. */
export function secured(response: Response, url: string): Response {
  const { headers } = response;
  if (!headers.has(NOSNIFF) || !headers.has(CSP)) secure(headers, url);
  return response;
}

/** To another path of this registry, with the same query. */
export function redirect(url: string, path: string, status: 301 | 308 = 301): Response {
  const query = url.indexOf('?');
  return new Response(null, {
    status,
    headers: {
      location: query < 0 ? path : path + url.slice(query),
      'cache-control': 'public, max-age=3600',
      'access-control-allow-origin': '*',
    },
  });
}
