import { expect, test } from 'vitest';
import { parseRecord } from '../../../resolver/wheels/files.ts';

test('lines are a path, a hash and a size', () => {
  const text =
    'a/b.py,sha256=abc_-,12\r\n' +
    '"with, comma ""quoted"".py",SHA512=def==,\n' +
    '\n' +
    'x.dist-info/RECORD,,\n' +
    'last,md5=0,1';
  expect([...parseRecord(text)!]).toEqual([
    ['a/b.py', { algorithm: 'sha256', digest: 'abc_-' }],
    ['with, comma "quoted".py', { algorithm: 'sha512', digest: 'def' }],
    ['x.dist-info/RECORD', null],
    ['last', { algorithm: 'md5', digest: '0' }],
  ]);
  expect(parseRecord('')).toEqual(new Map());
});

test.each(['a', 'a,b', 'a,nohash,1', 'a,sha256=x,1,more', '"a,sha256=x,1', '"a"b,sha256=x,1', '<html>'])(
  '%j is not a RECORD',
  (text) => {
    expect(parseRecord(text)).toBeNull();
  },
);

test('takes linear time: quadratic time would take hours, and exceed the limit', () => {
  expect(parseRecord(`"${'""'.repeat(1_000_000)}`)).toBeNull();
  expect(parseRecord(`${'a'.repeat(2_000_000)}`)).toBeNull();
});
