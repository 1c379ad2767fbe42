/** Addresses are read as Hono reads all parameters, and every other parameter is refused. */
import fc from 'fast-check';
import { getQueryParams } from 'hono/utils/url';
import { describe, expect, test, vi } from 'vitest';
import { addressReader, REVISION, readBody, TARGET } from '../../../registry/http/question.ts';
import { FIELDS, type Fields, fieldsNamed, INDEX_FIELDS } from '../../../resolver/question/fields.ts';

const QUERY = {
  ...TARGET,
  ...fieldsNamed('requirements', ...INDEX_FIELDS),
  limit: { kind: 'number', meaning: 'how many', default: '50', most: 200 },
  query: { kind: 'text', meaning: 'a part of a name', example: 'pyd', most: 100 },
} satisfies Fields;
const read = addressReader(QUERY, []);
const readOf = (url: string) => {
  const outcome = read(url, {});
  return outcome.ok ? outcome.value.query : outcome.issues.map(({ message, fix }) => `${message} ${fix}`);
};

test.each<[string, object]>([
  ['?experimental=true&limit=12', { experimental: true, limit: 12 }],
  [
    '?exclude_newer=false&exclude_newer_package=django=2026-11-05&exclude_newer_package=a=false',
    { exclude_newer: false, exclude_newer_package: { django: '2026-11-05', a: false } },
  ],
])('of %j', (query, expected) => {
  expect(readOf(`https://pinwheel.test/v1/resolve${query}`)).toEqual(expected);
});

test.each([
  ['?requirements=numpy', 'There is no parameter requirements. Did you mean requirement?'],
  ['?compatibility_date=2025-11-02', 'There is no parameter compatibility_date. Did you mean date?'],
  ['?flags=python_workers', 'There is no parameter flags. Did you mean flag?'],
  ['?__proto__=1', 'There is no parameter __proto__. There are date, flag, as_of, '],
  ['?=1', 'There is no parameter . There are'],
  ['?date=1&date=2', 'date is given more than once. See /openapi.json.'],
  ['?experimental=yes', "experimental has to be true or false, but is 'yes'."],
  ['?limit=x', "limit has to be a whole number, such as 50, but is 'x'."],
  [
    '?limit=99999999999999999999',
    "limit has to be a whole number of 15 digits at most, such as 50, but is '9999",
  ],
  ['?query=', 'query is empty. See /openapi.json.'],
  [`?query=${'a'.repeat(101)}`, 'query has to be of 100 characters at most, but is the string'],
  ['?limit=0', 'limit has to be from 1 to 200, but is 0.'],
  ['?limit=201', 'limit has to be from 1 to 200, but is 201.'],
  ['?exclude_newer_package=a', "exclude_newer_package has to be NAME=DAY, but is 'a'."],
])('refuses %s', (query, says) => {
  expect(readOf(`https://pinwheel.test/v1/resolve${query}`)).toEqual([expect.stringContaining(says)]);
});

test('of any address', () => {
  const name = fc.constantFrom('date', 'flag', 'as_of', 'requirement', 'd%61te', 'flag+', 'other');
  const value = fc.stringMatching(/^[a-c%0-9+=?é#]*$/);
  const query = fc.array(fc.tuple(name, fc.constantFrom('=', ''), value), { maxLength: 8 });
  fc.assert(
    fc.property(query, (parameters) => {
      const url = `https://pinwheel.test/v1/target?${parameters.map((parts) => parts.join('')).join('&')}`;
      const all = getQueryParams(url) as unknown as Record<string, string[]>;
      const texts = ['date', 'as_of'].some((name) => (all[name]?.length ?? 0) > 1);
      const outcome = read(url, {});
      const known = new Set(Object.entries(QUERY as Fields).map(([own, { single = own }]) => single));
      if (texts || Object.keys(all).some((name) => !known.has(name))) {
        expect(outcome.ok).toBe(false);
        return;
      }
      const { date, flag, as_of, requirement } = all;
      expect(outcome).toEqual({
        ok: true,
        value: {
          query: {
            ...(date && { compatibility_date: date[0] }),
            ...(flag && { compatibility_flags: flag }),
            ...(as_of && { as_of: as_of[0] }),
            ...(requirement && { requirements: requirement }),
          },
          params: {},
        },
      });
    }),
  );
});

test('the first of many unknown names is enough', () => {
  const decode = vi.spyOn(String.prototype, 'replace');
  const outcome = read(`https://pinwheel.test/?${'%ff=%ff&%7=%ff&'.repeat(1_000)}`, {});
  const decoded = decode.mock.calls.length;
  decode.mockRestore();
  expect(outcome).toMatchObject({ ok: false, issues: [{ code: 'invalid_parameter' }] });
  expect(decoded).toBeLessThan(20);
});

describe('a body', () => {
  const fields = { ...TARGET, ...REVISION, ...fieldsNamed('requirements') };
  test.each([
    [{ requirement: ['numpy'] }, 'Did you mean requirements?'],
    [{ date: '2025-11-02' }, 'Did you mean compatibility_date?'],
    [{ flags: [] }, 'Did you mean compatibility_flags?'],
    [{ name: 'x' }, 'There are compatibility_date, compatibility_flags,'],
  ])('%j is refused with the nearest name', (json, fix) => {
    const outcome = readBody({ requirements: ['numpy'], ...json }, fields, ['requirements']);
    expect(outcome).toMatchObject({ ok: false, issues: [{ fix: expect.stringContaining(fix) }] });
  });

  test('may have null for what is not given', () => {
    const none = Object.fromEntries(Object.keys(FIELDS).map((name) => [name, null]));
    expect(readBody({ ...none, requirements: [] }, fields, ['requirements']).ok).toBe(true);
  });
});
