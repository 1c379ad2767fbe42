/** Near spellings, for the fixes of unknown names. */

/** Longer words get no suggestions, which bounds the work on hostile input. */
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
 * Only the band of cells within `bound` of the diagonal is visited.
 */
export function editDistance(a: string, b: string, bound: number): number {
  const beyond = bound + 1;
  if (Math.abs(a.length - b.length) > bound) return beyond;
  let earlier: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => Math.min(j, beyond));
  for (let i = 1; i <= a.length; i++) {
    const row: number[] = new Array(b.length + 1).fill(beyond);
    if (i <= bound) row[0] = i;
    let least = row[0]!;
    for (let j = Math.max(1, i - bound); j <= Math.min(b.length, i + bound); j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, earlier[j - 2]! + 1);
      }
      row[j] = Math.min(edits, beyond);
      least = Math.min(least, edits);
    }
    if (least > bound) return beyond;
    earlier = previous;
    previous = row;
  }
  return previous[b.length]!;
}

/** `Did you mean a, b or c?`, or null where there is nothing to suggest. */
export function didYouMean(names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const last = names.at(-1);
  return `Did you mean ${names.length > 1 ? `${names.slice(0, -1).join(', ')} or ` : ''}${last}?`;
}
