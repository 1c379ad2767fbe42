/** The tables of D1, as this version of Pinwheel has them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './root.ts';

/**
 * Applies the migrations that wrangler has not applied, and records them in wrangler's table, so that both can migrate.
 *
 * @param folder the folder of `db`, if it is not in memory
 */
export async function migrate(db: D1Database, folder?: string): Promise<void> {
  await db
    .prepare(
      `create table if not exists d1_migrations (id integer primary key autoincrement, name text unique,
       applied_at timestamp default current_timestamp not null)`,
    )
    .run();
  const applied = await db.prepare('select name from d1_migrations').all<{ name: string }>();
  const done = new Set(applied.results.map((row) => row.name));
  const migrations = join(root, 'registry/storage/migrations');
  const files = (await readdir(migrations)).filter((name) => name.endsWith('.sql')).sort();
  const other = [...done].find((name) => !files.includes(name));
  if (other !== undefined) {
    const [what, fix] =
      folder === undefined
        ? ['D1', 'Use that version']
        : [`the data in ${folder}`, 'Delete that folder and start again'];
    const problem = `was made by another version of Pinwheel, whose tables were different (${other})`;
    throw new Error(`${what} ${problem}. ${fix}`);
  }
  for (const name of files.filter((file) => !done.has(file))) {
    const statements = (await readFile(join(migrations, name), 'utf8')).split('--> statement-breakpoint');
    await db.batch([
      ...statements.map((statement) => db.prepare(statement)),
      db.prepare('insert into d1_migrations (name) values (?)').bind(name),
    ]);
  }
}
