/** Near spellings, for the fixes of unknown names. */

/** In UTF-16 units. Longer words get no suggestions, which bounds the work on hostile input. */
const LONGEST_WORD = 100;

/**
 * Up to `max` of the candidates that differ from `word` by few edits (a third of its length, at most 4), the
 * nearest first and equals in alphabetical order. Case does not count as a difference.
 */
export function nearest(word: string, candidates: Iterable<string>, max = 3): string[] {
  if (word.length > LONGEST_WORD) return [];
  const asked = word.toLowerCase();
  let bound = Math.min(4, Math.floor(asked.length / 3));
  const found: { name: string; edits: number }[] = [];
  for (const name of candidates) {
    if (Math.abs(name.length - asked.length) > bound) continue;
    const edits = editDistance(asked, name.toLowerCase(), bound);
    if (edits > bound) continue;
    found.push({ name, edits });
    found.sort((a, b) => a.edits - b.edits || (a.name < b.name ? -1 : 1));
    if (found.length > max) found.pop();
    if (found.length === max) bound = found[max - 1]!.edits;
  }
  return found.map(({ name }) => name);
}

/**
 * Damerau-Levenshtein distance (insert, delete, replace, swap of neighbours), or `bound + 1` where it is more.
 * Only cells within `bound` of the diagonal are visited, and none of what both words begin or end with.
 */
export function editDistance(a: string, b: string, bound: number): number {
  const beyond = bound + 1;
  if (Math.abs(a.length - b.length) > bound) return beyond;
  let start = 0;
  while (start < a.length && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  let rows = a.length;
  let columns = b.length;
  while (rows > start && columns > start && a.charCodeAt(rows - 1) === b.charCodeAt(columns - 1)) {
    rows--;
    columns--;
  }
  rows -= start;
  columns -= start;

  /** The cell of `a`'s first i and `b`'s first j characters after `start`; beyond the band it is `beyond`. */
  let earlier: number[] = [];
  let previous: number[] = [];
  let row: number[] = [];
  for (let j = 0; j <= columns; j++) previous.push(Math.min(j, beyond));
  for (let i = 1; i <= rows; i++) {
    const first = Math.max(1, i - bound);
    const last = Math.min(columns, i + bound);
    row[first - 1] = Math.min(i, beyond);
    let least = row[first - 1]!;
    const here = a.charCodeAt(start + i - 1);
    for (let j = first; j <= last; j++) {
      const there = b.charCodeAt(start + j - 1);
      let edits = previous[j - 1]! + (here === there ? 0 : 1);
      edits = Math.min(edits, previous[j]! + 1, row[j - 1]! + 1, beyond);
      if (i > 1 && j > 1 && here === b.charCodeAt(start + j - 2) && a.charCodeAt(start + i - 2) === there) {
        edits = Math.min(edits, earlier[j - 2]! + 1);
      }
      row[j] = edits;
      if (edits < least) least = edits;
    }
    if (last < columns) row[last + 1] = beyond;
    if (least > bound) return beyond;
    [earlier, previous, row] = [previous, row, earlier];
  }
  return previous[columns]!;
}

/** `Did you mean a, b or c?`, or null where there is nothing to suggest. */
export function didYouMean(names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const last = names.at(-1);
  return `Did you mean ${names.length > 1 ? `${names.slice(0, -1).join(', ')} or ` : ''}${last}?`;
}
