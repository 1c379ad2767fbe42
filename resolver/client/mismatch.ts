/** Compares a document with its schema, and finds the member that does not match. */
import { isTable } from '../formats/table.ts';

/** The part of JSON Schema that documents use. It is open: unknown members, words and variants are accepted. */
export interface Schema {
  /** A list, or `anyOf`, has `null` after another one. */
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  /** Objects that are distinguished by a member with a constant value. */
  readonly oneOf?: readonly Schema[];
  readonly const?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly exclusiveMinimum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** The schema of a map's values. */
  readonly additionalProperties?: Schema;
}

/** A schema, and the type of the documents that it is of. */
export type DocumentSchema<Document> = Schema & { readonly document?: Document };

/** The first way in which a value differs from a schema, such as `sets[3].digest is missing`; null if it matches. */
export function mismatch(schema: Schema, value: unknown, path = ''): string | null {
  const isNullable = schema.anyOf !== undefined || Array.isArray(schema.type);
  if (isNullable && value === null) return null;
  const { type, ...rest } = schema.anyOf?.[0] ?? schema;
  if (rest.oneOf) return variantMismatch(rest.oneOf, value, path);
  switch (isNullable && typeof type === 'object' ? type[0] : type) {
    case 'string':
      if (rest.const !== undefined) return value === rest.const ? null : isNot(path, `"${rest.const}"`);
      return isText(value, rest) ? null : isNot(path, wordsOf(rest));
    case 'integer':
      return Number.isSafeInteger(value) && !(Number(value) <= rest.exclusiveMinimum!)
        ? null
        : isNot(path, rest.exclusiveMinimum === undefined ? 'a whole number' : 'a whole number above 0');
    case 'number':
      return Number.isFinite(value) ? null : isNot(path, 'a number');
    case 'boolean':
      return typeof value === 'boolean' ? null : isNot(path, 'true or false');
    case 'array':
      if (!Array.isArray(value)) return isNot(path, 'a list');
      return first(value.keys(), (at) => mismatch(rest.items!, value[at], `${path}[${at}]`));
    case 'object':
      if (!isTable(value)) return isNot(path, 'an object');
      return first(Object.keys(rest.properties ?? value), (name) => {
        const at = path === '' ? name : `${path}.${name}`;
        if (Object.hasOwn(value, name) && value[name] !== undefined) {
          return mismatch(rest.properties?.[name] ?? rest.additionalProperties!, value[name], at);
        }
        return rest.required?.includes(name) ? `${at} is missing` : null;
      });
  }
  throw new Error(`no document has the type ${type}`);
}

function variantMismatch(variants: readonly Schema[], value: unknown, path: string): string | null {
  if (!isTable(value)) return isNot(path, 'an object');
  const [tag] = Object.entries(variants[0]!.properties!).find(([, { const: word }]) => word !== undefined)!;
  const variant = variants.find(({ properties }) => properties![tag]!.const === value[tag]);
  const open = { type: 'object', properties: { [tag]: { type: 'string' } }, required: [tag] };
  return mismatch(variant ?? open, value, path);
}

const patterns = new Map<string, RegExp>();

function isText(value: unknown, { pattern, format }: Schema): boolean {
  // No document has lone surrogates, which a URL cannot have.
  if (typeof value !== 'string' || !value.isWellFormed()) return false;
  if (format === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
  if (pattern === undefined) return true;
  const compiled = patterns.get(pattern) ?? new RegExp(pattern, 'u');
  patterns.set(pattern, compiled);
  return compiled.test(value);
}

function wordsOf({ pattern, format }: Schema): string {
  if (format === 'date') return 'a date, YYYY-MM-DD';
  return pattern === undefined ? 'a string' : `a string like ${pattern}`;
}

function first<Key>(keys: Iterable<Key>, find: (key: Key) => string | null): string | null {
  for (const key of keys) {
    const problem = find(key);
    if (problem !== null) return problem;
  }
  return null;
}

function isNot(path: string, what: string): string {
  return `${path === '' ? 'the document' : path} is not ${what}`;
}
