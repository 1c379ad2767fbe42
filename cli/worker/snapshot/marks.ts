/** Puts marks into Python's memory, in place of words that follow from others (see `runtime/derived.ts`). */
import {
  type DictKeys,
  dictKeysAt,
  FLAGS,
  fillIndices,
  HASH,
  INDICES,
  LAST,
  LINK,
  MARK,
  type Marks,
  NO_HASH,
  restoreDerived,
  STEP,
  TO_HASH,
} from '../../../runtime/derived.ts';
import type { EmscriptenModule, Pyodide } from '../../../runtime/pyodide.ts';

/** The addresses of Python's `str` and `dict`, and of an object that the garbage collector tracks. */
export interface Anchors {
  str: number;
  dict: number;
  tracked: number;
}

export function anchorsOf(pyodide: Pyodide): Anchors {
  const addressOf = (object: string) => Number(pyodide.runPython(`id(${object})`));
  return { str: addressOf('str'), dict: addressOf('dict'), tracked: addressOf('__import__("sys").modules') };
}

/** An object begins with a count of references and its type. */
const TO_TYPE = 1;
/**
 * A string has then its length. If the word after a reference to the type is longer than this, it is more likely an
 * address, and to hash as much takes seconds.
 */
const TO_LENGTH = 2;
const LONGEST = 1 << 20;
/** A dictionary has then the number of its items, a word that aligns the next, two for its watchers, and its keys. */
const TO_KEYS = 6;
/** Keys begin with five words (see `DictKeys`). */
const TO_INDICES = 5;
/** The words before a tracked object: the links to the next one and to the one before. */
const LINKS = 2;

/**
 * Sorts the garbage collector's list by addresses, and fills the indices of dictionaries anew: Python does not depend on
 * their order, and `restoreDerived` makes this one.
 */
export function putInOrder({ HEAPU8 }: EmscriptenModule, anchors: Anchors): void {
  const words = new Uint32Array(HEAPU8.buffer);
  const members = membersOf(words, anchors);
  for (const [at, member] of members.entries()) {
    const next = members[(at + 1) % members.length]!;
    words[member] = (next * 4) | (words[member]! & FLAGS);
    words[next + 1] = (member * 4) | (words[next + 1]! & FLAGS);
  }
  for (const at of indicesIn(words, members[1]!, anchors)) fillIndices(words, at);
}

/**
 * Returns memory with marks, and where they are. Throws if they would not become the same memory again.
 * @param memory a copy of that of the module, whose own is written to
 */
export function withMarks(
  module: EmscriptenModule,
  memory: Uint8Array,
  anchors: Anchors,
): { marked: Uint8Array; marks: Marks } {
  const words = new Uint32Array(memory.buffer);
  const marked = words.slice();
  // The head belongs to the interpreter, whose memory is before that of all objects.
  const [head, ...tracked] = membersOf(words, anchors);
  const start = tracked[0]!;
  const hashes = hashesFrom(start, module, anchors);
  const tables = indicesIn(words, start, anchors);
  for (const at of hashes) marked[at] = MARK + HASH;
  for (const at of tables) {
    marked.fill(0, at, dictKeysAt(words, at).entries);
    marked[at] = MARK + INDICES;
  }
  for (const member of tracked) {
    marked[member]! &= FLAGS;
    marked[member + 1] = MARK + LINK + (words[member + 1]! & FLAGS);
  }
  const from = start + 1;
  const to = Math.max(...[hashes, tables, tracked].map((places) => places.at(-1) ?? 0)) + 1;
  const lookalikes: number[] = [];
  for (let at = from; at <= to; at += STEP) {
    if (words[at]! >= MARK && words[at]! <= LAST && marked[at] === words[at]) lookalikes.push(at);
  }
  const marks = { from, to, head: head!, lookalikes };
  const bytes = new Uint8Array(marked.buffer);
  module.HEAPU8.set(bytes);
  restoreDerived(module, marks);
  if (Buffer.compare(module.HEAPU8, memory) !== 0) {
    throw new Error(
      "Python's memory would differ once it is restored from its snapshot. Build without a snapshot: --no-snapshot.",
    );
  }
  return { marked: bytes, marks };
}

/** The members of the garbage collector's list that an object is in, by their places. */
function membersOf(words: Uint32Array, { tracked }: Anchors): number[] {
  const start = tracked / 4 - LINKS;
  const members: number[] = [];
  let at = start;
  do {
    members.push(at);
    at = (words[at]! & ~FLAGS) / 4;
  } while (at !== start);
  return members.sort((a, b) => a - b);
}

/** Where strings have a hash, from a place on. */
function hashesFrom(start: number, { HEAPU8, LDSO }: EmscriptenModule, { str }: Anchors): number[] {
  const words = new Uint32Array(HEAPU8.buffer);
  const { PyObject_Hash: hash } = LDSO.loadedLibsByName.__main__!.exports;
  const places: number[] = [];
  for (let object = start; object + TO_HASH < words.length; object += STEP) {
    if (words[object + TO_TYPE] !== str || words[object + TO_LENGTH]! > LONGEST) continue;
    const at = object + TO_HASH;
    const known = words[at]!;
    if (known === NO_HASH) continue;
    words[at] = NO_HASH;
    // A reference to the type looks like a string, too.
    try {
      if (hash!(object * 4) >>> 0 === known) places.push(at);
    } catch {}
    words[at] = known;
  }
  return places;
}

/** Where dictionaries have their indices, from a place on, in order. */
function indicesIn(words: Uint32Array, start: number, { str, dict }: Anchors): number[] {
  const places = new Set<number>();
  for (let object = start; object + TO_KEYS < words.length; object += STEP) {
    if (words[object + TO_TYPE] !== dict) continue;
    const at = words[object + TO_KEYS]! / 4 + TO_INDICES;
    if (at > start && at % STEP === 1 && isTable(words, at, str)) places.add(at);
  }
  return [...places].sort((a, b) => a - b);
}

/** The slots of a dictionary, as powers of two: with fewer, its indices compress well enough. */
const [LEAST, MOST] = [5, 24];

/** Whether these are the indices of entries, each of which has one. */
function isTable(words: Uint32Array, at: number, str: number): boolean {
  const [sizes, usable, count] = [words[at - 4]!, words[at - 2]!, words[at - 1]!];
  // The slots and the bytes are powers of two, as in `dictKeysAt`.
  const [slots, bytes, kind] = [sizes & 0xff, (sizes >>> 8) & 0xff, sizes >>> 16];
  if (slots < LEAST || slots > MOST || bytes < slots || bytes > slots + 2 || kind > 2) return false;
  if (usable + count > 1 << slots || at + 2 ** bytes / 4 + count * 3 > words.length) return false;
  const keys = dictKeysAt(words, at);
  const present = presentIn(words, keys, str);
  const indexed = [...keys.indices].filter((index) => index >= 0).sort((a, b) => a - b);
  return (
    present !== null && indexed.length === present.length && indexed.every((index, n) => index === present[n])
  );
}

/** The numbers of the entries that were not removed; null if these cannot be entries. */
function presentIn(words: Uint32Array, keys: DictKeys, str: number): number[] | null {
  const present: number[] = [];
  for (let index = 0; index < keys.count; index++) {
    const entry = keys.entries + index * keys.size;
    const key = words[keys.hasHash ? entry + 1 : entry]!;
    if (key === 0) continue;
    const isHashed = words[key / 4 + TO_TYPE] === str && words[key / 4 + TO_HASH] !== NO_HASH;
    if (!keys.hasHash && !isHashed) return null;
    present.push(index);
  }
  return present;
}
