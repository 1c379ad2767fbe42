/**
 * The seed of Python's hashes. Strings that are in a snapshot have theirs, so all of its instances have one seed. It
 * comes from everything that the Worker carries: the same in each build of the same files, and unknown to whoever
 * knows only its packages. Pyodide hashes strings to 32 bits by FNV, where some keys collide under every seed:
 * `runtime/README.md` says what they cost, and what to do.
 */
import { sha256Of } from './digests.ts';

const DIGITS = 10;

/** In this place of a seed where the environment has to be as long, and nothing is to depend on which seed it is. */
export const NO_SEED = '0'.repeat(DIGITS);

/** @param content the digest of all files. Returns ten digits: a number below 2 ** 32, and not zero, which means no seed. */
export function hashSeedOf(content: string): string {
  const number = Number.parseInt(sha256Of(`hash seed\0${content}`).slice(0, 8), 16);
  return String(Math.max(number, 1)).padStart(DIGITS, '0');
}
