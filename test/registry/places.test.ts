/** Places of sets as text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placesIn, withPlace } from '../../registry/storage/places.ts';

test.for([
  [[0], '0'],
  [[0, 1], '0-1'],
  [[8, 9, 10, 11], '8-11'],
  [[0, 1, 2, 4, 6, 7, 100], '0-2,4,6-7,100'],
] as const)('%j are %s', ([places, text]) => {
  expect(places.reduce(withPlace, '')).toBe(text);
});

test('places are those that were added', () => {
  const ascending = fc.uniqueArray(fc.nat(120)).map((places) => places.sort((a, b) => a - b));
  fc.assert(
    fc.property(ascending, (places) => {
      expect(placesIn(places.reduce(withPlace, ''))).toEqual(places);
    }),
  );
});
