import { expect, test } from 'vitest';
import { fixed } from '../../../resolver/issues/fixes.ts';
import { parseSpecifier, parseSpecifiers, satisfies } from '../../../resolver/requirements/specifier.ts';
import { parseVersion } from '../../../resolver/requirements/version.ts';

// The versions that specifiers admit are compared with packaging, 30,000 times.
test('a version may have been parsed', () => {
  expect(satisfies(parseVersion('1.5')!, [parseSpecifier('>=1')!, parseSpecifier('<2')!])).toBe(true);
  expect(satisfies(parseVersion('2.0')!, [parseSpecifier('>=1')!, parseSpecifier('<2')!])).toBe(false);
});

test.each([
  ['>=', 'There is no version after `>=`, at column 3', 'Write a version, such as >=1.0.'],
  ['1.0', '`1.0` has no operator, at column 1', 'Write an operator before it, such as ==.'],
  ['>=1, <=2.*', '`<=2.*` is not a wildcard such as ==1.2.* or !=1.2.*, at column 8', 'Leave out the `.*`.'],
  [
    '==1.0rc1.*',
    '`==1.0rc1.*` is not a wildcard such as ==1.2.* or !=1.2.*, at column 3',
    'Leave out the `.*`.',
  ],
  ['~=2', '`~=2` needs a release of two numbers or more, at column 3', 'Write it like ~=1.4.'],
  ['>=1.0+cpu', '`>=1.0+cpu` has a local label, which only == and != compare, at column 3', 'Write >=1.0.'],
  ['==1.x', '`1.x` is not a version, at column 3', 'Write a version of PEP 440, such as 2.1rc1.'],
  [
    '===1.0;x',
    '`1.0;x` has white space, `;` or `)` in it, at column 4',
    'Write ==, which compares versions.',
  ],
])('parseSpecifiers refuses %s', (text, problem, fix) => {
  const parsed = parseSpecifiers(text);
  const column = Number(/\d+$/.exec(problem)![0]);
  const message = `${problem}:\n    ${text}\n    ${' '.repeat(column - 1)}^`;
  expect(parsed).toMatchObject({
    ok: false,
    issues: [{ code: 'invalid_specifier', message, ...fixed(fix), requirement: text, column }],
  });
});
