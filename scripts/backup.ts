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
import { readHead } from '../registry/storage/catalog.ts';
import { migrate } from './local-registry.ts';
import { orUsage } from './options.ts';
import { root } from './root.ts';

const USAGE = `npm run backup -- --to FOLDER        keeps what a registry has in D1 and R2
npm run backup -- --restore FOLDER   restores it into a registry that has nothing yet

  --persist FOLDER   of the registry on this machine; by default that of npm start
  --config FILE      instead, what this configuration binds, such as .wrangler/pinwheel/wrangler.json`;

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

export async function backUp({ DB, STORE }: Stored, folder: string): Promise<void> {
  const names = await tablesOf(DB);
  const head = names.includes('publications') ? await readHead(DB) : undefined;
  if (!head) throw new Error('D1 has no publications: there is nothing to keep.');
  await mkdir(folder, { recursive: true });
  const tables: Record<string, Row[]> = {};
  for (const name of names) {
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
  if ((await readHead(DB))?.digest !== head.digest) {
    throw new Error(
      'Something was published meanwhile, so that the tables and objects do not agree. Run it again.',
    );
  }
}

/** Restores R2 first, because rows in D1 make objects visible. */
export async function restore({ DB, STORE }: Stored, folder: string): Promise<void> {
  const [tables, objects] = (await Promise.all(
    ['d1.json', 'r2.json'].map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8'))),
  ).catch((cause: Error) => {
    throw new Error(`${folder} has no whole backup: ${cause.message}`, { cause });
  })) as [Record<string, Row[]>, StoredObject[]];
  await migrate(DB);
  if (await readHead(DB)) {
    throw new Error('D1 has publications already: restore into a database that has none.');
  }
  for (const { key, sha256, httpMetadata, customMetadata } of objects) {
    await STORE.put(key, new Uint8Array(await readFile(join(folder, 'r2', key))), {
      ...(sha256 === null ? {} : { sha256 }),
      ...(httpMetadata === null ? {} : { httpMetadata }),
      ...(customMetadata === null ? {} : { customMetadata }),
    });
  }
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
  const {
    to,
    restore: from,
    config,
    persist,
  } = orUsage(
    USAGE,
    () =>
      parseArgs({
        options: {
          to: { type: 'string' },
          restore: { type: 'string' },
          config: { type: 'string' },
          persist: { type: 'string', default: join(root, '.wrangler/state/v3') },
        },
      }).values,
  );
  if ((to === undefined) === (from === undefined)) {
    console.error(`pinwheel: Give either --to or --restore.\n\n${USAGE}`);
    process.exit(2);
  }
  const proxy = await getPlatformProxy<Stored & Row>({
    configPath: config ?? join(root, 'wrangler.toml'),
    persist: { path: persist },
  });
  try {
    if (to === undefined) await restore(proxy.env, from!);
    else {
      await backUp(proxy.env, to).catch((cause: Error) => {
        throw new Error(`${config ?? persist}: ${cause.message}`, { cause });
      });
    }
    if (config === undefined) await (to === undefined ? copyKey(from!, persist) : copyKey(persist, to));
    console.log(`pinwheel: ${to === undefined ? `restored from ${from}` : `kept in ${to}`}`);
  } catch (error) {
    console.error(`pinwheel: ${(error as Error).message}`);
    process.exitCode = 1;
  } finally {
    await proxy.dispose();
  }
}
