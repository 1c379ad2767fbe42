/** Creates Pyodide, in a Worker and in the build that makes its snapshot. */
import type { Marks } from './derived.ts';
import { INDEX_URL, serveBinary } from './host.ts';
import { type LibraryState, replayLoads } from './libraries.ts';
import type { PageRuns } from './memory.ts';
import type { CreateModule, EmscriptenModule, LoadPyodide, Pyodide } from './pyodide.ts';
import { mountLibraries } from './site.ts';

/** The runtime of a Worker: its Pyodide, and the environment of its Python. */
export interface RuntimeInfo {
  pyodide: string;
  python: string;
  abi: string;
  platform: string;
  /** Environment variables; some are read before Python starts. */
  env: Record<string, string>;
}

export interface Parts {
  runtime: RuntimeInfo;
  loadPyodide: LoadPyodide;
  createModule: CreateModule;
  /** Pyodide's binary; for restored memory, without its data (see `cli/worker/restored-binary.ts`). */
  wasm: WebAssembly.Module;
  /** The dynamic libraries of all packages, by their paths in Python's file system. Restored ones lack data, too. */
  libraries: ReadonlyMap<string, WebAssembly.Module>;
  /** The JavaScript object that Python's side of the bridge imports. */
  bridge: object;
}

/** The part of a snapshot's state that is needed before there are pages. */
export interface SnapshotStart {
  libraries: LibraryState;
  /** Pyodide's references to JavaScript. */
  references: unknown;
  /** The size of the memory, in bytes. */
  size: number;
  marks: Marks;
}

/** Where pages of memory go, and the SHA-256 of the whole memory with them, in hexadecimal. */
export interface SavedPages {
  /** Runs of the pages that Pyodide reads as it starts, as they are then. */
  first: PageRuns;
  runs: PageRuns;
  sha256: string;
}

/** A snapshot without its data: the pages of its base, which other projects share, and its changes to them. */
export interface SnapshotState extends SnapshotChanges {
  base: SavedPages;
}

export interface SnapshotChanges extends SnapshotStart {
  /** The size of the changes, in bytes. */
  changes: number;
  /** The digest of the whole memory, as in {@link SavedPages}. */
  sha256: string;
}

export interface CreateOptions {
  /** Called with the module before anything is loaded into it. */
  onModule?(module: EmscriptenModule): void;
  restore?: Restore;
  makeSnapshot?: boolean;
}

export interface Restore {
  state: SnapshotStart;
  /** Called before Pyodide starts, and reads data that its binary lacks. */
  begin(module: EmscriptenModule): void;
  /** Called after the libraries are loaded. */
  finish(module: EmscriptenModule): void;
}

/** The name under which Python imports the bridge, and the snapshot refers to it. */
export const BRIDGE = '_pinwheel_bridge';

export async function createPyodide(parts: Parts, options: CreateOptions): Promise<Pyodide> {
  const { restore } = options;
  serveBinary(parts.wasm);
  const create: CreateModule = async (settings) => {
    if (restore) {
      settings.INITIAL_MEMORY = restore.state.size;
      // Before Pyodide's own functions, which read memory since 0.28. Those before it run the last function first.
      settings.preRun.unshift((module) => {
        // Since 314, the memory has the size that the binary states, whatever the settings.
        if (module.HEAPU8.length < restore.state.size) module.growMemory(restore.state.size);
        restore.begin(module);
      });
    }
    settings.preRun.push((module) => {
      mountLibraries(module, parts.libraries);
      options.onModule?.(module);
    });
    const module = await parts.createModule(settings);
    if (restore) {
      replayLoads(module, restore.state.libraries);
      module.API.restoreSnapshot = () => {
        restore.finish(module);
        skipImport(module);
        return restore.state.references;
      };
    }
    return module;
  };
  // Releases before 314 look for the module here.
  const host = globalThis as { _createPyodideModule?: CreateModule };
  host._createPyodideModule = create;
  const pyodide = await parts.loadPyodide({
    createPyodideModule: create,
    indexURL: INDEX_URL,
    lockFileContents: lockOf(parts.runtime),
    env: { ...parts.runtime.env },
    // Standard input is empty. By default, Pyodide calls a browser's `prompt`.
    stdin: () => null,
    ...(options.makeSnapshot ? { _makeSnapshot: true } : {}),
    // Pyodide checks only that the bytes exist.
    ...(restore ? { _loadSnapshot: new Uint8Array(8), _snapshotDeserializer: () => parts.bridge } : {}),
  });
  delete host._createPyodideModule;
  if (!restore) pyodide.registerJsModule(BRIDGE, parts.bridge);
  return pyodide;
}

/** Skips an import that the memory has, because Python would compile it as text (see `bootstrap.py`). */
function skipImport({ API }: EmscriptenModule): void {
  const run = API.rawRun;
  API.rawRun = (code) => {
    API.rawRun = run;
    return code === 'import _pyodide_core' ? [0, ''] : run(code);
  };
}

/** A lock without packages, which are files of the Worker already. */
export function lockOf({ pyodide, python, abi, platform }: RuntimeInfo): object {
  return { info: { abi_version: abi, arch: 'wasm32', platform, python, version: pyodide }, packages: {} };
}
