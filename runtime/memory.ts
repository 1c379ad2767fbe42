/** Memory, as the pages that differ from those before a snapshot is restored. */

const PAGE = 4096;

/** Runs of pages: the first one's number, and how many. */
export type PageRuns = readonly (readonly [first: number, count: number])[];

/** The pages of `memory` that `before` does not have, one after the other. */
export function packPages(memory: Uint8Array, before: Uint8Array): { runs: PageRuns; data: Uint8Array } {
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

export function restorePages(memory: Uint8Array, runs: PageRuns, data: Uint8Array): void {
  let at = 0;
  for (const [first, count] of runs) {
    memory.set(data.subarray(at, at + count * PAGE), first * PAGE);
    at += count * PAGE;
  }
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

function isEqual(words: Uint32Array, known: Uint32Array, page: number): boolean {
  const end = ((page + 1) * PAGE) / 4;
  for (let at = (page * PAGE) / 4; at < end; at++) if (words[at] !== (known[at] ?? 0)) return false;
  return true;
}
