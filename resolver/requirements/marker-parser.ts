/** Reads environment markers (PEP 508). */
import type { Outcome } from '../issue.ts';
import { quote } from '../text/printable.ts';
import { type Cursor, read, WORD } from './cursor.ts';
import { holdsVersion, markerEnvironment } from './environment.ts';
import type { Comparison, Marker } from './marker.ts';
import { canonicalName } from './name.ts';
import { OPERATOR, parseSpecifier } from './specifier.ts';
import { VERSION_LIMIT } from './version.ts';

/** In levels of parentheses. */
export const DEPTH_LIMIT = 64;

const CODE = 'invalid_marker';
const STRING = /'[^']*'|"[^"]*"/y;
/** Characters that a Python string literal cannot have, and the backslash, which PEP 508 excludes. */
const NOT_IN_STRINGS = /[\0\n\r\\\p{Cs}]/u;

/** With the variables of PEP 751, which are for lock files alone. */
const VARIABLES = /* @__PURE__ */ [...markerEnvironment({ python: '', platform: '' }).keys(), 'extra'];
/** The names of PEP 345 and of setuptools, which stand for a variable with `_`. */
const DOTTED = /^(?:os\.name|sys\.platform|platform\.(?:version|machine|python_implementation))$/;

type Operand = [isVariable: boolean, text: string];

/** A marker on its own. */
export function parseMarker(text: string): Outcome<Marker> {
  return read('marker', text, readWholeMarker);
}

/** Reads a marker up to the end of the text. */
export function readWholeMarker(cursor: Cursor): Marker {
  const marker = readMarker(cursor, 0);
  if (cursor.done) return marker;
  const isLoud = /^(?:and|or)\b/i.test(cursor.text.slice(cursor.position));
  return cursor.expected(CODE, '`and`, `or` or the end', isLoud ? 'Write it in lower case.' : null);
}

function readMarker(cursor: Cursor, depth: number, kind: 'and' | 'or' = 'or'): Marker {
  const terms: Marker[] = [];
  do terms.push(kind === 'or' ? readMarker(cursor, depth, 'and') : readTerm(cursor, depth));
  while (eatWord(cursor, kind));
  return terms.length === 1 ? terms[0]! : { kind, terms };
}

function readTerm(cursor: Cursor, depth: number): Marker {
  cursor.skipSpace();
  const start = cursor.position;
  if (!cursor.eat('(')) return readComparison(cursor);
  if (depth === DEPTH_LIMIT) {
    cursor.refuse(
      'marker_too_deep',
      `More than ${DEPTH_LIMIT} parentheses are open`,
      'Use fewer parentheses.',
      start,
    );
  }
  const marker = readMarker(cursor, depth + 1);
  if (!cursor.eat(')')) cursor.expected(CODE, '`and`, `or` or `)`');
  cursor.skipSpace();
  return marker;
}

function readComparison(cursor: Cursor): Comparison {
  const start = cursor.position;
  const [isForward, left] = readOperand(cursor);
  cursor.skipSpace();
  const operator = readOperator(cursor);
  cursor.skipSpace();
  const [isVariable, right] = readOperand(cursor);
  const text = cursor.text.slice(start, cursor.position);
  cursor.skipSpace();

  const reversed = !isForward;
  const [variable, other] = reversed ? [right, left] : [left, right];
  // One side is a variable and the other is not.
  const isExtra = isForward !== isVariable && variable === 'extra';
  const literal = isExtra ? canonicalName(other) : other;
  const isVersion = holdsVersion(variable);
  if (isVersion && literal.length > VERSION_LIMIT && !operator.endsWith('in')) {
    cursor.refuse(CODE, 'The version is too long', 'Shorten the version.', start);
  }
  const specifier = isVersion && !reversed ? parseSpecifier(operator + literal) : null;
  return { kind: 'comparison', text, variable, operator, literal, reversed, specifier };
}

function readOperator(cursor: Cursor): Comparison['operator'] {
  const sign = cursor.take(OPERATOR);
  if (sign !== '') return sign as Comparison['operator'];
  if (eatWord(cursor, 'in')) return 'in';
  if (eatWord(cursor, 'not')) {
    cursor.skipSpace();
    if (eatWord(cursor, 'in')) return 'not in';
    cursor.expected(CODE, '`in`');
  }
  const fix = cursor.next === '=' ? 'Write == instead of =.' : null;
  return cursor.expected(CODE, 'one of ==, !=, <=, <, >=, >, ~=, ===, `in` and `not in`', fix);
}

function readOperand(cursor: Cursor): Operand {
  const start = cursor.position;
  const string = cursor.take(STRING);
  if (string !== '') {
    const at = string.search(NOT_IN_STRINGS);
    if (at < 0) return [false, string.slice(1, -1)];
    return cursor.refuse(
      CODE,
      `${quote(string[at]!)} is not allowed in a string`,
      'Leave it out.',
      start + at,
    );
  }
  const word = cursor.take(WORD);
  const variable = DOTTED.test(word) ? word.replace('.', '_') : word.replace(/^python_impl/, 'platform_$&');
  if ([...VARIABLES, 'extras', 'dependency_groups'].includes(variable)) return [true, variable];
  cursor.position = start;
  return cursor.expected(CODE, 'a variable or a string in quotes', fixOperand(cursor.next, word));
}

function fixOperand(next: string | undefined, word: string): string | null {
  if (next === '"' || next === "'") return `Close the string with another ${next}.`;
  if (word === '') return null;
  const others = /^\d/.test(word) ? '' : `, or write one of the variables ${VARIABLES.join(', ')}`;
  return `Put text in quotes${others}.`;
}

function eatWord(cursor: Cursor, word: string): boolean {
  const start = cursor.position;
  const found = cursor.take(WORD) === word;
  if (!found) cursor.position = start;
  return found;
}
