/**
 * What an isolate caches of the registry, so that a hot answer reads neither D1 nor R2: the catalog, revalidated every
 * few seconds by reading the head revision, and package sets, which never change, up to a number of bytes. If D1 fails,
 * the isolate continues with what it has, and says so.
 */
import { LRUCache } from 'lru-cache';
import {
  type Catalog,
  type CatalogView,
  type Outcome,
  type PreparedSet,
  type Publication,
  prepareSet,
  viewCatalog,
} from '../../resolver/index.ts';
import type { Bindings, Call } from '../env.ts';
import { logError, logWarning } from '../structured-log.ts';
import { readHead } from './catalog.ts';
import { isSealed, parseSetDocument, putCatalog, readDocument, readNotedHead } from './documents.ts';
import { integrate } from './log-files.ts';
import { type Newest, openCatalog, readNewest, type Trouble } from './newest.ts';
import { operations, StorageUnavailableError, within } from './operations.ts';

/** After this time, a request starts a check of D1 and does not wait for it. */
const REVALIDATE_AFTER_MS = 5_000;
/** After this time without a check, a request waits for one. */
const STALE_AFTER_MS = 60_000;
/** After this time, D1 is compared with the head in R2, to detect lost publications. */
const COMPARE_AFTER_MS = 60_000;
/** Package sets that are cached, by the length of their canonical JSON; parsed, they take about three times as much. */
const SET_BYTES = 16 * 1024 * 1024;

const OLDER_VIEWS = 32;

/** The registry as this isolate knows it. */
export interface Snapshot {
  catalog: Catalog;
  /** The newest revision. */
  head: CatalogView;
  /** The catalog at a revision, or the newest. */
  view(revision: number | undefined): Outcome<CatalogView>;
  /** Whether D1 could not be reached at the last check, so that there may be a newer revision. */
  stale: boolean;
  /** What is wrong with the storage. */
  troubles: readonly Trouble[];
}

interface State {
  snapshot: Snapshot;
  checkedAt: number;
  /** When D1 was last compared with the head in R2. */
  comparedAt: number;
}

/** The parts of a request that are needed here. */
type Asking = Pick<Call, 'env' | 'executionCtx'>;

// Promises of I/O are never kept here: they belong to the request that started them, and end with it.
let state: State | undefined;
const sets = new LRUCache<string, PreparedSet>({ maxSize: SET_BYTES });

/** The registry, if this isolate has it and need not wait for D1. */
export function currentSnapshot({ env, executionCtx }: Asking): Snapshot | undefined {
  if (!state) return undefined;
  const now = Date.now();
  const age = now - state.checkedAt;
  if (age > STALE_AFTER_MS) return undefined;
  if (age > REVALIDATE_AFTER_MS) {
    state.checkedAt = now;
    executionCtx.waitUntil(revalidate(env, state).then((next) => keep({ env, executionCtx }, next)));
  }
  return state.snapshot;
}

export async function openSnapshot(asking: Asking): Promise<Snapshot> {
  const known = currentSnapshot(asking);
  if (known) return known;
  const next = await (state ? revalidate(asking.env, state) : readNewest(asking.env).then(stateOf));
  return keep(asking, next);
}

/** The log entry of a revision, if this isolate has it. */
export function entryAt(revision: number): Publication | undefined {
  return state?.snapshot.catalog.log[revision - 1];
}

/** The next request waits for a check of D1: something was published here. */
export function lookAgain(): void {
  if (state) state.checkedAt = 0;
}

function keep({ env, executionCtx }: Asking, next: State): Snapshot {
  state = next;
  const { catalog, troubles } = next.snapshot;
  if (troubles.includes('catalog_missing')) executionCtx.waitUntil(mend(env, catalog));
  return next.snapshot;
}

function stateOf({ catalog, troubles }: Newest): State {
  const outcome = viewCatalog(catalog);
  if (!outcome.ok) throw new StorageUnavailableError('the registry is empty: nothing has been published yet');
  return { snapshot: snapshotOf(catalog, outcome.value, troubles), checkedAt: Date.now(), comparedAt: 0 };
}

/** Writes to R2 what an interrupted publication did not write. */
async function mend(env: Bindings, catalog: Catalog): Promise<void> {
  try {
    operations.r2++;
    await putCatalog(env.STORE, catalog);
    await integrate(env, catalog);
  } catch (error) {
    logError('R2 could not be mended', error);
  }
}

function snapshotOf(catalog: Catalog, head: CatalogView, troubles: readonly Trouble[]): Snapshot {
  /** Older revisions that were asked for recently. */
  const views = new LRUCache<number, CatalogView>({ max: OLDER_VIEWS });
  return {
    catalog,
    head,
    stale: troubles.includes('d1_unreachable'),
    troubles,
    view(revision) {
      const known = revision === undefined ? head : views.get(revision);
      if (known) return { ok: true, value: known };
      const outcome = viewCatalog(catalog, revision);
      if (outcome.ok && revision !== undefined) views.set(revision, outcome.value);
      return outcome;
    },
  };
}

/**
 * Checks D1. Its log must continue the known one. Otherwise the known one stays in use, so that no earlier answer is
 * revoked.
 */
async function revalidate(env: Bindings, known: State): Promise<State> {
  const { snapshot } = known;
  const { log } = snapshot.catalog;
  const unchanged = (...troubles: Trouble[]): State => ({
    snapshot: { ...snapshot, troubles, stale: troubles.includes('d1_unreachable') },
    checkedAt: Date.now(),
    comparedAt: known.comparedAt,
  });
  try {
    operations.revision_checks++;
    let newest = await within(readHead(env.DB));
    // The nearest copy may lag behind the primary.
    if ((newest?.revision ?? 0) < log.length) newest = await within(readHead(env.DB, 'first-primary'));
    if (newest?.digest === log.at(-1)!.digest) return await compared(env, unchanged());
    if (newest && !(await isSealed(newest))) return unchanged('d1_changed');
    if (!newest || newest.digest === log[newest.revision - 1]?.digest) return unchanged('d1_behind');
    if (newest.revision <= log.length) return unchanged('d1_forked');
    const next = await openCatalog(env, newest);
    return continues(next.catalog, snapshot.catalog) ? stateOf(next) : unchanged('d1_forked');
  } catch (error) {
    logWarning('the catalog could not be revalidated', error);
    return unchanged('d1_unreachable');
  }
}

/**
 * Compares D1 with the head in R2 from time to time: after a backup was restored, R2 has more, or another log, which was
 * served and signed before.
 */
async function compared(env: Bindings, current: State): Promise<State> {
  const now = Date.now();
  if (now - current.comparedAt < COMPARE_AFTER_MS) return current;
  const { catalog } = current.snapshot;
  const noted = await within(readNotedHead(env.STORE)).catch(() => null);
  if (noted && noted.digest !== catalog.log[noted.revision - 1]?.digest && (await isSealed(noted))) {
    const kept = await openCatalog(env, noted).catch(() => null);
    if (kept) {
      const trouble = continues(kept.catalog, catalog) ? 'd1_behind' : 'd1_forked';
      return { ...stateOf({ ...kept, troubles: [trouble] }), comparedAt: now };
    }
  }
  return { ...current, comparedAt: now };
}

function continues({ log }: Catalog, { log: before }: Catalog): boolean {
  return log[before.length - 1]?.digest === before.at(-1)?.digest;
}

/** A package set by its digest, from the isolate or from R2. */
export async function openSet(env: Bindings, digest: string): Promise<PreparedSet> {
  const known = sets.get(digest);
  if (known) return known;
  operations.r2++;
  const canonical = await within(readDocument(env.STORE, digest)).catch((error: unknown) => {
    throw new StorageUnavailableError('a package set could not be read from R2', { cause: error });
  });
  const prepared = prepareSet(parseSetDocument(canonical));
  sets.set(digest, prepared, { size: canonical.length });
  return prepared;
}
