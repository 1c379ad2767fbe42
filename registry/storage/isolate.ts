/**
 * What an isolate keeps of the registry, so that a hot answer reads neither D1 nor R2: the catalog, revalidated
 * by one look at the head revision every few seconds, and package sets, which never change, up to a number of
 * bytes. When D1 is gone, the isolate goes on with what it has and says so.
 */
import { drizzle } from 'drizzle-orm/d1';
import { LRUCache } from 'lru-cache';
import type { Catalog } from '../../resolver/catalog.ts';
import { type PreparedSet, prepareSet } from '../../resolver/closure/prepare.ts';
import { type CatalogView, viewCatalog } from '../../resolver/compatibility/view.ts';
import type { Outcome } from '../../resolver/issue.ts';
import type { Bindings, Call } from '../env.ts';
import { readCatalog, readHeadRevision } from './catalog.ts';
import { parseSetDocument, readSetDocument } from './documents.ts';
import { operations, StorageUnavailableError } from './operations.ts';

/** After this long a request triggers a look at D1, which it does not wait for. */
const REVALIDATE_AFTER_MS = 5_000;
/** After this long without a look, a request waits for one. */
const STALE_AFTER_MS = 60_000;
/** Package sets kept, by the length of their canonical JSON; parsed they take some three times as much. */
const SET_BYTES = 16 * 1024 * 1024;

const OLDER_VIEWS = 32;

/** The registry as this isolate knows it. */
export interface Snapshot {
  catalog: Catalog;
  /** The newest revision. */
  head: CatalogView;
  /** The catalog at a revision, or the newest. */
  view(revision: number | undefined): Outcome<CatalogView>;
  /** Whether D1 could not be asked lately whether this is still the newest. */
  stale: boolean;
}

interface Held {
  snapshot: Snapshot;
  checkedAt: number;
}

/** What of a request is needed: its storage, and to look at D1 after its answer. */
type Asking = Pick<Call, 'env' | 'executionCtx'>;

// Promises of I/O are never kept here: they belong to the request that began them, and end with it.
let held: Held | undefined;
const sets = new LRUCache<string, PreparedSet>({ maxSize: SET_BYTES });

/** The registry, where this isolate knows it and need not wait for a look at D1. */
export function snapshotAtHand({ env, executionCtx }: Asking): Snapshot | undefined {
  if (!held) return undefined;
  const now = Date.now();
  const age = now - held.checkedAt;
  if (age > STALE_AFTER_MS) return undefined;
  if (age > REVALIDATE_AFTER_MS) {
    held.checkedAt = now;
    executionCtx.waitUntil(revalidate(env, held).then((next) => (held = next)));
  }
  return held.snapshot;
}

export async function openSnapshot(asking: Asking): Promise<Snapshot> {
  const known = snapshotAtHand(asking);
  if (known) return known;
  held = await (held ? revalidate(asking.env, held) : readHeld(asking.env));
  return held.snapshot;
}

async function readHeld(env: Bindings): Promise<Held> {
  const catalog = await readCatalog(drizzle(env.DB)).catch((error: unknown) => {
    throw new StorageUnavailableError('D1 could not be read', { cause: error });
  });
  const outcome = viewCatalog(catalog);
  if (!outcome.ok) throw new StorageUnavailableError('the registry is empty: nothing has been published yet');
  return { snapshot: snapshotOf(catalog, outcome.value), checkedAt: Date.now() };
}

function snapshotOf(catalog: Catalog, head: CatalogView): Snapshot {
  /** Older revisions, lately asked for. */
  const views = new LRUCache<number, CatalogView>({ max: OLDER_VIEWS });
  return {
    catalog,
    head,
    stale: false,
    view(revision) {
      const known = revision === undefined ? head : views.get(revision);
      if (known) return { ok: true, value: known };
      const outcome = viewCatalog(catalog, revision);
      if (outcome.ok && revision !== undefined) views.set(revision, outcome.value);
      return outcome;
    },
  };
}

async function revalidate(env: Bindings, { snapshot }: Held): Promise<Held> {
  try {
    const newest = await readHeadRevision(drizzle(env.DB));
    if (newest !== snapshot.head.stamp.revision) return await readHeld(env);
    return { snapshot: { ...snapshot, stale: false }, checkedAt: Date.now() };
  } catch (error) {
    console.warn('the catalog could not be revalidated', error);
    return { snapshot: { ...snapshot, stale: true }, checkedAt: Date.now() };
  }
}

/** A package set by its digest, from the isolate or from R2. */
export async function openSet(env: Bindings, digest: string): Promise<PreparedSet> {
  const known = sets.get(digest);
  if (known) return known;
  operations.r2++;
  const canonical = await readSetDocument(env.STORE, digest).catch((error: unknown) => {
    throw new StorageUnavailableError('a package set could not be read from R2', { cause: error });
  });
  const prepared = prepareSet(parseSetDocument(canonical));
  sets.set(digest, prepared, { size: canonical.length });
  return prepared;
}
