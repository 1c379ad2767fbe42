/** The modules that a build generates for its Worker. */

declare module 'pinwheel:wasm' {
  /** The small modules that Pyodide makes as it runs, by their bytes in Base64. */
  export const compiled: ReadonlyMap<string, WebAssembly.Module>;
  /** The dynamic libraries of all packages, by their paths in Python's file system. */
  export const libraries: ReadonlyMap<string, WebAssembly.Module>;
}

declare module 'pinwheel:parts' {
  export const loadPyodide: import('../pyodide.ts').LoadPyodide;
  export const createModule: import('../pyodide.ts').CreateModule;
  export const wasm: WebAssembly.Module;
  export const stdlib: import('../placed.ts').LargeFile;
  /** The files of the packages, of the bridge's Python and of the project. */
  export const packages: import('../placed.ts').LargeFile;
  export const project: ArrayBuffer;
  /** The pages of the snapshot: those that projects share, and the project's changes; null without one. */
  export const base: import('../placed.ts').LargeFile | null;
  export const changes: import('../placed.ts').LargeFile | null;
  export const manifest: import('../manifest.ts').WorkerManifest;
}

declare module 'node:zlib' {
  /** Undefined in older workerds. */
  const zlib: {
    zstdDecompressSync?(bytes: Uint8Array, options: { chunkSize: number }): Uint8Array<ArrayBuffer>;
    createZstdDecompress(): object;
    constants: { ZSTD_e_continue: number };
  };
  export default zlib;
}

declare module 'node:async_hooks' {
  export class AsyncLocalStorage<Value> {
    run<Result>(value: Value, use: () => Result): Result;
    getStore(): Value | undefined;
  }
}

declare module 'cloudflare:workers' {
  type Base = new (context: object, env: object) => object;
  export const DurableObject: Base;
  export const WorkerEntrypoint: Base;
  export const WorkflowEntrypoint: Base;
}

declare module 'cloudflare:sockets' {}
