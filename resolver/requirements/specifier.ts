/** Version specifiers (PEP 440): whether a pinned version satisfies `>=1.0,!=1.5.*,<2`. */
import type { Outcome } from '../issue.ts';
import { quote } from '../text/printable.ts';
import { type Cursor, read } from './cursor.ts';
import {
  comparePublic,
  compareVersions,
  DEV_PHASE,
  FINAL_PHASE,
  hasWhitespace,
  NOT_DEV,
  parseVersion,
  sharesPrefix,
  strip,
  VERSION_LIMIT,
  type Version,
  WHITESPACE,
  WIDE,
} from './version.ts';

/** The operator that begins every specifier; sticky, for a {@link Cursor}. */
export const OPERATOR = /===|[=~!<>]=|[<>]/y;
export type Operator = '===' | '==' | '~=' | '!=' | '<=' | '>=' | '<' | '>';

/** One version specifier (PEP 440), such as `>=1.0`. */
export interface Specifier {
  /** Without white space. */
  readonly text: string;
  readonly operator: Operator;
  /** The part after the operator, with its `.*`. */
  readonly written: string;
  /** Whether the specifier ends in `.*`. */
  readonly wildcard: boolean;
  /** The version that a pin is compared with; null for `===`, which compares text. */
  readonly bound: Version | null;
}

/**
 * One specifier, or null if the text is not one.
 * @example
 * ```ts
 * import { parseSpecifier } from 'pinwheel-py';
 * parseSpecifier('~=1.4')?.operator; // → '~='
 * parseSpecifier('1.4'); // → null
 * ```
 */
export function parseSpecifier(text: string): Specifier | null {
  const stripped = strip(text);
  const operator = operatorOf(stripped);
  if (!operator) return null;
  const written = strip(stripped.slice(operator.length));
  if (hasWhitespace(written)) return null;
  const specifier = { text: operator + written, operator, written, wildcard: false, bound: null };
  if (operator === '===') return /[;)]/.test(written) ? null : specifier;

  const equality = operator === '==' || operator === '!=';
  const wildcard = equality && written.endsWith('.*');
  const version = parseVersion(wildcard ? written.slice(0, -2) : written);
  if (version === null) return null;
  const { phase, post, dev, local } = version;
  if (local !== null && !equality) return null;
  if (operator === '~=' && version.release.length < 2) return null;
  const plain = phase === FINAL_PHASE && post === -1 && dev === NOT_DEV && local === null;
  if (wildcard && !plain) return null;
  return { ...specifier, wildcard, bound: operator === '<' ? firstOf(version) : version };
}

export function operatorOf(text: string): Operator | undefined {
  OPERATOR.lastIndex = 0;
  return OPERATOR.exec(text)?.[0] as Operator | undefined;
}

/** The first version that `<1.0` excludes: the first dev release of 1.0, unless the version is a pre-release itself. */
function firstOf(version: Version): Version {
  if (version.phase < FINAL_PHASE || version.dev !== NOT_DEV) return version;
  return { ...version, phase: version.post === -1 ? DEV_PHASE : FINAL_PHASE, dev: 0 };
}

/**
 * Whether a version, or a pin that is not one (openssl's `1.1.1w`), satisfies every specifier. Pre-releases are
 * allowed: if one version is pinned, there is no final release to prefer.
 * @example
 * ```ts
 * import { parseSpecifier, satisfies } from 'pinwheel-py';
 * const specifiers = ['>=2', '<3'].map((text) => parseSpecifier(text)!);
 * satisfies('2.2.5', specifiers); // → true
 * satisfies('3.0', specifiers); // → false
 * ```
 */
export function satisfies(version: Version | string, specifiers: readonly Specifier[]): boolean {
  if (specifiers.length === 0) return true;
  const pin = typeof version === 'string' ? (parseVersion(version) ?? version) : version;
  return specifiers.every((specifier) => admits(specifier, pin));
}

export function admits({ operator, written, wildcard, bound }: Specifier, pin: Version | string): boolean {
  if (bound === null) {
    return written.toLowerCase() === (typeof pin === 'string' ? pin : pin.text).toLowerCase();
  }
  if (typeof pin === 'string') return false;
  const order = comparePublic(pin, bound);
  switch (operator) {
    case '==':
    case '!=':
      return equals(bound, wildcard, pin) === (operator === '==');
    case '~=':
      return order >= 0 && sharesPrefix(pin, bound, bound.release.length - 1);
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    default:
      return order > 0 && !isPostOf(pin, bound);
  }
}

function equals(bound: Version, wildcard: boolean, pin: Version): boolean {
  if (wildcard) return sharesPrefix(pin, bound, bound.release.length);
  return (bound.local === null ? comparePublic(pin, bound) : compareVersions(pin, bound)) === 0;
}

/** Whether `>bound` leaves the pin out as a post-release of that very bound. */
function isPostOf(pin: Version, bound: Version): boolean {
  const { post, dev } = bound;
  return post < 0 && dev === NOT_DEV && comparePublic({ ...pin, post, dev }, bound) === 0;
}

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
