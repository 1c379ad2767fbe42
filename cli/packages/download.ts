/** Downloads one file into the cache, resumes an interrupted download, and verifies the pinned hash. */
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { downloadFailed, wrongBytes } from '../../resolver/issues/documents.ts';
import { type Credentials, NO_CREDENTIALS } from '../common/credentials.ts';
import { CommandError, type LocatedIssue } from '../common/failure.ts';
import type { Progress } from '../common/listener.ts';
import type { ArchiveKind } from './archive.ts';
import { type Cache, type CachedFile, hashFile, type PartialFile } from './cache.ts';
import { openTransfer, type Piece, TransferError, type TransferLimits } from './transfer.ts';

export interface PinnedFile {
  name: string;
  version: string;
  filename: string;
  /** Lower-case hexadecimal. */
  sha256: string;
  /** In bytes; null if the set does not say. */
  size: number | null;
  url: string;
  kind: ArchiveKind;
}

export interface DownloadLimits extends TransferLimits {
  bytes: number;
  /** After a broken connection, or an answer with a status of 500 or more. */
  retries: number;
  /** Before the first retry; twice as long before each one after it. */
  backoffMs: number;
}

export const LIMITS: DownloadLimits = {
  bytes: 256 * 1024 * 1024,
  answerMs: 90_000,
  stallMs: 30_000,
  retries: 3,
  backoffMs: 500,
};

export interface Fetched extends CachedFile {
  /** How many of its bytes came over the network in this run. */
  received: number;
  replaced: boolean;
}

/**
 * Thrown for bytes that are not those of the pinned file, or too many; they are deleted. The message continues a
 * sentence that begins with the file and the URL.
 */
export class WrongBytes extends Error {}

export type OnBytes = (here: number, total: number | null) => void;

export async function download(
  file: PinnedFile,
  cache: Cache,
  onBytes: OnBytes,
  credentials: Credentials = NO_CREDENTIALS,
  limits: DownloadLimits = LIMITS,
): Promise<Fetched> {
  if (file.url.startsWith('file:')) return fileOnDisk(file);
  const found = await cache.find(file.sha256);
  if (found && found !== 'damaged') return { ...found, received: 0, replaced: false };
  if (found === 'damaged') await cache.remove(file.sha256);
  const partial = await cache.openPartial(file.sha256);
  const transfer = new Transfer(file, partial, onBytes, credentials, limits);
  try {
    await transfer.complete();
  } catch (error) {
    if (error instanceof WrongBytes) await partial.discard();
    else await partial.close();
    throw error;
  }
  const kept = await partial.keep(cache.pathOf(file.sha256));
  return { ...kept, received: transfer.received, replaced: found === 'damaged' };
}

/** A local file is used in place, if its bytes are the pinned ones. */
async function fileOnDisk({ url, sha256 }: PinnedFile): Promise<Fetched> {
  const path = fileURLToPath(url);
  const found = await hashFile(path);
  if (!found) throw new TransferError('is not there', false);
  const has = found.hash.digest('hex');
  if (has === sha256) return { path, size: found.size, received: 0, replaced: false };
  throw new WrongBytes(`is not the file that was chosen: its SHA-256 is ${has}, not ${sha256}`);
}

class Transfer {
  readonly #file: PinnedFile;
  readonly #partial: PartialFile;
  readonly #onBytes: OnBytes;
  readonly #credentials: Credentials;
  readonly #limits: DownloadLimits;
  #spliced = false;
  received = 0;

  constructor(
    file: PinnedFile,
    partial: PartialFile,
    onBytes: OnBytes,
    credentials: Credentials,
    limits: DownloadLimits,
  ) {
    this.#file = file;
    this.#partial = partial;
    this.#onBytes = onBytes;
    this.#credentials = credentials;
    this.#limits = limits;
  }

  async complete(): Promise<void> {
    // An earlier run may have ended after the last byte, before the file was moved into its place.
    if (this.#isPinned()) return;
    let whole = this.#partial.length > this.#mostBytes;
    for (let retry = 0; ; ) {
      try {
        await this.#receive(whole ? 0 : this.#partial.length);
        if (this.#isPinned()) return;
        if (!this.#spliced) throw this.#otherFile(`the SHA-256 ${this.#partial.sha256}`);
        // Either part may be of another file. Download it again, in one response.
        whole = true;
      } catch (error) {
        if (!(error instanceof TransferError) || !error.transient || retry === this.#limits.retries) {
          throw error;
        }
        await pause(this.#limits.backoffMs * 2 ** retry++);
      }
    }
  }

  get #mostBytes(): number {
    return this.#file.size ?? this.#limits.bytes;
  }

  #isPinned(): boolean {
    return this.#partial.sha256 === this.#file.sha256;
  }

  async #receive(from: number): Promise<void> {
    const partial = this.#partial;
    const { url } = this.#file;
    const continued = { offset: from, etag: partial.etagAt(url) };
    const open = (place: { offset: number; etag: string | null }) =>
      openTransfer(new URL(url), place, this.#credentials, this.#limits);
    const piece = (await open(continued)) ?? (await open({ offset: 0, etag: null }))!;
    try {
      await this.#take(piece);
    } finally {
      piece.close();
    }
    const expected = piece.total ?? this.#file.size;
    if (expected !== null && partial.length < expected) {
      throw new TransferError(`sent ${partial.length} of ${expected} bytes`, true);
    }
  }

  async #take(piece: Piece): Promise<void> {
    const partial = this.#partial;
    this.#spliced = piece.offset > 0;
    if (piece.offset === 0) await partial.restart(this.#file.url, piece.etag);
    if (piece.total !== null) this.#admit(piece.total);
    this.#onBytes(partial.length, piece.total);
    for await (const chunk of piece.chunks) {
      this.#admit(partial.length + chunk.length);
      await partial.append(chunk);
      this.received += chunk.length;
      this.#onBytes(partial.length, piece.total);
    }
  }

  #admit(size: number): void {
    if (size <= this.#mostBytes) return;
    if (this.#file.size !== null) throw this.#otherFile(`more than ${this.#mostBytes} bytes`);
    throw new WrongBytes(`is larger than the limit of ${this.#mostBytes} bytes`);
  }

  #otherFile(has: string): WrongBytes {
    const pinned = `the pinned one has the SHA-256 ${this.#file.sha256}`;
    return new WrongBytes(`is not the file that the package set pins: it has ${has}, but ${pinned}`);
  }
}

/**
 * The files by their SHA-256. After a failure no further download starts, but the running ones finish, for the next
 * run. Throws a {@link CommandError} with every failure, or an error of the file system.
 */
export async function fetchAll(
  files: readonly PinnedFile[],
  cache: Cache,
  jobs: number,
  progress: Progress,
  credentials: Credentials,
): Promise<Map<string, Fetched>> {
  const fetched = new Map<string, Fetched>();
  const failures: Failure[] = [];
  const others: unknown[] = [];
  const queue = new Map(files.map((file) => [file.sha256, file])).values();
  const work = async () => {
    for (const file of queue) {
      try {
        const one = await download(
          file,
          cache,
          (size, total) => progress.here(file, size, total),
          credentials,
        );
        fetched.set(file.sha256, one);
        progress.fetched(file, one);
      } catch (error) {
        const failure = failureOf(file, error);
        if (failure) failures.push(failure);
        else others.push(error);
      }
      if (failures.length + others.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  if (others.length > 0) throw others[0];
  if (failures.length === 0) return fetched;
  const exitCode = failures.some((failure) => failure.exitCode === 1) ? 1 : 3;
  throw new CommandError(
    exitCode,
    failures.map(({ issue }) => issue),
  );
}

interface Failure {
  exitCode: 1 | 3;
  issue: LocatedIssue;
}

/** Null for other errors, such as those of the file system. */
function failureOf(file: PinnedFile, error: unknown): Failure | null {
  const { filename, url } = file;
  if (error instanceof WrongBytes) {
    const host = new URL(url).host || null;
    const issue = wrongBytes({ problem: 'downloaded', url, filename, detail: error.message, host });
    return { exitCode: 1, issue };
  }
  if (!(error instanceof TransferError)) return null;
  const { message: detail, transient } = error;
  return { exitCode: 3, issue: downloadFailed({ url, filename, detail, transient }) };
}
