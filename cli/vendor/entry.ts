/** What every format of archive comes down to. */
import type { TarEntry } from '../../resolver/archives/tar.ts';

export type ArchiveKind = 'wheel' | 'zip' | 'tar.gz' | 'tar';

export interface ArchiveEntry {
  /** As the archive has it: not checked in any way. */
  name: string;
  type: TarEntry['type'];
  /** In bytes, as the archive states it. */
  size: number;
  /** Hands over the content, checked as far as the archive has checksums. */
  pour(sink: (chunk: Uint8Array) => Promise<void>): Promise<void>;
}

/** Thrown for an archive that is not unpacked; the message says what is wrong with it. */
export class ArchiveError extends Error {}
