/**
 * The seed of Python's hashes. Strings in a snapshot are hashed already, so all Workers that start from one have one seed.
 * It comes from what the shared part of a snapshot is made from. Pyodide hashes strings to 32 bits by FNV, for which some
 * keys collide under every seed: `runtime/README.md` says what they cost, and what to do.
 */
import { sha256Of } from './digests.ts';

const DIGITS = 10;

/** A placeholder: the environment has to be as long as with a seed, and nothing may depend on its value. */
export const NO_SEED = '0'.repeat(DIGITS);

/**
 * @param content the digest of what the memory is made from. Returns ten digits: a number below 2 ** 32 and above zero, which means no
 * seed.
 */
export function hashSeedOf(content: string): string {
  const number = Number.parseInt(sha256Of(`hash seed\0${content}`).slice(0, 8), 16);
  return String(Math.max(number, 1)).padStart(DIGITS, '0');
}
