/** The parts of Pyodide, and of its Emscripten module, that a Worker's start needs. */

/** Options for loading a dynamic library. */
export interface LoadFlags {
  global?: boolean;
  nodelete?: boolean;
  /** Set for libraries that another one needs. */
  rpath?: unknown;
}

/** The Emscripten module, with the hooks that the build puts into its glue (see `cli/worker/releases.ts`). */
export interface EmscriptenModule {
  HEAPU8: Uint8Array;
  ENV: Record<string, string>;
  FS: FileSystem;
  LDSO: {
    loadedLibsByName: Record<string, Library>;
    loadedLibsByHandle: Record<string, Library>;
  };
  wasmTable: WebAssembly.Table;
  freeTableIndexes: number[];
  loadDynamicLibrary(name: string, flags: LoadFlags, scope: object | null, handle?: number): unknown;
  _sbrk(bytes: number): number;
  /** Writes Python's stack to standard output. */
  _dump_traceback(): void;
  /** Grows the memory to a size in bytes, and replaces the views, such as `HEAPU8`. */
  growMemory(size: number): unknown;
  /** The object of JavaScript to which Python refers by this number; null for a number that is free. */
  __hiwire_get(at: number): unknown;
  API: {
    config: Record<string, unknown>;
    serializeHiwireState(serialize: (value: unknown) => unknown): object;
    /** Runs Python code. Returns an exit code, and what was printed to `stderr`. */
    rawRun(code: string): [code: number, errors: string];
    restoreSnapshot(bytes: Uint8Array): unknown;
    /** Called with what ended Python: it throws that again, as an error. */
    fatal_error(error: unknown): never;
    /** The error of a call while Python's lock is not held, which is not fatal. */
    NoGilError: new () => Error;
    sitePackages: string;
  };
  /** Called at the start of a top-level load. */
  loadHook?: (name: string, flags: LoadFlags) => void;
  /** Returns a library before 0.28; `flags` are passed on to the libraries that it needs. */
  libraryHook?: (name: string, flags: LoadFlags) => WebAssembly.Module | undefined;
  /** The file of a library, by the name under which it is loaded. */
  fileOf(name: string): string | undefined;
  /** Allocates memory for a library; `allocate` is the glue's own function. */
  memoryHook?: (name: string, size: number, allocate: (size: number) => number) => number;
  /** Called when Python waits for a promise, with the address of its callback for the value, or 0. Returns the handlers. */
  promiseHook?: (callback: number, handlers: Handlers) => Handlers;
  /** Python's object at an address. */
  pyproxy_new(address: number): PyObject;
}

/** A promise calls one of both, once. Until then, or until they are destroyed, they hold Python's objects. */
export type Handlers = [fulfilled: Handler, rejected: Handler];
export type Handler = ((value: unknown) => unknown) & { destroy(): void };

interface Library {
  name: string;
  exports: Record<string, (...numbers: number[]) => number>;
}

export interface FileSystem {
  mkdirTree(path: string): void;
  writeFile(path: string, bytes: Uint8Array, options: { canOwn: boolean }): void;
  readFile(path: string, options?: unknown): unknown;
  getStream(descriptor: number): { stream_ops: object };
  lookupPath(path: string): { path: string; node: FileNode };
  open(path: unknown, flags: unknown, mode: unknown): FileStream;
  isFile(mode: number): boolean;
  isChrdev(mode: number): boolean;
  /** By their descriptors; empty where none is open. */
  streams: (FileStream | null | undefined)[];
  chdir: FileChange;
  chmod: FileChange;
  mkdir: FileChange;
  rename: FileChange;
  rmdir: FileChange;
  symlink: FileChange;
  truncate: FileChange;
  unlink: FileChange;
  utime: FileChange;
}

type FileChange = (...values: unknown[]) => unknown;

interface FileStream {
  path: string;
  isWrite: boolean;
  node: { mode: number };
}

/** A file in memory. */
export interface FileNode {
  contents: Uint8Array;
  /** The length of the file. `contents` may be longer. */
  usedBytes: number;
}

/** A folder in memory. */
export interface FolderNode {
  contents: Record<string, FileNode>;
  node_ops: { mknod(folder: FolderNode, name: string, mode: number, device: number): FileNode };
}

/** A Python object, seen from JavaScript. */
export interface PyObject {
  destroy(): void;
  toString(): string;
  /** Calls the object with stack switching, if the host supports that. */
  callPromising(...values: unknown[]): Promise<unknown>;
  (...values: unknown[]): unknown;
  [attribute: string]: unknown;
}

export interface Pyodide {
  version: string;
  _module: EmscriptenModule;
  runPython(code: string): unknown;
  pyimport(name: string): PyObject;
  registerJsModule(name: string, module: object): void;
}

export interface Settings {
  INITIAL_MEMORY?: number;
  preRun: ((module: EmscriptenModule) => unknown)[];
}

export type CreateModule = (settings: Settings) => Promise<EmscriptenModule>;
export type LoadPyodide = (options: Record<string, unknown>) => Promise<Pyodide>;
