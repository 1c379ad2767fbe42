/** A requested file, fetched from its upstream if it is not stored. */

import { LRUCache } from 'lru-cache';
import type { Call } from '../env.ts';
import { problem } from '../http/problem.ts';
import { StorageUnavailableError } from '../storage/operations.ts';
import { type Demand, type PullOutcome, pull } from './pull.ts';
import { SingleFlight } from './single-flight.ts';
import { LIMITS } from './upstream.ts';

/** Files that are fetched at the same time: one of unknown length takes 5 MiB of the isolate's 128. */
const MOST_AT_ONCE = 8;
/** Extra time for R2 and D1, after the time for the upstream. */
const GRACE_MS = 5_000;
/** The time in which a file that could not be fetched is not tried again. */
const REMEMBERED_MS = 60_000;

const flights = new SingleFlight<PullOutcome>(MOST_AT_ONCE, LIMITS.totalMs + GRACE_MS);

type Failure = Extract<PullOutcome, { ok: false }>;

/** Files that could not be fetched in the last minute, by hash and name. */
const failures = new LRUCache<string, Failure>({
  max: 4_096,
  ttl: REMEMBERED_MS,
  perf: { now: () => Date.now() },
  // Otherwise the cache keeps the time of a request until a timer, which workerd ends with that request.
  ttlResolution: 0,
});

/** Fetches and stores a file, once for all simultaneous requests of this isolate. */
async function bringIn(c: Call, demand: Demand): Promise<PullOutcome> {
  const key = `${demand.sha256}/${demand.filename}`;
  const known = failures.get(key);
  if (known) return known;
  const keepGoing = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const outcome = await flights.take(demand.sha256, keepGoing, () => pull(c.env, demand));
  // Looking for a built wheel is cheap, and its publisher may store it at any time.
  if (!outcome.ok && outcome.code !== 'wheel_missing') failures.set(key, outcome);
  return outcome;
}

function refuse({ code, detail }: Failure): Response {
  const refused = problem(code, detail);
  refused.headers.set('retry-after', String(REMEMBERED_MS / 1_000));
  return refused;
}

/** The object that `open` finds in R2, after fetching the file if necessary; or a problem document. */
export async function present<Found>(
  c: Call,
  demand: Demand,
  open: () => Promise<Found | null>,
): Promise<Found | Response> {
  const there = await open();
  if (there) return there;
  const outcome = await bringIn(c, demand);
  if (!outcome.ok) return refuse(outcome);
  const object = await open();
  if (!object) throw new StorageUnavailableError(`${demand.filename} went missing from R2 once it was there`);
  return object;
}
