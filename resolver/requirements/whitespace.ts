/** White space as Python sees it, which is neither JavaScript's `\s` nor `trim()`. */

/** The inside of a character class: all of it, and U+FEFF, which is JavaScript's alone. */
export const WIDE = '\\s\\x1c-\\x1f\\x85';

/** One character of it, as a pattern. */
export const WHITESPACE = `(?!\\ufeff)[${WIDE}]`;

const ONE = new RegExp(WHITESPACE);

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
