/** Requirements (PEP 508): `Name[extra] >=1.0,<2; python_version < "3.13"`. */
import type { Outcome } from '../issue.ts';
import type { SyntaxIssue } from '../issues/requirements.ts';
import { quote } from '../text/printable.ts';
import { type Cursor, read } from './cursor.ts';
import { type Marker, readWholeMarker } from './marker.ts';
import { canonicalName, NAME_LIMIT } from './name.ts';
import { readSpecifiers, type Specifier } from './specifier.ts';

/** A requirement (PEP 508), read. */
export interface Requirement {
  /** Canonical. */
  readonly name: string;
  readonly written_name: string;
  /** Canonical, sorted, each once. */
  readonly extras: readonly string[];
  /** In the order in which they were written. Empty if any version will do. */
  readonly specifiers: readonly Specifier[];
  /** Null if the requirement holds everywhere. */
  readonly marker: Marker | null;
  /** As it was written. */
  readonly text: string;
}

/** A requirement of the same package and extras, whatever the version and wherever. */
export function withoutVersions<Asked extends Requirement>(requirement: Asked): Asked {
  const { name, extras } = requirement;
  const text = extras.length > 0 ? `${name}[${extras.join(',')}]` : name;
  return { ...requirement, text, specifiers: [], marker: null };
}

const CODE = 'invalid_requirement';
const FIX = 'Name the package instead: a package set pins each package to one wheel.';
/** Most requirements are such a name alone, which is read forty times as fast without a cursor. */
const PLAIN_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/i;
const IDENTIFIER = /[a-z0-9][a-z0-9._-]*/iy;

/**
 * One requirement, or its issue.
 * @example
 * ```ts
 * import { parseRequirement } from 'pinwheel-py';
 * const outcome = parseRequirement('Jinja2[i18n] >=3,<4; python_version >= "3.12"');
 * outcome.ok && outcome.value.name; // → 'jinja2'
 * outcome.ok && outcome.value.extras; // → ['i18n']
 * outcome.ok && outcome.value.specifiers.map(({ text }) => text); // → ['>=3', '<4']
 * ```
 */
export function parseRequirement(text: string): Outcome<Requirement, SyntaxIssue> {
  if (text.length <= NAME_LIMIT && PLAIN_NAME.test(text)) {
    const name = text.toLowerCase();
    const value = { name, written_name: text, extras: [], specifiers: [], marker: null, text };
    return { ok: true, value };
  }
  return read('requirement', text, (cursor) => {
    const { url, ...requirement } = readRequirement(cursor, refuseUrl);
    return requirement;
  });
}

/** A requirement that may have a URL: `name @ https://…`. */
export interface DirectRequirement extends Requirement {
  /** Null without a URL. */
  readonly url: string | null;
}

/** One requirement, which may have a URL after `@`, or its issue. */
export function parseDirectRequirement(text: string): Outcome<DirectRequirement, SyntaxIssue> {
  return read('requirement', text, (cursor) => readRequirement(cursor, readUrl));
}

function readRequirement(cursor: Cursor, follow: (cursor: Cursor) => string): DirectRequirement {
  cursor.skipSpace();
  refuseUnsupported(cursor);
  const start = cursor.position;
  const written_name = readIdentifier(cursor, 'the name of a package');
  refuseUnsupportedAfter(cursor, written_name, start);
  cursor.skipSpace();
  const extras = readExtras(cursor);
  cursor.skipSpace();
  const url = cursor.next === '@' ? follow(cursor) : null;
  const specifiers = url === null ? readSpecifiers(cursor) : [];
  const marker = cursor.eat(';') ? readWholeMarker(cursor) : null;
  if (!cursor.done) refuseRest(cursor, specifiers.length > 0);
  const text = cursor.text;
  return { name: canonicalName(written_name), written_name, extras, specifiers, marker, text, url };
}

/** Up to white space, as PEP 508 has it: a URL may have a semicolon in it. */
function readUrl(cursor: Cursor): string {
  cursor.eat('@');
  cursor.skipSpace();
  const start = cursor.position;
  const url = cursor.take(/\S*/y);
  if (!/^(?:https?:\/\/[^/]|file:\/\/\/)/i.test(url)) {
    cursor.refuse(CODE, `${quote(url)} is not a URL of a wheel`, 'Write one of https, after a space.', start);
  }
  cursor.skipSpace();
  return url;
}

function readIdentifier(cursor: Cursor, what: string): string {
  const start = cursor.position;
  const identifier = cursor.take(IDENTIFIER);
  if (identifier === '') cursor.expected(CODE, what);
  if (identifier.length > NAME_LIMIT) {
    const problem = `A name of ${identifier.length} characters is over the limit of ${NAME_LIMIT}`;
    cursor.refuse(CODE, problem, 'Shorten the name.', start);
  }
  if (/[.-]$/.test(identifier)) {
    cursor.position--;
    cursor.expected(CODE, 'a letter or digit at the end of a name');
  }
  return identifier;
}

function readExtras(cursor: Cursor): string[] {
  if (!cursor.eat('[')) return [];
  const extras = new Set<string>();
  cursor.skipSpace();
  if (cursor.eat(']')) return [];
  do {
    cursor.skipSpace();
    extras.add(canonicalName(readIdentifier(cursor, 'the name of an extra')));
    cursor.skipSpace();
  } while (cursor.eat(','));
  if (!cursor.eat(']')) cursor.expected(CODE, 'a comma or `]`');
  return [...extras].sort();
}

/** Rejects text after a requirement, with a fix for the most frequent mistakes. */
function refuseRest(cursor: Cursor, hasSpecifiers: boolean): never {
  const rest = cursor.text.slice(cursor.position, cursor.position + 2);
  if (rest === '--') refuseOption(cursor);
  const fixes: [RegExp, fix: string][] = [
    [/^#/, 'Leave out the comment.'],
    [/^=[<>]/, `Write ${rest[1]}= instead of ${rest}.`],
    [/^=/, 'Write == instead of =.'],
    [/^[\^~]/, 'Write ~=1.2, or a range such as >=1.2,<2.'],
    [/^[^ -~]/, 'Write it in one line of plain ASCII.'],
    hasSpecifiers
      ? [/^[<>!]/, 'Write a comma between two specifiers.']
      : [/^[\dv]/, 'Write an operator before the version, such as ==.'],
  ];
  const fix = fixes.find(([pattern]) => pattern.test(rest))?.[1] ?? null;
  const more = hasSpecifiers ? 'a comma' : 'a specifier such as >=1.0';
  return cursor.expected(CODE, `${more}, \`;\` or the end`, fix);
}

/** Rejects options, URLs and paths, which pip accepts. Nothing is opened or fetched. */
function refuseUnsupported(cursor: Cursor): void {
  const rest = cursor.text.slice(cursor.position);
  if (rest.startsWith('-')) refuseOption(cursor);
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/|file:)/i.test(rest)) refuseUrl(cursor);
  if (/^(?:[./\\~]|[a-z]:[/\\])/i.test(rest)) refusePath(cursor);
}

/** Rejects URLs and paths after a requirement's name, which began at `start`. */
function refuseUnsupportedAfter(cursor: Cursor, name: string, start: number): void {
  if (/^[/\\]/.test(cursor.next ?? '') || /\.(?:whl|tar\.gz)$/i.test(name)) refusePath(cursor, start);
}

function refuseOption(cursor: Cursor): never {
  const start = cursor.position;
  return cursor.refuse(
    'pip_option_requirement',
    `${quote(cursor.take(/[^\s=]*/y))} is an option of pip, not a requirement`,
    'Leave it out, and list the requirements themselves.',
    start,
  );
}

function refuseUrl(cursor: Cursor): never {
  return cursor.refuse('direct_url_requirement', 'A URL is not accepted as a requirement', FIX);
}

function refusePath(cursor: Cursor, start = cursor.position): never {
  return cursor.refuse(
    'local_path_requirement',
    'A file or folder is not accepted as a requirement',
    FIX,
    start,
  );
}
