import type { RuntimeInfo, SnapshotState } from './create.ts';
import type { FileIndex } from './site.ts';

/** The first workerd whose `node:zlib` has Zstandard, by which a built Worker has its large files compressed. */
export const OLDEST_WORKERD = '1.20260226.1';

/** The manifest of a built Worker. */
export interface WorkerManifest {
  runtime: RuntimeInfo;
  /** The module that has the handlers. */
  main: string;
  /** The size of the standard library, in bytes. */
  stdlib: number;
  /** Where the two blobs of files go. */
  packages: FileIndex;
  project: FileIndex;
  snapshot: SnapshotState | null;
}
