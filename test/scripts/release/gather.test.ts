import { describe, expect, test } from 'vitest';
import type { Member } from '../../../resolver/catalog.ts';
import { gather } from '../../../scripts/release/release-set.ts';
import { type Pin, packageSetOf } from '../../test-set.ts';

const pin = (filename: string, from: string, more: Partial<Pin> = {}): Pin => ({
  filename,
  sha256: '0'.repeat(64),
  url: `https://example.com/${from}/${filename}`,
  ...more,
});
const wheel = (name: string, version: string, from: string, ...depends: string[]) =>
  pin(`${name}-${version}-py3-none-any.whl`, from, { depends });
const library = (name: string, from: string, ...depends: string[]) =>
  pin(`${name}-1.0.zip`, from, { kind: 'shared_library', version: '1.0', depends });

const set = (day: string, ...pins: Pin[]) => packageSetOf(pins, `python_3.13_packages_${day}`);

function versions(members: readonly Member[]): string[] {
  return members.map(({ name, version, url }) => `${name} ${version} ${url!.split('/')[3]}`);
}

const newest = set('2026_03_01', wheel('a', '2', 'new', 'b'), wheel('b', '1', 'new'));

describe('the newest wheel of each package', () => {
  test('comes from any set; of one version, from the newest', () => {
    const old = set('2026_01_01', wheel('b', '1.5', 'old'), wheel('c', '1', 'old'), wheel('a', '1', 'old'));
    const middle = set('2026_02_01', wheel('c', '1', 'middle'), wheel('a', '2', 'middle'));
    const expected = ['a 2 new', 'b 1.5 old', 'c 1 middle'];
    expect(versions(gather(newest, [old, middle], () => true))).toEqual(expected);
    expect(versions(gather(newest, [middle, newest, old], () => true))).toEqual(expected);
  });

  test('versions are compared by PEP 440', () => {
    const old = set('2026_01_01', wheel('b', '1.10', 'old'), wheel('a', '2rc1', 'old'));
    const middle = set('2026_02_01', wheel('b', '1.9', 'middle'));
    expect(versions(gather(newest, [old, middle], () => true))).toEqual(['a 2 new', 'b 1.10 old']);
  });

  test('is not used if it is not admitted', () => {
    const old = set('2026_01_01', wheel('b', '3', 'old'), wheel('b2', '1', 'old'));
    const middle = set('2026_02_01', wheel('b', '2', 'middle'));
    const admits = ({ version }: Member) => version !== '3';
    expect(versions(gather(newest, [old, middle], admits))).toEqual(['a 2 new', 'b 2 middle', 'b2 1 old']);
  });

  test('archives are not wheels', () => {
    const old = set('2026_01_01', pin('c-1.0-py3-none-any.tar.gz', 'old'), library('lib', 'old'));
    expect(versions(gather(newest, [old], () => true))).toEqual(versions(newest.packages));
  });
});

describe('as far as the closure holds', () => {
  test('a wheel without a dependency is replaced by an older one, or left out', () => {
    const old = set('2026_01_01', wheel('c', '1', 'old', 'b'), wheel('d', '1', 'old', 'e'));
    const middle = set('2026_02_01', wheel('c', '2', 'middle', 'gone'));
    expect(versions(gather(newest, [old, middle], () => true))).toEqual(['a 2 new', 'b 1 new', 'c 1 old']);
  });

  test('and so are its dependents, at any distance; a cycle is kept or left out as a whole', () => {
    const chain = [wheel('c', '1', 'old', 'd'), wheel('d', '1', 'old', 'e'), wheel('e', '1', 'old', 'gone')];
    const cycle = [wheel('x', '1', 'old', 'y'), wheel('y', '1', 'old', 'x')];
    const old = set('2026_01_01', ...chain, ...cycle);
    expect(versions(gather(newest, [old], () => true))).toEqual(['a 2 new', 'b 1 new', 'x 1 old', 'y 1 old']);
  });

  test('members of the newest set stay, also if a newer wheel cannot be used', () => {
    const old = set('2026_01_01', wheel('b', '9', 'old', 'gone'));
    expect(versions(gather(newest, [old], () => true))).toEqual(['a 2 new', 'b 1 new']);
  });

  test('shared libraries and tests of the same version are added too', () => {
    const old = set(
      '2026_01_01',
      wheel('c', '1', 'old', 'libc'),
      pin('c-tests.tar', 'old', { name: 'c-tests', version: '1', depends: ['c'] }),
      library('libc', 'old', 'libd'),
      library('libd', 'old'),
      library('libe', 'old'),
    );
    expect(versions(gather(newest, [old], () => true))).toEqual([
      'a 2 new',
      'b 1 new',
      'c 1 old',
      'c-tests 1 old',
      'libc 1.0 old',
      'libd 1.0 old',
    ]);
  });

  test('tests of another version are removed', () => {
    const tests = pin('b-tests.tar', 'new', { name: 'b-tests', version: '1', depends: ['b'] });
    const base = set('2026_03_01', wheel('b', '1', 'new'), tests);
    const old = set('2026_01_01', wheel('b', '2', 'old'));
    expect(versions(gather(base, [old], () => true))).toEqual(['b 2 old']);
  });
});
