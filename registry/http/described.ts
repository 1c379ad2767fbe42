/** Schemas of questions in the OpenAPI document, by the table of fields: what an address, and what a body may have. */
import * as z from 'zod';
import type { Field, Fields } from '../../resolver/question/fields.ts';
import { isList } from '../../resolver/question/read.ts';
import { LONGEST_REQUIREMENTS, writtenAs } from './question.ts';

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
    return [writtenAs(name, field), (needed.includes(name) ? schema : schema.optional()).meta(about)];
  });
  return z.object(Object.fromEntries(shape));
}

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
    return [key, (needed.includes(key) ? schema : schema.nullable().optional()).meta(about)];
  });
  return z.strictObject(Object.fromEntries(shape)).meta({ id: name, ...(example && { example }) });
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
  files: z.record(z.string(), z.string()),
  registry_index: z.union([z.boolean(), z.string()]),
};

const FORMS: { [Kind in Field['kind']]?: string } = {
  moment: 'A day or an RFC 3339 moment, or `false` for none.',
  moments: 'Each is `NAME=DAY`.',
};

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

/** Examples in addresses, without rare parameters: together, they are an example that the page `/api` links. */
function exampleOf({ kind, example }: Field, inQuery: boolean): { example?: unknown } {
  const isShown = example !== undefined && (!inQuery || ['text', 'texts', 'number'].includes(kind));
  return isShown ? { example } : {};
}
