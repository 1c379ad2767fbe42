/** The entry of an archive, of any format. */
import type { TarEntry } from '../../resolver/archives/tar.ts';

export type ArchiveKind = 'wheel' | 'zip' | 'tar.gz' | 'tar';

export interface ArchiveEntry {
  /** As in the archive, unchecked. */
  name: string;
  type: TarEntry['type'];
  /** In bytes, as the archive states it. */
  size: number;
  /** Reads the content, and verifies the archive's checksum, if there is one. */
  pour(sink: (chunk: Uint8Array) => Promise<void>): Promise<void>;
}

/** Thrown for an archive that is rejected; the message says why. */
export class ArchiveError extends Error {}
