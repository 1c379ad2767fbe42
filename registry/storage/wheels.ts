/**
 * Files in R2, and the rows of D1 that list them. R2 itself guards every write of a file's bytes: it
 * accepts them only if they hash to the key, shows nothing before it has them all, and stores the hash that it checked.
 * An object without that hash was written by somebody else, and is never served. Answers are made from R2 alone.
 */
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';
import type { PreparedSet } from '../../resolver/closure/prepare.ts';
import { type Metadata, readMetadata } from '../../resolver/wheels/read-metadata.ts';
import { logError, logWarning } from '../structured-log.ts';
import {
  listObjects,
  operations,
  read,
  readBody,
  StorageUnavailableError,
  within,
  write,
} from './operations.ts';
import { wheels } from './schema.ts';

/** R2's code for bytes that do not have the expected hash. */
const BAD_DIGEST = /\(10037\)/;

/** Metadata that is stored with a file's bytes. */
export interface WheelOrigin {
  sha256: string;
  filename: string;
  /** The source of the bytes; null for a Pinwheel-built wheel. */
  url: string | null;
}

/** Thrown for bytes other than the pinned ones; the message is R2's, with both hashes. */
export class OtherBytes extends Error {}

/** The object of a file, or null if it is missing or was not checked by R2. */
export async function headWheel(store: R2Bucket, hash: string): Promise<R2Object | null> {
  return soundOrNull(await read(() => store.head(wheelKey(hash))), hash);
}

export async function getWheel(store: R2Bucket, hash: string, range?: R2Range): Promise<R2ObjectBody | null> {
  const object = await read(() => store.get(wheelKey(hash), range ? { range } : {}));
  const sound = soundOrNull(object, hash);
  if (object && !sound) await object.body.cancel();
  return sound;
}

/** Bytes of a file from `offset` on; fewer at its end. */
async function readWheelRange(
  store: R2Bucket,
  hash: string,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const object = await getWheel(store, hash, { offset, length });
  if (!object) throw new StorageUnavailableError('a wheel went missing from R2 while it was read');
  return new Uint8Array(await readBody(() => object.arrayBuffer()));
}

/**
 * Stores a file's bytes, from memory or from a stream of known length. Throws {@link OtherBytes} if they do not hash to
 * `sha256`. Then, and if the stream fails, nothing is stored.
 */
export async function putWheel(
  store: R2Bucket,
  { sha256: hash, filename, url }: WheelOrigin,
  bytes: ReadableStream | Uint8Array,
): Promise<R2Object> {
  try {
    operations.r2++;
    return await store.put(wheelKey(hash), bytes, {
      sha256: hash,
      customMetadata: url === null ? { filename } : { filename, url },
    });
  } catch (error) {
    if (error instanceof Error && BAD_DIGEST.test(error.message)) throw new OtherBytes(error.message);
    throw new StorageUnavailableError('a wheel could not be stored in R2', { cause: error });
  }
}

/** Removes a file's bytes that do not match the hash in R2. */
export async function deleteWheel(store: R2Bucket, hash: string): Promise<void> {
  operations.r2++;
  await store.delete(wheelKey(hash));
}

/** The end of a wheel, which mostly has its directory and METADATA. */
const TAIL_BYTES = 128 * 1024;

/**
 * A wheel's METADATA with the size of the wheel, from the bytes that R2 has checked: a copy, or what D1 says of it, could
 * be changed. Null if R2 does not have the wheel.
 */
export async function readStoredMetadata(
  store: R2Bucket,
  hash: string,
): Promise<{ size: number; metadata: Metadata } | null> {
  const object = await headWheel(store, hash);
  if (!object) return null;
  const { size } = object;
  const start = Math.max(0, size - TAIL_BYTES);
  let tail: Uint8Array | undefined;
  const metadata = await readMetadata(size, async (offset, length) => {
    if (offset < start) return readWheelRange(store, hash, offset, length);
    tail ??= await readWheelRange(store, hash, start, size - start);
    return tail.slice(offset - start, offset - start + length);
  });
  return { size, metadata };
}

function soundOrNull<Found extends R2Object>(object: Found | null, hash: string): Found | null {
  if (!object || checkedHash(object) === hash) return object;
  logError(`${wheelKey(hash)} in R2 is corrupted: it was stored with the hash ${checkedHash(object)}`);
  return null;
}

/** The SHA-256 with which R2 checked an object when it was stored. */
export function checkedHash({ checksums }: R2Object): string | undefined {
  return checksums.toJSON().sha256;
}

/** The files among these that R2 should have, by D1. */
export async function storedAmong(db: D1Database, sha256s: readonly string[]): Promise<ReadonlySet<string>> {
  operations.d1++;
  // As text, because pages wait for it. One parameter for all hashes: D1 binds at most a hundred in a statement.
  const { results } = await db
    .prepare('select sha256 from wheels where sha256 in (select value from json_each(?))')
    .bind(JSON.stringify(sha256s))
    .all<{ sha256: string }>();
  return new Set(results.map(({ sha256 }) => sha256));
}

export interface StoredFiles {
  files: number;
  stored: string[];
}

/** The files of a set that are stored, by D1. */
export async function storedOf(
  { DB }: { DB: D1Database },
  { members }: Pick<PreparedSet, 'members'>,
): Promise<StoredFiles> {
  const files = [...new Set(members.map(({ sha256 }) => sha256))];
  const stored = await within(storedAmong(DB, files)).catch((cause: unknown) => {
    throw new StorageUnavailableError('D1 could not be read', { cause });
  });
  return { files: files.length, stored: files.filter((sha256) => stored.has(sha256)) };
}

/** The number of files that are stored, by D1. This look is not counted. */
export const countStored = async (db: DrizzleD1Database): Promise<number> => db.$count(wheels);

/** Records that a file is stored. */
export async function writeWheelRow(db: DrizzleD1Database, row: typeof wheels.$inferInsert): Promise<void> {
  operations.d1++;
  await db.insert(wheels).values(row).onConflictDoUpdate({ target: wheels.sha256, set: row });
}

/** Stores a file's bytes in R2, and its row in D1. */
export async function storeFile(
  { DB, STORE }: { DB: D1Database; STORE: R2Bucket },
  { sha256, filename, url }: WheelOrigin,
  bytes: Uint8Array,
): Promise<void> {
  const { size } = await putWheel(STORE, { sha256, filename, url }, bytes);
  await writeWheelRow(drizzle(DB), { sha256, filename, url, size });
}

const WHEELS = 'wheels/';
const wheelKey = (hash: string) => WHEELS + hash;

/** The rows of all files that R2 has, from what is stored with their bytes. */
export async function listWheels(store: R2Bucket): Promise<(typeof wheels.$inferSelect)[]> {
  const rows: (typeof wheels.$inferSelect)[] = [];
  for await (const object of listObjects(store, { prefix: WHEELS, include: ['customMetadata'] })) {
    const hash = object.key.slice(WHEELS.length);
    const { filename, url = null } = object.customMetadata ?? {};
    if (filename && soundOrNull(object, hash)) rows.push({ sha256: hash, filename, size: object.size, url });
  }
  return rows;
}

/** The folder in R2 of bytes that are laid aside for some minutes. */
export const INCOMING = 'incoming/';

/** The smallest part of a multipart upload that R2 accepts; all but the last have this size. */
const PART_BYTES = 5 * 1024 * 1024;

/**
 * Stores a file's bytes from a source of unknown length. R2 streams only bytes of known length, so they are first
 * uploaded in parts, one at a time, under a key that nothing reads. If the source throws, nothing is left. If the
 * isolate dies, there remains an upload, which R2 deletes after a week, or, just before the end, an object under
 * `incoming/`.
 */
export async function putWheelInParts(
  store: R2Bucket,
  origin: WheelOrigin,
  pieces: AsyncIterable<Uint8Array>,
): Promise<R2Object> {
  const aside = INCOMING + crypto.randomUUID();
  const small = await layAside(store, aside, pieces);
  if (small) return putWheel(store, origin, small);
  try {
    const object = await read(() => store.get(aside));
    if (!object) throw new StorageUnavailableError('R2 has lost what was laid aside');
    return await putWheel(store, origin, object.body);
  } finally {
    await store.delete(aside).catch((cause: unknown) => logWarning(`${aside} could not be removed`, cause));
  }
}

/** Stores all bytes under `key`; if they fit into one part, returns them instead. */
async function layAside(
  store: R2Bucket,
  key: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<Uint8Array | undefined> {
  const part = new Uint8Array(PART_BYTES);
  let filled = 0;
  const uploaded: R2UploadedPart[] = [];
  let upload: R2MultipartUpload | undefined;
  try {
    for await (const piece of pieces) {
      for (let at = 0; at < piece.length; ) {
        if (filled === PART_BYTES) {
          upload ??= await write(() => store.createMultipartUpload(key));
          uploaded.push(await uploadPart(upload, uploaded.length + 1, part));
          filled = 0;
        }
        const taken = piece.subarray(at, at + PART_BYTES - filled);
        part.set(taken, filled);
        filled += taken.length;
        at += taken.length;
      }
    }
    const last = part.subarray(0, filled);
    if (!upload) return last;
    uploaded.push(await uploadPart(upload, uploaded.length + 1, last));
    const whole = upload;
    await write(() => whole.complete(uploaded));
  } catch (error) {
    await upload?.abort().catch((cause: unknown) => logWarning('an upload could not be ended', cause));
    throw error;
  }
}

function uploadPart(upload: R2MultipartUpload, number: number, bytes: Uint8Array): Promise<R2UploadedPart> {
  return write(() => upload.uploadPart(number, bytes));
}
