/**
 * `npm run backup -- --to FOLDER` and `npm run backup -- --restore FOLDER`: everything that a registry has in D1 and
 * R2, as files. By default of this machine (`--persist FOLDER`), with `--config FILE` of whatever that configuration
 * binds, such as `.wrangler/pinwheel/wrangler.json` after a deployment. Only an empty database is restored into. The
 * key of this machine's log comes along; that of a deployment is a secret of its Worker, and kept apart.
 */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { getPlatformProxy } from 'wrangler';
import { root } from './root.ts';

interface Stored {
  DB: D1Database;
  STORE: R2Bucket;
}

type Row = Record<string, unknown>;

/** An object's metadata in R2. Its SHA-256 is checked when it is restored. */
interface StoredObject {
  key: string;
  sha256: string | null;
  httpMetadata: R2HTTPMetadata | null;
  customMetadata: Record<string, string> | null;
}

/** Tables of SQLite, D1 and wrangler, which a migrated database already has. */
const OTHERS = /^(sqlite_|_cf_|d1_)/;
/** Rows of one statement, each bound as JSON: D1 takes 2 MB. */
const ROWS_AT_ONCE = 500;

async function backUp({ DB, STORE }: Stored, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tables: Record<string, Row[]> = {};
  for (const name of await tablesOf(DB)) {
    tables[name] = (await DB.prepare(`select * from ${name}`).all<Row>()).results;
  }
  await writeFile(join(folder, 'd1.json'), JSON.stringify(tables));
  const objects: StoredObject[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await STORE.list(cursor === undefined ? {} : { cursor });
    for (const { key } of page.objects) {
      const object = await STORE.get(key);
      if (!object) continue;
      const file = join(folder, 'r2', key);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, new Uint8Array(await object.arrayBuffer()));
      objects.push({
        key,
        sha256: object.checksums.toJSON().sha256 ?? null,
        httpMetadata: object.httpMetadata ?? null,
        customMetadata: object.customMetadata ?? null,
      });
    }
    if (!page.truncated) break;
    cursor = page.cursor;
  }
  await writeFile(join(folder, 'r2.json'), JSON.stringify(objects));
}

/** Restores R2 first, because rows in D1 make objects visible. */
async function restore({ DB, STORE }: Stored, folder: string): Promise<void> {
  const known = await DB.prepare('select count(*) as count from publications').first<{ count: number }>();
  if (known?.count) throw new Error('D1 has publications already: restore into a database that has none.');
  for (const { key, sha256, httpMetadata, customMetadata } of JSON.parse(
    await readFile(join(folder, 'r2.json'), 'utf8'),
  ) as StoredObject[]) {
    await STORE.put(key, new Uint8Array(await readFile(join(folder, 'r2', key))), {
      ...(sha256 === null ? {} : { sha256 }),
      ...(httpMetadata === null ? {} : { httpMetadata }),
      ...(customMetadata === null ? {} : { customMetadata }),
    });
  }
  const tables = JSON.parse(await readFile(join(folder, 'd1.json'), 'utf8')) as Record<string, Row[]>;
  const statements = Object.entries(tables).flatMap(([name, rows]) => {
    const columns = Object.keys(rows[0] ?? {});
    const values = columns.map((column) => `json_extract(value, '$.${column}')`).join(', ');
    // A name such as `index` is a word of SQL.
    const names = columns.map((column) => `"${column}"`).join(', ');
    const insert = `insert into ${name} (${names}) select ${values} from json_each(?)`;
    return Array.from({ length: Math.ceil(rows.length / ROWS_AT_ONCE) }, (_, at) =>
      DB.prepare(insert).bind(JSON.stringify(rows.slice(at * ROWS_AT_ONCE, (at + 1) * ROWS_AT_ONCE))),
    );
  });
  // Members refer to sets, and the order of tables is arbitrary.
  await DB.batch([DB.prepare('pragma defer_foreign_keys = on'), ...statements]);
}

const LOG_KEY = 'log-key.txt';

/** A registry that was never started has no key. */
async function copyKey(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await copyFile(join(from, LOG_KEY), join(to, LOG_KEY)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

async function tablesOf(DB: D1Database): Promise<string[]> {
  const tables = await DB.prepare("select name from sqlite_master where type = 'table'").all<{
    name: string;
  }>();
  return tables.results.map(({ name }) => name).filter((name) => !OTHERS.test(name));
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      to: { type: 'string' },
      restore: { type: 'string' },
      config: { type: 'string' },
      persist: { type: 'string', default: join(root, '.wrangler/state/v3') },
    },
  });
  const { to, restore: from, config, persist } = values;
  if ((to === undefined) === (from === undefined)) {
    console.error('pinwheel: npm run backup -- --to FOLDER, or npm run backup -- --restore FOLDER');
    process.exit(2);
  }
  const proxy = await getPlatformProxy<Stored & Row>({
    configPath: config ?? join(root, 'wrangler.toml'),
    persist: { path: persist },
  });
  try {
    if (to !== undefined) await backUp(proxy.env, to);
    else await restore(proxy.env, from!);
    if (config === undefined) await (to === undefined ? copyKey(from!, persist) : copyKey(persist, to));
    console.log(`pinwheel: ${to === undefined ? `restored from ${from}` : `kept in ${to}`}`);
  } catch (error) {
    console.error(`pinwheel: ${(error as Error).message}`);
    process.exitCode = 1;
  } finally {
    await proxy.dispose();
  }
}
