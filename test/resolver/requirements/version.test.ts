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
  // The oracle of packaging has many more.
  test.each([
    [' 1.0\n', '1.0'],
    ['1.0+Ubuntu-01', '1.0+ubuntu.1'],
    ['1.00000000000000000000001', '1.1'],
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
  const MALFORMED = '1.1.1w 1. .1 1..2 1.0.x 1.0+ 1.0+a+b 1.0+a..b 1.0- 1!2!3 -1 1.0.*'.split(' ');
  test.each(['', ' ', ...MALFORMED, '1 .0', '1.0\0', '\u0661.0', '1.0po\u017ft1', '\ufeff1.0'])(
    '%j',
    (text) => {
      expect(parseVersion(text)).toBeNull();
    },
  );

  test('a version that is longer than the limit', () => {
    expect(parseVersion(`1.${'0'.repeat(VERSION_LIMIT - 2)}`)).not.toBeNull();
    expect(parseVersion(`1.${'0'.repeat(VERSION_LIMIT - 1)}`)).toBeNull();
  });
});
