/** Environment markers (PEP 508), evaluated as Python's `packaging` does: `python_version < "3.13"`. */
import type { Outcome } from '../issue.ts';
import { quote } from '../text/printable.ts';
import { emscriptenOf } from '../wheels/platform.ts';
import { type Cursor, read, WORD } from './cursor.ts';
import { canonicalName } from './name.ts';
import { OPERATOR, type Operator, parseSpecifier, type Specifier, satisfies } from './specifier.ts';
import { VERSION_LIMIT } from './version.ts';

export type Marker = Combination | Comparison;

export interface Combination {
  readonly kind: 'and' | 'or';
  /** Two or more. */
  readonly terms: readonly Marker[];
}

export interface Comparison {
  readonly kind: 'comparison';
  /** As it was written. */
  readonly text: string;
  /** Not always a known one: `"a" == "b"` compares the variable `b`. */
  readonly variable: string;
  readonly operator: Operator | 'in' | 'not in';
  readonly literal: string;
  /** Whether the literal stands on the left. */
  readonly reversed: boolean;
  /** Operator and literal, if they are a specifier for the variable. */
  readonly specifier: Specifier | null;
}

/**
 * Whether a marker is true; null where `packaging` raises: for an unknown variable, or an operator that is not for its
 * values (`os_name ~= "posix"`). `extra`: the canonical name of the extra that is asked for, or empty.
 */
export function evaluateMarker(marker: Marker, environment: MarkerEnvironment, extra = ''): boolean | null {
  if (marker.kind === 'comparison') return compare(marker, environment, extra);
  const decisive = marker.kind === 'or';
  let result = !decisive;
  for (const term of marker.terms) {
    const holds = evaluateMarker(term, environment, extra);
    if (holds === null) return null;
    if (holds === decisive) result = decisive;
  }
  return result;
}

/** The first comparison for which {@link evaluateMarker} gives null, or null if there is none. */
export function meaninglessComparison(
  marker: Marker,
  environment: MarkerEnvironment,
  extra = '',
): Comparison | null {
  if (marker.kind === 'comparison') return compare(marker, environment, extra) === null ? marker : null;
  for (const term of marker.terms) {
    const issue = meaninglessComparison(term, environment, extra);
    if (issue !== null) return issue;
  }
  return null;
}

function compare(comparison: Comparison, environment: MarkerEnvironment, extra: string): boolean | null {
  const { variable, operator, literal, reversed } = comparison;
  const value = variable === 'extra' ? extra : environment.get(variable);
  if (value === undefined) return null;
  const [left, right] = reversed ? [literal, value] : [value, literal];
  const specifier =
    reversed && holdsVersion(variable) ? parseSpecifier(operator + value) : comparison.specifier;
  return specifier ? satisfies(left, [specifier]) : compareText(left, operator, right);
}

/** Text has no order: `<` and `>` never hold, and `<=` and `>=` are equality. */
function compareText(left: string, operator: Comparison['operator'], right: string): boolean | null {
  if (operator.endsWith('in')) return right.includes(left) === (operator === 'in');
  if (/^[=<>!]=$/.test(operator)) return (left === right) === (operator !== '!=');
  return operator.length === 1 ? false : null;
}

/** The variables that hold versions. With these, and only these, comparisons are those of PEP 440. */
export function holdsVersion(variable: string): boolean {
  return /^(python(_full)?|implementation)_version$|^platform_release$/.test(variable);
}

/** Values by variable, without `extra`, which differs from one requirement to the next. */
export type MarkerEnvironment = ReadonlyMap<string, string>;

/**
 * The environment of a Python Worker, as `3.13.2` and `emscripten_4_0_9` say it. The values are what Python itself says
 * in Pyodide 0.26.4, 0.29.5 and 314.0.7.
 */
export function markerEnvironment(runtime: { python: string; platform: string }): MarkerEnvironment {
  const { python, platform } = runtime;
  const variables = {
    python_version: python.split('.', 2).join('.'),
    implementation_name: 'cpython',
    implementation_version: python,
    os_name: 'posix',
    platform_machine: 'wasm32',
    platform_python_implementation: 'CPython',
    platform_release: emscriptenOf(platform)?.replaceAll('_', '.') ?? '',
    platform_system: 'Emscripten',
    platform_version: '#1',
    python_full_version: python,
    sys_platform: 'emscripten',
  };
  return new Map(Object.entries(variables));
}

/** The most levels of parentheses. */
export const DEPTH_LIMIT = 64;

const CODE = 'invalid_marker';
const STRING = /'[^']*'|"[^"]*"/y;
/** Characters that a Python string literal cannot have, and the backslash, which PEP 508 excludes. */
const NOT_IN_STRINGS = /[\0\n\r\\\p{Cs}]/u;

/** The known variables, with those of PEP 751, which are for lock files alone. */
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
  const isWord = cursor.take(WORD) === word;
  if (!isWord) cursor.position = start;
  return isWord;
}
