/** The messages between the build and its child process. */
import type { RuntimeInfo, SavedPages, SnapshotChanges, SnapshotStart } from '../../../runtime/create.ts';
import type { FileIndex } from '../../../runtime/site.ts';

export interface Setting {
  runtime: RuntimeInfo;
  /** Folder of Pyodide's files, its glue patched. */
  pyodide: string;
  files: Blob[];
  /** Libraries: their paths in Python's file system, and on the disk. */
  libraries: [path: string, file: string][];
  /** Names of C++ that libraries import. */
  imports: string[];
  /** A cache folder for snapshots of the same packages, and the digest of these. */
  cache: string;
  packagesDigest: string;
  outcome: string;
}

/** A job that saves the memory that projects share. */
export interface BaseJob extends Setting {
  kind: 'base';
  /** The modules that it has, beside the bridge; null for those of Pyodide alone. */
  modules: readonly string[] | null;
  pages: string;
}

/** A job that imports a project, and saves its changes to the shared memory. */
export interface ProjectJob extends Setting {
  kind: 'project';
  main: string;
  /** The requests that are answered, and whose effects are kept; null for the one of its framework. */
  warm: readonly string[] | null;
  /** The memory that it starts from, and the file for its changes; null to save none. */
  base: { snapshot: SnapshotStart & SavedPages; pages: string; changes: string } | null;
}

export type Job = BaseJob | ProjectJob;

export interface Blob {
  file: string;
  index: FileIndex;
}

export interface BaseOutcome {
  ok: true;
  /** Modules that were made from bytes, in Base64, sorted. */
  compiled: string[];
  /** Null if no snapshot can hold these modules. */
  snapshot: (SnapshotStart & SavedPages) | null;
  remarks: SnapshotRemark[];
  /** The first parts of the names of all modules that it has, or looked for. */
  names: string[];
}

export interface ProjectOutcome {
  ok: true;
  compiled: string[];
  snapshot: SnapshotChanges | null;
  remarks: SnapshotRemark[];
  classes: ProjectClasses;
  /** Whether the main module handles any event, or has classes. */
  isHandled: boolean;
}

export type Failure =
  /** Python's traceback of the project. */
  | { ok: false; traceback: string }
  /** Any other failure. */
  | { ok: false; crash: string };

/** Requests at build time were not answered, or leave what a snapshot cannot contain. */
export interface FailedRequests {
  ok: false;
  remarks: SnapshotRemark[];
}

/** Something that a project does at import, or in a request at build time, and a snapshot cannot contain. */
export interface SnapshotRemark {
  /** `unanswered` is said of a request alone. */
  code: 'entropy' | 'clock' | 'network' | 'files' | 'callbacks' | 'unanswered';
  /** The module that it is about; null if unknown. */
  module: string | null;
  /** The first line of a project's module that does it; null if that is unknown, or the module is of a package. */
  line: number | null;
  /** The request that does it, or that imports the module. The snapshot then contains only the imports. */
  request?: string;
  /** Why it was not answered. */
  problem?: string;
}

/** The classes of the main module that workerd makes objects of, by name: what each extends, and its methods. */
export type ProjectClasses = Record<string, { kind: string; methods: string[]; events?: string[] }>;
