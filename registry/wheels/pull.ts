/** Fetches a file from the URL that a set pins, and from nowhere else. It is verified before it is served. */
import { drizzle } from 'drizzle-orm/d1';
import { LRUCache } from 'lru-cache';
import { isLoopback, upstreamGuard } from '../../resolver/public-host.ts';
import { printable } from '../../resolver/text/printable.ts';
import type { Bindings, Call } from '../env.ts';
import { problem } from '../http/problem.ts';
import { StorageUnavailableError, within } from '../storage/operations.ts';
import {
  headWheel,
  OtherBytes,
  putWheel,
  putWheelInParts,
  type WheelOrigin,
  writeWheelRow,
} from '../storage/wheels.ts';
import { logError, logWarning } from '../structured-log.ts';
import { markVerified } from './integrity.ts';
import { SingleFlight } from './single-flight.ts';
import {
  LIMITS,
  openUpstream,
  type PullLimits,
  type UpstreamBody,
  UpstreamDeadline,
  UpstreamError,
} from './upstream.ts';

/** A file that some published set pins. */
export interface Demand {
  sha256: string;
  filename: string;
  /** The URLs that the sets pin, the oldest set first; empty for a Pinwheel-built wheel. */
  urls: readonly string[];
}

/** Plain data, which requests for the same file share. */
export type PullOutcome =
  | { ok: true }
  | { ok: false; code: UpstreamError['code'] | 'wheel_missing'; detail: string };

/**
 * Ensures that R2 has a file's bytes, and D1 its row. Tries the URLs in order.
 */
export async function pull(
  env: Bindings,
  { sha256, filename, urls }: Demand,
  limits: PullLimits = LIMITS,
): Promise<PullOutcome> {
  const stored = await headWheel(env.STORE, sha256);
  if (stored) {
    const url = stored.customMetadata?.url ?? null;
    return register(env, { sha256, filename, url }, stored.size);
  }
  if (urls.length === 0) return { ok: false, code: 'wheel_missing', detail: missingBuilt(filename) };
  const issues: UpstreamError[] = [];
  const deadline = Date.now() + limits.totalMs;
  const guard = upstreamGuard(env.UPSTREAM_HOSTS);
  const isLocal = isLoopback(env.PUBLIC_URL);
  for (const url of urls) {
    if (Date.now() >= deadline) break;
    const origin = { sha256, filename, url };
    const clock = new UpstreamDeadline(limits, deadline);
    try {
      const upstream = await openUpstream(url, clock, { mostBytes: limits.bytes, guard, isLocal });
      const object = await store(env.STORE, origin, upstream);
      clock.stop();
      markVerified(object);
      return await register(env, origin, object.size);
    } catch (error) {
      clock.stop();
      if (!(error instanceof UpstreamError)) throw error;
      logWarning(`${printable(filename)} (${sha256}) was not taken in: ${printable(url)} ${error.message}`);
      issues.push(error);
    }
  }
  const timeout = issues.every(({ code }) => code === 'upstream_timeout');
  const told = issues.map(({ message }, at) => `${urls[at]} ${message}.`).join(' ');
  return { ok: false, code: timeout ? 'upstream_timeout' : 'upstream_failed', detail: told };
}

/** Stores what an upstream sends. Throws an {@link UpstreamError} for other bytes than the pinned ones. */
async function store(bucket: R2Bucket, origin: WheelOrigin, body: UpstreamBody): Promise<R2Object> {
  try {
    if (body.length === null) return await putWheelInParts(bucket, origin, body.pieces);
    const { readable, writable } = new FixedLengthStream(body.length);
    const [sent, stored] = await Promise.allSettled([
      pump(body.pieces, writable),
      // Otherwise the writing end would wait for ever.
      putWheel(bucket, origin, readable).catch(async (error: unknown) => {
        await readable.cancel(error).catch(() => {});
        throw error;
      }),
    ]);
    // Each end fails if the other does: an upstream's error is the cause.
    if (sent.status === 'rejected' && sent.reason instanceof UpstreamError) throw sent.reason;
    if (stored.status === 'rejected') throw stored.reason;
    return stored.value;
  } catch (error) {
    if (!(error instanceof OtherBytes)) throw error;
    throw new UpstreamError(
      'upstream_failed',
      `sent other bytes than those pinned (${oneLine(error.message)})`,
    );
  }
}

async function pump(pieces: AsyncIterable<Uint8Array>, writable: WritableStream<Uint8Array>): Promise<void> {
  const writer = writable.getWriter();
  try {
    for await (const piece of pieces) await writer.write(piece);
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => {});
    throw error;
  }
}

/** Writes a file's row. A failure of D1 does not prevent serving the bytes. */
export async function register(env: Bindings, origin: WheelOrigin, size: number): Promise<PullOutcome> {
  await within(writeWheelRow(drizzle(env.DB), { ...origin, size })).catch((error: unknown) =>
    logError(`D1 did not take the row of ${origin.sha256}`, error),
  );
  return { ok: true };
}

/** The problem of a Pinwheel-built wheel that is missing: only the operator of the registry can provide it. */
function missingBuilt(filename: string): string {
  return (
    `${printable(filename)} is a Pinwheel-built wheel, and this registry does not have it. ` +
    'Publish the set again with the wheel, or run npm start again, which builds it.'
  );
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ');

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
