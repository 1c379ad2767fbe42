/** White space as Python sees it, which is neither JavaScript's `\s` nor `trim()`. */

/** The inside of a character class. */
export const WHITESPACE =
  '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const ONE = new RegExp(`[${WHITESPACE}]`);

export function hasWhitespace(text: string): boolean {
  return ONE.test(text);
}

/** Python's `str.strip()`, in linear time. */
export function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text[start]!)) start++;
  while (end > start && isSpace(text[end - 1]!)) end--;
  return text.slice(start, end);
}

/** Most characters are plain ASCII, which takes no pattern. */
function isSpace(character: string): boolean {
  return (character <= ' ' || character > '~') && ONE.test(character);
}
