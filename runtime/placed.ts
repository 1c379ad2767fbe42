/** Large files of a Worker outside of its bundle. */

export interface Placed {
  kind: 'assets' | 'r2';
  /** Size in bytes. */
  size: number;
  /** SHA-256 of each piece, in hexadecimal, which is its name. */
  pieces: readonly string[];
}

/** A module of the bundle, or a file outside of it. */
export type LargeFile = ArrayBuffer | Placed;

/** The binding to the static assets or to the bucket. */
export const FILES_BINDING = 'PINWHEEL_FILES';

interface Assets {
  fetch(url: string): Promise<Response>;
}
interface Bucket {
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
}

/** The bytes of a file, each piece checked against its digest. */
export async function readLarge(file: LargeFile, env: Record<string, unknown>): Promise<Uint8Array> {
  if (!('pieces' in file)) return new Uint8Array(file);
  const { kind, size, pieces } = file;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of await Promise.all(pieces.map((name) => readPiece(kind, name, env[FILES_BINDING])))) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

async function readPiece(kind: Placed['kind'], name: string, binding: unknown): Promise<Uint8Array> {
  const content =
    kind === 'r2' ? await fromBucket(name, binding as Bucket) : await fromAssets(name, binding as Assets);
  if (content === null) {
    throw new Error(
      `This Worker's file ${name} is not in its ${kind === 'r2' ? 'R2 bucket' : 'static assets'}.`,
    );
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hash !== name) throw new Error(`This Worker's file ${name} has other bytes, of the SHA-256 ${hash}.`);
  return new Uint8Array(content);
}

async function fromBucket(name: string, bucket: Bucket): Promise<ArrayBuffer | null> {
  return (await bucket.get(`pinwheel/${name}`))?.arrayBuffer() ?? null;
}

async function fromAssets(name: string, assets: Assets): Promise<ArrayBuffer | null> {
  const response = await assets.fetch(`https://assets.invalid/_pinwheel/${name}`);
  return response.ok ? response.arrayBuffer() : null;
}
