/** The catalog's rows in D1: read whole, written one publication at a time. */
import { asc, max } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { Catalog, PackageSet, RegistryDocument } from '../../resolver/catalog.ts';
import type { CatalogChange } from '../../resolver/publication.ts';
import { operations } from './operations.ts';
import { countPackages } from './packages.ts';
import { insertRows, runTogether, withdrawRows } from './rows.ts';
import { flags, packageLocks, publications, pythons, runtimes, setMembers, sets } from './schema.ts';

/** The newest revision, 0 for an empty registry. */
export async function readHeadRevision(db: DrizzleD1Database): Promise<number> {
  operations.revision_checks++;
  const [row] = await db.select({ revision: max(publications.revision) }).from(publications);
  return row?.revision ?? 0;
}

/** The whole history of facts, in the order in which they were published. */
export async function readCatalog(db: DrizzleD1Database): Promise<Catalog> {
  operations.d1++;
  const [log, pythonRows, flagRows, releases, package_locks, setRows] = await db.batch([
    db.select().from(publications).orderBy(asc(publications.revision)),
    db.select().from(pythons).orderBy(asc(pythons.revision)),
    db.select().from(flags).orderBy(asc(flags.revision), asc(flags.ordinal)),
    db.select().from(runtimes).orderBy(asc(runtimes.revision)),
    db.select().from(packageLocks).orderBy(asc(packageLocks.revision)),
    db.select().from(sets).orderBy(asc(sets.revision)),
  ]);
  return { log, pythons: pythonRows, flags: flagRows, releases, package_locks, sets: setRows };
}

/**
 * Adds one publication and all its rows, or nothing: one batch is one transaction, and the log's primary key
 * refuses a second publication of the same revision.
 */
export async function writeChange(
  db: D1Database,
  change: CatalogChange,
  document: RegistryDocument,
): Promise<void> {
  const { publication, added, withdrawn } = change;
  const { revision } = publication;
  operations.d1++;
  await runTogether(db, [
    insertRows(publications, [publication]),
    withdrawRows(
      pythons,
      'python',
      withdrawn.pythons.map((row) => row.python),
      revision,
    ),
    withdrawRows(
      flags,
      'field',
      withdrawn.flags.map((row) => row.field),
      revision,
    ),
    withdrawRows(
      runtimes,
      'field',
      withdrawn.releases.map((row) => row.field),
      revision,
    ),
    withdrawRows(
      packageLocks,
      'tag',
      withdrawn.package_locks.map((row) => row.tag),
      revision,
    ),
    insertRows(pythons, added.pythons),
    insertRows(flags, added.flags),
    insertRows(runtimes, added.releases),
    insertRows(packageLocks, added.package_locks),
    insertRows(sets, added.sets),
    ...(document.kind === 'set'
      ? [insertRows(setMembers, memberRows(document)), countPackages(document.flag, revision)]
      : []),
  ]);
}

function memberRows(set: PackageSet) {
  return set.packages.map(({ name, version, kind, filename, url, sha256, size, patched }) => ({
    set_flag: set.flag,
    name,
    version,
    kind,
    filename,
    url,
    sha256,
    size,
    patched_by: patched?.by ?? null,
  }));
}
