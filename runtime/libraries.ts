/**
 * Dynamic libraries of a memory snapshot. Memory holds addresses of their data and numbers of their functions: a
 * Worker loads them again in the same order, and puts each where it was, before the memory is copied over.
 */
import type { EmscriptenModule, LoadFlags } from './pyodide.ts';

/** One top-level load, and the libraries that it loaded as dependencies. */
export interface Load {
  name: string;
  flags: Pick<LoadFlags, 'global' | 'nodelete'>;
  /** The file of each library, where its data begins, and how long the function table was then. */
  libraries: Record<string, { file: string; memory: number; table: number }>;
  /** The length of the function table before the load, and its free entries. */
  table: number;
  free: number[];
}

/** The state of loaded libraries that is not in memory. */
export interface LibraryState {
  loads: Load[];
  handles: [handle: number, name: string][];
  table: number;
  free: number[];
}

/** Records every further load. */
export function recordLoads(module: EmscriptenModule, earlier: readonly Load[] = []): () => LibraryState {
  const loads = [...earlier];
  module.loadHook = (name, { global, nodelete, rpath }) => {
    if (rpath || module.LDSO.loadedLibsByName[name]) return;
    const flags = {
      ...(global === undefined ? {} : { global }),
      ...(nodelete === undefined ? {} : { nodelete }),
    };
    loads.push({
      name,
      flags,
      libraries: {},
      table: module.wasmTable.length,
      free: [...module.freeTableIndexes],
    });
  };
  module.memoryHook = (name, size, allocate) => {
    const table = module.wasmTable.length;
    const memory = allocate(size);
    const load = loads.at(-1);
    if (load) load.libraries[name] = { file: module.fileOf(name)!, memory, table };
    return memory;
  };
  return () => ({
    loads,
    handles: Object.entries(module.LDSO.loadedLibsByHandle)
      .filter(([handle]) => Number(handle) !== 0)
      .map(([handle, { name }]) => [Number(handle), name]),
    table: module.wasmTable.length,
    free: [...module.freeTableIndexes],
  });
}

/** The files of the libraries that are loaded again. */
export function filesOf({ loads }: LibraryState): Set<string> {
  return new Set(loads.flatMap((load) => Object.values(load.libraries).map(({ file }) => file)));
}

/** Loads them again in the same order. Throws if a library gets another place. */
export function replayLoads(module: EmscriptenModule, { loads, handles, table, free }: LibraryState): void {
  for (const load of loads) {
    shapeTable(module, load.table, load.free);
    module.memoryHook = (name) => {
      const before = load.libraries[name];
      if (!before || before.table !== module.wasmTable.length) {
        throw new Error(`The snapshot does not fit these libraries: ${name}.`);
      }
      return before.memory;
    };
    module.loadDynamicLibrary(load.name, { ...load.flags }, load.flags.global ? null : {});
  }
  delete module.memoryHook;
  for (const [handle, name] of handles) {
    module.LDSO.loadedLibsByHandle[handle] = module.LDSO.loadedLibsByName[name]!;
  }
  shapeTable(module, table, free);
}

/** ctypes and cffi use and free entries of the function table between two loads. */
function shapeTable({ wasmTable, freeTableIndexes }: EmscriptenModule, length: number, free: number[]): void {
  if (wasmTable.length < length) wasmTable.grow(length - wasmTable.length);
  freeTableIndexes.splice(0, freeTableIndexes.length, ...free);
}
