import { describe, expect, test } from 'vitest';
import { fixed } from '../../../resolver/issues/fixes.ts';
import { parseSpecifier, satisfies } from '../../../resolver/requirements/specifier.ts';
import { parseSpecifiers } from '../../../resolver/requirements/specifier-parser.ts';
import { parseVersion } from '../../../resolver/requirements/version.ts';

function admits(specifiers: string, version: string): boolean {
  const parsed = parseSpecifiers(specifiers);
  if (!parsed.ok) throw new Error(parsed.issues[0]!.message);
  return satisfies(version, parsed.value);
}

describe('satisfies', () => {
  test.each([
    // specifiers, what they admit, what they do not
    ['', '1.0 1.0a1 1.1.1w', ''],
    ['==1.0', '1 1.0.0 1.0+local', '1.0.1 1.0.post1 1.0a1 1!1.0 1.1.1w'],
    ['==1.0+local.1', '1.0+local.1 1.0.0+LOCAL-1', '1.0 1.0+local 1.0+local.1.1'],
    ['==1.2.*', '1.2 1.2.9 1.2a1 1.2.dev0 1.2.post1 1.2+x', '1.3.dev0 1.20 1 1!1.2'],
    ['==1.0.*', '1 1.0.5', '1.1'],
    ['==1!1.*', '1!1.5', '1.5'],
    ['!=1.0', '1.1 1.0.post1 1.0rc1', '1 1.0+local 1.1.1w'],
    ['!=1.5.*', '1.4 1.6', '1.5 1.5.2 1.5rc1'],
    ['~=2.2', '2.2 2.3 2.99 2.2.post3 2.3.dev1', '2.1 3.0 3.0a1 2.2rc1'],
    ['~=2.2.0', '2.2 2.2.9', '2.3 2.2a1'],
    ['~=2.2.post3', '2.2.post3 2.9', '2.2 2.2.post2 3'],
    ['>=1.0', '1.0 1.0+local 1.0.post1 2', '1.0rc1 0.9'],
    ['<=1.0', '1.0 1.0+local 1.0rc1 0.9', '1.0.post1 1.1'],
    ['>1.0', '1.0.1 1.1a1 1!0.1', '1.0 1.0+local 1.0.post1 1.0rc1'],
    ['>1.0.post1', '1.0.post2 1.1', '1.0 1.0.post1 1.0.post1+local'],
    ['>1.0rc1', '1.0 1.0rc2', '1.0rc1 1.0rc1.post1 1.0b9'],
    ['>1.0a1', '1.0b1 1.0b1.post1 1.0.post1', '1.0a1.post1'],
    ['>1.0.dev1', '1.0.dev2 1.0a1 1.0', '1.0.dev1 1.0.dev1+local'],
    ['<1.0', '0.9 0.9.post1', '1.0 1.0rc1 1.0.dev0 1.0+local'],
    ['<1.0.post1', '1.0 1.0+local', '1.0.post1 1.0.post1.dev0'],
    ['<1.0rc1', '1.0b2 1.0.dev0', '1.0rc1 1.0'],
    ['<1!10', '99 1!9', '1!10'],
    ['===1.0', '1.0', '1 1.0.0 1.0+local'],
    ['===1.1.1W', '1.1.1w', '1.1.1'],
    ['>=1.0,<2,!=1.5.*', '1.0 1.4 1.6', '0.9 1.5.1 2.0 2.0a1'],
    ['>1.9007199254740992', '1.9007199254740993', '1.9007199254740992'],
  ])('%j admits %j and rejects %j', (specifiers, admitted, refused) => {
    const versions = [...admitted.split(' '), ...refused.split(' ')].filter((version) => version !== '');
    expect(versions.filter((version) => admits(specifiers, version))).toEqual(admitted.split(' '));
  });

  test('accepts a parsed version too', () => {
    expect(satisfies(parseVersion('1.5')!, [parseSpecifier('>=1')!, parseSpecifier('<2')!])).toBe(true);
    expect(satisfies(parseVersion('2.0')!, [parseSpecifier('>=1')!, parseSpecifier('<2')!])).toBe(false);
  });
});

describe('parseSpecifiers refuses', () => {
  test.each([
    ['>=', 'There is no version after `>=`, at column 3', 'Write a version, such as >=1.0.'],
    ['1.0', '`1.0` has no operator, at column 1', 'Write an operator before it, such as ==.'],
    [
      '>=1, <=2.*',
      '`<=2.*` is not a wildcard such as ==1.2.* or !=1.2.*, at column 8',
      'Leave out the `.*`.',
    ],
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
  ])('%s', (text, problem, fix) => {
    const parsed = parseSpecifiers(text);
    const column = Number(/\d+$/.exec(problem)![0]);
    expect(parsed).toEqual({
      ok: false,
      issues: [
        {
          kind: 'malformed',
          code: 'invalid_specifier',
          message: `${problem}:\n    ${text}\n    ${' '.repeat(column - 1)}^`,
          ...fixed(fix),
          requirement: text,
          index: 0,
          repeats: [],
          problem: problem.replace(/, at column \d+$/, ''),
          column,
        },
      ],
    });
  });
});
