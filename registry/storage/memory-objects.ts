/**
 * Memory of packages in R2, each file under the digest of what it is made from. R2 itself checks the bytes when they are
 * written, and the key of the log signs their hash: a change of R2 alone cannot change what a client accepts.
 */
import { base64, decode, encode, fromBase64 } from '../../resolver/bytes.ts';
import { openNote, type SigningKey, signNote } from '../../resolver/log/note.ts';
import { type StatedMemory, statementOf } from '../../runtime/memory-file.ts';
import { logError } from '../structured-log.ts';
import { ifUnchanged, operations, read, StorageUnavailableError } from './operations.ts';
import { BAD_DIGEST, checkedHash, OtherBytes } from './wheel-objects.ts';

export interface FoundMemory extends StatedMemory {
  /** The signed statement. */
  note: string;
}

/** The memory of a key; null if it is missing, or is not what was stored. */
export async function findMemory(
  store: R2Bucket,
  signer: SigningKey,
  key: string,
): Promise<FoundMemory | null> {
  const object = await read(() => store.head(keyOf(key)));
  return object && foundIn(object, signer, key);
}

/** Its file, or a part of that. */
export async function getMemory(
  store: R2Bucket,
  signer: SigningKey,
  key: string,
  range?: R2Range,
): Promise<R2ObjectBody | null> {
  const object = await read(() => store.get(keyOf(key), range ? { range } : {}));
  if (!object || (await foundIn(object, signer, key))) return object;
  await object.body.cancel();
  return null;
}

/**
 * Stores a file from a stream of its size, and signs what it is. False if other bytes have been stored since. Throws
 * {@link OtherBytes} for bytes with another hash. Then, and if the stream fails, nothing is stored.
 */
export async function putMemory(
  store: R2Bucket,
  signer: SigningKey,
  memory: StatedMemory,
  bytes: ReadableStream,
): Promise<boolean> {
  // What is not what was stored may be replaced.
  const before = await read(() => store.head(keyOf(memory.key)));
  const note = await signNote(statementOf(memory), signer);
  try {
    operations.r2++;
    const object = await store.put(keyOf(memory.key), bytes, {
      sha256: memory.sha256,
      customMetadata: { note: base64(encode(note)) },
      onlyIf: ifUnchanged(before),
    });
    return (object as R2Object | null) !== null;
  } catch (error) {
    if (error instanceof Error && BAD_DIGEST.test(error.message)) throw new OtherBytes(error.message);
    throw new StorageUnavailableError('memory could not be stored in R2', { cause: error });
  }
}

export async function deleteMemory(store: R2Bucket, key: string): Promise<void> {
  operations.r2++;
  await store.delete(keyOf(key));
}

async function foundIn(object: R2Object, signer: SigningKey, key: string): Promise<FoundMemory | null> {
  const bytes = fromBase64(object.customMetadata?.note ?? '');
  const note = bytes && decode(bytes);
  const memory = { key, sha256: checkedHash(object) ?? '', size: object.size };
  if (note && (await openNote(note, signer)) === statementOf(memory)) return { ...memory, note };
  logError(`${object.key} in R2 is corrupted: it is not what the key of the log has signed`);
  return null;
}

const keyOf = (key: string) => `memory/${key}`;
