/**
 * The catalog that the signed head leads to, as an isolate keeps it, so that a hot answer reads neither D1 nor R2: it is
 * revalidated every few seconds by reading the newest revision. If D1 fails, the isolate continues with what it has, and
 * says so.
 */

import { LRUCache } from 'lru-cache';
import { type CatalogView, viewCatalog } from '../../resolver/compatibility/view.ts';
import type { Catalog, Outcome } from '../../resolver/index.ts';
import { newestOf } from '../../resolver/publication.ts';
import type { NewestIndex } from '../../resolver/schemas.ts';
import type { Bindings, Call } from '../env.ts';
import { logError, logWarning } from '../structured-log.ts';
import { readHead } from './ledger.ts';
import { LedgerChanged, type Newest, openNewest, readNewest, type Trouble, withLedger } from './newest.ts';
import { operations, StorageUnavailableError, within } from './operations.ts';
import { integrate, LogForked, readStoredHead, signingKey } from './signed-head.ts';

/** After this time, a request starts a check of D1 and does not wait for it. */
const REVALIDATE_AFTER_MS = 5_000;
/** After this time without a check, a request waits for one. */
const STALE_AFTER_MS = 60_000;

const OLDER_VIEWS = 32;

/** The registry as this isolate knows it. */
export interface Snapshot {
  catalog: Catalog;
  /** The newest publication, as clients get it. */
  newest: NewestIndex;
  /** The newest revision. */
  head: CatalogView;
  view(revision: number | undefined): Outcome<CatalogView>;
  /** Whether D1 could not be reached at the last check, so that there may be a newer revision. */
  stale: boolean;
  /** Problems of the storage. */
  troubles: readonly Trouble[];
}

interface State {
  snapshot: Snapshot;
  checkedAt: number;
}

/** The parts of a request that are needed here. */
type Asking = Pick<Call, 'env' | 'executionCtx'>;

// Promises of I/O are never kept here: they belong to the request that started them, and end with it.
let state: State | undefined;

/** The registry, if this isolate has it and need not wait for D1. */
export function currentSnapshot({ env, executionCtx }: Asking): Snapshot | undefined {
  if (!state) return undefined;
  const now = Date.now();
  const age = now - state.checkedAt;
  if (age > STALE_AFTER_MS) return undefined;
  if (age > REVALIDATE_AFTER_MS) {
    state.checkedAt = now;
    executionCtx.waitUntil(revalidate(env, state).then(keep));
  }
  return state.snapshot;
}

export async function openSnapshot(asking: Asking): Promise<Snapshot> {
  const known = currentSnapshot(asking);
  if (known) return known;
  const next = await (state ? revalidate(asking.env, state) : readNewest(asking.env).then(firstState));
  return keep(next);
}

export function knownCatalog(): Catalog | undefined {
  return state?.snapshot.catalog;
}

/** The next request waits for a check of D1: something was published here. */
export function lookAgain(): void {
  if (state) state.checkedAt = 0;
}

function keep(next: State): Snapshot {
  state = next;
  return next.snapshot;
}

/** The state of an isolate that has not looked at D1: its next request does, without waiting for it. */
function firstState(newest: Newest): State {
  return { ...stateOf(newest, []), checkedAt: Date.now() - REVALIDATE_AFTER_MS - 1 };
}

function stateOf({ catalog, newest }: Newest, troubles: readonly Trouble[]): State {
  const outcome = viewCatalog(catalog);
  if (!outcome.ok) throw new StorageUnavailableError('the registry is empty: nothing has been published yet');
  const head = outcome.value;
  /** Older revisions that were asked for recently. */
  const views = new LRUCache<number, CatalogView>({ max: OLDER_VIEWS });
  const view = (revision: number | undefined): Outcome<CatalogView> => {
    const known = revision === undefined ? head : views.get(revision);
    if (known) return { ok: true, value: known };
    const outcome = viewCatalog(catalog, revision);
    if (outcome.ok && revision !== undefined) views.set(revision, outcome.value);
    return outcome;
  };
  const stale = troubles.includes('ledger_unreachable');
  return { snapshot: { catalog, newest, head, stale, troubles, view }, checkedAt: Date.now() };
}

/**
 * Looks at the ledger in D1. What it has more is in the head in R2, or was left there by a publication that was
 * interrupted. If it has anything else, the known log stays in use, so that no earlier answer is revoked.
 */
async function revalidate(env: Bindings, known: State): Promise<State> {
  const { snapshot } = known;
  const { log } = snapshot.catalog;
  const unchanged = (...troubles: Trouble[]): State => ({
    snapshot: { ...snapshot, troubles, stale: troubles.includes('ledger_unreachable') },
    checkedAt: Date.now(),
  });
  try {
    operations.revision_checks++;
    let newest = await within(readHead(env.DB));
    // The nearest copy may lag behind the primary.
    if ((newest?.revision ?? 0) < log.length) newest = await within(readHead(env.DB, 'first-primary'));
    if (newest?.root === log.at(-1)!.root) return unchanged();
    const signed = await signedSince(env, snapshot.catalog);
    const catalog = signed?.catalog ?? snapshot.catalog;
    if (newest?.root === catalog.log.at(-1)!.root) return stateOf(signed!, []);
    if ((newest?.revision ?? 0) > catalog.log.length) return stateOf(await mended(env, catalog), []);
    logError('the ledger in D1 is not the one that was signed');
    return signed ? stateOf(signed, ['ledger_changed']) : unchanged('ledger_changed');
  } catch (error) {
    logWarning('the catalog could not be revalidated', error);
    return unchanged(error instanceof LedgerChanged ? 'ledger_changed' : 'ledger_unreachable');
  }
}

/** The head in R2, which a Worker with an invalid key can read, too. */
async function storedHead(env: Bindings): ReturnType<typeof readStoredHead> {
  return within(readStoredHead(env.STORE, await signingKey(env).catch(() => null)));
}

/** The signed catalog in R2, if it continues this one; null if it has nothing newer. */
async function signedSince(env: Bindings, { log }: Catalog): Promise<Newest | null> {
  const stored = await storedHead(env);
  if (!stored || stored.newest.publication.revision <= log.length) return null;
  const next = await openNewest(env.STORE, stored.newest);
  return next.catalog.log[log.length - 1]?.root === log.at(-1)!.root ? next : null;
}

/** The catalog with the rest of an interrupted publication, which is signed now. */
async function mended(env: Bindings, known: Catalog): Promise<Newest> {
  const catalog = await withLedger(env, known);
  await integrate(env, catalog).catch((error: unknown) => {
    if (error instanceof LogForked) throw new LedgerChanged(error.message, { cause: error });
    logError('R2 could not be mended', error);
  });
  const stored = await storedHead(env).catch(() => null);
  const isStored = stored?.newest.publication.root === catalog.log.at(-1)!.root;
  return { catalog, newest: isStored ? stored!.newest : await newestOf(catalog) };
}
