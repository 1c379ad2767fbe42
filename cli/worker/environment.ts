/** Python's environment in a Worker, and the seed of its hashes. */
import { sha256Of } from './files.ts';

/** The folder of Pinwheel's Python. It is last on the path, so that a project's modules of the same names win. */
export const BRIDGE_FOLDER = '/lib/pinwheel';

/** Python's environment: two folders for libraries. Without a seed, each instance draws its own. */
export function environmentOf(python: string, hashSeed: string | null): Record<string, string> {
  const library = `/lib/python${python.split('.').slice(0, 2).join('.')}`;
  return {
    HOME: '/session/metadata',
    LD_LIBRARY_PATH: `/usr/lib:${library}/site-packages`,
    PYTHONPATH: BRIDGE_FOLDER,
    ...(hashSeed === null ? {} : { PYTHONHASHSEED: hashSeed }),
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

const DIGITS = 10;

/** A placeholder: the environment has to be as long as with a seed, and nothing may depend on its value. */
export const NO_SEED = '0'.repeat(DIGITS);

/**
 * The seed of Python's hashes. Strings in a snapshot are hashed already, so all Workers that start from one have one seed.
 * Pyodide hashes strings to 32 bits by FNV, for which some keys collide under every seed: `runtime/README.md` says what
 * they cost, and what to do.
 *
 * @param content the digest of what the memory is made from. Returns ten digits: a number below 2 ** 32 and above zero, which means no
 * seed.
 */
export function hashSeedOf(content: string): string {
  const number = Number.parseInt(sha256Of(`hash seed\0${content}`).slice(0, 8), 16);
  return String(Math.max(number, 1)).padStart(DIGITS, '0');
}
