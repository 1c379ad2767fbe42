/** Reads environment markers (PEP 508). */
import type { Outcome } from '../issue.ts';
import { quote } from '../text/printable.ts';
import { VERSION_VARIABLES } from './environment.ts';
import type { Comparison, Marker } from './marker.ts';
import { canonicalName } from './name.ts';
import { type Reader, read, WORD } from './reader.ts';
import { OPERATOR, parseSpecifier } from './specifier.ts';
import { VERSION_LIMIT } from './version.ts';

/** In levels of parentheses. */
export const DEPTH_LIMIT = 64;

const CODE = 'invalid_marker';
const STRING = /'[^']*'|"[^"]*"/y;
/** What Python cannot have in a string literal, and the backslash, which PEP 508 leaves out. */
const NOT_IN_STRINGS = /[\0\n\r\\\p{Cs}]/u;

const VARIABLES = [
  'python_version',
  'python_full_version',
  'sys_platform',
  'platform_system',
  'platform_machine',
  'platform_release',
  'platform_version',
  'platform_python_implementation',
  'implementation_name',
  'implementation_version',
  'os_name',
  'extra',
];
/** The variables of PEP 751, which are for lock files alone. */
const OF_LOCKS = ['extras', 'dependency_groups'];
/** The names of PEP 345 and of setuptools, which stand for a variable with `_`. */
const DOTTED = /^(?:os\.name|sys\.platform|platform\.(?:version|machine|python_implementation))$/;

interface Operand {
  isVariable: boolean;
  text: string;
}

/** A marker on its own. */
export function parseMarker(text: string): Outcome<Marker> {
  return read('marker', text, readWholeMarker);
}

/** Reads a marker up to the end of the text. */
export function readWholeMarker(reader: Reader): Marker {
  const marker = readMarker(reader, 0);
  if (reader.done) return marker;
  const isLoud = /^(?:and|or)\b/i.test(reader.text.slice(reader.position, reader.position + 4));
  return reader.expected(CODE, '`and`, `or` or the end', isLoud ? 'Write it in lower case.' : null);
}

function readMarker(reader: Reader, depth: number): Marker {
  const alternatives: Marker[] = [];
  let terms: Marker[] = [];
  for (;;) {
    terms.push(readTerm(reader, depth));
    if (eatWord(reader, 'and')) continue;
    alternatives.push(combine('and', terms));
    if (!eatWord(reader, 'or')) return combine('or', alternatives);
    terms = [];
  }
}

function combine(kind: 'and' | 'or', terms: Marker[]): Marker {
  return terms.length === 1 ? terms[0]! : { kind, terms };
}

function readTerm(reader: Reader, depth: number): Marker {
  reader.skipSpace();
  const start = reader.position;
  if (!reader.eat('(')) return readComparison(reader);
  if (depth === DEPTH_LIMIT) {
    reader.refuse(
      'marker_too_deep',
      `More than ${DEPTH_LIMIT} parentheses are open`,
      'Nest them less.',
      start,
    );
  }
  const marker = readMarker(reader, depth + 1);
  if (!reader.eat(')')) reader.expected(CODE, '`and`, `or` or `)`');
  reader.skipSpace();
  return marker;
}

function readComparison(reader: Reader): Comparison {
  const start = reader.position;
  const left = readOperand(reader);
  reader.skipSpace();
  const operator = readOperator(reader);
  reader.skipSpace();
  const right = readOperand(reader);
  const text = reader.text.slice(start, reader.position);
  reader.skipSpace();

  const reversed = !left.isVariable;
  const [variable, other] = reversed ? [right, left] : [left, right];
  const isExtra = variable.isVariable && !other.isVariable && variable.text === 'extra';
  const literal = isExtra ? canonicalName(other.text) : other.text;
  const isVersion = VERSION_VARIABLES.has(variable.text);
  if (isVersion && literal.length > VERSION_LIMIT && !operator.endsWith('in')) {
    reader.refuse(CODE, 'The version compared with is too long', 'Shorten the version.', start);
  }
  const specifier = isVersion && !reversed ? parseSpecifier(operator + literal) : null;
  return { kind: 'comparison', text, variable: variable.text, operator, literal, reversed, specifier };
}

function readOperator(reader: Reader): Comparison['operator'] {
  const sign = reader.take(OPERATOR);
  if (sign !== '') return sign as Comparison['operator'];
  if (eatWord(reader, 'in')) return 'in';
  if (eatWord(reader, 'not')) {
    reader.skipSpace();
    if (eatWord(reader, 'in')) return 'not in';
    reader.expected(CODE, '`in`');
  }
  const fix = reader.next === '=' ? 'Write == in the place of =.' : null;
  return reader.expected(CODE, 'one of ==, !=, <=, <, >=, >, ~=, ===, `in` and `not in`', fix);
}

function readOperand(reader: Reader): Operand {
  const start = reader.position;
  const string = reader.take(STRING);
  if (string !== '') {
    const at = string.search(NOT_IN_STRINGS);
    if (at < 0) return { isVariable: false, text: string.slice(1, -1) };
    return reader.refuse(
      CODE,
      `${quote(string[at]!)} is not allowed in a string`,
      'Leave it out.',
      start + at,
    );
  }
  const word = reader.take(WORD);
  const variable = DOTTED.test(word) ? word.replace('.', '_') : word.replace(/^python_impl/, 'platform_$&');
  if (VARIABLES.concat(OF_LOCKS).includes(variable)) return { isVariable: true, text: variable };
  reader.position = start;
  return reader.expected(CODE, 'a variable or a string in quotes', fixOperand(reader.next, word));
}

function fixOperand(next: string | undefined, word: string): string | null {
  if (next === '"' || next === "'") return `Close the string with another ${next}.`;
  if (word === '') return null;
  const others = /^\d/.test(word) ? '' : `, or write one of the variables ${VARIABLES.join(', ')}`;
  return `Put text in quotes${others}.`;
}

function eatWord(reader: Reader, word: string): boolean {
  const start = reader.position;
  const found = reader.take(WORD) === word;
  if (!found) reader.position = start;
  return found;
}
