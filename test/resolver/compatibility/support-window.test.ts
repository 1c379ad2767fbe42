import { expect, test } from 'vitest';
import { expiryOf } from '../../../resolver/compatibility/target.ts';
import { view } from './catalog.ts';

test.for([
  ['3.12.1', '2028-10-01', null],
  ['3.12.1', '2028-10-02', ['3.12', '0.28.2', true]],
  ['3.12.7', '2029-10-06', ['3.12', '0.28.2', true]],
  ['3.12.7', '2029-10-07', ['3.12', '314.0.6', true]],
  ['3.12.1', '2030-10-06', ['3.12', '314.0.6', true]],
  ['3.12.1', '2030-10-07', ['3.12', '314.0.6', false]],
  ['3.13.2', '2029-10-06', null],
  ['3.13.2', '2029-10-07', ['3.13', '314.0.6', true]],
  ['3.14.2', '2030-10-06', null],
  ['3.14.2', '2030-10-07', ['3.14', null, false]],
  ['3.99.0', '2999-12-31', null],
] as const)('Python %s as of %s: %j', ([python, asOf, expected]) => {
  const expiry = expiryOf(view, python, asOf);
  const seen = expiry && [expiry.python.python, expiry.next?.release.id ?? null, expiry.supported];
  expect(seen).toEqual(expected);
});

test('a later Python without a workerd release is skipped', () => {
  const without = new Map([...view.newestReleaseOf].filter(([python]) => python !== '3.13'));
  const expiry = expiryOf({ ...view, newestReleaseOf: without }, '3.12.1', '2028-10-02');
  expect(expiry?.next?.release.id).toBe('314.0.6');
});
