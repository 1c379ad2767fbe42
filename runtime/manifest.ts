import type { RuntimeInfo, SnapshotState } from './create.ts';
import type { FileIndex } from './site.ts';

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
