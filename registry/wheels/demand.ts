/** A file that somebody wants, brought in if it is not there. */

import { LRUCache } from 'lru-cache';
import type { Call } from '../env.ts';
import { problem } from '../http/problem.ts';
import { StorageUnavailableError } from '../storage/operations.ts';
import type { PinnedWheel } from '../storage/wheels.ts';
import { type PullOutcome, pull } from './pull.ts';
import { SingleFlight } from './single-flight.ts';
import { LIMITS } from './upstream-deadline.ts';

/** Files that come in at the same time: one whose length nobody knows takes 5 MiB of the isolate's 128. */
const MOST_AT_ONCE = 8;
/** For R2 and D1, after what the upstream may take. */
const GRACE_MS = 5_000;
/** A file that could not be had, or read, is not tried again for so long. */
const REMEMBERED_MS = 60_000;

const flights = new SingleFlight<PullOutcome>(MOST_AT_ONCE, LIMITS.totalMs + GRACE_MS);

export interface Demand extends PinnedWheel {
  sha256: string;
  filename: string;
}

/** What came of files that are not as they should be, by hash and name. */
const remembered = new LRUCache<string, { outcome: PullOutcome; until: number }>({ max: 4_096 });

const keyOf = ({ sha256, filename }: Demand) => `${sha256}/${filename}`;

/** What came of a file in the last minute, if its bytes could not be had or its METADATA not be read. */
export function recentOutcome(demand: Demand): PullOutcome | undefined {
  const known = remembered.get(keyOf(demand));
  return known && known.until > Date.now() ? known.outcome : undefined;
}

/** Brings a file in, with its METADATA and its row, once for all requests of this isolate that want it. */
export async function bringIn(c: Call, demand: Demand): Promise<PullOutcome> {
  const keepGoing = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const outcome = await flights.take(demand.sha256, keepGoing, () => pull(c.env, demand, demand.urls));
  // Bytes that whoever publishes is to provide cost nobody else anything.
  if (outcome.ok ? outcome.unreadable !== null : outcome.code !== 'wheel_missing') {
    remembered.set(keyOf(demand), { outcome, until: Date.now() + REMEMBERED_MS });
  }
  return outcome;
}

/** The problem document of a file that could not be fetched. */
export function refuse({ code, detail }: Extract<PullOutcome, { ok: false }>): Response {
  const problemResponse = problem(code, detail);
  problemResponse.headers.set('retry-after', String(REMEMBERED_MS / 1_000));
  return problemResponse;
}

/** What `open` finds in R2, if need be after the file has been fetched; or a problem document. */
export async function present<Found>(
  c: Call,
  demand: Demand,
  open: () => Promise<Found | null>,
): Promise<Found | Response> {
  const there = demand.facts && (await open());
  if (there) return there;
  const known = recentOutcome(demand);
  const outcome = known?.ok === false ? known : await bringIn(c, demand);
  if (!outcome.ok) return refuse(outcome);
  const object = await open();
  if (!object) throw new StorageUnavailableError(`${demand.filename} went missing from R2 once it was there`);
  return object;
}
