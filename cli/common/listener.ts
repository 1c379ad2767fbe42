/** Remarks and progress that long tasks report while they work, and how they are stopped. The caller decides how much to show. */
import type { Diagnostic } from '../../resolver/index.ts';

/** A diagnostic, or a remark about what was read. */
export type Remark = Pick<Diagnostic, 'severity' | 'message' | 'fix'> & Partial<Pick<Diagnostic, 'fixes'>>;

/** Hears of the progress of a task. */
export interface Listener {
  /** Stops the task: its downloads, and the programs that it runs. */
  signal?: AbortSignal | undefined;
  remarks(remarks: readonly Remark[]): void;
  /** How many requests were sent to an index, and how many of them were answered. */
  requests(sent: number, answered: number): void;
  downloads(files: number): Progress;
  /** The step that begins now, as a line of text. */
  step(line: string): void;
}

/** The host's `fetch`, which a task's signal ends, too. */
export function fetchUntil(signal: AbortSignal | undefined) {
  return (url: string, init: RequestInit): Promise<Response> =>
    fetch(
      url,
      signal ? { ...init, signal: AbortSignal.any([signal, ...(init.signal ? [init.signal] : [])]) } : init,
    );
}

/** Hears of the files of one download. Any of its functions may be left out. */
export interface Progress {
  /** The number of bytes so far, and the total, if known. */
  here?(file: DownloadedFile, size: number, total: number | null): void;
  /** `received` bytes of them came over the network in this run. */
  fetched?(file: DownloadedFile, bytes: { size: number; received: number }): void;
  /** A file that could not be fetched; the others still are. */
  skipped?(file: DownloadedFile): void;
  unpacked?(file: DownloadedFile): void;
  /** Ends the progress; the end of the process does so, too. */
  end?(): void;
}

/** A file that is downloaded, with its pinned digest in lower-case hexadecimal. */
export interface DownloadedFile {
  filename: string;
  sha256: string;
  url: string;
}
