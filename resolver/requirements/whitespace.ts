/** White space as Python sees it, which is neither JavaScript's `\s` nor `trim()`. */

/** The inside of a character class: all of it, and U+FEFF, which is JavaScript's alone. */
export const WIDE = '\\s\\x1c-\\x1f\\x85';

/** One character of it, as a pattern. */
export const WHITESPACE = `(?!\\ufeff)[${WIDE}]`;

const ONE = new RegExp(WHITESPACE);

export function hasWhitespace(text: string): boolean {
  return ONE.test(text);
}

/** Up to the last character that is not white space, without a second look at what was passed. */
const STRIPPED = new RegExp(`^(?:${WHITESPACE})*([^]*(?:\\ufeff|[^${WIDE}]))?`);

/** Python's `str.strip()`, in linear time. */
export function strip(text: string): string {
  return STRIPPED.exec(text)![1] ?? '';
}
