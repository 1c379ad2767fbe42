/**
 * Hashes of strings in a snapshot. They follow from the strings and the seed, and nothing compresses them: a snapshot
 * leaves them out, and the Worker computes them again, which takes a few milliseconds.
 */

/** Which strings have theirs left out. */
export interface StringHashes {
  /** The address of Python's type `str`, by which strings are found. */
  type: number;
  /** The seed, as `PYTHONHASHSEED` states it. */
  seed: string;
}

/** In the place of a hash that is left out. */
const LEFT_OUT = -2;

/** A string in memory, in words: its type, its length, its hash, its state, and its text if that is ASCII. */
const [LENGTH, HASH, TEXT] = [1, 2, 4];

/** Leaves out the hashes that follow from their strings. */
export function leaveOutHashes(pages: Uint8Array, { type, seed }: StringHashes): void {
  const words = wordsOf(pages);
  const secret = secretOf(seed);
  for (let at = words.indexOf(type); at !== -1; at = words.indexOf(type, at + 1)) {
    if (!hasText(pages, words, at)) continue;
    if (words[at + HASH] === hashOf(pages, words, at, secret)) words[at + HASH] = LEFT_OUT;
  }
}

/** Puts them back in. */
export function putBackHashes(pages: Uint8Array, { type, seed }: StringHashes): void {
  const words = wordsOf(pages);
  const secret = secretOf(seed);
  for (let at = words.indexOf(type); at !== -1; at = words.indexOf(type, at + 1)) {
    if (words[at + HASH] !== LEFT_OUT || !hasText(pages, words, at)) continue;
    words[at + HASH] = hashOf(pages, words, at, secret);
  }
}

function wordsOf({ buffer, byteOffset, length }: Uint8Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length >> 2);
}

/** What looks like a string may be something else, whose text would be beyond the end. */
function hasText(bytes: Uint8Array, words: Int32Array, at: number): boolean {
  const length = words[at + LENGTH]!;
  return length > 0 && ((at + TEXT) << 2) + length <= bytes.length;
}

const MULTIPLIER = 1_000_003;

/** FNV as Python computes it where pointers have 32 bits (`fnv` in `Python/pyhash.c`): the last word byte by byte. */
function hashOf(bytes: Uint8Array, words: Int32Array, at: number, [prefix, suffix]: Int32Array): number {
  const length = words[at + LENGTH]!;
  const first = (at + TEXT) << 2;
  const end = first + length;
  const tail = end - (length % 4 || 4);
  let hash = prefix! ^ (bytes[first]! << 7);
  for (let word = first; word < tail; word += 4) hash = Math.imul(hash, MULTIPLIER) ^ words[word >> 2]!;
  for (let byte = tail; byte < end; byte++) hash = Math.imul(hash, MULTIPLIER) ^ bytes[byte]!;
  hash ^= length ^ suffix!;
  return hash === -1 ? -2 : hash;
}

/** What Python makes of its seed (`lcg_urandom` in `Python/bootstrap_hash.c`): a prefix and a suffix. */
function secretOf(seed: string): Int32Array {
  const bytes = new Uint8Array(8);
  let state = Number(seed) | 0;
  for (let at = 0; at < bytes.length; at++) {
    state = (Math.imul(state, 214_013) + 2_531_011) | 0;
    bytes[at] = state >>> 16;
  }
  return new Int32Array(bytes.buffer);
}
