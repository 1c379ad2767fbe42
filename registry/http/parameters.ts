/** The parameters of an address, as the schema of a query expects them. */
import { z } from '@hono/zod-openapi';
import { tryDecodeURIComponent } from 'hono/utils/url';

type Parameters = Record<string, string | string[]>;

/**
 * A reader of the parameters that a schema names: a list if the schema takes one or if there are several, else a text.
 */
export function parameterReader(schema: z.ZodObject): (url: string) => Parameters {
  const fields = Object.entries(schema.shape).map(([name, field]) => ({ name, isList: takesList(field) }));
  return (url) => {
    const read: Parameters = {};
    const start = url.indexOf('?');
    if (start < 0) return read;
    const end = url.indexOf('#');
    for (const parameter of url.slice(start + 1, end < 0 ? url.length : end).split('&')) {
      const equals = parameter.indexOf('=');
      const written = decoded(equals < 0 ? parameter : parameter.slice(0, equals));
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
  };
}

const takesList = (field: unknown) => field instanceof z.ZodDefault && field.unwrap() instanceof z.ZodArray;

const decoded = (text: string) =>
  tryDecodeURIComponent(text.includes('+') ? text.replaceAll('+', ' ') : text);
