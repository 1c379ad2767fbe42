/**
 * A cache of replies to requests that were made twice at the same revision. It is read before any routing, which takes
 * longer than sending a reply.
 */
import { LRUCache } from 'lru-cache';
import type { Call } from '../env.ts';
import { currentSnapshot, type Snapshot } from '../storage/isolate.ts';
import { dayEnds, headersOf, isNotModified, type Reply, reply, send } from './reply.ts';

/** Answers kept, by the characters of request and body. */
const KEPT_CHARACTERS = 16 * 1024 * 1024;

/** How many requests that were made once are remembered. */
const SEEN_REQUESTS = 1_024;

interface CachedResponse {
  key: string;
  answer: Reply;
  /** Undefined at the end of a day, when the lifetime of answers shrinks. */
  headers: Headers | undefined;
  /** In milliseconds since the epoch. */
  until: number;
}

interface ReadyResponses {
  /** Of the newest revision when the answers were given. After another publication, none of them is valid. */
  digest: string;
  /** By the hash of their request. */
  answers: LRUCache<number, CachedResponse>;
  /** The hashes of requests that were made once: an answer is cached from the second time on. */
  seen: Set<number>;
}

let kept: ReadyResponses | undefined;

/** The cached answer to a request, if there is one. */
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
