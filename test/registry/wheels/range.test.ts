import { describe, expect, test } from 'vitest';
import { wantedBytes } from '../../../registry/wheels/range.ts';

const ETAG = '"abc"';
const wanted = (range: string, ifRange?: string, size = 100) =>
  wantedBytes(new Headers(ifRange === undefined ? { range } : { range, 'if-range': ifRange }), ETAG, size);
const part = (offset: number, length: number) => ({ kind: 'part', offset, length });

describe('Range', () => {
  test.each([
    ['bytes=0-0', part(0, 1)],
    ['bytes=10-19', part(10, 10)],
    ['bytes=90-', part(90, 10)],
    ['bytes=0-', part(0, 100)],
    ['bytes=-1', part(99, 1)],
    ['bytes=-100', part(0, 100)],
    ['bytes=-500', part(0, 100)],
    ['bytes=50-99999999999999999999999', part(50, 50)],
    ['BYTES = 1 - 2'.replaceAll(' ', ''), part(1, 2)],
    ['bytes= 1-2 ', part(1, 2)],
  ])('%s is one part', (range, expected) => expect(wanted(range)).toEqual(expected));

  test.each(['bytes=100-', 'bytes=100-200', 'bytes=-0', 'bytes=99999999999999999999999-'])(
    '%s cannot be satisfied',
    (range) => expect(wanted(range)).toEqual({ kind: 'unsatisfiable' }),
  );

  test.each([
    ...['', ...'bytes bytes= bytes=- bytes=a-b bytes=5-3 bytes=0-0,2-3 bytes=1-2,x bytes=1-2,'.split(' ')],
    ...'lines=0-1 bytes=0x0-0x1 bytes=1.5-2'.split(' '),
  ])('%j is not a range of bytes, and is ignored', (range) => expect(wanted(range)).toEqual({ kind: 'all' }));

  test('of an empty file', () => {
    expect(wanted('bytes=0-', undefined, 0)).toEqual({ kind: 'unsatisfiable' });
    expect(wanted('bytes=-1', undefined, 0)).toEqual({ kind: 'unsatisfiable' });
  });
});

describe('If-Range', () => {
  test('of these bytes', () => expect(wanted('bytes=0-0', '"abc"')).toEqual(part(0, 1)));

  test.each(['"abd"', 'W/"abc"', 'abc', '*', 'Fri, 20 Nov 2026 00:00:00 GMT', ''])(
    '%j is of other bytes, or invalid: all is sent',
    (ifRange) => expect(wanted('bytes=0-0', ifRange)).toEqual({ kind: 'all' }),
  );
});
