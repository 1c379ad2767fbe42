import { logWarning } from '../structured-log.ts';
import { read, StorageUnavailableError, write } from './operations.ts';
import { putWheel, type WheelOrigin } from './wheels.ts';

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
  const aside = `incoming/${crypto.randomUUID()}`;
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
