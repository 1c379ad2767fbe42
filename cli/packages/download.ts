/** Downloads one file into the cache, resumes an interrupted download, and verifies the pinned hash. */
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { downloadFailed, unknownArchive, wrongBytes } from '../../resolver/issues/documents.ts';
import { type Credentials, NO_CREDENTIALS } from '../common/credentials.ts';
import { CommandError, unanswered } from '../common/failure.ts';
import type { Listener, Progress } from '../common/listener.ts';
import { type ArchiveKind, archiveKind } from './archive.ts';
import { Cache, type CachedFile, hashFile, type PartialFile } from './cache.ts';
import { openTransfer, TransferError, type TransferLimits, Unreachable } from './transfer.ts';

export interface PinnedFile {
  name: string;
  version: string;
  filename: string;
  /** Lower-case hexadecimal. */
  sha256: string;
  /** Bytes; null if the set does not say. */
  size: number | null;
  url: string;
  kind: ArchiveKind;
}

/** Files at once, if nobody says how many. */
const JOBS = 4;

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

/** The bytes of another file, or too many; they are deleted. The message goes on after the file and the URL. */
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
  const cached = await cache.find(file.sha256);
  if (cached && cached !== 'damaged') return { ...cached, received: 0, replaced: false };
  if (cached === 'damaged') await cache.remove(file.sha256);
  const partial = await cache.openPartial(file.sha256);
  let received = 0;
  try {
    received = await complete(file, partial, onBytes, credentials, limits);
  } catch (error) {
    if (error instanceof WrongBytes) await partial.discard();
    else await partial.close();
    throw error;
  }
  const kept = await partial.keep(cache.pathOf(file.sha256));
  return { ...kept, received, replaced: cached === 'damaged' };
}

/** A local file is used in place, if its bytes are the pinned ones. */
async function fileOnDisk({ url, sha256 }: PinnedFile): Promise<Fetched> {
  const path = fileURLToPath(url);
  const hashed = await hashFile(path);
  if (!hashed) throw new TransferError('is not there, or not a file', false);
  const has = hashed.hash.digest('hex');
  if (has === sha256) return { path, size: hashed.size, received: 0, replaced: false };
  throw new WrongBytes(`is not the file that was chosen: its SHA-256 is ${has}, not ${sha256}`);
}

/** The bytes of a file that was found to have the pinned ones. Throws {@link WrongBytes} if it was changed since. */
export async function readPinned(path: string, sha256: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readFile(path);
  if (hash('sha256', bytes) === sha256) return bytes;
  throw new WrongBytes(`${path} was changed while it was read`);
}

/** Completes a partial file, and returns how many bytes came over the network. */
async function complete(
  { url, sha256, size }: PinnedFile,
  partial: PartialFile,
  onBytes: OnBytes,
  credentials: Credentials,
  limits: DownloadLimits,
): Promise<number> {
  const most = size ?? limits.bytes;
  let received = 0;
  let isSpliced = false;
  const isPinned = () => partial.sha256 === sha256;
  const otherFile = (has: string) =>
    new WrongBytes(
      `is not the file that the package set pins: it has ${has}, but the pinned one has the SHA-256 ${sha256}`,
    );
  const admit = (length: number) => {
    if (length <= most) return;
    if (size !== null) throw otherFile(`more than ${most} bytes`);
    throw new WrongBytes(`is larger than the limit of ${most} bytes`);
  };
  const receive = async (from: number) => {
    const open = (offset: number) => openTransfer(new URL(url), offset, credentials, limits);
    const { offset, total, chunks, close } = (await open(from)) ?? (await open(0))!;
    try {
      isSpliced = offset > 0;
      if (!isSpliced) partial.restart();
      if (total !== null) admit(total);
      onBytes(partial.length, total);
      for await (const chunk of chunks) {
        admit(partial.length + chunk.length);
        await partial.append(chunk);
        received += chunk.length;
        onBytes(partial.length, total);
      }
    } finally {
      close();
    }
    const expected = total ?? size;
    if (expected !== null && partial.length < expected) {
      throw new TransferError(`sent ${partial.length} of ${expected} bytes`, true);
    }
  };
  // An earlier run may have ended after the last byte, before the file was moved into its place.
  if (isPinned()) return 0;
  let whole = partial.length > most;
  for (let retry = 0; ; ) {
    try {
      await receive(whole ? 0 : partial.length);
      if (isPinned()) return received;
      if (!isSpliced) throw otherFile(`the SHA-256 ${partial.sha256}`);
      // Either part may be of another file. Download it again, in one response.
      whole = true;
    } catch (error) {
      const isTransient = error instanceof TransferError && error.transient;
      if (!isTransient || retry === limits.retries) throw error;
      await pause(limits.backoffMs * 2 ** retry++, undefined, { signal: limits.signal });
    }
  }
}

/** The files by their SHA-256. After a failure, the running downloads finish, for the next run. */
export async function fetchAll(
  files: readonly PinnedFile[],
  cache: Cache,
  jobs: number,
  progress: Progress,
  credentials: Credentials,
  limits: DownloadLimits = LIMITS,
): Promise<Map<string, Fetched>> {
  const fetched = new Map<string, Fetched>();
  const failures = new Map<string, CommandError>();
  const others: unknown[] = [];
  const queue = new Map(files.map((file) => [file.sha256, file])).values();
  const work = async () => {
    for (const file of queue) {
      try {
        // A file that is at hand needs no transfer, which would end by itself.
        limits.signal?.throwIfAborted();
        const onBytes: OnBytes = (size, total) => progress.here?.(file, size, total);
        const result = await download(file, cache, onBytes, credentials, limits);
        fetched.set(file.sha256, result);
        progress.fetched?.(file, result);
      } catch (error) {
        const failure = failureOf(file, error);
        // An unreachable host is reported once.
        const of = error instanceof Unreachable ? `${new URL(file.url).host} ${error.message}` : file.url;
        if (failure) failures.set(of, failure);
        else others.push(error);
      }
      if (failures.size + others.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  if (others.length > 0) throw others[0];
  if (failures.size === 0) return fetched;
  const all = [...failures.values()];
  const exitCode = all.some((failure) => failure.exitCode === 1) ? 1 : 3;
  throw new CommandError(
    exitCode,
    all.flatMap(({ issues }) => issues),
  );
}

/** The file of a package. */
export function pinnedFile(member: Omit<PinnedFile, 'kind'>): PinnedFile {
  const { name, version, filename, sha256, size, url } = member;
  const kind = archiveKind(filename);
  if (kind === null) throw unanswered([unknownArchive({ filename, package: name })]);
  return { name, version, filename, sha256, size, url, kind };
}

/** A package with its file. */
export type WithFile<Pinned> = Pinned & { path: string; file: PinnedFile };

/** Packages with the paths of their files, whose bytes were compared with the digests. */
export async function withFiles<Pinned extends Omit<PinnedFile, 'kind'>>(
  packages: readonly Pinned[],
  cacheFolder: string,
  credentials: Credentials,
  listener: Pick<Listener, 'downloads' | 'signal'>,
): Promise<WithFile<Pinned>[]> {
  const files = packages.map(pinnedFile);
  const progress = listener.downloads(files.length);
  try {
    const limits = { ...LIMITS, signal: listener.signal };
    const fetched = await fetchAll(files, new Cache(cacheFolder), JOBS, progress, credentials, limits);
    return packages.map((member, at) => {
      return { ...member, path: fetched.get(member.sha256)!.path, file: files[at]! };
    });
  } finally {
    progress.end?.();
  }
}

/** Null for other errors, such as those of the file system. */
function failureOf(file: PinnedFile, error: unknown): CommandError | null {
  const { filename, url } = file;
  if (error instanceof WrongBytes) {
    const host = new URL(url).host || null;
    return unanswered([wrongBytes({ problem: 'downloaded', url, filename, detail: error.message, host })]);
  }
  if (!(error instanceof TransferError)) return null;
  const { message: detail, transient } = error;
  return new CommandError(3, [downloadFailed({ url, filename, detail, transient })]);
}
