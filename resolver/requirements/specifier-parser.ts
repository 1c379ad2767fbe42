/** Parses version specifiers in a longer text, with errors for invalid ones. */
import type { Outcome } from '../issue.ts';
import { quote } from '../text/printable.ts';
import { type Cursor, read } from './cursor.ts';
import { OPERATOR, operatorOf, parseSpecifier, type Specifier } from './specifier.ts';
import { parseVersion, VERSION_LIMIT } from './version.ts';
import { strip, WHITESPACE, WIDE } from './whitespace.ts';

const WRITTEN = new RegExp(`(?:${WHITESPACE})*[\\w.!*+-]*`, 'y');
/** After `===`. It includes commas, and so all following specifiers without a space. */
const ARBITRARY = new RegExp(`(?:${WHITESPACE})*(?:\\ufeff|[^${WIDE};)])*`, 'y');

const CODE = 'invalid_specifier';

/** A set of specifiers on its own, such as `Requires-Python` has. The empty set admits everything. */
export function parseSpecifiers(text: string): Outcome<Specifier[]> {
  return read('specifier', text, (cursor) => splitSpecifiers(cursor, text, 0));
}

/** Reads the specifiers of a requirement, with or without parentheses, up to what cannot be part of them. */
export function readSpecifiers(cursor: Cursor): Specifier[] {
  const specifiers: Specifier[] = [];
  const enclosed = cursor.eat('(');
  do {
    cursor.skipSpace();
    const start = cursor.position;
    const operator = cursor.take(OPERATOR);
    if (operator === '') break;
    const written = cursor.take(operator === '===' ? ARBITRARY : WRITTEN);
    specifiers.push(...splitSpecifiers(cursor, operator + written, start));
    cursor.skipSpace();
  } while (cursor.eat(','));
  if (enclosed && !cursor.eat(')')) cursor.expected(CODE, 'a comma or `)`');
  cursor.skipSpace();
  return specifiers;
}

function splitSpecifiers(cursor: Cursor, text: string, start: number): Specifier[] {
  const specifiers: Specifier[] = [];
  let position = start;
  for (const part of text.split(',')) {
    if (strip(part) !== '') specifiers.push(parseSpecifier(part) ?? explain(cursor, part, position));
    position += part.length + 1;
  }
  return specifiers;
}

function explain(cursor: Cursor, text: string, start: number): never {
  const specifier = strip(text);
  const operator = operatorOf(specifier) ?? '';
  const version = strip(specifier.slice(operator.length));
  const position = start + text.indexOf(specifier) + specifier.length - version.length;
  return cursor.refuse(CODE, ...reasonOf(specifier, operator, version), position);
}

function reasonOf(specifier: string, operator: string, version: string): [problem: string, fix: string] {
  if (!operator) {
    return [`${quote(specifier)} has no operator`, 'Write an operator before it, such as ==.'];
  }
  if (!version) {
    return [`There is no version after ${quote(operator)}`, `Write a version, such as ${operator}1.0.`];
  }
  if (operator === '===') {
    return [`${quote(version)} has white space, \`;\` or \`)\` in it`, 'Write ==, which compares versions.'];
  }
  if (version.length > VERSION_LIMIT) {
    return [
      `A version of ${version.length} characters is over the limit of ${VERSION_LIMIT}`,
      'Shorten the version.',
    ];
  }
  if (version.includes('*')) {
    return [`${quote(specifier)} is not a wildcard such as ==1.2.* or !=1.2.*`, 'Leave out the `.*`.'];
  }
  if (!parseVersion(version)) {
    return [`${quote(version)} is not a version`, 'Write a version of PEP 440, such as 2.1rc1.'];
  }
  if (version.includes('+')) {
    return [
      `${quote(specifier)} has a local label, which only == and != compare`,
      `Write ${operator}${version.split('+')[0]}.`,
    ];
  }
  return [`${quote(specifier)} needs a release of two numbers or more`, 'Write it like ~=1.4.'];
}
