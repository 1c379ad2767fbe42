/**
 * Questions on the wire: what addresses, bodies and forms may have, by the table of fields, and how it is read. A page
 * reads its form in the browser too, so this needs neither zod nor the Worker.
 */
import { tryDecodeURIComponent } from 'hono/utils/url';
import { ANSWER_VERSION, type Issue, type Outcome } from '../../resolver/index.ts';
import { invalidParameter } from '../../resolver/issues/question.ts';
import {
  FIELDS,
  type Field,
  type FieldName,
  type Fields,
  fieldsNamed,
  INDEX_FIELDS,
  TARGET_FIELDS,
} from '../../resolver/question/fields.ts';
import {
  isList,
  issuesOf,
  namesNear,
  type Reading,
  readObject,
  valueIn,
} from '../../resolver/question/read.ts';

/** The fields that give an address the same answer for ever, with `as_of` if the answer depends on the day. */
export const REVISION = {
  ...fieldsNamed('revision'),
  answer_version: {
    kind: 'number',
    meaning:
      'the answer version, which is 1; any other is an error. An address with `revision`, `answer_version` and, if it ' +
      'takes one, `as_of` has the same bytes from every host, and is sent as `immutable`. What is known of modules, ' +
      "flags, and packages that cannot run is part of Pinwheel's code: a later version of it may correct that. Without " +
      'the answer version, later answers may have more fields',
    example: ANSWER_VERSION,
  },
} as const satisfies Fields;

const { compatibility_date, ...undated } = fieldsNamed(...TARGET_FIELDS);

/** The fields of questions without a compatibility date. */
export const UNDATED = undated;

export const TARGET = { compatibility_date, ...UNDATED };

/** The fields of questions that may go beyond their package set. */
export const BEYOND = {
  index: {
    kind: 'registry_index',
    meaning:
      "whether packages that the set lacks come from the registry's package index, or the URL of that index; a registry " +
      'has one only if its operator switched it on',
    example: true,
  },
  ...fieldsNamed(...INDEX_FIELDS),
} as const satisfies Fields;

/** The most errors that are listed in one problem; the rest are counted. */
export const MOST_ERRORS = 20;

/** The limit of all requirements together, in UTF-16 units: to read 250,000 of specifiers takes 200 ms. */
export const LONGEST_REQUIREMENTS = 30_000;

/** The issue of requirements that would take too long to read together. */
export function longTogether(requirements: readonly unknown[]): Issue | undefined {
  const size = requirements.reduce<number>(
    (sum, text) => sum + (typeof text === 'string' ? text.length : 0),
    0,
  );
  if (size <= LONGEST_REQUIREMENTS) return undefined;
  return invalidParameter({ problem: 'long_together', size, most: LONGEST_REQUIREMENTS });
}

/** An address as read: its query, and the parameters of its path. */
export interface Address<Query extends Fields> {
  query: Reading<Query>;
  params: Record<string, unknown>;
}

/**
 * A reader of addresses: parameters have the names that fields have where one element is given at a time. In a path, a
 * revision is a number, and all others are names.
 */
export function addressReader<Query extends Fields>(
  fields: Query,
  needed: readonly string[],
): (url: string, path: Readonly<Record<string, string>>) => Outcome<Address<Query>> {
  const parameters = Object.entries(fields).map(([name, field]) => ({
    name,
    field,
    written: writtenAs(name, field),
  }));
  const known = new Set(parameters.map(({ written }) => written));
  return (url, path) => {
    const texts = textsIn(url, known);
    if (typeof texts === 'string') {
      const near = namesNear(texts, fields).map((name) => writtenAs(name, fields[name]!));
      const given = { name: texts, near, known: [...known] };
      return { ok: false, issues: [invalidParameter({ problem: 'unknown_parameter', ...given })] };
    }
    const issues: Issue[] = [];
    const read: Record<string, unknown> = {};
    for (const { name, field, written } of parameters) {
      const given = texts.get(written);
      if (given === undefined) {
        const example = String(field.example);
        if (needed.includes(name))
          issues.push(invalidParameter({ problem: 'missing_parameter', field: written, example }));
        continue;
      }
      const value = valueIn(field.kind, given);
      if (value === null) issues.push(misread(written, field, given, false));
      else if (field.most !== undefined && !fits(value, field.most))
        issues.push(...issuesOf(written, field, value, invalidParameter));
      read[name] = value;
    }
    const revision = path.revision === undefined ? undefined : valueIn('number', [path.revision]);
    if (issues.length === 0 && revision === null) {
      issues.push(misread('revision', REVISION.revision, [path.revision!], false));
    }
    if (issues.length > 0) return { ok: false, issues };
    const params = revision === undefined ? path : { ...path, revision };
    return { ok: true, value: { query: read as Reading<Query>, params } };
  };
}

/** Whether a value may be right, as most are. */
const fits = (value: unknown, most: number) => Array.isArray(value) && value.length <= most;

/** The name of a field where one element is given at a time. */
export const writtenAs = (name: string, { single = name }: Field) => single;

function misread(
  name: string,
  { kind, default: otherwise, example = otherwise }: Field,
  texts: readonly string[],
  form: boolean,
): Issue {
  if (texts.length > 1 && !isList(kind) && kind !== 'moments') {
    return invalidParameter({ problem: 'repeated', field: name, form });
  }
  const given = texts[0] ?? '';
  const fields = { field: name, needed: kind, example: String(example), given, form };
  return invalidParameter({ problem: 'misread', ...fields });
}

/** The texts of the parameters of an address, by name; or a name that is not known, of which there may be thousands. */
function textsIn(url: string, known: ReadonlySet<string>): Map<string, string[]> | string {
  const texts = new Map<string, string[]>();
  const start = url.indexOf('?');
  if (start < 0) return texts;
  const end = url.indexOf('#');
  for (const parameter of url.slice(start + 1, end < 0 ? url.length : end).split('&')) {
    if (parameter === '') continue;
    const equals = parameter.indexOf('=');
    const name = decoded(equals < 0 ? parameter : parameter.slice(0, equals));
    if (!known.has(name)) return name;
    const value = equals < 0 ? '' : decoded(parameter.slice(equals + 1));
    const before = texts.get(name);
    if (before) before.push(value);
    else texts.set(name, [value]);
  }
  return texts;
}

const decoded = (text: string) =>
  tryDecodeURIComponent(text.includes('+') ? text.replaceAll('+', ' ') : text);

/** Reads a body, in which every key has to be a field. */
export function readBody<Body extends Fields>(
  json: unknown,
  fields: Body,
  needed: readonly string[],
): Outcome<Reading<Body>> {
  const read = readObject(json, fields, { needed, strict: true, invalid: invalidParameter });
  const { requirements = [] } = (read.ok ? read.value : {}) as { requirements?: readonly string[] };
  const issue = longTogether(requirements);
  if (issue === undefined) return read;
  return { ok: false, issues: [{ ...issue, code: 'too_many_requirements' } as Issue] };
}

/** The question to a page: a form, or the parameters of its address. */
export interface Form {
  getAll(name: string): unknown[];
}

/** A form as read: the values, the first text of each field as given, and the issues. */
export interface FormReading<Of extends Fields> {
  values: Partial<Reading<Of>>;
  texts: { [Name in keyof Of]?: string };
  issues: Issue[];
}

/**
 * Reads fields of a form. Empty ones, which forms send, count as not given. Others are not looked at, because a client
 * can send a hundred thousand; nor are files. How many elements a list may have is left to the caller.
 */
export function readFields<Of extends Fields>(form: Form, fields: Of): FormReading<Of> {
  const values: Record<string, unknown> = {};
  const texts: Record<string, string> = {};
  const issues: Issue[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const written = writtenAs(name, field);
    const given = form.getAll(written).filter((text) => typeof text === 'string' && text !== '') as string[];
    if (given.length === 0) continue;
    const value = valueIn(field.kind, given);
    if (value === null) issues.push(misread(written, field, given, true));
    else values[name] = value;
    texts[name] = given[0]!;
  }
  return { values, texts, issues } as FormReading<Of>;
}

/** The issues of lists that have too many elements; for lists that a form gives in several ways. */
export function tooMany<Name extends FieldName>(lists: { [Key in Name]: readonly string[] }): Issue[] {
  const given = Object.entries(lists) as [Name, readonly string[]][];
  return given.flatMap(([name, list]) => issuesOf(name, FIELDS[name], list, invalidParameter));
}
