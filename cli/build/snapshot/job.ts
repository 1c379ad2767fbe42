/** What the build and its child process say to each other. */
import type { RuntimeInfo, SnapshotState } from '../../../runtime/create.ts';
import type { FileIndex } from '../../../runtime/site.ts';

export interface SnapshotJob {
  runtime: RuntimeInfo;
  /** Folder of Pyodide's files, its glue patched. */
  pyodide: string;
  packages: Blob;
  project: Blob;
  /** Libraries: their paths in Python's file system, and on the disk. */
  libraries: [path: string, file: string][];
  /** The project's main module. */
  main: string;
  /** Whether to save memory, and where the pages go. */
  snapshot: string | null;
  /** Of their compression. */
  level: number;
  /** A cache folder for builds with the same packages, and the digest of these. */
  cache: string;
  packagesDigest: string;
  /** The file for the outcome. */
  outcome: string;
}

export interface Blob {
  file: string;
  index: FileIndex;
}

export type SnapshotOutcome =
  | {
      ok: true;
      /** Modules that were made from bytes, in Base64, sorted. */
      compiled: string[];
      snapshot: SnapshotState | null;
      remarks: SnapshotRemark[];
      classes: ProjectClasses;
    }
  /** What Python says of the project. */
  | { ok: false; traceback: string }
  /** Any other failure. */
  | { ok: false; crash: string };

/** What the project does at import that a snapshot cannot contain, or freezes as at build time. */
export interface SnapshotRemark {
  code: 'entropy' | 'clock' | 'network' | 'callbacks';
  /** The module that does it; null if unknown. */
  module: string | null;
}

/** The classes of the main module that workerd makes objects of, by name: what each extends, and its methods. */
export type ProjectClasses = Record<string, { kind: string; methods: string[] }>;
