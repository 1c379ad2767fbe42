/** Near spellings, for the fixes of unknown names. */

import { sortedBy } from '../sorted-by.ts';

/** In UTF-16 units. Longer words get no suggestions, which bounds the work on hostile input. */
const LONGEST_WORD = 100;

/**
 * Up to `max` of the candidates that differ from `word` by few edits (a third of its length, at most 4), the
 * nearest first and equals in alphabetical order. Case does not count as a difference.
 */
export function nearest(word: string, candidates: Iterable<string>, max = 3): string[] {
  if (word.length > LONGEST_WORD) return [];
  const asked = word.toLowerCase();
  const bound = Math.min(4, Math.floor(asked.length / 3));
  const found: { name: string; edits: number }[] = [];
  for (const name of candidates) {
    if (Math.abs(name.length - asked.length) > bound) continue;
    const edits = editDistance(asked, name.toLowerCase(), bound);
    if (edits <= bound) found.push({ name, edits });
  }
  return sortedBy(found, ({ edits, name }) => edits + name)
    .slice(0, max)
    .map(({ name }) => name);
}

/** Damerau-Levenshtein distance (insert, delete, replace, swap of neighbours), or `bound + 1` where it is more. */
export function editDistance(a: string, b: string, bound: number): number {
  const far = bound + 1;
  if (Math.abs(a.length - b.length) > bound) return far;
  // For `a`'s first i - 2, i - 1 and i characters, by how many of `b`'s; no further from the diagonal than the bound.
  let earlier: number[] = [];
  let previous = [0];
  let row: number[] = [];
  for (let j = 1; j <= b.length; j++) previous[j] = j;
  for (let i = 1; i <= a.length; i++) {
    const from = Math.max(1, i - bound);
    const to = Math.min(b.length, i + bound);
    let least = from > 1 ? far : i;
    row[from - 1] = least;
    for (let j = from; j <= to; j++) {
      let edits = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      edits = Math.min(edits, previous[j]! + 1, row[j - 1]! + 1);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits = Math.min(edits, earlier[j - 2]! + 1);
      row[j] = edits;
      if (edits < least) least = edits;
    }
    row[to + 1] = far;
    if (least > bound) return far;
    [earlier, previous, row] = [previous, row, earlier];
  }
  return Math.min(previous[b.length]!, far);
}

/** `Did you mean a, b or c?`, or null if there is nothing to suggest. */
export function didYouMean(names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const last = names.at(-1);
  return `Did you mean ${names.length > 1 ? `${names.slice(0, -1).join(', ')} or ` : ''}${last}?`;
}
