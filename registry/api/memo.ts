import type { MiddlewareHandler } from 'hono';
import { LRUCache } from 'lru-cache';
import type { Env } from '../env.ts';
import { snapshotFor } from './app.ts';
import { today } from './question.ts';
import { type Reply, reply } from './reply.ts';

/** Answers kept, by the characters of question and answer. */
const KEPT_CHARACTERS = 16 * 1024 * 1024;

/** Questions remembered as asked once. */
const SEEN_QUESTIONS = 4_096;

interface Kept {
  /** What the answers were given from; with another, none of them counts. */
  digest: string;
  day: string;
  replies: LRUCache<string, Reply>;
  /** Asked once: an answer is worth its memory from the second time on. */
  seen: Set<string>;
}

/**
 * Gives the answer to a question that was asked twice before in the same words, on the same day and of the same
 * registry, without reading the question again. Handlers offer their replies by {@link keep}.
 */
export function remember(): { recall: MiddlewareHandler<Env>; keep(url: string, reply: Reply): Reply } {
  let kept: Kept | undefined;
  const questionOf = (url: string) => url.slice(url.indexOf('?') + 1);
  return {
    async recall(c, next) {
      if (c.req.method !== 'GET') return next();
      const { head, stale } = await snapshotFor(c);
      const day = today();
      if (kept?.digest !== head.stamp.digest || kept.day !== day) {
        const replies = new LRUCache<string, Reply>({ maxSize: KEPT_CHARACTERS });
        kept = { digest: head.stamp.digest, day, replies, seen: new Set() };
      }
      const known = stale ? undefined : kept.replies.get(questionOf(c.req.url));
      return known ? reply(c, known) : next();
    },
    keep(url, answer) {
      if (!kept || answer.stale) return answer;
      const question = questionOf(url);
      if (kept.seen.delete(question)) {
        kept.replies.set(question, answer, { size: question.length + answer.body.length });
      } else {
        if (kept.seen.size >= SEEN_QUESTIONS) kept.seen.clear();
        kept.seen.add(question);
      }
      return answer;
    },
  };
}
