/** Reads questions by the table of fields: the values of an object, or texts of an address or a command line. */
import type { Issue, Outcome } from '../issue.ts';
import { invalidQuestion } from '../issues/documents.ts';
import { tooManyRequirements } from '../issues/requirements.ts';
import { tooManyFlags } from '../issues/target.ts';
import { didYouMean, nearest } from '../text/nearest.ts';
import { printable } from '../text/printable.ts';
import {
  BEYOND_FIELDS,
  type BeyondField,
  FIELDS,
  type Field,
  type Fields,
  isList,
  type Kind,
  type Values,
} from './fields.ts';

/** The members with defaults. */
type Defaulted = 'as_of' | 'compatibility_date' | 'compatibility_flags' | 'from' | 'to';

/**
 * A question as given: `as_of` defaults to today and `revision` to the newest. Other keys of a wrangler file are
 * ignored, but not those that are near the name of a field.
 *
 * @example
 * ```ts
 * import type { Asked, ResolveQuestion } from 'pinwheel-py';
 *
 * const wranglerConfig = { name: 'hello', compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'] };
 * const question: Asked<ResolveQuestion> = { ...wranglerConfig, requirements: ['fastapi'] };
 * question.as_of; // → undefined
 * ```
 */
export type Asked<Question> = Omit<Question, Defaulted> & {
  [Key in keyof Question & Defaulted]?: Question[Key] | null | undefined;
} & {
  /** Answers as the registry did at this revision. */
  revision?: number | null | undefined;
  /** A Pyodide version, such as `0.29.5`, instead of a compatibility date and flags. */
  pyodide?: string | null | undefined;
};

/** Whether a question goes beyond its target's package set. */
export function goesBeyond(question: { [Name in BeyondField]?: unknown }): boolean {
  return BEYOND_FIELDS.some((name) => question[name] != null);
}

/** What is read of fields: each is undefined if it is not given. */
export type Reading<Of extends Fields> = { [Name in keyof Of]: Values[Of[Name]['kind']] | undefined };

interface Reader {
  /** The fields that have to be given. */
  needed?: readonly string[];
  /** Whether each key has to be a field. Otherwise only those that are near one, because a wrangler file has more. */
  strict?: boolean;
  /** Makes the issues. */
  invalid?: (fields: { message: string; fix: string | null }) => Issue;
}

/** The fields of an object, or all issues. */
export function readObject<Of extends Fields>(
  given: unknown,
  fields: Of,
  { needed = [], strict = false, invalid = invalidQuestion }: Reader = {},
): Outcome<Reading<Of>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { ok: false, issues: [invalid({ message: 'A question has to be an object.', fix: EXAMPLE })] };
  }
  const members = given as Record<string, unknown>;
  const issues: Issue[] = [];
  const read: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = (Object.hasOwn(members, name) ? members[name] : null) ?? undefined;
    read[name] = value;
    if (value !== undefined) issues.push(...issuesOf(name, field, value, invalid));
    else if (needed.includes(name)) {
      issues.push(
        invalid({ message: `${name} is missing.`, fix: `Write ${name}: ${literal(field.example)}.` }),
      );
    }
  }
  const unknown = Object.keys(members).find(
    (key) => !Object.hasOwn(fields, key) && members[key] != null && (strict || isMeant(key, fields, members)),
  );
  if (unknown !== undefined) issues.push(invalid(unknownField(unknown, fields)));
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: read as Reading<Of> };
}

/** Whether a key is a misspelt field, and not one of a wrangler file, or of another question. */
function isMeant(key: string, fields: Fields, members: Record<string, unknown>): boolean {
  const [meant] = namesNear(key, fields);
  return meant !== undefined && !(Object.hasOwn(FIELDS, key) && members[meant] != null);
}

/** The issue of a name that no field has. `inAddress` if fields have the names that they have in addresses. */
export function unknownField(
  name: string,
  fields: Fields,
  inAddress = false,
): { message: string; fix: string } {
  const spelled = (own: string) => (inAddress ? (fields[own]!.single ?? own) : own);
  const known = Object.keys(fields).map(spelled);
  const fix =
    didYouMean(namesNear(name, fields).map(spelled)) ??
    (known.length === 0 ? 'Leave it out.' : `There are ${known.join(', ')}.`);
  return {
    message: `There is no ${inAddress ? 'parameter' : 'field'} ${printable(name.slice(0, LONGEST))}.`,
    fix,
  };
}

/** Names of three letters are near too many words. */
const SHORTEST_NEAR = 4;

/** The fields with a similar name, in a question or in an address. */
function namesNear(name: string, fields: Fields): string[] {
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

/** The value that texts give a field; null if they cannot. A list may have several, and all others one. */
export function valueIn(kind: Kind, texts: readonly string[]): Values[Kind] | null {
  const [text = ''] = texts;
  if (isList(kind)) return texts;
  if (kind === 'moments') {
    const pairs = texts.map((one) => /^([^=]+)=(.+)$/s.exec(one));
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

/** What a value of each kind is. */
const KINDS: Record<Kind, { is: string; fits(value: unknown): boolean }> = {
  text: { is: 'a string', fits: isText },
  texts: { is: 'a list of strings', fits: Array.isArray },
  names: { is: 'a list of strings', fits: Array.isArray },
  number: { is: 'a whole number', fits: Number.isSafeInteger },
  flag: { is: 'true or false', fits: (value) => typeof value === 'boolean' },
  moment: { is: 'a day, a moment or false', fits: isMoment },
  moments: {
    is: 'an object of days, moments or false by names',
    fits: (value) => isObject(value) && Object.values(value).every(isMoment),
  },
  index: {
    is: 'an object with the url of an index',
    fits: (value) => isObject(value) && isText((value as { url?: unknown }).url),
  },
  registry_index: {
    is: 'true, false or a URL',
    fits: (value) => isText(value) || typeof value === 'boolean',
  },
  set: {
    is: 'a package set',
    fits: (value) => isObject(value) && (value as { kind?: unknown }).kind === 'set',
  },
  files: { is: 'an object of files by their paths', fits: isObject },
};

/** What is wrong with the value of a field. */
export function issuesOf(
  name: string,
  { kind, most, example }: Field,
  value: unknown,
  invalid: NonNullable<Reader['invalid']>,
): Issue[] {
  const wrong = (place: string, is: string, one: unknown, fix: string | null) =>
    invalid({ message: `${place} has to be ${is}, but is ${shown(one)}.`, fix });
  if (!KINDS[kind].fits(value)) {
    const fix = isList(kind)
      ? `Write ${name}: ${literal(isText(value) ? [printable(value)] : example)}.`
      : null;
    return [wrong(name, KINDS[kind].is, value, fix)];
  }
  if (!isList(kind)) {
    const size = isText(value) ? value.length : Number(value);
    if (most === undefined || (size <= most && size > 0)) return [];
    return [wrong(name, isText(value) ? `of ${most} characters at most` : `from 1 to ${most}`, value, null)];
  }
  const list = value as readonly unknown[];
  if (most !== undefined && list.length > most) {
    const count = list.length;
    if (name === 'requirements') return [tooManyRequirements({ count, most })];
    if (name === 'compatibility_flags') return [tooManyFlags({ count, most })];
    return [invalid({ message: `${name} has ${count} elements, but may have ${most} at most.`, fix: null })];
  }
  return list.flatMap((one, at) => (isText(one) ? [] : wrong(`${name}[${at}]`, 'a string', one, null)));
}

const EXAMPLE = "Write it as in { compatibility_date: '2025-11-02', requirements: ['fastapi'] }.";

/** As JavaScript writes it. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll('"', "'");
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMoment(value: unknown): boolean {
  return isText(value) || value === false;
}

const LONGEST = 60;

function shown(value: unknown): string {
  if (isText(value)) return `the string '${printable(value.slice(0, LONGEST))}'`;
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  return typeof value === 'object' || typeof value === 'function'
    ? `an ${typeof value}`.replace('an f', 'a f')
    : String(value);
}

/** A question with its defaults. */
export interface Settled {
  compatibility_date: string | null;
  compatibility_flags: readonly string[];
  as_of: string;
  experimental: boolean;
  pyodide?: string | undefined;
  revision?: number | undefined;
}

/** `day` is the default of `as_of`. */
export function settled<Given extends { [Name in keyof Settled]?: Settled[Name] | undefined }>(
  question: Given,
  day = today(),
): Given & Settled {
  const { compatibility_date = null, compatibility_flags = [], as_of = day, experimental = false } = question;
  return { ...question, compatibility_date, compatibility_flags, as_of, experimental };
}

/** Today, in UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
