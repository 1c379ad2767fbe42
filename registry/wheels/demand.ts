/** A requested file, fetched from its upstream if it is not stored. */

import { LRUCache } from 'lru-cache';
import type { Call } from '../env.ts';
import { problem } from '../http/problem.ts';
import { StorageUnavailableError } from '../storage/operations.ts';
import type { PinnedWheel } from '../storage/wheels.ts';
import { type PullOutcome, pull } from './pull.ts';
import { SingleFlight } from './single-flight.ts';
import { LIMITS } from './upstream-deadline.ts';

/** Files that are fetched at the same time: one of unknown length takes 5 MiB of the isolate's 128. */
const MOST_AT_ONCE = 8;
/** For R2 and D1, after the time for the upstream. */
const GRACE_MS = 5_000;
/** For this time, a file that could not be fetched or read is not tried again. */
const REMEMBERED_MS = 60_000;

const flights = new SingleFlight<PullOutcome>(MOST_AT_ONCE, LIMITS.totalMs + GRACE_MS);

export interface Demand extends PinnedWheel {
  sha256: string;
  filename: string;
}

/** The outcomes of files that failed, by hash and name. */
const remembered = new LRUCache<string, { outcome: PullOutcome; until: number }>({ max: 4_096 });

const keyOf = ({ sha256, filename }: Demand) => `${sha256}/${filename}`;

/** The outcome of a file in the last minute, if its bytes could not be fetched or its METADATA could not be read. */
export function recentOutcome(demand: Demand): PullOutcome | undefined {
  const known = remembered.get(keyOf(demand));
  return known && known.until > Date.now() ? known.outcome : undefined;
}

/** Fetches and stores a file, with its METADATA and its row, once for all simultaneous requests of this isolate. */
export async function bringIn(c: Call, demand: Demand): Promise<PullOutcome> {
  const keepGoing = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const outcome = await flights.take(demand.sha256, keepGoing, () => pull(c.env, demand, demand.urls));
  // Looking for a built wheel is cheap, and its publisher may store it at any time.
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

/** What `open` finds in R2, after fetching the file if necessary; or a problem document. */
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
