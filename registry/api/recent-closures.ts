/** A cache of closures: many questions differ from others only in their date, or in versions that the set has anyway. */
import { LRUCache } from 'lru-cache';
import { type PinnedClosure, pinClosure } from '../../resolver/closure/closure.ts';
import type { PreparedSet } from '../../resolver/index.ts';
import { keepText } from './render.ts';

/** In all closures together. With its part of an answer's JSON, a package takes about a kilobyte. */
const MOST_PACKAGES = 8_192;

/** How many closures that were made once are remembered. */
const MOST_SEEN = 1_024;

const recent = new LRUCache<string, PinnedClosure>({ maxSize: MOST_PACKAGES });
/** The keys of closures that were made once: one is kept from the second time on. */
const seen = new Set<string>();

/** Numbers of sets, for keys: a set itself would be kept as long as its closures are. */
const numbers = new WeakMap<PreparedSet, number>();
let nextNumber = 0;

/** Like `pinClosure`, but its result is shared: do not change it. */
export function recentClosure(set: PreparedSet, roots: ReadonlyMap<number, unknown>): PinnedClosure | null {
  if (!numbers.has(set)) numbers.set(set, nextNumber++);
  let key = `${numbers.get(set)}`;
  for (const root of roots.keys()) key += ` ${root}`;
  const known = recent.get(key);
  if (known) return known;
  const closure = pinClosure(set, roots);
  if (!closure) return null;
  if (seen.delete(key)) {
    keepText(closure.packages);
    recent.set(key, closure, { size: closure.packages.length + 1 });
  } else {
    if (seen.size >= MOST_SEEN) seen.clear();
    seen.add(key);
  }
  return closure;
}
