/** Reads questions by the table of fields: the values of an object, or texts of an address or a command line. */
import { today } from '../compatibility/date.ts';
import { isTable } from '../formats/table.ts';
import type { Issue, Outcome } from '../issue.ts';
import { type FieldCause, invalidQuestion, shown } from '../issues/question.ts';
import { tooManyRequirements } from '../issues/requirements.ts';
import { tooManyFlags } from '../issues/target.ts';
import { nearest } from '../text/nearest.ts';
import { printable } from '../text/printable.ts';
import {
  BEYOND_FIELDS,
  type BeyondField,
  FIELDS,
  type Field,
  type Fields,
  type Kind,
  type Values,
} from './fields.ts';

type Defaulted = 'as_of' | 'compatibility_date' | 'compatibility_flags' | 'from' | 'to';

/**
 * A question as given: `as_of` defaults to today and `revision` to the newest. Other keys of a wrangler file are ignored,
 * but not those that are near the name of a field.
 */
export type Asked<Question> = Omit<Question, Defaulted> & {
  [Key in keyof Question & Defaulted]?: Question[Key] | null | undefined;
} & {
  /** Answers as the registry did at this revision. */
  revision?: number | null | undefined;
  /** A Pyodide version, such as `0.29.5`, instead of a compatibility date and flags. */
  pyodide?: string | null | undefined;
};

export function goesBeyond(question: { [Name in BeyondField]?: unknown }): boolean {
  return BEYOND_FIELDS.some((name) => question[name] != null);
}

/** The values of fields. What is not given is absent. */
export type Reading<Of extends Fields> = { [Name in keyof Of]: Values[Of[Name]['kind']] | undefined };

interface Reader {
  /** The fields that have to be given. */
  needed?: readonly string[];
  /** Whether each key has to be a field. Otherwise only those that are near one, because a wrangler file has more. */
  strict?: boolean;
  invalid?: (given: FieldCause) => Issue;
}

export function readObject<Of extends Fields>(
  given: unknown,
  fields: Of,
  { needed = [], strict = false, invalid = invalidQuestion }: Reader = {},
): Outcome<Reading<Of>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { ok: false, issues: [invalid({ problem: 'no_object' })] };
  }
  const members = given as Record<string, unknown>;
  const issues: Issue[] = [];
  const read: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = (Object.hasOwn(members, name) ? members[name] : null) ?? undefined;
    if (value !== undefined) {
      read[name] = value;
      issues.push(...issuesOf(name, field, value, invalid));
    } else if (needed.includes(name)) {
      issues.push(invalid({ problem: 'missing_field', field: name, example: literal(field.example) }));
    }
  }
  const unknown = Object.keys(members).find(
    (key) => !Object.hasOwn(fields, key) && members[key] != null && (strict || isMeant(key, fields, members)),
  );
  if (unknown !== undefined) {
    const near = namesNear(unknown, fields);
    issues.push(invalid({ problem: 'unknown_field', name: unknown, near, known: Object.keys(fields) }));
  }
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: read as Reading<Of> };
}

/** Whether a key is a misspelt field, and not one of a wrangler file, or of another question. */
function isMeant(key: string, fields: Fields, members: Record<string, unknown>): boolean {
  const [meant] = namesNear(key, fields);
  return meant !== undefined && !(Object.hasOwn(FIELDS, key) && members[meant] != null);
}

/** Names of three letters are near too many words. */
const SHORTEST_NEAR = 4;

/** The fields with a similar name, in a question or in an address. */
export function namesNear(name: string, fields: Fields): string[] {
  const owners = new Map<string, string>();
  for (const [own, { single = own }] of Object.entries(fields)) owners.set(own, own).set(single, own);
  const own = owners.get(name);
  if (own !== undefined) return [own];
  const near = nearest(
    name,
    [...owners.keys()].filter((spelling) => spelling.length >= SHORTEST_NEAR),
  );
  return [...new Set(near.map((spelling) => owners.get(spelling)!))];
}

export function isList(kind: Kind): kind is 'texts' | 'names' {
  return kind === 'texts' || kind === 'names';
}

/** The value that texts give a field; null if they cannot. A list may have several, and all others one. */
export function valueIn(kind: Kind, texts: readonly string[]): Values[Kind] | null {
  const [text = ''] = texts;
  if (isList(kind)) return texts;
  if (kind === 'moments') {
    const pairs = texts.map((text) => /^([^=]+)=(.+)$/s.exec(text));
    if (pairs.includes(null)) return null;
    return Object.fromEntries(pairs.map((pair) => [pair![1]!, momentOf(pair![2]!)]));
  }
  if (texts.length > 1) return null;
  switch (kind) {
    case 'number':
      return /^\d{1,15}$/.test(text) ? Number(text) : null;
    case 'flag':
      return text === 'true' ? true : text === 'false' ? false : null;
    case 'registry_index':
      return text === 'true' ? true : text !== 'false' && text;
    case 'moment':
      return momentOf(text);
    default:
      return text;
  }
}

/** `false` lets all uploads count, as in uv. */
function momentOf(text: string): string | false {
  return text !== 'false' && text;
}

const FITS: Record<Kind, (value: unknown) => boolean> = {
  text: isText,
  texts: Array.isArray,
  names: Array.isArray,
  number: Number.isSafeInteger,
  flag: (value) => typeof value === 'boolean',
  moment: isMoment,
  moments: (value) => isTable(value) && Object.values(value).every(isMoment),
  index: (value) => isTable(value) && isText(value.url),
  registry_index: (value) => isText(value) || typeof value === 'boolean',
  set: (value) => isTable(value) && value.kind === 'set',
  files: (value) =>
    isTable(value) && Object.values(value).every((file) => isText(file) || file instanceof Uint8Array),
};

/** The problems of a field's value. */
export function issuesOf(
  name: string,
  { kind, most, example }: Field,
  value: unknown,
  invalid: NonNullable<Reader['invalid']>,
): Issue[] {
  const given = shown(value);
  if (!FITS[kind](value)) {
    const right = isList(kind) ? literal(isText(value) ? [printable(value)] : example) : null;
    return [invalid({ problem: 'wrong_type', field: name, needed: kind, given, example: right })];
  }
  if (!isList(kind)) {
    const size = isText(value) ? value.length : Number(value);
    if (!most || (size <= most && size > 0)) return [];
    const problem = !isText(value) ? 'out_of_range' : size ? 'too_long' : 'empty';
    return [invalid({ problem, field: name, most, given })];
  }
  const list = value as readonly unknown[];
  const count = list.length;
  if (most !== undefined && count > most) {
    if (name === 'requirements') return [tooManyRequirements({ count, most })];
    if (name === 'compatibility_flags') return [tooManyFlags({ count, most })];
    return [invalid({ problem: 'too_many_elements', field: name, count, most })];
  }
  const wrong = (element: unknown, at: number) =>
    invalid({
      problem: 'wrong_type',
      field: `${name}[${at}]`,
      needed: 'text',
      given: shown(element),
      example: null,
    });
  return list.flatMap((element, at) => (isText(element) ? [] : wrong(element, at)));
}

/** A value as JavaScript writes it. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll('"', "'");
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isMoment(value: unknown): boolean {
  return isText(value) || value === false;
}

export interface Settled {
  compatibility_date: string | null;
  compatibility_flags: readonly string[];
  as_of: string;
  experimental: boolean;
  pyodide?: string | undefined;
  revision?: number | undefined;
}

/** The values of members that are not given, but for that of `as_of`. */
export const UNSETTLED = { compatibility_date: null, compatibility_flags: [], experimental: false } as const;

/** A question as read, with its defaults; that of `as_of` is `day`. */
export function settled<Given extends { [Name in keyof Settled]?: Settled[Name] | undefined }>(
  question: Given,
  day = today(),
): Given & Settled {
  return { ...UNSETTLED, as_of: day, ...question } as Given & Settled;
}
