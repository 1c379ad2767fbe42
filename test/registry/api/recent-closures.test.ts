/** Cached closures are those that `pinClosure` makes, whatever was asked before, and of which set. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import older from '../../../data/sets/python_3.12_packages_2025_03_01.json';
import newer from '../../../data/sets/python_3.13_packages_2025_08_08.json';
import { recentClosure } from '../../../registry/api/recent-closures.ts';
import { pinClosure } from '../../../resolver/closure/closure.ts';
import { type PackageSet, prepareSet } from '../../../resolver/index.ts';

const sets = [newer, older].map((set) => prepareSet(set as PackageSet));
const rootsOf = (...roots: number[]) => new Map(roots.map((root, at) => [root, at]));

test('the second time, it is the same object', () => {
  const first = recentClosure(sets[0]!, rootsOf(3, 5));
  expect(recentClosure(sets[0]!, rootsOf(3, 5))).toBe(first);
  expect(recentClosure(sets[1]!, rootsOf(3, 5))).not.toBe(first);
});

test('of any sets and roots', () => {
  const roots = fc.array(fc.nat(200), { maxLength: 4 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...sets), roots), { maxLength: 20 }), (asked) => {
      for (const [set, indexes] of asked) {
        const named = rootsOf(...indexes.filter((index) => index < set.members.length));
        expect(recentClosure(set, named)).toEqual(pinClosure(set, named));
      }
    }),
  );
});

test('a set without a dependency has none', () => {
  const lacking = prepareSet({ flag: newer.flag, packages: (newer as PackageSet).packages.slice(0, -40) });
  const at = lacking.dangling.findIndex((names) => names.length > 0);
  expect(recentClosure(lacking, rootsOf(at))).toBeNull();
  expect(recentClosure(lacking, rootsOf(at))).toBeNull();
});
