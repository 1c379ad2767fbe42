import { expect, test } from 'vitest';
import type { Member } from '../../../resolver/catalog.ts';
import { memberChanges } from '../../../resolver/time/changes.ts';
import { setOf } from '../closure/sets.ts';

/** Members from `name==version`; those with `!` are rebuilt. */
function members(...pins: string[]): Member[] {
  return pins.map((pin) => {
    const [member] = setOf({ [pin.replace('!', '')]: [] }).packages;
    return { ...member!, sha256: (pin.endsWith('!') ? '1' : '0').repeat(64) };
  });
}

test('breaking changes come first', () => {
  const from = members(...'a==1.0 b==1.0 c==1.0 d==1.9 e==1.1.1w f==2.0 g==1.0 y==1.0 x==1.0'.split(' '));
  const to = members(...'w==2.0 v==2.0 a==1.0 b==1.0! c==1.0.0 d==1.10 e==1.1.10 f==1.0 g==2.0'.split(' '));
  const { removed, changed, added } = memberChanges(from, to);
  expect(removed.map(({ name, version }) => `${name} ${version}`)).toEqual(['x 1.0', 'y 1.0']);
  expect(changed.map(({ name, from, to, direction }) => [name, from, to, direction].join(' '))).toEqual([
    'f 2.0 1.0 down',
    'g 1.0 2.0 up',
    'd 1.9 1.10 up',
    'e 1.1.1w 1.1.10 up',
    'b 1.0 1.0 rebuilt',
    'c 1.0 1.0.0 rebuilt',
  ]);
  expect(added.map(({ name, version }) => `${name} ${version}`)).toEqual(['v 2.0', 'w 2.0']);
});

test('members in another order have no differences', () => {
  const from = members('a==1.0', 'b==1.0');
  expect(memberChanges(from, from.toReversed())).toEqual({ removed: [], changed: [], added: [] });
});

test('what was seen is told of members of published sets, on the side that the change is about', () => {
  const [from, to] = [members('a==1.0', 'c==1.0'), members('a==2.0', 'b==1.0')];
  const seen = {
    level: 'imported',
    runtime: '0.29.0',
    ground: 'pyodide',
    day: '2026-11-23',
    detail: null,
  } as const;
  const levels = new Map([
    ['old', new Map([['c', seen]])],
    ['new', new Map([['a', seen]])],
  ]);
  const known = {
    view: { yankedWheels: new Map(), levels },
    from: { flag: 'old', members: from },
    to: { flag: 'new', members: to },
  };
  const levelsOf = (after: Member[]) => {
    const { removed, changed, added } = memberChanges(from, after, known);
    return [...removed, ...changed, ...added].map(({ name, evidence }) => [name, evidence?.level]);
  };
  expect(levelsOf(to)).toEqual([
    ['c', 'imported'],
    ['a', 'imported'],
    ['b', 'listed'],
  ]);
  // The same names, from an index.
  expect(levelsOf(members('a==2.0', 'b==1.0'))).toEqual([
    ['c', 'imported'],
    ['a', undefined],
    ['b', undefined],
  ]);
});
