import type { EmscriptenModule } from '../../../runtime/pyodide.ts';

/** From large to small, so that few allocations cover all free memory. */
const SIZES = [1 << 18, 1 << 16, 1 << 14, 1 << 13, 1 << 12, 1 << 11, 1 << 10];

/** Zeroes free memory, so that its pages need not be saved. */
export function zeroFreeMemory(module: EmscriptenModule): void {
  const top = module._sbrk(0);
  const { malloc, free } = module.LDSO.loadedLibsByName.__main__!.exports;
  const taken: number[] = [];
  for (const size of SIZES) {
    for (;;) {
      const at = malloc!(size) >>> 0;
      if (at === 0 || at + size > top) {
        free!(at);
        break;
      }
      module.HEAPU8.fill(0, at, at + size);
      taken.push(at);
    }
  }
  for (const at of taken.reverse()) free!(at);
}
