/** Memory, as the pages that differ from those before a snapshot is restored, and as the changes of a second snapshot. */

export const PAGE = 4096;
const WORDS = PAGE / 4;
/** Runs that are as near are one: fewer of them take less room. In words. */
const NEAR = 4;
const EMPTY = new Uint8Array(0);

/** Runs of pages: the first one's number, and how many. */
export type PageRuns = readonly (readonly [first: number, count: number])[];

export interface Pages {
  runs: PageRuns;
  /** Contents of the pages, one after the other. */
  data: Uint8Array;
}

/** The size of these pages, in bytes. */
export function sizeOf(runs: PageRuns): number {
  return runs.reduce((sum, [, count]) => sum + count * PAGE, 0);
}

/** The pages of `memory` that differ from those before. */
export function packPages(memory: Uint8Array, before: Pages = { runs: [], data: EMPTY }): Pages {
  const known = wordsByPage(before);
  return packed(memory, (words, page) => !isEqual(words, known.get(page)));
}

/** The pages of `start` that `memory` still has, unless they are empty. */
export function packKept(start: Uint8Array, memory: Uint8Array): Pages {
  const kept = wordsOf(memory);
  const isKept = (words: Uint32Array, page: number) =>
    isEqual(words, kept.subarray(page * WORDS, (page + 1) * WORDS)) && !isEqual(words, undefined);
  return packed(start, isKept);
}

function packed(memory: Uint8Array, isWanted: (words: Uint32Array, page: number) => boolean): Pages {
  const words = wordsOf(memory);
  const runs: [number, number][] = [];
  for (let page = 0; page < memory.length / PAGE; page++) {
    if (!isWanted(words.subarray(page * WORDS, (page + 1) * WORDS), page)) continue;
    const last = runs.at(-1);
    if (last && last[0] + last[1] === page) last[1]++;
    else runs.push([page, 1]);
  }
  const data = new Uint8Array(sizeOf(runs));
  let at = 0;
  for (const part of partsOf(memory, runs)) {
    data.set(part, at);
    at += part.length;
  }
  return { runs, data };
}

export function restorePages(memory: Uint8Array, { runs, data }: Pages): void {
  let at = 0;
  for (const part of partsOf(memory, runs)) {
    part.set(data.subarray(at, at + part.length));
    at += part.length;
  }
}

/** The parts of memory that are these runs. */
export function partsOf(memory: Uint8Array, runs: PageRuns): Uint8Array[] {
  return runs.map(([first, count]) => memory.subarray(first * PAGE, (first + count) * PAGE));
}

/**
 * Returns what differs in `memory` from `base`, restored over `before`, as words: the number of runs, the distance of
 * each from the one before, their lengths, and all their words. A page that is not in `base` is one run: what it held
 * before may be different in a Worker.
 */
export function packChanges(memory: Uint8Array, before: Pages, base: Pages): Uint8Array {
  const [shared, others] = [wordsByPage(base), wordsByPage(before)];
  const words = wordsOf(memory);
  const runs: [first: number, end: number][] = [];
  const add = (first: number, end: number) => {
    const last = runs.at(-1);
    if (last && first - last[1] <= NEAR) last[1] = end;
    else runs.push([first, end]);
  };
  for (let page = 0; page < memory.length / PAGE; page++) {
    const [first, end] = [page * WORDS, (page + 1) * WORDS];
    const part = words.subarray(first, end);
    const known = shared.get(page);
    if (isEqual(part, known ?? others.get(page))) continue;
    if (known === undefined) add(first, end);
    else for (let at = 0; at < WORDS; at++) if (part[at] !== known[at]) add(first + at, first + at + 1);
  }
  return packRuns(words, runs);
}

function packRuns(words: Uint32Array, runs: readonly (readonly [first: number, end: number])[]): Uint8Array {
  const count = runs.length;
  const length = runs.reduce((sum, [first, end]) => sum + end - first, 0);
  const packed = new Uint32Array(1 + 2 * count + length);
  packed[0] = count;
  let from = 0;
  let to = 1 + 2 * count;
  for (const [index, [first, end]] of runs.entries()) {
    packed[1 + index] = first - from;
    packed[1 + count + index] = end - first;
    packed.set(words.subarray(first, end), to);
    from = end;
    to += end - first;
  }
  return new Uint8Array(packed.buffer);
}

/** Restores changes over the pages of their base, which have been restored. */
export function restoreChanges(memory: Uint8Array, changes: Uint8Array): void {
  const [words, packed] = [wordsOf(memory), wordsOf(changes)];
  const count = packed[0]!;
  let from = 1 + 2 * count;
  let to = 0;
  for (let index = 0; index < count; index++) {
    to += packed[1 + index]!;
    for (const end = from + packed[1 + count + index]!; from < end; ) words[to++] = packed[from++]!;
  }
}

/** The words of each page, by its number. */
function wordsByPage({ runs, data }: Pages): Map<number, Uint32Array> {
  const words = wordsOf(data);
  const numbers = runs.flatMap(([first, count]) => Array.from({ length: count }, (_, at) => first + at));
  return new Map(numbers.map((page, at) => [page, words.subarray(at * WORDS, (at + 1) * WORDS)]));
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** Whether these are the words of a page. One that has never been written to is zero, as are those after the end. */
function isEqual(page: Uint32Array, known: Uint32Array | undefined): boolean {
  for (let at = 0; at < WORDS; at++) if (page[at] !== (known?.[at] ?? 0)) return false;
  return true;
}
