/**
 * Writes `resolver/client/schemas.json`, with which clients check documents. It is generated from the zod schemas, so
 * that clients need no zod. A test compares the file with the output of this script.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { Problem } from '../registry/http/problem.ts';
import { Catalog, LogEntry, NewestIndex, PackageSet } from '../resolver/catalog.ts';
import type { Schema } from '../resolver/client/mismatch.ts';
import {
  PackageFacts,
  StandardLibrary,
  StandardLibraryFacts,
} from '../resolver/python/standard-library-document.ts';
import { root } from './root.ts';

const FILE = 'resolver/client/schemas.json';

/** The schemas by the name of their type in the resolver. */
const DOCUMENTS = {
  Catalog,
  /** The answer of `GET /v1/index`. */
  NewestIndex,
  LogEntry,
  PackageSet,
  /** The part of `GET /v1/packages/{name}` that clients read. */
  PackageHistory: z.object({ versions: z.array(z.object({ flag: z.string(), version: z.string() })) }),
  StandardLibraryDocuments: z.object({
    facts: StandardLibraryFacts,
    measured: StandardLibrary,
    packages: PackageFacts.optional(),
  }),
  Problem: Problem.pick({ code: true, detail: true, errors: true }),
};

/** The text of the file of schemas. */
export async function documentSchemas(): Promise<string> {
  const schemas = Object.entries(DOCUMENTS).map(([name, schema]) => {
    return [name, schemaOf(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema)];
  });
  const text = JSON.stringify(Object.fromEntries(schemas));
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const formatter = promisify(execFile)(
    process.execPath,
    [biome, 'check', '--write', `--stdin-file-path=${FILE}`],
    {
      cwd: root,
    },
  );
  formatter.child.stdin!.end(text);
  return (await formatter).stdout;
}

interface JsonSchema {
  type?: string | string[];
  format?: string;
  pattern?: string;
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  exclusiveMinimum?: number;
}

/**
 * Keeps what clients check of a JSON schema. Clients accept unknown members and words: newer registries may have some.
 */
function schemaOf(schema: JsonSchema): Schema {
  if (Array.isArray(schema.type)) return { orNull: schemaOf({ ...schema, type: schema.type[0]! }) };
  if (schema.anyOf) return { orNull: schemaOf(schema.anyOf[0]!) };
  if (schema.oneOf) return { oneOf: schema.oneOf.map(schemaOf) as Extract<Schema, { type: 'object' }>[] };
  switch (schema.type) {
    case 'string':
      if (typeof schema.const === 'string') return { const: schema.const };
      if (schema.format === 'date') return { type: 'string', format: 'date' };
      return schema.pattern === undefined ? { type: 'string' } : { type: 'string', pattern: schema.pattern };
    case 'integer':
      return schema.exclusiveMinimum === undefined
        ? { type: 'integer' }
        : { type: 'integer', positive: true };
    case 'boolean':
      return { type: 'boolean' };
    case 'array':
      return { type: 'array', items: schemaOf(schema.items!) };
    case 'object':
      if (schema.properties === undefined)
        return { type: 'map', values: schemaOf(schema.additionalProperties as JsonSchema) };
      return {
        type: 'object',
        properties: Object.fromEntries(
          Object.entries(schema.properties).map(([name, member]) => {
            const checked = schemaOf(member);
            return [name, schema.required?.includes(name) ? checked : { optional: checked }];
          }),
        ),
      };
  }
  throw new Error(`No client can check this schema: ${JSON.stringify(schema)}`);
}

if (import.meta.main) await writeFile(join(root, FILE), await documentSchemas());
