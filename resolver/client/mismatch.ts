/** Compares a document with its schema, and finds the member that does not match. */

/** The part of JSON Schema that documents use. It is open: unknown members, enum values and variants are accepted. */
export type Schema =
  | { type: 'string'; pattern?: string; format?: 'date' }
  | { type: 'integer'; positive?: true }
  | { type: 'boolean' }
  | { type: 'array'; items: Schema }
  | { type: 'object'; properties: Record<string, Schema> }
  | { type: 'map'; values: Schema }
  | { const: string }
  | { orNull: Schema }
  /** Absent, or of this schema. */
  | { optional: Schema }
  /** Objects that are distinguished by a member with a constant value. */
  | { oneOf: Extract<Schema, { type: 'object' }>[] };

/** A schema, and the type of the documents that it is of. */
export type DocumentSchema<Document> = Schema & { readonly document?: Document };

/** Such as `sets[3].digest is missing`; null if it matches. */
export function mismatch(schema: Schema, value: unknown, path = ''): string | null {
  if ('optional' in schema) return value === undefined ? null : mismatch(schema.optional, value, path);
  if (value === undefined) return `${nameOf(path)} is missing`;
  if ('orNull' in schema) return value === null ? null : mismatch(schema.orNull, value, path);
  if ('const' in schema) return value === schema.const ? null : `${nameOf(path)} is not "${schema.const}"`;
  if ('oneOf' in schema) return variantMismatch(schema.oneOf, value, path);
  switch (schema.type) {
    case 'string':
      return isText(value, schema) ? null : isNot(path, wordsOf(schema));
    case 'integer':
      return Number.isSafeInteger(value) && (!schema.positive || Number(value) > 0)
        ? null
        : isNot(path, schema.positive ? 'a whole number above 0' : 'a whole number');
    case 'boolean':
      return typeof value === 'boolean' ? null : isNot(path, 'true or false');
    case 'array':
      if (!Array.isArray(value)) return isNot(path, 'a list');
      return first(value.keys(), (at) => mismatch(schema.items, value[at], `${path}[${at}]`));
    case 'map':
      if (!isObject(value)) return isNot(path, 'an object');
      return first(Object.keys(value), (name) =>
        mismatch(schema.values, value[name], memberPath(path, name)),
      );
    case 'object': {
      if (!isObject(value)) return isNot(path, 'an object');
      const { properties } = schema;
      return first(Object.keys(properties), (name) =>
        mismatch(
          properties[name]!,
          Object.hasOwn(value, name) ? value[name] : undefined,
          memberPath(path, name),
        ),
      );
    }
  }
}

function variantMismatch(
  variants: Extract<Schema, { oneOf: unknown }>['oneOf'],
  value: unknown,
  path: string,
) {
  if (!isObject(value)) return isNot(path, 'an object');
  const [tag] = Object.entries(variants[0]!.properties).find(([, property]) => 'const' in property)!;
  const variant = variants.find(({ properties }) => {
    const property = properties[tag]!;
    return 'const' in property && property.const === value[tag];
  });
  return mismatch(variant ?? { type: 'object', properties: { [tag]: { type: 'string' } } }, value, path);
}

const patterns = new Map<string, RegExp>();

function isText(value: unknown, { pattern, format }: Extract<Schema, { type: 'string' }>): boolean {
  // No document has lone surrogates, which a URL cannot have.
  if (typeof value !== 'string' || !value.isWellFormed()) return false;
  if (format === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
  if (pattern === undefined) return true;
  let compiled = patterns.get(pattern);
  if (!compiled) {
    compiled = new RegExp(pattern, 'u');
    patterns.set(pattern, compiled);
  }
  return compiled.test(value);
}

function wordsOf({ pattern, format }: Extract<Schema, { type: 'string' }>): string {
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNot(path: string, what: string): string {
  return `${nameOf(path)} is not ${what}`;
}

function nameOf(path: string): string {
  return path === '' ? 'the document' : path;
}

function memberPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
