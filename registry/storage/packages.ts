/** Packages across sets: queries of D1 outside the hot path. */
import { asc, eq, inArray, lte, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { CatalogView, Member } from '../../resolver/index.ts';
import { isProven, type MemberRow, type RowProof } from '../../resolver/log/entries.ts';
import type { CatalogSet, Patched } from '../../resolver/schemas.ts';
import { logError } from '../structured-log.ts';
import { operations, StorageUnavailableError } from './operations.ts';
import { setMembers, sets } from './schema.ts';

/** D1 binds at most a hundred parameters a statement. */
const NAMES_AT_ONCE = 90;

/** One version of a package, in one set. */
export interface PackageVersion {
  flag: string;
  version: string;
  kind: Member['kind'];
  python: string;
  abi: string;
  runtime: string;
  released: string;
  filename: string;
  sha256: string;
  patched_by: Patched['by'] | null;
}

/** A member's row, and its set, whose root in the log verifies the row. */
export interface ProvenRow {
  row: MemberRow;
  set: CatalogSet;
}

/** The columns that a look-up reads: all that the proof needs. */
export const memberColumns = {
  flag: setMembers.set_flag,
  name: setMembers.name,
  version: setMembers.version,
  kind: setMembers.kind,
  filename: setMembers.filename,
  url: setMembers.url,
  sha256: setMembers.sha256,
  size: setMembers.size,
  patched_by: setMembers.patched_by,
  place: setMembers.place,
  proof: setMembers.proof,
};

/**
 * The rows of a view's sets, each verified by the root of its set in the log, in the order of the sets' publication.
 * Throws {@link StorageUnavailableError} for a row that was changed.
 */
export async function proveRows(
  rows: readonly (MemberRow & RowProof & { flag: string })[],
  { sets }: CatalogView,
  rootAt: (revision: number) => string | null,
): Promise<ProvenRow[]> {
  const known = rows.flatMap((row) => {
    const set = sets.get(row.flag);
    return set ? [{ row, set }] : [];
  });
  const isSound = await Promise.all(
    known.map(({ row, set }) => isProven(row, { members: rootAt(set.revision), count: set.package_count })),
  );
  const at = isSound.indexOf(false);
  if (at >= 0) {
    const { name, flag } = known[at]!.row;
    logError(`the row of ${name} in ${flag} in D1 is not the one that was published`);
    throw new StorageUnavailableError('a row of D1 is not the one that the log vouches for');
  }
  return known.sort((a, b) => a.set.revision - b.set.revision);
}

/** The rows of these canonical names in all sets, not verified. */
export async function readMembers(db: DrizzleD1Database, names: readonly string[]) {
  const found: Awaited<ReturnType<typeof someMembers>> = [];
  for (let at = 0; at < names.length; at += NAMES_AT_ONCE) {
    operations.d1++;
    found.push(...(await someMembers(db, names.slice(at, at + NAMES_AT_ONCE))));
  }
  return found;
}

/** The rows of these files, by their SHA-256, in all sets, not verified. */
export function readMembersByHash(db: DrizzleD1Database, sha256s: readonly string[]) {
  operations.d1++;
  return (
    db
      .select(memberColumns)
      .from(setMembers)
      // As one parameter: D1 binds at most a hundred in a statement.
      .where(sql`${setMembers.sha256} in (select value from json_each(${JSON.stringify(sha256s)}))`)
  );
}

function someMembers(db: DrizzleD1Database, names: readonly string[]) {
  return db.select(memberColumns).from(setMembers).where(inArray(setMembers.name, names));
}

/** The kind of a member's file: installers accept wheels, and any index may have `pure` ones. */
export type FileKind = 'pure' | 'wheel' | 'archive';

export function fileKindOf(filename: string): FileKind {
  if (filename.endsWith('-none-any.whl')) return 'pure';
  return filename.endsWith('.whl') ? 'wheel' : 'archive';
}

/** One version of a package in one kind of file, and the sets that pin it. */
export interface PinnedFile {
  name: string;
  version: string;
  kind: PackageVersion['kind'];
  file: FileKind;
  /** The revisions that published the sets. */
  sets: number[];
}

/** The files that all sets up to a revision pin, by name. */
export async function readPinnedFiles(db: DrizzleD1Database, revision: number): Promise<PinnedFile[]> {
  const { name, version, kind, filename } = setMembers;
  const file = sql<FileKind>`case when ${filename} like '%-none-any.whl' then 'pure'
    when ${filename} like '%.whl' then 'wheel' else 'archive' end`;
  operations.d1++;
  const rows = await db
    .select({ name, version, kind, file: file.as('file'), sets: sql<string>`group_concat(${sets.revision})` })
    .from(setMembers)
    .innerJoin(sets, eq(sets.flag, setMembers.set_flag))
    .where(lte(sets.revision, revision))
    .groupBy(name, version, kind, sql`file`)
    .orderBy(asc(name));
  return rows.map((row) => ({ ...row, sets: row.sets.split(',').map(Number) }));
}
