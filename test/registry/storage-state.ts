/** What D1 and R2 of this workerd hold: emptied between files, kept under a name, and brought back. */
import { env } from 'cloudflare:workers';

interface KeptObject {
  key: string;
  bytes: ArrayBuffer;
  options: R2PutOptions;
}

/** Objects of R2 by the name under which they are kept; rows of D1 are in tables of that name. */
const kept = new Map<string, KeptObject[]>();
/** The modules of a file end with it. */
const shared = globalThis as { keptObjects?: typeof kept };
shared.keptObjects ??= kept;

export async function emptyStorage(): Promise<void> {
  await Promise.all([onTables((name) => `delete from ${name}`), emptyBucket()]);
}

export async function keepStorage(as: string): Promise<void> {
  await onTables((name) => `create table kept_${as}_${name} as select * from ${name}`);
  const { objects, truncated } = await env.STORE.list();
  if (truncated) throw new Error('R2 has more objects than one list names.');
  const all = objects.map(async ({ key }): Promise<KeptObject> => {
    const object = (await env.STORE.get(key))!;
    const { httpMetadata, customMetadata } = object;
    const { sha256 } = object.checksums.toJSON();
    const options = { httpMetadata, customMetadata, ...(sha256 && { sha256 }) } as R2PutOptions;
    return { key, bytes: await object.arrayBuffer(), options };
  });
  shared.keptObjects!.set(as, await Promise.all(all));
}

/** Into an empty D1 and R2. @returns whether something is kept under that name */
export async function restoreStorage(as: string): Promise<boolean> {
  const objects = shared.keptObjects!.get(as);
  if (!objects) return false;
  await onTables((name) => `insert into ${name} select * from kept_${as}_${name}`);
  await Promise.all(objects.map(({ key, bytes, options }) => env.STORE.put(key, bytes, options)));
  return true;
}

/** All but those of SQLite, D1 and wrangler, and those that are kept. */
const TABLES = `select name from sqlite_master where type = 'table'
  and not (name glob 'sqlite_*' or name glob '_cf_*' or name glob 'kept_*' or name = 'd1_migrations')`;

async function onTables(statementOf: (name: string) => string): Promise<void> {
  const { results } = await env.DB.prepare(TABLES).all<{ name: string }>();
  const statements = results.map(({ name }) => env.DB.prepare(statementOf(name)));
  await env.DB.batch([env.DB.prepare('pragma defer_foreign_keys = on'), ...statements]);
}

async function emptyBucket(): Promise<void> {
  const { objects, truncated } = await env.STORE.list();
  await env.STORE.delete(objects.map(({ key }) => key));
  if (truncated) await emptyBucket();
}
