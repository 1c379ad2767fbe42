/** A small part of `npm run fuzz`, and whether it detects errors. */
import { describe, expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';
import { worstGrowth } from './growth.ts';
import { type Parser, USUAL_SEED } from './parser.ts';
import { parsers } from './parsers.ts';
import { reportLines } from './report.ts';

const STRINGS = 400;

test.each(parsers.map((parser) => [parser.name, parser] as const))(
  '%s throws only its own errors, accepts some texts, and rejects some',
  async (_, parser) => {
    const { thrown, exceptions, taken } = await fuzz(parser, USUAL_SEED, STRINGS);
    expect(thrown).toEqual([]);
    expect(exceptions).toBe(0);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(STRINGS);
  },
);

describe('a faulty parser', () => {
  const issuey: Parser = {
    name: 'issuey',
    share: 1,
    read(text) {
      if (text.includes('((')) throw new TypeError('not its own');
      if (text.includes('"')) throw new SyntaxError('its own');
      return true;
    },
    isOurs: (error) => error instanceof SyntaxError,
    samples: ['(a)'],
    pieces: ['(', ')', '"'],
    longest: 800,
  };

  test('is detected, with a text that shows it, which is the same for the same seed', async () => {
    const result = await fuzz(issuey, 7, 500);
    expect(result.exceptions).toBeGreaterThan(10);
    expect(result.thrown).toHaveLength(1);
    expect(result.thrown[0]!.text).toContain('((');
    expect((await fuzz(issuey, 7, 500)).thrown[0]!.text).toBe(result.thrown[0]!.text);
    expect((await fuzz(issuey, 8, 500)).thrown[0]!.text).not.toBe(result.thrown[0]!.text);
    const { failed, lines } = reportLines({ kind: 'ended', name: 'issuey', result, growth: null });
    expect(failed).toBe(true);
    expect(lines.join('\n')).toContain('TypeError: not its own');
  });

  test.each<[what: string, measured: (text: string) => number, factor: number, failed: boolean]>([
    ['linear', (text) => text.length / 100, 1, false],
    ['quadratic', (text) => text.length ** 2 / 10_000, 8, true],
    ['quadratic in some texts', (text) => text.length ** (text.includes(')"') ? 2 : 1) / 100, 8, true],
  ])('takes %s time', async (_, measured, factor, failed) => {
    const growth = await worstGrowth(issuey, 1, async (text) => measured(text));
    expect(growth!.factor).toBeGreaterThan(factor * 0.8);
    expect(growth!.factor).toBeLessThan(factor * 1.3);
    const result = { strings: 1, taken: 1, thrown: [], exceptions: 0, slowest: null };
    expect(reportLines({ kind: 'ended', name: 'issuey', result, growth }).failed).toBe(failed);
  });

  test('may take more time once, where memory is allocated in another way', async () => {
    const growth = await worstGrowth(issuey, 1, async ({ length }) => length / 100 + (length > 500 ? 40 : 0));
    expect(growth!.factor).toBeLessThan(1);
  });
});
