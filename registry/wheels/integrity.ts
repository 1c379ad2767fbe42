/**
 * The integrity of R2's bytes. R2 has for each object the hash that it checked when the object was stored; every read
 * compares that. The bytes themselves are hashed while they are sent, which is too slow for every read: an isolate does
 * it when it first serves an object whole, and then every hour. An object that was overwritten has another version, and
 * is verified again.
 */
import { LRUCache } from 'lru-cache';
import { hexOf } from '../../resolver/bytes.ts';
import { logError } from '../structured-log.ts';

// Unknown to a browser's types, with which this file is checked too.
declare const crypto: { DigestStream: typeof DigestStream };

const VERIFIED_FOR_MS = 3_600_000;

const verified = new LRUCache<string, { version: string; since: number }>({ max: 4_096 });

export function isVerified({ key, version }: R2Object): boolean {
  const known = verified.get(key);
  return known?.version === version && Date.now() - known.since < VERIFIED_FOR_MS;
}

export function markVerified({ key, version }: R2Object): void {
  verified.set(key, { version, since: Date.now() });
}

/**
 * An object's bytes, hashed while they pass. The last piece waits for the hash: if it is not `sha256`, `remove` is
 * called and the stream fails before its announced end, so that no client accepts the bytes.
 */
export function verifyingStream(object: R2ObjectBody, sha256: string, remove: () => void): ReadableStream {
  const { readable, writable } = new FixedLengthStream(object.size);
  const client = writable.getWriter();
  sendProven(object, sha256, client).then(
    () => markVerified(object),
    (error: unknown) => {
      if (error instanceof Corrupted) {
        logError(`${object.key} in R2 is corrupted: ${error.message}`);
        remove();
      }
      client.abort(error).catch(() => {});
    },
  );
  return readable;
}

class Corrupted extends Error {}

async function sendProven(
  object: R2ObjectBody,
  sha256: string,
  client: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  const stream = new crypto.DigestStream('SHA-256');
  stream.digest.catch(() => {});
  const hash = stream.getWriter();
  let left = object.size;
  try {
    for await (const piece of piecesOf(object.body)) {
      await hash.write(piece);
      left -= piece.length;
      if (left === 0) {
        await hash.close();
        const actual = hexOf(new Uint8Array(await stream.digest));
        if (actual !== sha256) throw new Corrupted(`its bytes hash to ${actual}`);
      }
      await client.write(piece);
    }
    if (left !== 0) throw new Corrupted(`${left} of its ${object.size} bytes are missing`);
    await client.close();
  } catch (error) {
    await hash.abort(error).catch(() => {});
    throw error;
  }
}

/** The size of one read. */
const PIECE_BYTES = 256 * 1024;

/**
 * The bytes of a stream, piece by piece, in one reused buffer: each piece is valid until the next one is requested. So
 * a wheel of any size leaves no garbage of its size. `wait` receives each read.
 */
export async function* piecesOf(
  stream: ReadableStream<Uint8Array>,
  wait = <Value>(read: Promise<Value>): Promise<Value> => read,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader({ mode: 'byob' });
  let buffer = new ArrayBuffer(PIECE_BYTES);
  try {
    for (;;) {
      const { done, value } = await wait(reader.read(new Uint8Array(buffer)));
      if (done) return;
      yield value;
      buffer = value.buffer as ArrayBuffer;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
