import { expect, test } from 'vitest';
import { compareWritten, versionStep } from '../../../resolver/time/version-order.ts';

test.each<[older: string, newer: string]>([
  ['1.9', '1.10'],
  ['1.0rc1', '1.0'],
  ['1.0', '1.0+pinwheel.1'],
  ['1.1.1n', '1.1.1w'],
  ['1.1.1w', '1.1.10'],
  ['2.5.1-native', '2.10.0-native'],
])('%s is older than %s', (older, newer) => {
  expect(compareWritten(older, newer)).toBeLessThan(0);
  expect(compareWritten(newer, older)).toBeGreaterThan(0);
});

test('the same version written in two ways is neither older nor newer', () => {
  expect(compareWritten('1.0', '1.0.0')).toBe(0);
});

test.each<[from: string, to: string, differ: boolean]>([
  ['1.26.4', '2.0.0', true],
  ['1.26.4', '1.27.0', false],
  ['1!1.0', '1.0', true],
  ['1.1.1n', '2.1.1n', false],
])('%s and %s: other major versions: %s', (from, to, differ) => {
  expect(versionStep(from, to).isMajor).toBe(differ);
});
