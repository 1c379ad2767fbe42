/** Input that tries to waste time or memory, or to mislead readers: limits, work, and messages. */
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Outcome } from '../../../resolver/issue.ts';
import { TEXT_LIMIT } from '../../../resolver/requirements/cursor.ts';
import { DEPTH_LIMIT, parseMarker } from '../../../resolver/requirements/marker.ts';
import { parseRequirement } from '../../../resolver/requirements/requirement.ts';
import { parseSpecifiers, satisfies } from '../../../resolver/requirements/specifier.ts';
import { parseVersion } from '../../../resolver/requirements/version.ts';

const PARSERS: Record<string, (text: string) => Outcome<unknown>> = {
  requirement: parseRequirement,
  marker: parseMarker,
  specifier: parseSpecifiers,
};

function codeOf(outcome: Outcome<unknown>): string | null {
  return outcome.ok ? null : outcome.issues[0]!.code;
}

afterEach(() => {
  vi.restoreAllMocks();
});

/**
 * The characters that regular expressions look at: what a sticky one matches and the one after it, and all of
 * the text for the others. `test`, `replace`, `search` and `split` come through `exec` too.
 */
function workOf(run: () => unknown): number {
  let work = 0;
  const exec = RegExp.prototype.exec;
  vi.spyOn(RegExp.prototype, 'exec').mockImplementation(function (this: RegExp, text: string) {
    const found = exec.call(this, text);
    work += this.sticky ? (found?.[0].length ?? 0) + 1 : text.length;
    return found;
  });
  run();
  vi.restoreAllMocks();
  return work;
}

describe('limits', () => {
  test.each(Object.entries(PARSERS))('a %s of 1 MB is rejected unread', (what, parse) => {
    const text = 'a'.repeat(1 << 20);
    expect(codeOf(parse(text))).toBe(`${what}_too_long`);
    expect(workOf(() => parse(text))).toBeLessThan(100);
  });

  test('a requirement may be as long as the limit', () => {
    expect(parseRequirement(`a${' '.repeat(TEXT_LIMIT - 1)}`).ok).toBe(true);
    expect(codeOf(parseRequirement(`a${' '.repeat(TEXT_LIMIT)}`))).toBe('requirement_too_long');
  });

  test('a marker may be nested up to the limit, but not a thousand deep', () => {
    const nested = (depth: number) => `a; ${'('.repeat(depth)}os_name == "x"${')'.repeat(depth)}`;
    expect(parseRequirement(nested(DEPTH_LIMIT)).ok).toBe(true);
    expect(codeOf(parseRequirement(nested(DEPTH_LIMIT + 1)))).toBe('marker_too_deep');
    expect(codeOf(parseRequirement(nested(1_000)))).toBe('marker_too_deep');
    expect(codeOf(parseRequirement(`a; ${'('.repeat(4_000)}`))).toBe('marker_too_deep');
  });

  test('extras cannot be nested at all', () => {
    expect(codeOf(parseRequirement(`a${'['.repeat(1_000)}b${']'.repeat(1_000)}`))).toBe(
      'invalid_requirement',
    );
  });

  test('a version of 1 MB is not a version, and is not parsed', () => {
    expect(workOf(() => parseVersion('1.'.repeat(1 << 19)))).toBe(0);
    expect(satisfies('1.'.repeat(1 << 19), [])).toBe(true);
  });
});

const term = 'os_name == "x"';
test.each<[string, (length: number) => string]>([
  ['spaces', (length) => `a${' '.repeat(length)}!`],
  ['open parentheses', (length) => `a; ${'('.repeat(length)}`],
  ['open brackets', (length) => `a${'['.repeat(length)}`],
  ['extras', (length) => `a[${'b,'.repeat(length / 2)}`],
  ['marks in an extra', (length) => `a[b${'-._'.repeat(length / 3)}c]`],
  ['specifiers', (length) => `a${'>=1,'.repeat(length / 4)}!`],
  ['arbitrary equality', (length) => `a===${',==1'.repeat(length / 4)}x`],
  ['commas', (length) => `a===${','.repeat(length)}`],
  ['white space after an operator', (length) => `a==${'\u2003'.repeat(length)}1!`],
  ['a release without an end', (length) => `a==${'1.'.repeat(length / 2)}`],
  ['a number without an end', (length) => `a==${'1'.repeat(length)}`],
  ['a local label without an end', (length) => `a==1+${'a.'.repeat(length / 2)}`],
  ['comparisons', (length) => `a; ${`${term} and `.repeat(length / 19)}`],
  ['groups', (length) => `a; ${`(${term}) or `.repeat(length / 20)}${term}`],
  ['strings', (length) => `a; os_name == ${'""'.repeat(length / 2)}`],
  ['a string without an end', (length) => `a; os_name == "${'\\'.repeat(length)}`],
  ['quotes', (length) => `a; ${`'"`.repeat(length / 2)}`],
  ['a word without an end', (length) => `a; ${'a.'.repeat(length / 2)}`],
])('the work is linear: %s', (_, hostile) => {
  const [short, long] = [1_000, 4_000].map((length) => workOf(() => parseRequirement(hostile(length))));
  expect(long).toBeLessThan(4.5 * short! + 100);
  expect(long).toBeLessThan(20 * 4_000);
});

const fragments = [
  ...' \t\n()[]<>=!~,;@#"\'\\+-_.*',
  '===',
  'and',
  'or',
  'not in',
  'os_name',
  'extra',
  '1.0',
  'a',
];
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(...fragments), maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...fragments), maxLength: 60 }).map((rest) => `a; ${rest}`),
);

test.each(Object.entries(PARSERS))(
  'whatever the text, parsing a %s throws nothing, and its issues are printable',
  (_, parse) => {
    fc.assert(
      fc.property(text, (source) => {
        const outcome = parse(source);
        if (outcome.ok) return;
        expect(outcome.issues).toHaveLength(1);
        const { kind, message, fix } = outcome.issues[0]!;
        expect(kind).toBe('malformed');
        expect(`${message}${fix}`).toMatch(/^[ -~\n]{1,2000}$/);
        expect(message.split('\n').length).toBeLessThanOrEqual(3);
      }),
      { seed: 751, numRuns: 3_000 },
    );
  },
);
