import type { EmscriptenModule } from '../../../runtime/pyodide.ts';

/** From large to small, so that few allocations cover all free memory. */
const SIZES = [1 << 18, 1 << 16, 1 << 14, 1 << 13, 1 << 12, 1 << 11, 1 << 10];

/** Python has an allocator of its own for what is not larger, in steps of this many bytes. */
const LARGEST_SMALL = 512;
const STEP = 8;

/** Zeroes free memory, so that its pages need not be saved and the others compress better. */
export function zeroFreeMemory(module: EmscriptenModule): void {
  const { malloc, free, PyObject_Malloc, PyObject_Free } = module.LDSO.loadedLibsByName.__main__!.exports;
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
