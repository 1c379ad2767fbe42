/** Remarks and progress that long tasks report while they work. The caller decides how much to show. */
import type { Diagnostic } from '../../resolver/index.ts';

/** A diagnostic, or a remark about what was read. */
export type Remark = Pick<Diagnostic, 'severity' | 'message' | 'fix'> & Partial<Pick<Diagnostic, 'fixes'>>;

export interface Listener {
  remarks(remarks: readonly Remark[]): void;
  /** How many requests were sent to an index, and how many of them were answered. */
  requests(sent: number, answered: number): void;
  downloads(files: number): Progress;
  step(line: string): void;
}

export interface Progress {
  /** The number of bytes so far, and the total, if known. */
  here(file: DownloadedFile, size: number, total: number | null): void;
  /** `received` bytes of them came over the network in this run. */
  fetched(file: DownloadedFile, bytes: { size: number; received: number }): void;
  /** It cannot be had, or a dry run does not fetch it. */
  skipped(file: DownloadedFile): void;
  unpacked(file: DownloadedFile): void;
  /** Ends the progress; the end of the process does so, too. */
  end(): void;
}

interface DownloadedFile {
  filename: string;
  sha256: string;
  url: string;
}
