import { describe, expect, test } from 'vitest';
import {
  comparePublic,
  compareVersions,
  parseVersion,
  VERSION_LIMIT,
  type Version,
} from '../../../resolver/requirements/version.ts';

function versionOf(text: string): Version {
  const version = parseVersion(text);
  if (version === null) throw new Error(`${text} is not a version`);
  return version;
}

describe('compareVersions', () => {
  const ascending = [
    '0.dev0',
    '0',
    '1.0.dev1',
    '1.0.dev2',
    '1.0a1.dev1',
    '1.0a1',
    '1.0a1.post1.dev1',
    '1.0a1.post1',
    '1.0a2',
    '1.0b1',
    '1.0rc1',
    '1.0',
    '1.0+1e5', // Not a number, although JavaScript reads it as one.
    '1.0+abc',
    '1.0+abc.1',
    '1.0+abd',
    '1.0+5',
    '1.0+10',
    '1.0+9007199254740992',
    '1.0+9007199254740993',
    '1.0.post1.dev3',
    '1.0.post1',
    '1.0.post2',
    '1.0.1',
    '1.9',
    '1.10',
    '1.9007199254740992',
    '1.9007199254740993',
    '2025.1',
    '1!0.1',
  ];

  test('every version is older than all that follow it in the list', () => {
    const versions = ascending.map(versionOf);
    for (const [at, version] of versions.entries()) {
      for (const [other, later] of versions.entries()) {
        const compared = [version.text, later.text, Math.sign(compareVersions(version, later))];
        expect(compared).toEqual([version.text, later.text, Math.sign(at - other)]);
      }
    }
  });

  test.each([
    ['1.0', '1'],
    ['v1.0.0', '1'],
    ['1.0-ALPHA.1', '1.0a1'],
    ['1.0pre', '1.0rc0'],
    ['1.0c2', '1.0rc2'],
    ['1.0-3', '1.0.post3'],
    ['1.0r4', '1.0.post4'],
    ['1.0dev', '1.0.dev0'],
    ['0!1.0', '1.0'],
    [' 1.0\n', '1.0'],
    ['1.0+Ubuntu-01', '1.0+ubuntu.1'],
    ['1.00000000000000000000001', '1.1'],
    ['0!1.12345678901234567890a', '1.12345678901234567890a0'],
  ])('%j is %s', (a, b) => {
    expect(compareVersions(versionOf(a), versionOf(b))).toBe(0);
  });

  test('the local label counts, except in the public part', () => {
    const [plain, local] = [versionOf('1.0'), versionOf('1.0+pinwheel.1')];
    expect(compareVersions(plain, local)).toBeLessThan(0);
    expect(comparePublic(plain, local)).toBe(0);
  });
});

describe('parseVersion gives null for', () => {
  test.each([
    '',
    ' ',
    '1.1.1w',
    '1.',
    '.1',
    '1..2',
    '1.0.x',
    '1.0+',
    '1.0+a+b',
    '1.0+a..b',
    '1.0-',
    '1 .0',
    '1!2!3',
    '-1',
    '1.0.*',
    '1.0\0',
    '\u0661.0',
    '1.0po\u017ft1',
    '\ufeff1.0',
  ])('%j', (text) => {
    expect(parseVersion(text)).toBeNull();
  });

  test('a version that is longer than the limit', () => {
    expect(parseVersion(`1.${'0'.repeat(VERSION_LIMIT - 2)}`)).not.toBeNull();
    expect(parseVersion(`1.${'0'.repeat(VERSION_LIMIT - 1)}`)).toBeNull();
  });
});
