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
import type { Outcome } from '../../resolver/fault.ts';
import type { Bindings } from '../env.ts';
import { readCatalog, readHeadRevision } from './catalog.ts';
import { parseSetDocument, readSetDocument } from './documents.ts';

/** After this long a request triggers a look at D1, which it does not wait for. */
const REVALIDATE_AFTER_MS = 5_000;
/** After this long without a look, a request waits for one. */
const STALE_AFTER_MS = 60_000;
/** Package sets kept, by the length of their canonical JSON; parsed they take some three times as much. */
const SET_BYTES = 16 * 1024 * 1024;

const OLDER_VIEWS = 32;

/** How often this isolate has gone to storage, by what for. */
export const operations = { d1: 0, r2: 0, revision_checks: 0 };

interface Held {
  catalog: Catalog;
  head: CatalogView;
  /** Older revisions, lately asked for. */
  views: LRUCache<number, CatalogView>;
  checkedAt: number;
  /** Whether the last look at D1 failed. */
  stale: boolean;
}

// Promises of I/O are never kept here: they belong to the request that began them, and end with it.
let held: Held | undefined;
const sets = new LRUCache<string, PreparedSet>({ maxSize: SET_BYTES });

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

/** Thrown where there is nothing to answer from: D1 or R2 cannot be reached, and the isolate is new. */
export class StorageUnavailable extends Error {}

export async function openSnapshot(
  env: Bindings,
  waitUntil: (work: Promise<unknown>) => void,
): Promise<Snapshot> {
  const now = Date.now();
  if (!held) held = await readHeld(env);
  else if (now - held.checkedAt > STALE_AFTER_MS) held = await revalidate(env, held);
  else if (now - held.checkedAt > REVALIDATE_AFTER_MS) {
    held.checkedAt = now;
    waitUntil(revalidate(env, held).then((next) => (held = next)));
  }
  return snapshotOf(held);
}

function snapshotOf({ catalog, head, views, stale }: Held): Snapshot {
  return {
    catalog,
    head,
    stale,
    view(revision) {
      const known = revision === undefined ? head : views.get(revision);
      if (known) return { ok: true, value: known };
      const outcome = viewCatalog(catalog, revision);
      if (outcome.ok && revision !== undefined) views.set(revision, outcome.value);
      return outcome;
    },
  };
}

async function readHeld(env: Bindings): Promise<Held> {
  operations.d1++;
  const catalog = await readCatalog(drizzle(env.DB)).catch((error: unknown) => {
    throw new StorageUnavailable('D1 could not be read', { cause: error });
  });
  const outcome = viewCatalog(catalog);
  if (!outcome.ok) throw new StorageUnavailable('the registry is empty: nothing has been published yet');
  return {
    catalog,
    head: outcome.value,
    views: new LRUCache({ max: OLDER_VIEWS }),
    checkedAt: Date.now(),
    stale: false,
  };
}

async function revalidate(env: Bindings, before: Held): Promise<Held> {
  try {
    operations.revision_checks++;
    const newest = await readHeadRevision(drizzle(env.DB));
    if (newest !== before.head.stamp.revision) return await readHeld(env);
    return { ...before, checkedAt: Date.now(), stale: false };
  } catch (error) {
    console.warn('the catalog could not be revalidated', error);
    return { ...before, checkedAt: Date.now(), stale: true };
  }
}

/** A package set by its digest, from the isolate or from R2. */
export async function openSet(env: Bindings, digest: string): Promise<PreparedSet> {
  const known = sets.get(digest);
  if (known) return known;
  operations.r2++;
  const canonical = await readSetDocument(env.STORE, digest).catch((error: unknown) => {
    throw new StorageUnavailable('a package set could not be read from R2', { cause: error });
  });
  const prepared = prepareSet(parseSetDocument(canonical));
  sets.set(digest, prepared, { size: canonical.length });
  return prepared;
}
