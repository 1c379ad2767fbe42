/** A cache of selected targets: most questions have one of a few dates and flags. */
import { LRUCache } from 'lru-cache';
import {
  type CatalogView,
  type Outcome,
  selectTarget,
  type Target,
  type TargetQuestion,
} from '../../resolver/index.ts';

/** A target has a few kilobytes. */
const MOST_TARGETS = 512;
/** In characters: longer questions are rarely repeated. */
const LONGEST_KEY = 400;

const recent = new LRUCache<string, Target>({ max: MOST_TARGETS });

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
  const known = recent.get(key);
  if (known) return { ok: true, value: known };
  const outcome = selectTarget(view, question);
  if (outcome.ok && key.length <= LONGEST_KEY) recent.set(key, outcome.value);
  return outcome;
}
