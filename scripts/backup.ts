/**
 * `npm run backup -- --to FOLDER` and `npm run backup -- --restore FOLDER`: everything that a registry has in D1 and
 * R2, as files. By default of this machine (`--persist FOLDER`), with `--config FILE` of whatever that configuration
 * binds, such as `.wrangler/pinwheel/wrangler.json` after a deployment. Only an empty database is restored into. The
 * key of this machine's log comes along; that of a deployment is a secret of its Worker, and kept apart.
 */

import { hash } from 'node:crypto';
import { copyFile, link, mkdir, readdir, readFile, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { bytes as sizeText } from '../cli/common/text.ts';
import { readHead } from '../registry/storage/ledger.ts';
import { listObjects, within } from '../registry/storage/operations.ts';
import { HEAD } from '../registry/storage/signed-head.ts';
import type { NewestIndex } from '../resolver/catalog.ts';
import { openCheckpoint, readSigner } from '../resolver/log/note.ts';
import { orUsage, showSteps } from './command.ts';
import { readKey, writeKey } from './kept-key.ts';
import { migrate } from './migrate.ts';
import { STORED_OPTIONS, type Stored, withStored } from './stored.ts';

const USAGE = `npm run backup -- --to FOLDER        keep D1 and R2, in a new folder
npm run backup -- --restore FOLDER   restore them where nothing is published

  --since FOLDER     of an earlier backup, whose objects are not read again
  --persist FOLDER   of the registry on this machine, by default of npm start
  --config FILE      instead, what this configuration binds, such as
                     .wrangler/pinwheel/wrangler.json, of npm run deploy`;

type Row = Record<string, unknown>;

/** An object in R2: the digest of its bytes, which is checked when it is restored, and its metadata. */
interface StoredObject {
  key: string;
  /** R2's, by which a later backup knows that it has the object. */
  etag: string;
  sha256: string;
  /** Whether R2 has the SHA-256 as a checksum. */
  checksum: boolean;
  httpMetadata: R2HTTPMetadata | null;
  customMetadata: Record<string, string> | null;
}

/** The manifest is written last: a folder without one has no whole backup. */
interface Manifest {
  /** The SHA-256 of the tables. */
  d1: string;
  r2: StoredObject[];
}

const [TABLES, MANIFEST] = ['d1.json', 'backup.json'];

/** Tables of SQLite, D1 and wrangler, which a migrated database already has. */
const OTHERS = /^(sqlite_|_cf_|d1_)/;
/** Rows of one statement, each bound as JSON: D1 takes 2 MB. */
const ROWS_AT_ONCE = 500;
/** Bytes on a disk for each byte of JSON while tables are written, with their indexes and the journal. */
const BYTES_OF_TABLES = 3;
/** The longest that R2 may take for one object: on a full disk, workerd never answers. */
const PATIENCE_MS = 300_000;

/**
 * Reads first the head of the log, then D1, and last the objects, none of which is ever replaced: whatever is published
 * meanwhile, what the head leads to and the documents of the ledger are among them.
 *
 * @param state the folder of this machine's registry, of which the key comes along
 * @param since an earlier backup, whose files are linked
 */
export async function backUp(
  { DB, STORE }: Stored,
  folder: string,
  state?: string,
  since?: string,
  onProgress: (step: string) => void = () => {},
): Promise<void> {
  const before = since === undefined ? [] : (await readManifest(since).catch(brokenIn(since))).r2;
  const names = await tablesOf(DB);
  const head = names.includes('publications') ? await readHead(DB) : undefined;
  if (!head) throw new Error('D1 has no publications: there is nothing to keep.');
  await mkdir(folder, { recursive: true });
  // An interruption would leave a mixture of two backups.
  if ((await readdir(folder)).length > 0) {
    throw new Error(`${folder} is not empty: give a folder that does not exist yet.`);
  }
  const signed = await STORE.get(HEAD);
  // A batch is one transaction.
  const read = await DB.batch<Row>(names.map((name) => DB.prepare(`select * from ${name}`)));
  const tables = Object.fromEntries(names.map((name, at) => [name, read[at]!.results]));
  const d1 = JSON.stringify(tables);
  // Fails if another backup has begun there meanwhile.
  await write(join(folder, TABLES), d1, 'wx');
  const objects: StoredObject[] = [];
  const keep = async (object: R2ObjectBody) => {
    const bytes = new Uint8Array(await object.arrayBuffer());
    await write(fileOf(folder, object), bytes);
    objects.push({
      ...{ key: object.key, etag: object.etag, sha256: hash('sha256', bytes) },
      checksum: object.checksums.sha256 !== undefined,
      httpMetadata: object.httpMetadata ?? null,
      customMetadata: object.customMetadata ?? null,
    });
  };
  if (signed) await keep(signed);
  const kept = new Map(before.map((object) => [object.key, object]));
  const listed: R2Object[] = [];
  for await (const object of listObjects(STORE)) listed.push(object);
  for (const [at, { key, etag }] of listed.entries()) {
    onProgress(`keeping objects ${at + 1} of ${listed.length}`);
    if (key === HEAD) continue;
    const known = kept.get(key);
    if (known?.etag === etag && (await linkFrom(since!, folder, known))) objects.push(known);
    else {
      const object = await STORE.get(key);
      if (object) await keep(object);
    }
  }
  const logKey = state === undefined ? null : await readKey(join(state, LOG_KEY));
  if (logKey !== null) await writeKey(join(folder, LOG_KEY), logKey);
  const manifest: Manifest = { d1: hash('sha256', d1), r2: objects };
  await write(join(folder, MANIFEST), JSON.stringify(manifest));
}

/** In the folder of a backup. */
const pathOf = ({ key }: { key: string }) => join('r2', key);
const fileOf = (folder: string, object: { key: string }) => join(folder, pathOf(object));

/** Whether an earlier backup has the object whole, whose file is linked then, or copied to another disk. */
async function linkFrom(since: string, folder: string, object: StoredObject): Promise<boolean> {
  const [from, to] = [fileOf(since, object), fileOf(folder, object)];
  const bytes = await readFile(from).catch(() => null);
  if (bytes === null || hash('sha256', bytes) !== object.sha256) return false;
  await mkdir(dirname(to), { recursive: true });
  await link(from, to).catch(() => copyFile(from, to));
  return true;
}

/**
 * Restores R2 first, because rows in D1 make objects visible, and nothing of a backup that was changed.
 * @param state the folder of this machine's registry, which gets the key
 */
export async function restore(
  { DB, STORE }: Stored,
  folder: string,
  state?: string,
  patienceMs = PATIENCE_MS,
  onProgress: (step: string) => void = () => {},
): Promise<void> {
  const { tables, objects } = await readBackup(folder, state);
  await migrate(DB);
  if (await readHead(DB)) {
    throw new Error('D1 has publications already: restore into a database that has none.');
  }
  if (state !== undefined) await restoreKey(folder, join(state, LOG_KEY));
  for (const [at, { key, sha256, checksum, httpMetadata, customMetadata }] of objects.entries()) {
    onProgress(`restoring objects ${at + 1} of ${objects.length}`);
    const put = STORE.put(key, new Uint8Array(await readFile(fileOf(folder, { key }))), {
      ...(checksum ? { sha256 } : {}),
      ...(httpMetadata === null ? {} : { httpMetadata }),
      ...(customMetadata === null ? {} : { customMetadata }),
    });
    await within(put, patienceMs).catch((cause: Error) => {
      const fix = 'Nothing is published yet. Run it again when there is space.';
      throw new Error(`${key} could not be restored into R2: ${cause.message}. ${fix}`, { cause });
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
  await DB.batch(statements).catch((cause: Error) => {
    const problem = `${folder} could not be restored into the tables of this version of Pinwheel`;
    throw new Error(`${problem}: ${cause.message}`, { cause });
  });
}

/** Throws an error that says what a backup lacks, or what of it was changed. */
export async function expectWhole(folder: string): Promise<void> {
  await readBackup(folder, undefined);
}

/** @param state the folder that has to have space for it, if it is on this machine */
async function readBackup(
  folder: string,
  state: string | undefined,
): Promise<{ tables: Record<string, Row[]>; objects: StoredObject[] }> {
  const isBroken = brokenIn(folder);
  const { d1, r2: objects } = await readManifest(folder).catch(isBroken);
  const digests = new Map([
    [TABLES, d1],
    ...objects.map((object) => [pathOf(object), object.sha256] as const),
  ]);
  if (state !== undefined) await expectSpace(state, await spaceOf(folder, digests.keys()).catch(isBroken));
  const verified = async (path: string) => {
    const content = await readFile(join(folder, path)).catch(isBroken);
    return hash('sha256', content) === digests.get(path)
      ? content
      : isBroken(new Error(`${path} was changed`));
  };
  const tables = JSON.parse((await verified(TABLES)).toString());
  for (const object of objects) await verified(pathOf(object));
  return { tables, objects };
}

const brokenIn =
  (folder: string) =>
  (cause: Error): never => {
    throw new Error(`${folder} has no whole backup: ${cause.message}`, { cause });
  };

const readManifest = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, MANIFEST), 'utf8'));

/** Bytes that the files of a backup take where it is restored. */
async function spaceOf(folder: string, paths: Iterable<string>): Promise<number> {
  let space = 0;
  for (const path of paths) {
    space += (await stat(join(folder, path))).size * (path === TABLES ? BYTES_OF_TABLES : 1);
  }
  return space;
}

async function expectSpace(state: string, needed: number): Promise<void> {
  await mkdir(state, { recursive: true });
  const { bavail, bsize } = await statfs(state);
  if (needed <= bavail * bsize) return;
  throw new Error(
    `The backup needs ${sizeText(needed)}, but ${state} has space for ${sizeText(bavail * bsize)}.`,
  );
}

async function write(file: string, content: string | Uint8Array, flag = 'w'): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content, { flag });
  } catch (cause) {
    throw new Error(`${file} could not be written: ${(cause as Error).message}`, { cause });
  }
}

const LOG_KEY = 'log-key.txt';

/**
 * Puts the key of a backup into `file`, unless a key is there already: the log goes on only with the one that signed it.
 */
export async function restoreKey(folder: string, file: string): Promise<void> {
  const kept = await readKey(file);
  const text = kept ?? (await readKey(join(folder, LOG_KEY)));
  const checkpoint = await checkpointOf(folder);
  const key = text === null ? null : await readSigner(text.trim());
  if (checkpoint !== null && !(key && (await openCheckpoint(checkpoint, key)))) {
    const [name] = checkpoint.split('\n');
    const other = kept === null ? '' : ` ${file} has another key.`;
    throw new Error(
      `The log of ${folder} goes on only with its own key, of ${name}. Copy that to ${join(folder, LOG_KEY)}.${other}`,
    );
  }
  if (kept === null && text !== null) await writeKey(file, text);
}

/** The checkpoint of the log in a backup; null if it was never signed. */
export const checkpointOf = (folder: string): Promise<string | null> =>
  readFile(fileOf(folder, { key: HEAD }), 'utf8').then(
    (text) => (JSON.parse(text) as NewestIndex).checkpoint,
    () => null,
  );

async function tablesOf(DB: D1Database): Promise<string[]> {
  const tables = await DB.prepare("select name from sqlite_master where type = 'table'").all<{
    name: string;
  }>();
  return tables.results.map(({ name }) => name).filter((name) => !OTHERS.test(name));
}

if (import.meta.main) {
  const given = orUsage(USAGE, () => {
    const folders = {
      to: { type: 'string' },
      restore: { type: 'string' },
      since: { type: 'string' },
    } as const;
    const { values } = parseArgs({ options: { ...folders, ...STORED_OPTIONS } });
    if (values.since !== undefined && values.to === undefined) throw new Error('--since needs --to.');
    if ((values.to === undefined) === (values.restore === undefined)) {
      throw new Error('Give either --to or --restore.');
    }
    return values;
  });
  const { to, restore: from, since, config, persist } = given;
  const state = config === undefined ? persist : undefined;
  const { show, end } = showSteps();
  await withStored(given, async (stored) => {
    if (to === undefined) await restore(stored, from!, state, PATIENCE_MS, show).finally(end);
    else {
      const keeping = backUp(stored, to, state, since, show).finally(end);
      await keeping.catch((cause: Error) => {
        throw new Error(`The backup of ${config ?? persist}: ${cause.message}`, { cause });
      });
    }
    console.log(`pinwheel: ${to === undefined ? `restored from ${from}` : `kept in ${to}`}`);
  });
}
