/** Python's memory before it is saved or compared: what is no longer used is removed, and the rest is put in order. */
import type { EmscriptenModule, Pyodide } from '../../../runtime/pyodide.ts';
import { type Anchors, putInOrder } from './marks.ts';

/** Memory itself, with nothing in it that is no longer used. */
export function settled({ pyodide, anchors }: { pyodide: Pyodide; anchors: Anchors }): Uint8Array {
  forgetFiles(pyodide);
  pyodide.runPython('import gc\ngc.collect()');
  zeroFreeMemory(pyodide._module);
  putInOrder(pyodide._module, anchors);
  return pyodide._module.HEAPU8;
}

/** Clears Python's caches of files: a Worker that starts reads them again. */
function forgetFiles(pyodide: Pyodide): void {
  pyodide.runPython(`import importlib, zipimport
importlib.invalidate_caches()
zipimport._zip_directory_cache.clear()`);
}

/** Sizes of allocations, from large to small, so that few of them cover all free memory. */
const SIZES = [1 << 18, 1 << 16, 1 << 14, 1 << 13, 1 << 12, 1 << 11, 1 << 10];

/** Python has an allocator of its own for what is not larger, in steps of this many bytes. */
const LARGEST_SMALL = 512;
const STEP = 8;

/** Zeroes free memory, so that its pages need not be saved and the others compress better. */
function zeroFreeMemory(module: EmscriptenModule): void {
  const { exports } = module.LDSO.loadedLibsByName.__main__!;
  const { malloc, free, PyObject_Malloc, PyObject_Free } = exports;
  // The stack grows down. Calls that are over have left something there.
  module.HEAPU8.fill(0, exports.emscripten_stack_get_end!(), exports.emscripten_stack_get_current!());
  const top = module._sbrk(0);
  /** Takes all that is free in blocks of a size, and nothing that would make memory larger. */
  const takeAll = (size: number, take: (size: number) => number, giveBack: (at: number) => void) => {
    const taken: number[] = [];
    for (;;) {
      const at = take(size) >>> 0;
      if (at === 0 || at + size > top) {
        giveBack(at);
        return taken;
      }
      module.HEAPU8.fill(0, at, at + size);
      taken.push(at);
    }
  };
  const large = SIZES.flatMap((size) => takeAll(size, malloc!, free!));
  // With nothing large left, Python finds no room for more of its own than it has.
  const small: number[] = [];
  for (let size = LARGEST_SMALL; size > 0; size -= STEP) {
    small.push(...takeAll(size, PyObject_Malloc!, PyObject_Free!));
  }
  for (const at of small.reverse()) PyObject_Free!(at);
  for (const at of large.reverse()) free!(at);
}
