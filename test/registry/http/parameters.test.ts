/** The parameters that a schema names are read as Hono reads all parameters. */

import fc from 'fast-check';
import { getQueryParams } from 'hono/utils/url';
import { expect, test, vi } from 'vitest';
import * as z from 'zod';
import { parameterReader, queryReader } from '../../../registry/http/parameters.ts';
import { repeated, TargetQuery } from '../../../registry/http/query.ts';

const read = parameterReader(
  z.object({ date: z.string().optional(), flag: repeated('Flags.', []), query: z.string().default('') }),
);

test('a list is one also with one element, and a text that is given twice is one', () => {
  const url = 'https://pinwheel.test/v1/target?flag=a&date=1&date=2&query=b&other=c';
  expect(read(url)).toEqual({ flag: ['a'], date: ['1', '2'], query: 'b' });
});

test.each([
  'https://pinwheel.test/',
  'https://pinwheel.test/?',
  'https://pinwheel.test/?date',
  'https://pinwheel.test/?=1&&date=',
  'https://pinwheel.test/?date=a=b&flag=c+d&%64ate=%65',
  'https://pinwheel.test/?date=%&flag=%zz&flag=%E4%BD%A0%F0',
  'https://pinwheel.test/?date=1#flag=2',
  'https://pinwheel.test/#?date=1',
  'https://pinwheel.test/?__proto__=1&date=2&constructor=3',
])('of %s', (url) => {
  expect(listsOf(read(url))).toEqual(expected(url));
});

test('of any address', () => {
  const name = fc.constantFrom('date', 'flag', 'query', 'other', 'd%61te', 'flag ', '');
  const value = fc.stringMatching(/^[a-c%0-9+=#?&é]*$/);
  const query = fc.array(fc.tuple(name, fc.constantFrom('=', ''), value), { maxLength: 8 });
  fc.assert(
    fc.property(query, (parameters) => {
      const url = `https://pinwheel.test/v1/target?${parameters.map((parts) => parts.join('')).join('&')}`;
      expect(listsOf(read(url))).toEqual(expected(url));
    }),
  );
});

test('names that are malformed are not decoded', () => {
  // With this, Hono looks for what can be decoded of a malformed text.
  const decode = vi.spyOn(String.prototype, 'replace');
  const asked = read(`https://pinwheel.test/?${'%ff=%ff&%7=%ff&'.repeat(1_000)}d%61te=%ff`);
  const decoded = decode.mock.calls.length;
  decode.mockRestore();
  expect(asked).toEqual({ date: '%ff' });
  expect(decoded).toBe(1);
});

test('a query is what its schema makes of the parameters, with the same errors', () => {
  const schemas = [
    TargetQuery,
    TargetQuery.extend({ requirement: repeated('Requirements.', []), limit: z.coerce.number().default(5) }),
    z.object({ date: z.string(), flag: repeated('Flags.', []) }),
    z.object({ date: z.string().max(2).default('1'), flag: z.array(z.string().min(1)).max(1).default([]) }),
    z.object({ date: z.string().optional() }).refine(({ date }) => date !== 'a', 'No a.'),
  ];
  const name = fc.constantFrom(
    'date',
    'flag',
    'as_of',
    'experimental',
    'revision',
    'answer_version',
    'limit',
  );
  const value = fc.constantFrom('', 'a', '12', 'true', '2025-11-02', 'abc');
  fc.assert(
    fc.property(
      fc.constantFrom(...schemas),
      fc.array(fc.tuple(name, value), { maxLength: 6 }),
      (schema, given) => {
        const url = `https://pinwheel.test/?${given.map((parts) => parts.join('=')).join('&')}`;
        const read = queryReader<z.ZodObject>(schema)(url);
        const expected = schema.safeParse(parameterReader(schema)(url));
        expect(read).toEqual(expected);
      },
    ),
    { numRuns: 2000 },
  );
});

const listsOf = (parameters: Record<string, string | string[]>) =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value].flat()]));

function expected(url: string) {
  const all = Object.entries(getQueryParams(url) as unknown as Record<string, string[]>);
  return Object.fromEntries(all.filter(([name]) => ['date', 'flag', 'query'].includes(name)));
}
