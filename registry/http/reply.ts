/**
 * Replies and their headers: how they are cached, for ever if their address determines them, else shortly, with an ETag;
 * and what browsers may do with them. Those to requests that were made twice at the same revision are kept here, and
 * read before any routing, which takes longer than sending one.
 */
import { LRUCache } from 'lru-cache';
import type { Call } from '../env.ts';
import { currentSnapshot, type Snapshot } from '../storage/isolate.ts';

const DAY_MS = 86_400_000;

let day = { text: '1970-01-01', ends: DAY_MS };

/** The day in UTC, and when it ends, in milliseconds since the epoch: answers that depend on the day expire then. */
export function thisDay(): { readonly text: string; readonly ends: number } {
  const now = Date.now();
  if (now >= day.ends || now < day.ends - DAY_MS) {
    const ends = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
    day = { text: new Date(now).toISOString().slice(0, 10), ends };
  }
  return day;
}

/** Today in UTC, the default of `as_of`. */
export function today(): string {
  return thisDay().text;
}

/** A day of a question, unless it is today: what texts have to name. */
export function otherDay(asOf: string): string | null {
  return asOf === today() ? null : asOf;
}

export function endOfToday(): number {
  return thisDay().ends;
}

/** Seconds for which an answer is fresh, and for which a browser may then show it while it revalidates. */
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
  /** A strong tag, quoted: equal tags mean equal bytes. */
  etag: string;
  immutable: boolean;
  contentType?: string;
  /** The header of requests on which the answer depends. */
  vary?: 'Accept';
  /** Further headers, such as a page's policy. */
  headers?: Readonly<Record<string, string>>;
  /** The end of the answer's day, in milliseconds since the epoch; by default, today's. */
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

/** The whole answer, its headers alone for HEAD, or a 304 if the client has it already. */
export function send(request: Request, { body, etag }: Reply, headers: Headers): Response {
  if (isNotModified(request.headers, etag)) return new Response(null, { status: 304, headers });
  if (request.method !== 'HEAD' || body === null) return new Response(body, { headers });
  const length = String(new TextEncoder().encode(body).length);
  return new Response(null, { headers: [...headers, ['content-length', length]] });
}

/** If-None-Match (RFC 9110): `*` or a list, compared weakly. A malformed value matches nothing. */
export function isNotModified(headers: Headers, etag: string): boolean {
  const header = headers.get('if-none-match');
  if (header === null) return false;
  if (header === etag) return true;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/** Forbids loading, framing and sending. Pages have their own policy. */
const POLICY = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"].join(
  '; ',
);

export const NOSNIFF = 'x-content-type-options';
const CSP = 'content-security-policy';

/** Adds security headers to the headers of an answer to a request of `url`. */
export function secure(headers: Headers, url: string): void {
  headers.set(NOSNIFF, 'nosniff');
  if (!headers.has(CSP)) headers.set(CSP, POLICY);
  // Over http it would be ignored (RFC 6797).
  if (url.startsWith('https:')) headers.set('strict-transport-security', 'max-age=31536000');
}

/** A redirect to another path of this registry, with the same query. */
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

/** Answers kept, by the characters of request and body. */
const KEPT_CHARACTERS = 16 * 1024 * 1024;

/** How many requests that were made once are remembered. */
const SEEN_REQUESTS = 1_024;

interface CachedResponse {
  key: string;
  answer: Reply;
  /** Undefined at the end of a day, when the lifetime of answers shrinks. */
  headers: Headers | undefined;
  /** The end of the answer's validity, in milliseconds since the epoch. */
  until: number;
}

interface ReadyResponses {
  /** The digest of the newest revision when the answers were given. After another publication, none is valid. */
  digest: string;
  /** Answers by the hash of their request. */
  answers: LRUCache<number, CachedResponse>;
  /** The hashes of requests that were made once: an answer is cached from the second time on. */
  seen: Set<number>;
}

let kept: ReadyResponses | undefined;

export function cachedResponse(c: Call): Response | undefined {
  const { req } = c;
  if (!kept || req.method !== 'GET') return undefined;
  const snapshot = currentSnapshot(c);
  if (!snapshot || snapshot.stale || kept.digest !== snapshot.head.stamp.digest) return undefined;
  const key = keyOf(req);
  const ready = kept.answers.get(hashOf(key));
  if (ready?.key !== key || ready.until <= Date.now()) return undefined;
  const { answer } = ready;
  if (answer.body === null && !isNotModified(req.raw.headers, answer.etag)) return undefined;
  return send(req.raw, answer, (!dayEnds() && ready.headers) || headersOf(answer, req.url));
}

/**
 * Replies, and caches the reply `until` a time in milliseconds since the epoch. The reply must depend on the URL, on
 * `Accept` and on the snapshot only.
 */
export function replyReadily(
  c: Pick<Call, 'req'>,
  answer: Reply,
  { head }: Snapshot,
  until: number,
): Response {
  if (c.req.method === 'GET' && !answer.stale) {
    keep(c.req, answer, head.stamp.digest, until);
  }
  return reply(c, answer);
}

/** The same for an answer of the API, whose ETag has these `parts`. */
export function answerReadily(
  c: Pick<Call, 'req' | 'env'>,
  { parts, ...answer }: { body: string; parts: readonly string[]; immutable: boolean; until: number },
  snapshot: Snapshot,
): Response {
  const whole = { ...answer, etag: etagOf(c, ...parts), stale: snapshot.stale };
  return replyReadily(c, whole, snapshot, answer.until);
}

function keep(req: Call['req'], answer: Reply, digest: string, until: number): void {
  const key = keyOf(req);
  const hash = hashOf(key);
  if (kept?.digest !== digest) {
    kept = { digest, answers: new LRUCache({ maxSize: KEPT_CHARACTERS }), seen: new Set() };
  }
  const { answers, seen } = kept;
  if (seen.has(hash) || answers.has(hash)) {
    seen.delete(hash);
    answers.set(
      hash,
      { key, answer, headers: dayEnds() ? undefined : headersOf(answer, req.url), until },
      { size: key.length + (answer.body?.length ?? 0) },
    );
  } else {
    if (seen.size >= SEEN_REQUESTS) seen.clear();
    seen.add(hash);
  }
}

const keyOf = ({ raw, url }: Call['req']) => `${url} ${raw.headers.get('accept')}`;

/**
 * A hash for maps and sets of requests. With a text as its key, V8 interns the text for a look-up, which takes longer
 * than to hash it, and keeps it, although most requests are made once.
 */
function hashOf(key: string): number {
  let hash = 0;
  for (let at = 0; at < key.length; at++) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
  return hash;
}
