/** A file that somebody wants, brought in where it is not there. */
import type { Call } from '../env.ts';
import { problem } from '../http/problem.ts';
import { StorageUnavailableError } from '../storage/operations.ts';
import type { PinnedWheel } from '../storage/wheels.ts';
import { type PullOutcome, pull } from './pull.ts';
import { Turns } from './turns.ts';
import { LIMITS } from './watch.ts';

/** Files that come in at the same time: one whose length nobody knows takes 5 MiB of the isolate's 128. */
const MOST_AT_ONCE = 8;
/** For R2 and D1, after what the upstream may take. */
const GRACE_MS = 30_000;

const turns = new Turns<PullOutcome>(MOST_AT_ONCE, LIMITS.totalMs + GRACE_MS);

export interface Demand extends PinnedWheel {
  sha256: string;
  filename: string;
}

/** Brings a file in, with its METADATA and its row, once for all requests of this isolate that want it. */
export function bringIn(c: Call, demand: Demand): Promise<PullOutcome> {
  const keepGoing = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  return turns.take(demand.sha256, keepGoing, () => pull(c.env, demand, demand.urls));
}

/** What `open` finds in R2, if need be after the file has been brought in; or the refusal. */
export async function present<Found>(
  c: Call,
  demand: Demand,
  open: () => Promise<Found | null>,
): Promise<Found | Response> {
  const there = demand.facts && (await open());
  if (there) return there;
  const outcome = await bringIn(c, demand);
  if (!outcome.ok) return problem(outcome.code, outcome.detail);
  const object = await open();
  if (!object) throw new StorageUnavailableError(`${demand.filename} went missing from R2 once it was there`);
  return object;
}
