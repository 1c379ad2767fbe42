/** The catalog's rows in D1: read whole, written one publication at a time. */
import { asc, desc, type SQL, sql } from 'drizzle-orm';
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';
import type { Catalog, Publication } from '../../resolver/index.ts';
import { factsOf, type SealedChange } from '../../resolver/publication.ts';
import type { RegistryDocument } from '../../resolver/schemas.ts';
import { operations } from './operations.ts';
import { insertRows, runTogether, withdrawRows } from './rows.ts';
import { flags, packageLocks, publications, pythons, runtimes, setMembers, sets, yanks } from './schema.ts';

/**
 * The newest entry of the log, from the nearest copy of D1, or from the primary, which has every publication; undefined
 * for an empty registry. It is not checked.
 */
export async function readHead(
  db: D1Database,
  of: 'first-unconstrained' | 'first-primary' = 'first-unconstrained',
): Promise<Publication | undefined> {
  const [head] = await drizzle(db.withSession(of) as unknown as D1Database)
    .select()
    .from(publications)
    .orderBy(desc(publications.revision))
    .limit(1);
  return head && entryOfRow(head);
}

/** An entry without an index has no such field: its digest does not cover one. */
function entryOfRow({ index, ...entry }: typeof publications.$inferSelect): Publication {
  return index === null ? entry : { ...entry, index };
}

/** The whole history of facts, in the order of their publication. Rows are not checked. */
export async function readCatalog(db: DrizzleD1Database): Promise<Catalog> {
  operations.d1++;
  const [log, pythonRows, flagRows, releases, package_locks, setRows, yankRows] = await db.batch([
    db.select().from(publications).orderBy(asc(publications.revision)),
    db.select().from(pythons).orderBy(asc(pythons.revision)),
    db.select().from(flags).orderBy(asc(flags.revision), asc(flags.ordinal)),
    db.select().from(runtimes).orderBy(asc(runtimes.revision)),
    db.select().from(packageLocks).orderBy(asc(packageLocks.revision)),
    db.select().from(sets).orderBy(asc(sets.revision)),
    db.select().from(yanks).orderBy(asc(yanks.revision), asc(yanks.subject)),
  ]);
  return {
    log: log.map(entryOfRow),
    pythons: pythonRows,
    flags: flagRows,
    releases,
    package_locks,
    sets: setRows,
    yanks: yankRows,
  };
}

/** Thrown if D1 has another log than the one that a publication follows. */
export class OtherHead extends Error {}

/** SQLite's error for {@link nextEntry} after another head. */
const NO_DAY = /NOT NULL constraint failed: publications\.published/;

/**
 * Adds one publication and all its rows, or nothing: one batch is one transaction. Throws {@link OtherHead} if
 * the newest entry in D1 is not the one that the publication follows, by its revision and its digest.
 */
export async function writeChange(
  db: D1Database,
  change: SealedChange,
  document: RegistryDocument,
): Promise<void> {
  const { publication, added, withdrawn, stored } = change;
  const { revision } = publication;
  operations.d1++;
  const statements = [
    nextEntry(publication),
    ...withdrawRows(
      pythons,
      'python',
      withdrawn.pythons.map((row) => row.python),
      revision,
    ),
    ...withdrawRows(
      flags,
      'field',
      withdrawn.flags.map((row) => row.field),
      revision,
    ),
    ...withdrawRows(
      runtimes,
      'field',
      withdrawn.releases.map((row) => row.field),
      revision,
    ),
    ...withdrawRows(
      packageLocks,
      'tag',
      withdrawn.package_locks.map((row) => row.tag),
      revision,
    ),
    ...insertRows(pythons, added.pythons),
    ...insertRows(flags, added.flags),
    ...insertRows(runtimes, added.releases),
    ...insertRows(packageLocks, added.package_locks),
    ...withdrawRows(
      yanks,
      sql`subject || ' ' || coalesce(sha256, '')`,
      withdrawn.yanks.map(({ subject, sha256 }) => `${subject} ${sha256 ?? ''}`),
      revision,
    ),
    ...insertRows(sets, added.sets),
    ...insertRows(yanks, added.yanks),
  ];
  const facts = factsOf(document);
  if (facts?.kind === 'set') {
    const members = stored.members.map((row) => ({ set_flag: facts.flag, ...row }));
    statements.push(...insertRows(setMembers, members));
  }
  await runTogether(db, statements).catch((error: unknown) => {
    throw error instanceof Error && NO_DAY.test(error.message)
      ? new OtherHead('the log has another head', { cause: error })
      : error;
  });
}

/** If it does not follow the newest entry, it has no day, and the table rejects it. */
function nextEntry({ published, ...entry }: Publication): SQL {
  const head = entry.previous === null ? null : `${entry.revision - 1} ${entry.previous}`;
  const columns = sql.join(
    Object.keys(entry).map((name) => sql.identifier(name)),
    sql`, `,
  );
  const values = sql.join(
    Object.values(entry).map((value) => sql`${value}`),
    sql`, `,
  );
  return sql`insert into publications (published, ${columns}) values (
    case when (select revision || ' ' || digest from publications order by revision desc limit 1) is ${head}
    then ${published} end, ${values})`;
}
