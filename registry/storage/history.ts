/**
 * Single packages over all sets, cached in the isolate by revision.
 */
import { drizzle } from 'drizzle-orm/d1';
import { LRUCache } from 'lru-cache';
import type { CatalogView, Pin, ResolveSource } from '../../resolver/index.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
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
  pinsOfName,
  searchTable,
} from './package-table.ts';
import {
  type PackageVersion,
  type PinnedFile,
  proveRows,
  readMembers,
  readMembersByHash,
  readPinnedFiles,
} from './packages.ts';
import { type DescribedFile, PINNED_FILES, withRevisions } from './pinned-files.ts';

/** Rows kept, of some hundred bytes each. */
const KEPT_ROWS = 20_000;
/** Of about 100 kB each: that of the newest revision, and those of a few older ones. */
const KEPT_TABLES = 8;
/** Of some 500 kB each. */
const KEPT_FILES = 4;
/** Documents of sets that one request reads if an object that is derived from them was lost: few enough for its time. */
const MOST_MISSING = 3;

const histories = new LRUCache<string, readonly PackageVersion[]>({ maxSize: KEPT_ROWS });
const tables = new LRUCache<string, PackageTable>({ max: KEPT_TABLES });
const described = new LRUCache<string, readonly DescribedFile[]>({ max: KEPT_FILES });
const yankedPins = new LRUCache<string, YankedPins>({ max: KEPT_FILES });

/** Every version of a package at a view's revision, the oldest set first; empty for an unknown name. */
export async function historyOf(
  env: Bindings,
  view: CatalogView,
  name: string,
): Promise<readonly PackageVersion[]> {
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

/** The files that all sets of a view pin, with what pages show of them. */
export async function describedFilesOf(
  env: Bindings,
  { sets, stamp }: CatalogView,
): Promise<readonly DescribedFile[]> {
  const known = described.get(stamp.digest);
  if (known) return known;
  const inOrder = [...sets.values()];
  const files = await openDerived(PINNED_FILES, env, inOrder, MOST_MISSING).catch((cause: unknown) => {
    throw new StorageUnavailableError('the files of all sets could not be read from R2', { cause });
  });
  const found = withRevisions(files, inOrder);
  described.set(stamp.digest, found);
  return found;
}

/** Why the file that a set pins was yanked. */
export type YankedPins = (flag: string, name: string) => string | null;

/**
 * The yanked files of all sets of a view. Asks D1, once for each revision, and only if there are any: with the hash of
 * each file, the files of all sets would take six times as many bytes of R2.
 */
export async function yankedPinsOf(env: Bindings, view: CatalogView): Promise<YankedPins> {
  const { stamp, yankedWheels } = view;
  if (yankedWheels.size === 0) return () => null;
  const known = yankedPins.get(stamp.digest);
  if (known) return known;
  const rows = await ask(() => readMembersByHash(drizzle(env.DB), [...yankedWheels.keys()]));
  const proven = await proveRows(rows, view, (revision) => entryAt(revision)?.members ?? null);
  const found = yankedPinsAmong(
    view,
    proven.map(({ row, set }) => ({ ...row, flag: set.flag })),
  );
  yankedPins.set(stamp.digest, found);
  return found;
}

/** Of files whose hashes are known. */
export function yankedPinsAmong(
  { yankedWheels }: CatalogView,
  files: readonly { flag: string; name: string; sha256: string }[],
): YankedPins {
  const reasons = new Map(
    files.map(({ flag, name, sha256 }) => [`${flag} ${name}`, yankedWheels.get(sha256)?.reason ?? null]),
  );
  return (flag, name) => reasons.get(`${flag} ${name}`) ?? null;
}

/** The files that all sets of a view pin; from D1 while R2 does not have them. */
export async function pinnedFilesOf(env: Bindings, view: CatalogView): Promise<readonly PinnedFile[]> {
  const stored = await describedFilesOf(env, view).catch(() => null);
  if (stored) return stored;
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
  return searchTable(table, view.sets, query, limit);
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
  return {
    openSet: ({ digest }) => openSet(env, digest),
    readPins: (names, among) => pinsOf(env, view, names, among),
  };
}

/** By name, in the order of the sets' publication; from D1 while R2 does not have the table of packages. */
async function pinsOf(
  env: Bindings,
  view: CatalogView,
  names: readonly string[],
  among: readonly { flag: string }[] = [...view.sets.values()],
) {
  const table = await tableIfThere(env, view);
  if (table) {
    const asked = new Set(among.map(({ flag }) => flag));
    const flags = [...view.sets.keys()].map((flag) => (asked.has(flag) ? flag : null));
    return new Map(names.map((name) => [name, pinsOfName(table, flags, name)]));
  }
  const rows = await provenMembers(env, view, [...new Set(names)]);
  const found = Map.groupBy(
    sortedBy(rows, ({ set }) => set.revision),
    ({ row }) => row.name,
  );
  const pinOf = ({ row, set }: (typeof rows)[number]): Pin => ({ flag: set.flag, version: row.version });
  return new Map([...found].map(([name, members]) => [name, members.map(pinOf)]));
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
