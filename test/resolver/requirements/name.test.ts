import { describe, expect, test } from 'vitest';
import { canonicalName, isName, NAME_LIMIT } from '../../../resolver/requirements/name.ts';

test.each([
  ['numpy', 'numpy'],
  ['Pydantic_Core', 'pydantic-core'],
  ['ruamel..yaml', 'ruamel-yaml'],
  ['A-_.-b', 'a-b'],
  ['Flask-RESTful.2', 'flask-restful-2'],
])('canonicalName: %s is %s', (written, canonical) => {
  expect(canonicalName(written)).toBe(canonical);
  expect(canonicalName(canonical)).toBe(canonical);
});

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
