/**
 * The files of the log in R2, under `log/`: tiles, bundles of entries, and the signed checkpoint. All are derived from
 * the entries in D1, so any request that finds them outdated can update them.
 */
import type { Catalog, Publication } from '../../resolver/index.ts';
import { type Checkpoint, openCheckpoint, signCheckpoint } from '../../resolver/log/checkpoint.ts';
import { entryOf, logTree } from '../../resolver/log/entries.ts';
import { equalHashes, rootAt, type Tree } from '../../resolver/log/merkle.ts';
import { type NoteKey, readSigner, type SigningKey } from '../../resolver/log/note.ts';
import {
  entryBundle,
  hashTile,
  newTiles,
  TILE_WIDTH,
  type TileAddress,
  tilePath,
} from '../../resolver/log/tiles.ts';
import { putHead } from './documents.ts';
import { ifUnchanged, operations, read, StorageUnavailableError } from './operations.ts';

export interface LogStorage {
  STORE: R2Bucket;
  /** The private key of the log, as `PRIVATE+KEY+name+id+key`. */
  LOG_KEY?: string;
}

/** Thrown if a log does not continue the one that was signed before, or if that one cannot be read. */
export class LogForked extends Error {}

let known: { text: string; key: SigningKey } | undefined;

/** The key of the log, read once, or null for a registry that signs nothing. */
export async function signingKey({ LOG_KEY }: Pick<LogStorage, 'LOG_KEY'>): Promise<SigningKey | null> {
  if (!LOG_KEY) return null;
  if (known?.text === LOG_KEY) return known.key;
  const key = await readSigner(LOG_KEY);
  if (!key) throw new StorageUnavailableError('LOG_KEY is not a key of a log: npm run log:key makes one');
  known = { text: LOG_KEY, key };
  return key;
}

/**
 * Writes what R2 lacks of a catalog's log: tiles and entries, then the newest entry, and last the checkpoint, which
 * commits to them, and is signed again when it is a day old: clients can tell from it that a registry is not kept as it
 * was. Never signs a log that does not continue the one signed before.
 */
export async function integrate(storage: LogStorage, catalog: Catalog): Promise<void> {
  const { STORE } = storage;
  const head = catalog.log.at(-1);
  if (!head) return;
  const key = await signingKey(storage);
  const tree = await logTree(catalog.log);
  const before = key && (await readCheckpoint(STORE, key));
  if (before && before.size > tree.size) return;
  if (before && !equalHashes(await rootAt(tree, before.size), before.root)) {
    throw new LogForked(`the log is not the one of which ${before.size} entries were signed, continued`);
  }
  for (const address of newTiles(before?.size ?? 0, tree.size)) {
    operations.r2++;
    await STORE.put(keyOf(tilePath(address)), tileOf(catalog.log, tree, address)!, {
      httpMetadata: { contentType: 'application/octet-stream' },
    });
  }
  operations.r2++;
  await putHead(STORE, head);
  const isNew = before?.size !== tree.size || (before.signed ?? 0) < Date.now() - SIGNED_FOR_MS;
  if (!key || !isNew) return;
  operations.r2++;
  // If two requests update the log at once, an older checkpoint does not replace a newer one.
  await STORE.put(CHECKPOINT, await signCheckpoint(tree, key), {
    httpMetadata: { contentType: 'text/plain; charset=utf-8' },
    onlyIf: ifUnchanged(before),
  });
}

/** The checkpoint that was signed last, or null. Throws {@link LogForked} for one that this key has not signed. */
export async function readCheckpoint(
  store: R2Bucket,
  key: NoteKey,
  reading = read,
): Promise<(Checkpoint & { note: string; etag: string }) | null> {
  const object = await reading(() => store.get(CHECKPOINT));
  if (!object) return null;
  const note = await reading(() => object.text());
  const checkpoint = await openCheckpoint(note, key);
  if (!checkpoint) throw new LogForked('the checkpoint in R2 is not signed by the key of the log');
  return { ...checkpoint, note, etag: object.etag };
}

/** Whether R2 has a signed checkpoint. Not counted. */
export async function wasSigned(store: R2Bucket): Promise<boolean> {
  return (await store.head(CHECKPOINT)) !== null;
}

/** Whether R2 has a tile. */
export async function hasTile(store: R2Bucket, address: TileAddress): Promise<boolean> {
  return (await read(() => store.head(keyOf(tilePath(address))))) !== null;
}

/** A tile, computed from the log; null if the log is too short to have it. */
export function tileOf(
  log: readonly Publication[],
  tree: Tree,
  address: TileAddress,
): Uint8Array<ArrayBuffer> | null {
  const { level, index, width } = address;
  if (level !== 'entries') return hashTile(tree, level, address) as Uint8Array<ArrayBuffer> | null;
  const entries = log.slice(index * TILE_WIDTH, index * TILE_WIDTH + width);
  return entries.length < width ? null : (entryBundle(entries.map(entryOf)) as Uint8Array<ArrayBuffer>);
}

/** Less than the day from one scheduled look to the next. */
const SIGNED_FOR_MS = 20 * 3_600_000;

const CHECKPOINT = 'log/checkpoint';
const keyOf = (path: string) => `log/${path}`;
