import { expect, test } from 'vitest';
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

// packaging compares 12,000 pairs, some of which are not versions.
test('the local label counts, except in the public part', () => {
  const [plain, local] = [versionOf('1.0'), versionOf('1.0+pinwheel.1')];
  expect(compareVersions(plain, local)).toBeLessThan(0);
  expect(comparePublic(plain, local)).toBe(0);
});

test('parseVersion gives null for a version that is longer than the limit', () => {
  expect(parseVersion(`1.${'0'.repeat(VERSION_LIMIT - 2)}`)).not.toBeNull();
  expect(parseVersion(`1.${'0'.repeat(VERSION_LIMIT - 1)}`)).toBeNull();
});
