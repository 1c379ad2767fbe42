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
  /** The rows of `a`'s first i - 2, i - 1 and i characters, by how many of `b`'s. */
  let earlier: number[] = [];
  let previous = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, previous[j]! + 1, row[j - 1]! + 1);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j]!, earlier[j - 2]! + 1);
    }
    if (Math.min(...row) > bound) return bound + 1;
    earlier = previous;
    previous = row;
  }
  return Math.min(previous.at(-1)!, bound + 1);
}

/** `Did you mean a, b or c?`, or null where there is nothing to suggest. */
export function didYouMean(names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const last = names.at(-1);
  return `Did you mean ${names.length > 1 ? `${names.slice(0, -1).join(', ')} or ` : ''}${last}?`;
}
