/**
 * The integrity of R2's bytes. R2 tells for each object the hash it checked when it took it; that is looked at on every
 * read. Whether the bytes still are what they were is found out by hashing them while they are sent, and that is
 * not worth its time on every read: an isolate does it the first time it serves an object whole, and then every
 * hour. An object that anybody writes anew has another version, and is verified anew.
 */
import { LRUCache } from 'lru-cache';
import { hex } from '../storage/hash.ts';
import { logError } from '../structured-log.ts';
import { piecesOf } from './pieces.ts';

// Where a browser's types are loaded as well, they do not know of this.
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
 * An object's bytes, hashed as they pass. The last piece waits until the hash is known: if it is not `sha256`,
 * `remove` is called, and the stream breaks before its announced end, so that no client takes the bytes for the
 * file.
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
        const found = hex(await stream.digest);
        if (found !== sha256) throw new Corrupted(`its bytes hash to ${found}`);
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
