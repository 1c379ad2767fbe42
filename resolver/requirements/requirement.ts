/** Requirements (PEP 508): `Name[extra] >=1.0,<2; python_version < "3.13"`. */
import type { Outcome } from '../issue.ts';
import type { SyntaxIssue } from '../issues/requirements.ts';
import { quote } from '../text/printable.ts';
import { refuseForeign, refuseForeignAfter, refuseOption, refuseUrl } from './foreign.ts';
import type { Marker } from './marker.ts';
import { readWholeMarker } from './marker-syntax.ts';
import { canonicalName, NAME_LIMIT } from './name.ts';
import { type Reader, read } from './reader.ts';
import type { Specifier } from './specifier.ts';
import { readSpecifiers } from './specifier-syntax.ts';

/**
 * A requirement (PEP 508), read.
 *
 * @example
 * ```ts
 * import { parseRequirement, type Requirement } from 'pinwheel-py';
 *
 * const isPinned = ({ specifiers }: Requirement) => specifiers.some(({ operator }) => operator === '==');
 * const outcome = parseRequirement('numpy==2.2.5');
 * outcome.ok && isPinned(outcome.value); // → true
 * ```
 */
export interface Requirement {
  /** Canonical. */
  readonly name: string;
  readonly written_name: string;
  /** Canonical, sorted, each once. */
  readonly extras: readonly string[];
  /** In the order in which they were written. Empty where any version will do. */
  readonly specifiers: readonly Specifier[];
  /** Null where the requirement holds everywhere. */
  readonly marker: Marker | null;
  /** As it was written. */
  readonly text: string;
}

const CODE = 'invalid_requirement';
const IDENTIFIER = /[a-z0-9][a-z0-9._-]*/iy;

/**
 * One requirement, or the one issue that stands in its way.
 *
 * @example
 * ```ts
 * import { parseRequirement } from 'pinwheel-py';
 *
 * const outcome = parseRequirement('Jinja2[i18n] >=3,<4; python_version >= "3.12"');
 * outcome.ok && outcome.value.name; // → 'jinja2'
 * outcome.ok && outcome.value.extras; // → ['i18n']
 * outcome.ok && outcome.value.specifiers.map(({ text }) => text); // → ['>=3', '<4']
 * ```
 */
export function parseRequirement(text: string): Outcome<Requirement, SyntaxIssue> {
  return read('requirement', text, (reader) => {
    const { url, ...requirement } = readRequirement(reader, refuseUrl);
    return requirement;
  });
}

/** A requirement that may name where a package is: `name @ https://…`. */
export interface DirectRequirement extends Requirement {
  /** Null where an index is to say it. */
  readonly url: string | null;
}

/** The same for those who can follow a URL after `@`. */
export function parseDirectRequirement(text: string): Outcome<DirectRequirement, SyntaxIssue> {
  return read('requirement', text, (reader) => readRequirement(reader, readUrl));
}

function readRequirement(reader: Reader, url: (reader: Reader) => string): DirectRequirement {
  reader.skipSpace();
  refuseForeign(reader);
  const start = reader.position;
  const written = readIdentifier(reader, 'the name of a package');
  refuseForeignAfter(reader, written, start);
  reader.skipSpace();
  const extras = readExtras(reader);
  reader.skipSpace();
  const found = reader.next === '@' ? url(reader) : null;
  const specifiers = found === null ? readSpecifiers(reader) : [];
  const marker = reader.eat(';') ? readWholeMarker(reader) : null;
  if (!reader.done) refuseRest(reader, specifiers.length > 0);
  const text = reader.text;
  return {
    name: canonicalName(written),
    written_name: written,
    extras,
    specifiers,
    marker,
    text,
    url: found,
  };
}

/** Up to white space, as PEP 508 has it: a URL may have a semicolon in it. */
function readUrl(reader: Reader): string {
  reader.eat('@');
  reader.skipSpace();
  const start = reader.position;
  const url = reader.take(/\S*/y);
  if (!/^(?:https?:\/\/[^/]|file:\/\/\/)/i.test(url)) {
    reader.refuse(CODE, `${quote(url)} is not a URL of a wheel`, 'Write one of https, after a space.', start);
  }
  reader.skipSpace();
  return url;
}

function readIdentifier(reader: Reader, what: string): string {
  const start = reader.position;
  const found = reader.take(IDENTIFIER);
  if (found === '') reader.expected(CODE, what);
  if (found.length > NAME_LIMIT) {
    const problem = `A name of ${found.length} characters is over the limit of ${NAME_LIMIT}`;
    reader.refuse(CODE, problem, 'Shorten the name.', start);
  }
  if (/[.-]$/.test(found)) {
    reader.position--;
    reader.expected(CODE, 'a letter or digit at the end of a name');
  }
  return found;
}

function readExtras(reader: Reader): string[] {
  if (!reader.eat('[')) return [];
  const extras = new Set<string>();
  reader.skipSpace();
  if (reader.eat(']')) return [];
  do {
    reader.skipSpace();
    extras.add(canonicalName(readIdentifier(reader, 'the name of an extra')));
    reader.skipSpace();
  } while (reader.eat(','));
  if (!reader.eat(']')) reader.expected(CODE, 'a comma or `]`');
  return [...extras].sort();
}

/** Refuses what follows a requirement, with the fix for what people write most often. */
function refuseRest(reader: Reader, hasSpecifiers: boolean): never {
  const rest = reader.text.slice(reader.position, reader.position + 2);
  if (rest === '--') refuseOption(reader);
  const fixes: [RegExp, fix: string][] = [
    [/^#/, 'Leave out the comment.'],
    [/^=[<>]/, `Write ${rest[1]}= in the place of ${rest}.`],
    [/^=/, 'Write == in the place of =.'],
    [/^[\^~]/, 'Write ~=1.2 for 1.2 or a later 1.x, or a range such as >=1.2,<2.'],
    [/^[^ -~]/, 'Write the requirement in one line of plain ASCII.'],
    hasSpecifiers
      ? [/^[<>!]/, 'Write a comma between two specifiers.']
      : [/^[\dv]/, 'Write an operator before the version, such as ==.'],
  ];
  const fix = fixes.find(([pattern]) => pattern.test(rest))?.[1] ?? null;
  const more = hasSpecifiers ? 'a comma' : 'a specifier such as >=1.0';
  return reader.expected(CODE, `${more}, \`;\` or the end`, fix);
}
