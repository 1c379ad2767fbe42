/**
 * Words of Python's memory that follow from others: the hashes of strings, the links of the garbage collector's list, and
 * the indices of dictionaries. They hardly compress, so the build puts marks in their place, words that say what belongs
 * there (`cli/worker/snapshot/marks.ts`), and a start computes them again.
 * The layouts are those of CPython 3.12 to 3.14 with 32 bits: `unicodeobject.h`, `pycore_gc.h` and `pycore_dict.h`.
 */
import type { EmscriptenModule } from './pyodide.ts';

/** Places are numbers of words. */
export interface Marks {
  /** Where the first and the last mark are. */
  from: number;
  to: number;
  /** Places between them of words that look like marks, but are not, in order. */
  lookalikes: readonly number[];
  /** The head of the garbage collector's list, which is not an object. Its own links are in memory. */
  head: number;
}

/** The first mark. What it stands for is added. */
export const MARK = 0x7fb1_0c50;
/** The hash of a string. */
export const HASH = 0;
/** The first word of the indices of a dictionary. The others are zero. */
export const INDICES = 1;
/** A member's link to the one before in the garbage collector's list; its flags are added. That to the next has only flags. */
export const LINK = 2;
export const FLAGS = 3;
export const LAST = MARK + LINK + FLAGS;

/** Objects begin at every other word, and all marks are at the words between. */
export const STEP = 2;
/** The words that are looked at in one call: a function that is called often is soon compiled. */
const ROUND = 1024;

/** A string has its hash after a count of references, its type and its length. Not computed yet, it is -1. */
export const TO_HASH = 3;
export const NO_HASH = 0xffff_ffff;

/** Puts back what marks stand for, once all other words are there. */
export function restoreDerived(module: EmscriptenModule, marks: Marks): void {
  const words = new Uint32Array(module.HEAPU8.buffer);
  const { hashes, tables, links } = findMarks(words, marks);
  const { PyObject_Hash: hash } = module.LDSO.loadedLibsByName.__main__!.exports;
  for (const at of hashes) {
    words[at] = NO_HASH;
    // Python keeps what it computes there.
    hash!((at - TO_HASH) * 4);
  }
  linkMembers(words, marks.head, links);
  // By the hashes, which are all there now.
  for (const at of tables) fillIndices(words, at);
}

/** The places of all marks, by what they stand for. */
function findMarks(words: Uint32Array, { from, to, lookalikes }: Marks) {
  const hashes: number[] = [];
  const tables: number[] = [];
  const links: number[] = [];
  let passed = 0;
  const look = (start: number, end: number) => {
    for (let at = start; at <= end; at += STEP) {
      const word = words[at]!;
      if (word < MARK || word > LAST) continue;
      if (at === lookalikes[passed]) passed++;
      else if (word === MARK + HASH) hashes.push(at);
      else if (word === MARK + INDICES) tables.push(at);
      else links.push(at);
    }
  };
  for (let at = from; at <= to; at += ROUND) look(at, Math.min(at + ROUND - STEP, to));
  return { hashes, tables, links };
}

/** @param marked where each member has the mark, which is the second of its two links */
function linkMembers(words: Uint32Array, head: number, marked: readonly number[]): void {
  let before = head;
  for (const [index, at] of marked.entries()) {
    const member = at - 1;
    const next = index + 1 < marked.length ? marked[index + 1]! - 1 : head;
    words[member]! |= next * 4;
    words[at] = (before * 4) | (words[at]! - MARK - LINK);
    before = member;
  }
}

/** The keys of a dictionary: five words, the indices, and the entries. */
export interface DictKeys {
  /** The number of each slot's entry; -1 for an empty slot, and -2 for one that was used. */
  indices: Int8Array | Int16Array | Int32Array;
  /** Where the first entry is, and how many there are. */
  entries: number;
  count: number;
  /** The words of an entry. If it has its hash, it begins with that; the keys of others are strings. */
  size: number;
  hasHash: boolean;
}

/** @param at where the indices are */
export function dictKeysAt(words: Uint32Array, at: number): DictKeys {
  const [sizes, count] = [words[at - 4]!, words[at - 1]!];
  // The lowest byte has the slots, and the next the bytes of all indices, as powers of two; the third has the kind of keys.
  const slots = 1 << (sizes & 0xff);
  const bytes = 1 << ((sizes >>> 8) & 0xff);
  const Indices = bytes === slots ? Int8Array : bytes === slots * 2 ? Int16Array : Int32Array;
  const hasHash = ((sizes >>> 16) & 0xff) === 0;
  return {
    indices: new Indices(words.buffer as ArrayBuffer, at * 4, slots),
    entries: at + bytes / 4,
    count,
    size: hasHash ? 3 : 2,
    hasHash,
  };
}

/** Gives each entry a slot, in the order in which Python looks for a free one. */
export function fillIndices(words: Uint32Array, at: number): void {
  const { indices, entries, count, size, hasHash } = dictKeysAt(words, at);
  const mask = indices.length - 1;
  indices.fill(-1);
  for (let index = 0; index < count; index++) {
    const entry = entries + index * size;
    const key = words[hasHash ? entry + 1 : entry]!;
    // An entry that was removed has no key.
    if (key === 0) continue;
    const hash = hasHash ? words[entry]! : words[key / 4 + TO_HASH]!;
    let slot = hash & mask;
    for (let rest = hash >>> 5; indices[slot] !== -1; rest >>>= 5) slot = (slot * 5 + rest + 1) & mask;
    indices[slot] = index;
  }
}
