/**
 * What D1 knows of single packages, kept in the isolate by revision: what was seen once costs no query the next
 * time.
 */
import { drizzle } from 'drizzle-orm/d1';
import { LRUCache } from 'lru-cache';
import type { Pin } from '../../resolver/closure/explain.ts';
import type { ResolveSource } from '../../resolver/closure/resolve.ts';
import type { CatalogView } from '../../resolver/compatibility/view.ts';
import type { Bindings } from '../env.ts';
import { openSet } from './isolate.ts';
import { StorageUnavailableError } from './operations.ts';
import {
  type FoundPackages,
  type PackageVersion,
  readPins,
  readVersions,
  searchPackages,
} from './packages.ts';

/** Rows kept, of some hundred bytes each. */
const KEPT_ROWS = 20_000;

const histories = new LRUCache<string, PackageVersion[]>({ maxSize: KEPT_ROWS });
const pinned = new LRUCache<string, readonly Pin[]>({ maxSize: KEPT_ROWS });

/** Every version that a package has at a view's revision, the oldest set first; empty for an unknown name. */
export async function historyOf(env: Bindings, view: CatalogView, name: string): Promise<PackageVersion[]> {
  const key = `${view.stamp.digest} ${name}`;
  const known = histories.get(key);
  if (known) return known;
  const versions = await ask(() => readVersions(drizzle(env.DB), name, view.stamp.revision));
  histories.set(key, versions, { size: 1 + versions.length });
  return versions;
}

/** Packages whose name contains a canonical `query`, at a view's revision. */
export function findPackages(
  env: Bindings,
  view: CatalogView,
  query: string,
  limit: number,
): Promise<FoundPackages> {
  return ask(() => searchPackages(drizzle(env.DB), query, view.stamp.revision, limit));
}

/** The resolver's seam to the world, on this registry's storage. */
export function sourceOf(env: Bindings, view: CatalogView): ResolveSource {
  const keyOf = (name: string) => `${view.stamp.digest} ${name}`;
  return {
    openSet: ({ digest }) => openSet(env, digest),
    async readPins(names) {
      const unknown = names.filter((name) => !pinned.has(keyOf(name)));
      const read = unknown.length === 0 ? null : await ask(() => readPins(drizzle(env.DB), unknown));
      const pins = new Map<string, readonly Pin[]>();
      for (const name of names) {
        const found = pinned.get(keyOf(name)) ?? read?.get(name) ?? [];
        pinned.set(keyOf(name), found, { size: 1 + found.length });
        pins.set(name, found);
      }
      return pins;
    },
  };
}

async function ask<Rows>(query: () => Promise<Rows>): Promise<Rows> {
  try {
    return await query();
  } catch (cause) {
    throw new StorageUnavailableError('D1 could not be asked', { cause });
  }
}
