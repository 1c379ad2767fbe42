/** Near spellings, for the fixes of unknown names. */

/** In UTF-16 units. Longer words get no suggestions, which bounds the work on hostile input. */
const LONGEST_WORD = 100;

/**
 * Up to `max` of the candidates that differ from `word` by few edits (a third of its length, at most 4), the
 * nearest first and equals in alphabetical order. Case does not count as a difference.
 */
export function nearest(word: string, candidates: Iterable<string>, max = 3): string[] {
  return nearestAmong(candidates)(word, max);
}

/** The same for many words, for which the letters of the candidates are noted once. */
export function nearestAmong(candidates: Iterable<string>): (word: string, max?: number) => string[] {
  const noted = Array.from(candidates, (name) => {
    const lower = name.toLowerCase();
    return { name, lower, ...lettersOf(lower) };
  });
  return (word, max = 3) => {
    if (word.length > LONGEST_WORD) return [];
    const asked = word.toLowerCase();
    const { once, twice } = lettersOf(asked);
    const bound = Math.min(4, Math.floor(asked.length / 3));
    const near: string[] = [];
    for (const other of noted) {
      // Most words are told apart by their lengths and letters.
      if (Math.abs(asked.length - other.lower.length) > bound) continue;
      if (bitsOf(once & ~other.once) + bitsOf(twice & ~other.twice) > bound) continue;
      if (bitsOf(other.once & ~once) + bitsOf(other.twice & ~twice) > bound) continue;
      const edits = editDistance(asked, other.lower, bound);
      // One digit, by which they sort.
      if (edits <= bound) near.push(edits + other.name);
    }
    return near
      .sort()
      .slice(0, max)
      .map((name) => name.slice(1));
  };
}

/** The characters of a word that it has once, and twice or more, each as one of 32 bits, which it may share. */
function lettersOf(word: string): { once: number; twice: number } {
  let once = 0;
  let twice = 0;
  for (let at = 0; at < word.length; at++) {
    const letter = 1 << (word.charCodeAt(at) & 31);
    twice |= once & letter;
    once |= letter;
  }
  return { once, twice };
}

function bitsOf(set: number): number {
  let count = 0;
  for (let left = set; left !== 0; left &= left - 1) count++;
  return count;
}

/** Damerau-Levenshtein distance (insert, delete, replace, swap of neighbours), or `bound + 1` where it is more. */
export function editDistance(a: string, b: string, bound: number): number {
  const far = bound + 1;
  if (Math.abs(a.length - b.length) > bound) return far;
  // For `a`'s first i - 2 and i - 1 characters, by how many of `b`'s. Beyond `bound` from the diagonal, all are far.
  let earlier: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => Math.min(j, far));
  for (let i = 1; i <= a.length; i++) {
    const row: number[] = Array(b.length + 1).fill(far);
    let least = far;
    if (i <= bound) least = row[0] = i;
    const last = Math.min(b.length, i + bound);
    for (let j = Math.max(1, i - bound); j <= last; j++) {
      const isEqual = a[i - 1] === b[j - 1];
      let edits = isEqual ? previous[j - 1]! : Math.min(previous[j - 1]!, previous[j]!, row[j - 1]!) + 1;
      if (!isEqual && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, earlier[j - 2]! + 1);
      row[j] = edits;
      if (edits < least) least = edits;
    }
    if (least > bound) return far;
    [earlier, previous] = [previous, row];
  }
  return Math.min(previous[b.length]!, far);
}

/** `Did you mean a, b or c?`, or null if there is nothing to suggest. */
export function didYouMean(names: readonly string[]): string | null {
  return names.length === 0 ? null : `Did you mean ${names.join(', ').replace(/,(?!.*,)/, ' or')}?`;
}
