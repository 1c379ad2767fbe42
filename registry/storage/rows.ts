/** Writes many rows in one statement, within D1's limits on statements and bound parameters. */
import { getTableColumns, getTableName, type InferInsertModel, type SQL, sql } from 'drizzle-orm';
import { SQLiteAsyncDialect, type SQLiteTable } from 'drizzle-orm/sqlite-core';

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
