/** Downloads all files into the cache, some at a time. */
import { downloadFailed, wrongBytes } from '../../resolver/issues/documents.ts';
import type { Credentials } from '../common/credentials.ts';
import { CommandError, type LocatedIssue } from '../common/failure.ts';
import type { Progress } from '../common/listener.ts';
import type { Cache } from './cache.ts';
import { download, type Fetched, WrongBytes } from './download.ts';
import type { PinnedFile } from './plan.ts';
import { TransferError } from './transfer.ts';

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
