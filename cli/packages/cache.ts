/**
 * The cache: files under their SHA-256, and `….partial` for incomplete ones. Files are
 * written in place, at their offset: two runs that fetch the same file at once write the same bytes.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { constants, type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isFile, naming } from '../common/folders.ts';

export interface CachedFile {
  path: string;
  size: number;
}

/** The SHA-256 and the size of a file; null if there is none, or something else, such as a pipe that nobody writes to. */
export async function hashFile(path: string): Promise<{ hash: Hash; size: number } | null> {
  if (!isFile(path)) return null;
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return { hash, size };
}

export class Cache {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = join(folder, 'sha256');
  }

  pathOf(sha256: string): string {
    return join(this.folder, sha256);
  }

  /** A complete file, hashed again; `damaged` if its bytes have changed. */
  async find(sha256: string): Promise<CachedFile | 'damaged' | null> {
    const path = this.pathOf(sha256);
    const hashed = await hashFile(path);
    if (!hashed) return null;
    return hashed.hash.digest('hex') === sha256 ? { path, size: hashed.size } : 'damaged';
  }

  /** A partial file, open for appending. The caller closes it. */
  async openPartial(sha256: string): Promise<PartialFile> {
    await mkdir(this.folder, { recursive: true });
    const path = `${this.pathOf(sha256)}.partial`;
    const before = await hashFile(path);
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o644);
    return new PartialFile(path, handle, before);
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.pathOf(sha256), { force: true });
  }
}

export class PartialFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  #hash: Hash;
  #length: number;

  constructor(path: string, handle: FileHandle, before: { hash: Hash; size: number } | null) {
    this.#path = path;
    this.#handle = handle;
    this.#hash = before?.hash ?? createHash('sha256');
    this.#length = before?.size ?? 0;
  }

  get length(): number {
    return this.#length;
  }

  /** The digest of the bytes so far, in hexadecimal. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Starts again. The bytes so far are overwritten. */
  restart(): void {
    this.#hash = createHash('sha256');
    this.#length = 0;
  }

  async append(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      const writing = this.#handle.write(chunk, at, chunk.length - at, this.#length + at);
      const { bytesWritten } = await naming(this.#path, writing);
      at += bytesWritten;
    }
    this.#hash.update(chunk);
    this.#length += chunk.length;
  }

  /** The file is complete: moves it into its place, unless another run has just put it there. */
  async keep(path: string): Promise<CachedFile> {
    await this.#handle.truncate(this.#length);
    await this.close();
    await rename(this.#path, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' || !existsSync(path)) throw error;
    });
    return { path, size: this.#length };
  }

  async discard(): Promise<void> {
    await this.close();
    await rm(this.#path, { force: true });
  }

  /** Leaves the bytes so far for the next run. */
  async close(): Promise<void> {
    await this.#handle.close();
  }
}
