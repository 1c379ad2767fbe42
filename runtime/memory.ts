/** Memory, as the pages that differ from those before a snapshot is restored, and as the changes of a second snapshot. */

const PAGE = 4096;
const WORDS = PAGE / 4;
/** Runs that are as near are one: fewer of them take less room. In words. */
const NEAR = 4;
/** The same for runs of pages, each of which is compressed alone. In pages. */
const NEAR_PAGES = 16;

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

/** The pages of `memory` that `before` does not have, and those between that are near. */
export function packPages(memory: Uint8Array, before: Uint8Array): Pages {
  const words = wordsOf(memory);
  const known = wordsOf(before);
  return packed(memory, (page) => !isEqual(words, known, page));
}

/** The pages of `start` that `memory` still has, unless they are empty, and those between that are near. */
export function packKept(start: Uint8Array, memory: Uint8Array): Pages {
  const [words, kept, empty] = [wordsOf(start), wordsOf(memory), new Uint32Array(0)];
  return packed(start, (page) => isEqual(words, kept, page) && !isEqual(words, empty, page));
}

function packed(memory: Uint8Array, isWanted: (page: number) => boolean): Pages {
  const runs: [number, number][] = [];
  for (let page = 0; page < memory.length / PAGE; page++) {
    if (!isWanted(page)) continue;
    const last = runs.at(-1);
    if (last && page - (last[0] + last[1]) <= NEAR_PAGES) last[1] = page + 1 - last[0];
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
 * Restores the pages of `base` over `before`, and returns what differs in `memory`, as words: the number of runs,
 * the distance of each from the one before, their lengths, and all their words. A page that is not in `base` is one
 * run: what it held before may be different in a Worker.
 */
export function packChanges(memory: Uint8Array, before: Uint8Array, base: Pages): Uint8Array {
  restorePages(before, base);
  const shared = pagesOf(base.runs);
  const [words, others] = [wordsOf(memory), wordsOf(before)];
  const runs: [first: number, end: number][] = [];
  const add = (first: number, end: number) => {
    const last = runs.at(-1);
    if (last && first - last[1] <= NEAR) last[1] = end;
    else runs.push([first, end]);
  };
  for (let page = 0; page < memory.length / PAGE; page++) {
    if (isEqual(words, others, page)) continue;
    const [first, end] = [page * WORDS, (page + 1) * WORDS];
    if (!shared.has(page)) add(first, end);
    else for (let at = first; at < end; at++) if (words[at] !== others[at]) add(at, at + 1);
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

function pagesOf(runs: PageRuns): Set<number> {
  return new Set(runs.flatMap(([first, count]) => Array.from({ length: count }, (_, at) => first + at)));
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

function isEqual(words: Uint32Array, known: Uint32Array, page: number): boolean {
  const end = (page + 1) * WORDS;
  for (let at = page * WORDS; at < end; at++) if (words[at] !== (known[at] ?? 0)) return false;
  return true;
}
