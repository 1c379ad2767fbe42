/** Sizes of packages and of a Worker, in words. */
import { LARGEST_WORKER } from '../../resolver/closure/sizes.ts';
import { bytes, count } from './text.ts';

export const WORKER_LIMIT = `${LARGEST_WORKER / 1024 / 1024} MiB (${bytes(LARGEST_WORKER)})`;

/** `3.2 MB`, `45 kB and 2 files of unknown size` or `of unknown size`. */
export function sizeOf(sizes: readonly (number | null)[]): string {
  const known = sizes.filter((size) => size !== null);
  const unknown = sizes.length - known.length;
  const sum = bytes(known.reduce((total, size) => total + size, 0));
  if (unknown === 0) return sum;
  return known.length === 0 ? 'of unknown size' : `${sum} and ${count(unknown, 'file')} of unknown size`;
}
