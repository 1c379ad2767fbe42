/** Near spellings, for the fixes of unknown names. */
import { series } from './printable.ts';

/** In UTF-16 units. Longer words get no suggestions, which bounds the work on hostile input. */
const LONGEST_WORD = 100;

/** Up to `max` candidates that few edits make of `word` (a third of its length, at most 4), nearest first; any case. */
export function nearest(word: string, candidates: Iterable<string>, max = 3): string[] {
  if (word.length > LONGEST_WORD) return [];
  const asked = word.toLowerCase();
  const bound = Math.min(4, Math.floor(asked.length / 3));
  const near: string[] = [];
  for (const name of candidates) {
    // Most words are told apart by their lengths.
    if (Math.abs(name.length - asked.length) > bound) continue;
    const edits = editDistance(asked, name.toLowerCase(), bound);
    // The number of edits is one digit, by which names sort.
    if (edits <= bound) near.push(edits + name);
  }
  return near
    .sort()
    .slice(0, max)
    .map((name) => name.slice(1));
}

/** Damerau-Levenshtein distance (insert, delete, replace, swap of neighbours), or `bound + 1` where it is more. */
export function editDistance(a: string, b: string, bound: number): number {
  const far = bound + 1;
  // Most words are told apart by their letters, in a tenth of the time: `rest` are those of `b` that `a` lacks so far.
  let rest = b;
  for (let i = 0; i < a.length; i++) {
    rest = rest.replace(a[i]!, '');
    if (i + rest.length - b.length >= bound) return far;
  }
  if (rest.length > bound) return far;
  // For `a`'s first i - 2 and i - 1 characters, by how many of `b`'s.
  let earlier: number[] = [];
  let previous = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        previous[j - 1]! + Number(a[i - 1] !== b[j - 1]),
        previous[j]! + 1,
        row[j - 1]! + 1,
        isSwap ? earlier[j - 2]! + 1 : far,
      );
    }
    [earlier, previous] = [previous, row];
  }
  return Math.min(previous[b.length]!, far);
}

/** `Did you mean a, b or c?`, or null if there is nothing to suggest. */
export function didYouMean(names: readonly string[]): string | null {
  return names.length === 0 ? null : `Did you mean ${series(names, 'or')}?`;
}
