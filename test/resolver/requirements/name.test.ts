import { describe, expect, test } from 'vitest';
import { isName, NAME_LIMIT } from '../../../resolver/requirements/name.ts';

// packaging reads names in 20,000 requirements.
describe('isName', () => {
  test.each(['a', '0', 'A.b-c_d', 'x'.repeat(NAME_LIMIT)])('%s is well-formed', (name) => {
    expect(isName(name)).toBe(true);
  });

  test.each([
    ['empty', ''],
    ['a mark at the beginning', '-a'],
    ['a mark at the end', 'a_'],
    ['marks alone', '.'],
    ['a space', 'a b'],
    ['a line break at the end', 'a\n'],
    ['a path', '../a'],
    ['a Cyrillic letter', 'r\u0435quests'],
    ['the Kelvin sign, which is a K by Unicode', '\u212a'],
    ['too long', 'x'.repeat(NAME_LIMIT + 1)],
  ])('not with %s', (_, name) => {
    expect(isName(name)).toBe(false);
  });
});
