/** Sources of Python without their comments. */

/**
 * Strings are matched first, since a `#` begins no comment there. Those in fields of f-strings are not told from
 * what is around them: no source of a known Pyodide has a `#` there, as a test of all of them shows.
 */
const STRING_OR_COMMENT =
  /("""|''')(?:\\.|(?!\1).)*\1|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[ \t\f]*#[^\r\n]*/gs;
/** Python reads its encoding from a comment. */
const ENCODING = /coding[:=]/;

/** Everything else stays in its line and column. Only the lines that errors quote differ, by their comments. */
export function withoutComments(source: Uint8Array): Uint8Array {
  // A character for each byte: strings may be in any encoding.
  const text = Buffer.from(source).toString('latin1');
  const kept = text.replace(STRING_OR_COMMENT, (part) =>
    /^\s*#/.test(part) && !ENCODING.test(part) ? '' : part,
  );
  return Buffer.from(kept, 'latin1');
}
