/**
 * Single packages over all sets, cached in the isolate by revision.
 */
import { drizzle } from 'drizzle-orm/d1';
import { LRUCache } from 'lru-cache';
import type { Pin } from '../../resolver/closure/explain.ts';
import type { ResolveSource } from '../../resolver/closure/resolve.ts';
import type { CatalogView } from '../../resolver/compatibility/view.ts';
import type { Bindings } from '../env.ts';
import { logError } from '../structured-log.ts';
import { openDerived } from './derived.ts';
import { entryAt, openSet } from './isolate.ts';
import { StorageUnavailableError, within } from './operations.ts';
import {
  countOf,
  type FoundPackages,
  hasSameFiles,
  PACKAGE_TABLE,
  type PackageTable,
  searchTable,
} from './package-table.ts';
import { type PackageVersion, type PinnedFile, proveRows, readMembers, readPinnedFiles } from './packages.ts';
import { PINNED_FILES, withRevisions } from './pinned-files.ts';

/** Rows kept, of some hundred bytes each. */
const KEPT_ROWS = 20_000;
/** Of about 100 kB each: that of the newest revision, and those of a few older ones. */
const KEPT_TABLES = 8;
/** Documents of sets that one request reads if an object that is derived from them was lost: few enough for its time. */
const MOST_MISSING = 3;

const histories = new LRUCache<string, PackageVersion[]>({ maxSize: KEPT_ROWS });
const tables = new LRUCache<string, PackageTable>({ max: KEPT_TABLES });
const pinned = new LRUCache<string, readonly Pin[]>({ maxSize: KEPT_ROWS });

/** Every version of a package at a view's revision, the oldest set first; empty for an unknown name. */
export async function historyOf(env: Bindings, view: CatalogView, name: string): Promise<PackageVersion[]> {
  const key = `${view.stamp.digest} ${name}`;
  const known = histories.get(key);
  if (known) return known;
  const rows = await provenMembers(env, view, [name]);
  const versions = rows
    .map(({ row, set }) => {
      const { flag, python, abi, runtime, released } = set;
      const { version, kind, filename, sha256, patched_by } = row;
      return { flag, version, kind, python, abi, runtime, released, filename, sha256, patched_by };
    })
    .sort((a, b) => (a.released + a.flag < b.released + b.flag ? -1 : 1));
  histories.set(key, versions, { size: 1 + versions.length });
  return versions;
}

/** The files that all sets of a view pin. Not cached: callers cache what they make of it. */
export async function pinnedFilesOf(env: Bindings, view: CatalogView): Promise<PinnedFile[]> {
  const sets = [...view.sets.values()];
  const stored = await openDerived(PINNED_FILES, env, sets, MOST_MISSING).catch(() => null);
  if (stored) return withRevisions(stored, sets);
  const files = await ask(() => readPinnedFiles(drizzle(env.DB), view.stamp.revision));
  const table = await tableIfThere(env, view);
  if (table && !hasSameFiles(table, files)) throw changedRows('the rows of D1 are not those of the sets');
  return files;
}

/** Packages whose name contains a canonical `query`, at a view's revision. */
export async function findPackages(
  env: Bindings,
  view: CatalogView,
  query: string,
  limit: number,
): Promise<FoundPackages> {
  const table = await tableOf(env, view).catch((cause: unknown) => {
    throw new StorageUnavailableError('the table of packages could not be read from R2', { cause });
  });
  return searchTable(table, query, limit);
}

async function tableOf(env: Bindings, { sets, stamp }: CatalogView): Promise<PackageTable> {
  const known = tables.get(stamp.digest);
  if (known) return known;
  const table = await openDerived(PACKAGE_TABLE, env, [...sets.values()], MOST_MISSING);
  tables.set(stamp.digest, table);
  return table;
}

/** Null while R2 cannot be read: look-ups then use the rows of D1 alone. */
const tableIfThere = (env: Bindings, view: CatalogView): Promise<PackageTable | null> =>
  tableOf(env, view).catch(() => null);

/** The resolver's data source, from this registry's storage. */
export function sourceOf(env: Bindings, view: CatalogView): ResolveSource {
  const keyOf = (name: string) => `${view.stamp.digest} ${name}`;
  return {
    openSet: ({ digest }) => openSet(env, digest),
    async readPins(names) {
      const unknown = names.filter((name) => !pinned.has(keyOf(name)));
      const rows = unknown.length === 0 ? [] : await provenMembers(env, view, unknown);
      const read = Map.groupBy(rows, ({ row }) => row.name);
      const pins = new Map<string, readonly Pin[]>();
      for (const name of names) {
        const found =
          pinned.get(keyOf(name)) ??
          (read.get(name) ?? []).map(({ row, set }) => ({ flag: set.flag, version: row.version }));
        pinned.set(keyOf(name), found, { size: 1 + found.length });
        pins.set(name, found);
      }
      return pins;
    },
  };
}

/** The rows of packages, each verified, and none missing. */
async function provenMembers(env: Bindings, view: CatalogView, names: readonly string[]) {
  const rows = await ask(() => readMembers(drizzle(env.DB), names));
  const proven = await proveRows(rows, view, (revision) => entryAt(revision)?.members ?? null);
  const table = await tableIfThere(env, view);
  if (!table) return proven;
  const found = Map.groupBy(proven, ({ row }) => row.name);
  const changed = names.find((name) => (found.get(name)?.length ?? 0) !== countOf(table, name));
  if (changed !== undefined) throw changedRows(`D1 is missing rows of ${changed}`);
  return proven;
}

function changedRows(what: string): StorageUnavailableError {
  logError(what);
  return new StorageUnavailableError('the rows of D1 are not those that the log vouches for');
}

async function ask<Rows>(query: () => Promise<Rows>): Promise<Rows> {
  try {
    return await within(query());
  } catch (cause) {
    throw new StorageUnavailableError('D1 could not be asked', { cause });
  }
}
