/** Memory, as the pages that differ from those before a snapshot is restored, and the changes of a second snapshot. */

export const PAGE = 4096;

/** Runs of pages: the first one's number, and how many. */
export type PageRuns = readonly (readonly [first: number, count: number])[];

export interface Pages {
  runs: PageRuns;
  /** One page after the other. */
  data: Uint8Array;
}

/** The pages of `memory` that `before` does not have. */
export function packPages(memory: Uint8Array, before: Uint8Array): Pages {
  const words = wordsOf(memory);
  const known = wordsOf(before);
  const runs: [number, number][] = [];
  let pages = 0;
  for (let page = 0; page < memory.length / PAGE; page++) {
    if (isEqual(words, known, page)) continue;
    pages++;
    const last = runs.at(-1);
    if (last && last[0] + last[1] === page) last[1]++;
    else runs.push([page, 1]);
  }
  const data = new Uint8Array(pages * PAGE);
  let at = 0;
  for (const [first, count] of runs) {
    data.set(memory.subarray(first * PAGE, (first + count) * PAGE), at);
    at += count * PAGE;
  }
  return { runs, data };
}

export function restorePages(memory: Uint8Array, { runs, data }: Pages): void {
  let at = 0;
  for (const [first, count] of runs) {
    memory.set(data.subarray(at, at + count * PAGE), first * PAGE);
    at += count * PAGE;
  }
}

/**
 * The pages of `memory` that differ after the pages of `base` have been restored over `before`. A page that is in
 * `base` is stored as its difference: most of its bytes are the same, and zeros compress well.
 */
export function packChanges(memory: Uint8Array, before: Uint8Array, base: Pages): Pages {
  const known = new Uint8Array(memory.length);
  known.set(before.subarray(0, memory.length));
  restorePages(known, base);
  const changed = packPages(memory, known);
  const shared = pagesOf(base.runs);
  forEachPage(changed.runs, (page, at) => {
    if (shared.has(page)) combine(changed.data, at, known, page * PAGE);
  });
  return changed;
}

/** Restores changes over the pages of `base`, which have been restored. */
export function restoreChanges(memory: Uint8Array, base: PageRuns, { runs, data }: Pages): void {
  const shared = pagesOf(base);
  forEachPage(runs, (page, at) => {
    if (shared.has(page)) combine(memory, page * PAGE, data, at);
    else memory.set(data.subarray(at, at + PAGE), page * PAGE);
  });
}

function forEachPage(runs: PageRuns, use: (page: number, at: number) => void): void {
  let at = 0;
  for (const [first, count] of runs) {
    for (let page = first; page < first + count; page++, at += PAGE) use(page, at);
  }
}

function pagesOf(runs: PageRuns): Set<number> {
  const pages = new Set<number>();
  forEachPage(runs, (page) => pages.add(page));
  return pages;
}

/** Combines a page with another by exclusive or: the same once more restores it. */
function combine(bytes: Uint8Array, at: number, other: Uint8Array, from: number): void {
  const words = wordsOf(bytes.subarray(at, at + PAGE));
  const others = wordsOf(other.subarray(from, from + PAGE));
  for (let word = 0; word < words.length; word++) words[word]! ^= others[word]!;
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

function isEqual(words: Uint32Array, known: Uint32Array, page: number): boolean {
  const end = ((page + 1) * PAGE) / 4;
  for (let at = (page * PAGE) / 4; at < end; at++) if (words[at] !== (known[at] ?? 0)) return false;
  return true;
}
