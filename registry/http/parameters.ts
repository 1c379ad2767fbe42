/** The query of an address, as its schema expects it. */

import { tryDecodeURIComponent } from 'hono/utils/url';
import * as z from 'zod';

type Parameters = Record<string, string | string[]>;

/**
 * A reader of the parameters that a schema names: a list if the schema takes one or if there are several, else a text.
 */
export function parameterReader(schema: z.ZodObject): (url: string) => Parameters {
  const fields = fieldsOf(schema);
  return (url) => readParameters(fields, url);
}

/**
 * A reader of queries, with the result of `schema.safeParse`. Most fields are absent or take every text, and need no
 * zod, with which a new answer takes a twentieth longer.
 */
export function queryReader<Schema extends z.ZodObject>(
  schema: Schema,
): (url: string) => z.ZodSafeParseResult<z.infer<Schema>> {
  const fields = fieldsOf(schema);
  const absent = schema.safeParse({});
  // A rule about the whole query needs the whole query.
  if (!absent.success || schema.def.checks?.length)
    return (url) => schema.safeParse(readParameters(fields, url));
  return (url) => {
    const given = readParameters(fields, url);
    const data: Record<string, unknown> = { ...absent.data };
    for (const { name, field, isList, takesText } of fields) {
      const value = given[name];
      if (value === undefined) continue;
      if (takesText && Array.isArray(value) === isList) {
        data[name] = value;
        continue;
      }
      const read = field.safeParse(value);
      // All errors, in the order of the schema.
      if (!read.success) return schema.safeParse(given);
      data[name] = read.data;
    }
    return { success: true, data: data as z.infer<Schema> };
  };
}

interface Field {
  name: string;
  field: z.ZodType;
  isList: boolean;
  /** Whether it takes every text, or every list of texts, and leaves it as it is. */
  takesText: boolean;
}

function fieldsOf({ shape }: z.ZodObject): Field[] {
  const fields = Object.entries(shape as Record<string, z.ZodType>);
  return fields.map(([name, field]) => {
    const inner = unwrapped(field);
    const isList = inner instanceof z.ZodArray;
    return {
      name,
      field,
      isList,
      takesText: isText(inner) || (isList && !hasChecks(inner) && isText(inner.element)),
    };
  });
}

const unwrapped = (field: unknown): unknown =>
  field instanceof z.ZodDefault || field instanceof z.ZodOptional ? unwrapped(field.unwrap()) : field;

const isText = (field: unknown) => field instanceof z.ZodString && !hasChecks(field);

const hasChecks = ({ def }: { def: { checks?: unknown[] | undefined } }) => (def.checks?.length ?? 0) > 0;

function readParameters(fields: readonly Field[], url: string): Parameters {
  const read: Parameters = {};
  const start = url.indexOf('?');
  if (start < 0) return read;
  const end = url.indexOf('#');
  for (const parameter of url.slice(start + 1, end < 0 ? url.length : end).split('&')) {
    const equals = parameter.indexOf('=');
    const encoded = equals < 0 ? parameter : parameter.slice(0, equals);
    // Names are ASCII, and to decode what is malformed takes some 10 µs.
    if (encoded.includes('%') && /%(?![0-7][\da-f])/i.test(encoded)) continue;
    const written = decoded(encoded);
    const field = fields.find(({ name }) => name === written);
    if (!field) continue;
    const { name, isList } = field;
    const value = equals < 0 ? '' : decoded(parameter.slice(equals + 1));
    const before = read[name];
    if (before === undefined) read[name] = isList ? [value] : value;
    else if (typeof before === 'string') read[name] = [before, value];
    else before.push(value);
  }
  return read;
}

const decoded = (text: string) =>
  tryDecodeURIComponent(text.includes('+') ? text.replaceAll('+', ' ') : text);
