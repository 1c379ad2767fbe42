/**
 * Files and their METADATA in R2. R2 itself guards every write of a file's bytes: it accepts them only if they hash to
 * the key, shows nothing before it has them all, and stores the hash that it checked. An object without that hash was
 * written by somebody else, and is never served.
 */

import { logError } from '../structured-log.ts';
import { sha256OfBytes } from './hash.ts';
import { operations, read, StorageUnavailableError, write } from './operations.ts';

/** R2's code for bytes that do not have the expected hash. */
const BAD_DIGEST = /\(10037\)/;

/** Stored with a file's bytes, so that the file can be served while D1 is down. */
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

/** The same with its bytes, or with those of a range. */
export async function getWheel(store: R2Bucket, hash: string, range?: R2Range): Promise<R2ObjectBody | null> {
  const object = await read(() => store.get(wheelKey(hash), range ? { range } : {}));
  const sound = soundOrNull(object, hash);
  if (object && !sound) await object.body.cancel();
  return sound;
}

/** Bytes of a file from `offset` on; fewer at its end. */
export async function readWheelRange(
  store: R2Bucket,
  hash: string,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const object = await getWheel(store, hash, { offset, length });
  if (!object) throw new StorageUnavailableError('a wheel went missing from R2 while it was read');
  return new Uint8Array(await read(() => object.arrayBuffer()));
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

/** A wheel's METADATA, or null if R2 has none, or one with another hash than `expected` (by default, R2's own). */
export async function getMetadata(
  store: R2Bucket,
  wheel: string,
  expected?: string | null,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; sha256: string } | null> {
  const object = await read(() => store.get(metadataKey(wheel)));
  if (!object) return null;
  const bytes = new Uint8Array(await read(() => object.arrayBuffer()));
  const hash = await sha256OfBytes(bytes);
  if (hash === (expected ?? hash) && hash === checkedHash(object)) return { bytes, sha256: hash };
  logError(`the METADATA of ${wheel} in R2 is corrupted`);
  return null;
}

export async function putMetadata(
  store: R2Bucket,
  wheel: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const hash = await sha256OfBytes(bytes);
  await write(() => store.put(metadataKey(wheel), bytes, { sha256: hash }));
  return hash;
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

const wheelKey = (hash: string) => `wheels/${hash}`;
const metadataKey = (wheel: string) => `metadata/${wheel}`;
