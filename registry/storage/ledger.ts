/** The ledger of publications in D1, written one at a time, and the index of pins beside it. */

import {
  asc,
  eq,
  getTableColumns,
  getTableName,
  gt,
  type InferInsertModel,
  type SQL,
  sql,
} from 'drizzle-orm';
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';
import { SQLiteAsyncDialect, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { PackageSet, Publication } from '../../resolver/index.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import { operations } from './operations.ts';
import { pins, publications } from './schema.ts';

/**
 * The newest entry of the ledger, from the nearest copy of D1, or from the primary, which has every publication;
 * undefined for an empty registry. It is not checked.
 */
export async function readHead(
  db: D1Database,
  of: 'first-unconstrained' | 'first-primary' = 'first-unconstrained',
): Promise<Publication | undefined> {
  // As text, because requests wait for it: drizzle would make the query anew each time.
  const head = await db
    .withSession(of)
    .prepare('select * from publications order by revision desc limit 1')
    .first<typeof publications.$inferSelect>();
  return head === null ? undefined : entryOfRow(head);
}

/** The entries after a revision, from the primary. They are not checked. */
export async function readEntries(db: D1Database, after: number): Promise<Publication[]> {
  operations.d1++;
  const rows = await drizzle(db.withSession('first-primary') as unknown as D1Database)
    .select()
    .from(publications)
    .where(gt(publications.revision, after))
    .orderBy(asc(publications.revision));
  return rows.map(entryOfRow);
}

const entryOfRow = ({ publisher, ...entry }: typeof publications.$inferSelect): Publication =>
  publisher === null ? entry : { ...entry, publisher };

/** Thrown if D1 has another log than the one that a publication follows. */
export class OtherHead extends Error {}

/** SQLite's error for {@link nextEntry} after another head. */
const NO_DAY = /NOT NULL constraint failed: publications\.day/;

/**
 * Adds one publication and the pins of its set, or nothing: one batch is one transaction. Throws {@link OtherHead} if
 * the newest entry in D1 is not the one that the publication follows.
 */
export async function writePublication(
  db: D1Database,
  publication: Publication,
  previous: Publication | undefined,
  set: PackageSet | null,
): Promise<void> {
  operations.d1++;
  const statements = [nextEntry(publication, previous), ...(set ? pinsOfSet(set) : [])];
  await runTogether(db, statements).catch((error: unknown) => {
    throw error instanceof Error && NO_DAY.test(error.message)
      ? new OtherHead('the log has another head', { cause: error })
      : error;
  });
}

/** Writes the pins of a set again, from its document. */
export async function writePins(db: D1Database, set: Parameters<typeof pinsOf>[0]): Promise<void> {
  operations.d1++;
  await runTogether(db, [sql`delete from pins where set_flag = ${set.flag}`, ...pinsOfSet(set)]);
}

/** The pins of a set in D1, in the order of {@link pinsOf}. */
export async function readPins(db: DrizzleD1Database, flag: string): Promise<Pin[]> {
  operations.d1++;
  return db.select().from(pins).where(eq(pins.set_flag, flag)).orderBy(pins.name);
}

/** The number of pins in D1. This look is not counted. */
export const countAllPins = async (db: DrizzleD1Database): Promise<number> => db.$count(pins);

/** The number of pins in D1 of each set. */
export async function countPins(db: DrizzleD1Database): Promise<Map<string, number>> {
  operations.d1++;
  const rows = await db
    .select({ flag: pins.set_flag, count: sql<number>`count(*)` })
    .from(pins)
    .groupBy(pins.set_flag);
  return new Map(rows.map(({ flag, count }) => [flag, count]));
}

type Pin = typeof pins.$inferSelect;

/** The pins that a set's document names, by name. */
export function pinsOf({ flag, packages }: Pick<PackageSet, 'flag' | 'packages'>): Pin[] {
  const rows = packages.map(({ name, version, filename, sha256 }) => ({
    set_flag: flag,
    ...{ name, version, filename, sha256 },
  }));
  return sortedBy(rows, ({ name }) => name);
}

const pinsOfSet = (set: Parameters<typeof pinsOf>[0]): SQL[] => insertRows(pins, pinsOf(set));

/** The entry to insert. If it does not follow the newest one, it has no day, and the table rejects it. */
function nextEntry({ day, ...entry }: Publication, previous: Publication | undefined): SQL {
  const head = previous ? `${previous.revision} ${previous.root}` : null;
  const columns = sql.join(
    Object.keys(entry).map((name) => sql.identifier(name)),
    sql`, `,
  );
  const values = sql.join(
    Object.values(entry).map((value) => sql`${value}`),
    sql`, `,
  );
  return sql`insert into publications (day, ${columns}) values (
    case when (select revision || ' ' || root from publications order by revision desc limit 1) is ${head}
    then ${day} end, ${values})`;
}

/** Statements that leave these rows in a table, and no others. */
export function replacedRows<Table extends SQLiteTable>(
  table: Table,
  rows: readonly InferInsertModel<Table>[],
): SQL[] {
  const pieces = Array.from({ length: Math.ceil(rows.length / ROWS_AT_ONCE) }, (_, at) =>
    insertRows(table, rows.slice(at * ROWS_AT_ONCE, (at + 1) * ROWS_AT_ONCE)),
  );
  return [sql`delete from ${sql.identifier(getTableName(table))}`, ...pieces.flat()];
}

/** Rows of one statement, bound as JSON: D1 takes 2 MB. */
const ROWS_AT_ONCE = 1_000;

/** An insert of all `rows`, bound as one JSON parameter that SQLite parses; nothing for no rows. */
export function insertRows<Table extends SQLiteTable>(table: Table, rows: InferInsertModel<Table>[]): SQL[] {
  if (rows.length === 0) return [];
  const columns = Object.values(getTableColumns(table)).map((column) => column.name);
  const names = sql.join(
    columns.map((name) => sql.identifier(name)),
    sql`, `,
  );
  const values = sql.join(
    columns.map((name) => sql`json_extract(value, ${sql.raw(`'$.${name}'`)})`),
    sql`, `,
  );
  const target = sql.identifier(getTableName(table));
  return [sql`insert into ${target} (${names}) select ${values} from json_each(${JSON.stringify(rows)})`];
}

const dialect = new SQLiteAsyncDialect();

/** Runs statements in one transaction. (Drizzle's own batch on D1 accepts no raw SQL with parameters.) */
export async function runTogether(db: D1Database, statements: readonly SQL[]): Promise<void> {
  await db.batch(
    statements.map((statement) => {
      const { sql: text, params } = dialect.sqlToQuery(statement);
      return db.prepare(text).bind(...params);
    }),
  );
}
