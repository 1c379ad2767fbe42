/** Caches of what many questions share: targets, of a few dates and flags, and closures, of the same names. */
import { LRUCache } from 'lru-cache';
import { type PinnedClosure, pinClosure } from '../../resolver/closure/closure.ts';
import {
  type CatalogView,
  type Outcome,
  type PreparedSet,
  selectTarget,
  type Target,
  type TargetQuestion,
} from '../../resolver/index.ts';
import { keepText } from './render.ts';

/** A target has a few kilobytes. */
const MOST_TARGETS = 512;
/** In characters: longer questions are rarely repeated. */
const LONGEST_KEY = 400;

const targets = new LRUCache<string, Target>({ max: MOST_TARGETS });

/** Like `selectTarget`, but its result is shared: do not change it. */
export function targetOf(view: CatalogView, question: TargetQuestion): Outcome<Target> {
  const { compatibility_date, compatibility_flags, as_of, experimental = false } = question;
  const key = JSON.stringify([
    view.stamp.digest,
    as_of,
    compatibility_date,
    experimental,
    ...compatibility_flags,
  ]);
  const known = targets.get(key);
  if (known) return { ok: true, value: known };
  const outcome = selectTarget(view, question);
  if (outcome.ok && key.length <= LONGEST_KEY) targets.set(key, outcome.value);
  return outcome;
}

/** In all closures together. With its part of an answer's JSON, a package takes about a kilobyte. */
const MOST_PACKAGES = 8_192;

/** How many closures that were made once are remembered. */
const MOST_SEEN = 1_024;

const closures = new LRUCache<string, PinnedClosure>({ maxSize: MOST_PACKAGES });
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
  const known = closures.get(key);
  if (known) return known;
  const closure = pinClosure(set, roots);
  if (!closure) return null;
  if (seen.delete(key)) {
    keepText(closure.packages);
    closures.set(key, closure, { size: closure.packages.length + 1 });
  } else {
    if (seen.size >= MOST_SEEN) seen.clear();
    seen.add(key);
  }
  return closure;
}
