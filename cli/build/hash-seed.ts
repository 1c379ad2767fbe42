/**
 * The seed of Python's hashes. Strings in a snapshot are hashed already, so all of its instances have one seed. It is
 * made from every file of the Worker: the same files give the same seed, and it cannot be computed from the packages
 * alone. Pyodide hashes strings to 32 bits by FNV, for which some keys collide under every seed:
 * `runtime/README.md` says what they cost, and what to do.
 */
import { sha256Of } from './digests.ts';

const DIGITS = 10;

/** A placeholder: the environment has to be as long as with a seed, and nothing may depend on its value. */
export const NO_SEED = '0'.repeat(DIGITS);

/**
 * @param content the digest of all files. Returns ten digits: a number below 2 ** 32 and above zero, which means no
 * seed.
 */
export function hashSeedOf(content: string): string {
  const number = Number.parseInt(sha256Of(`hash seed\0${content}`).slice(0, 8), 16);
  return String(Math.max(number, 1)).padStart(DIGITS, '0');
}
