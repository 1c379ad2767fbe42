/** Questions on the wire: what addresses and bodies may have, by the table of fields, and how it is read. */
import { tryDecodeURIComponent } from 'hono/utils/url';
import * as z from 'zod';
import { ANSWER_VERSION, type Issue, type Outcome } from '../../resolver/index.ts';
import { invalidParameter } from '../../resolver/issues/documents.ts';
import {
  type Field,
  type Fields,
  fieldsNamed,
  INDEX_FIELDS,
  isList,
  TARGET_FIELDS,
} from '../../resolver/question/fields.ts';
import { issuesOf, type Reading, readObject, unknownField, valueIn } from '../../resolver/question/read.ts';
import { printable } from '../../resolver/text/printable.ts';
import { described } from './described.ts';
import { LONGEST_REQUIREMENTS, tooLongTogether } from './form.ts';

/** With both, and with `as_of` if the answer depends on the day, an address has the same answer for ever. */
export const REVISION = {
  ...fieldsNamed('revision'),
  answer_version: {
    kind: 'number',
    meaning:
      'the answer version, which is 1; any other is an error. An address with `revision`, `answer_version` and, if it ' +
      'takes one, `as_of` always has the same bytes, and is sent as `immutable`. Without it, later answers may have ' +
      'more fields',
    example: ANSWER_VERSION,
  },
} as const satisfies Fields;

/** The revision of a path. */
export const RevisionPath = z.object({
  revision: described(
    z
      .string()
      .regex(/^\d{1,15}$/, 'A revision is a whole number, such as 12.')
      .transform(Number),
    { type: 'integer', description: 'Of a publication, from 1.', example: 12 },
  ),
});

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

/** Whether a question is about an index. */
export function asksIndex(question: Partial<Reading<typeof BEYOND>>): boolean {
  const { index } = question;
  return (index != null && index !== false) || INDEX_FIELDS.some((name) => question[name] != null);
}

const SEE = 'See /openapi.json.';
const invalid = ({ message, fix }: { message: string; fix: string | null }): Issue =>
  invalidParameter({ message, fix: fix ?? SEE });

/** A reader of addresses: parameters have the names that fields have where one element is given at a time. */
export function queryReader<Query extends Fields>(
  fields: Query,
  needed: readonly string[],
): (url: string) => Outcome<Reading<Query>> {
  const parameters = Object.entries(fields).map(([name, field]) => ({
    name,
    field,
    written: writtenAs(name, field),
  }));
  const known = new Set(parameters.map(({ written }) => written));
  return (url) => {
    const issues: Issue[] = [];
    const texts = textsIn(url, known);
    if (typeof texts === 'string') issues.push(invalid(unknownField(texts, fields, true)));
    else {
      const read: Record<string, unknown> = {};
      for (const { name, field, written } of parameters) {
        const given = texts.get(written);
        if (given === undefined) {
          if (needed.includes(name))
            issues.push(
              invalid({ message: `${written} is missing.`, fix: `Give ${written}=${field.example}.` }),
            );
          continue;
        }
        const value = valueIn(field.kind, given);
        if (value === null)
          issues.push(invalid({ message: `${written} ${misread(field, given)}`, fix: null }));
        else if (field.most !== undefined && !fits(value, field.most))
          issues.push(...issuesOf(written, field, value, invalid));
        read[name] = value;
      }
      if (issues.length === 0) return { ok: true, value: read as Reading<Query> };
    }
    return { ok: false, issues };
  };
}

/** Whether it may be right, which most are. */
const fits = (value: unknown, most: number) => Array.isArray(value) && value.length <= most;

const writtenAs = (name: string, { single = name }: Field) => single;

function misread({ kind, example }: Field, texts: readonly string[]): string {
  if (texts.length > 1 && !isList(kind) && kind !== 'moments') return 'is given more than once.';
  const [text = ''] = texts;
  const wanted =
    kind === 'number'
      ? `a whole number, such as ${example}`
      : kind === 'moments'
        ? 'NAME=DAY'
        : 'true or false';
  return `has to be ${wanted}, but is '${printable(text.slice(0, 60))}'.`;
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
  const read = readObject(json, fields, { needed, strict: true, invalid });
  const { requirements = [] } = (read.ok ? read.value : {}) as { requirements?: readonly string[] };
  const tooLong = tooLongTogether(requirements);
  if (tooLong === undefined) return read;
  const issue = invalid({ message: `requirements: ${tooLong}`, fix: 'Split the question.' });
  return { ok: false, issues: [{ ...issue, code: 'too_many_requirements' } as Issue] };
}

/** The parameters as the OpenAPI document describes them. */
export function describedQuery(fields: Fields, needed: readonly string[]): z.ZodObject {
  const shape = Object.entries(fields).map(([name, field]) => {
    const { kind } = field;
    const repeats = isList(kind) || kind === 'moments';
    const schema = repeats ? z.array(z.string()) : (TEXTS[kind] ?? z.string());
    const about = {
      ...(repeats && REPEATED),
      description: sentenceOf(field, true),
      ...exampleOf(field, true),
    };
    return [writtenAs(name, field), described(needed.includes(name) ? schema : schema.optional(), about)];
  });
  return z.object(Object.fromEntries(shape));
}

/** The body as the OpenAPI document describes it. */
export function describedBody(
  fields: Fields,
  needed: readonly string[],
  name: string,
  example?: object,
): z.ZodObject {
  const shape = Object.entries(fields).map(([key, field]) => {
    const about = { description: sentenceOf(field, false), ...exampleOf(field, false) };
    const schema = isList(field.kind)
      ? z.array(z.string()).max(field.most ?? Number.MAX_SAFE_INTEGER)
      : BODIES[field.kind]!;
    return [key, described(needed.includes(key) ? schema : schema.nullable().optional(), about)];
  });
  return described(z.strictObject(Object.fromEntries(shape)), name, example ? { example } : {});
}

const REPEATED = {
  param: { style: 'form', explode: true },
  type: 'array',
  items: { type: 'string' },
} as const;
const Moment = z.union([z.string(), z.literal(false)]);
const TEXTS: { [Kind in Field['kind']]?: z.ZodType } = { number: z.int(), flag: z.enum(['true', 'false']) };
const BODIES: { [Kind in Field['kind']]?: z.ZodType } = {
  text: z.string(),
  number: z.int(),
  flag: z.boolean(),
  moment: Moment,
  moments: z.record(z.string(), Moment),
  registry_index: z.union([z.boolean(), z.string()]),
};

const FORMS: { [Kind in Field['kind']]?: string } = {
  moment: 'A day or an RFC 3339 moment, or `false` for none.',
  moments: 'Each is `NAME=DAY`.',
};

/** The meaning of a field, its form and its default, in sentences. */
function sentenceOf({ kind, meaning, default: otherwise, most }: Field, inQuery: boolean): string {
  return [
    `${meaning[0]!.toUpperCase()}${meaning.slice(1)}${isList(kind) && inQuery ? '; repeatable' : ''}.`,
    kind === 'moments' && !inQuery ? undefined : FORMS[kind],
    otherwise && `Default: ${otherwise}.`,
    most === undefined || !isList(kind) ? undefined : `${most} at most.`,
    meaning.includes('requirement') &&
      !inQuery &&
      `Together, requirements have ${LONGEST_REQUIREMENTS} characters at most.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** In addresses, without what is rarely asked: together, they are an example that the page `/api` links. */
function exampleOf({ kind, example }: Field, inQuery: boolean): { example?: unknown } {
  const isShown = example !== undefined && (!inQuery || ['text', 'texts', 'number'].includes(kind));
  return isShown ? { example } : {};
}
