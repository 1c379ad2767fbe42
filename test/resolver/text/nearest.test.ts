import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { didYouMean, editDistance, nearest } from '../../../resolver/text/nearest.ts';
import { view } from '../compatibility/catalog.ts';

/** The textbook recurrence over the whole table. */
function referenceDistance(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) => [i, ...new Array<number>(b.length).fill(0)]);
  for (let j = 0; j <= b.length; j++) table[0]![j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replace = table[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let edits = Math.min(table[i - 1]![j]! + 1, table[i]![j - 1]! + 1, replace);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) edits = Math.min(edits, table[i - 2]![j - 2]! + 1);
      table[i]![j] = edits;
    }
  }
  return table[a.length]![b.length]!;
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '_'), maxLength: 12 });

test('editDistance is the textbook distance, up to a bound', () => {
  fc.assert(
    fc.property(word, word, fc.nat(5), (a, b, bound) => {
      expect(editDistance(a, b, bound)).toBe(Math.min(referenceDistance(a, b), bound + 1));
    }),
    { numRuns: 5_000 },
  );
});

describe('nearest', () => {
  const flags = [...view.flagByName.keys()];

  test.for([
    ['python_worker', ['python_workers']],
    ['PYTHON_WORKERS', ['python_workers']],
    ['pythonWorkers', ['python_workers']],
    ['python-workers', ['python_workers']],
    ['python_workers_20260601', ['python_workers_20260610', 'no_python_workers_20260610']],
    ['nodejs_compatt', ['nodejs_compat', 'nodejs_compat_v2']],
    ['nothing_like_any_of_them', []],
    ['', []],
  ] as const)('%s means %j', ([asked, names]) => {
    expect(nearest(asked, flags).slice(0, names.length || 3)).toEqual(names);
  });

  test('finds what a comparison with every name finds', () => {
    fc.assert(
      fc.property(word, fc.uniqueArray(word, { maxLength: 40 }), (asked, names) => {
        const bound = Math.min(4, Math.floor(asked.length / 3));
        const near = names
          .map((name) => ({ name, edits: referenceDistance(asked, name) }))
          .filter(({ edits }) => edits <= bound)
          .sort((a, b) => a.edits - b.edits || (a.name < b.name ? -1 : 1));
        expect(nearest(asked, names, names.length)).toEqual(near.map(({ name }) => name));
      }),
      { numRuns: 2_000 },
    );
  });

  test('suggests nothing for long words', () => {
    const long = 'a'.repeat(101);
    expect(nearest(long, [long])).toEqual([]);
    expect(nearest(long.slice(1), [long])).toEqual([long]);
  });
});

test.for([
  [[], null],
  [['a'], 'Did you mean a?'],
  [['a', 'b'], 'Did you mean a or b?'],
  [['a', 'b', 'c'], 'Did you mean a, b or c?'],
] as const)('%j: %s', ([names, sentence]) => {
  expect(didYouMean(names)).toBe(sentence);
});
