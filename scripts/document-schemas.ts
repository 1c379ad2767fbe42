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
import { AdvisoriesDocument } from '../resolver/audit/advisories.ts';
import { Catalog, LogEntry, NewestIndex, PackageSet } from '../resolver/catalog.ts';
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
  AdvisoriesDocument,
  /** The part of `GET /v1/packages/{name}` that clients read. */
  PackageHistory: z.object({ versions: z.array(z.object({ flag: z.string(), version: z.string() })) }),
  StandardLibraryDocuments: z.object({
    facts: StandardLibraryFacts,
    measured: StandardLibrary,
    packages: PackageFacts.optional(),
  }),
  Problem: Problem.pick({ code: true, detail: true, errors: true }),
};

/** Clients do not check members and words: newer registries may have some that they do not know. */
const UNCHECKED = ['description', 'enum', 'maxLength', 'maximum', 'minLength', 'propertyNames'];

/** The text of the file of schemas. */
export async function documentSchemas(): Promise<string> {
  const schemas = Object.entries(DOCUMENTS).map(([name, document]) => {
    const { $schema: _, ...schema } = z.toJSONSchema(document, {
      io: 'input',
      override({ jsonSchema: schema }) {
        for (const keyword of UNCHECKED) delete schema[keyword];
        if (schema.properties) delete schema.additionalProperties;
        if (schema.format === 'date') delete schema.pattern;
      },
    });
    return [name, schema];
  });
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'check', '--write', `--stdin-file-path=${FILE}`];
  const formatter = promisify(execFile)(process.execPath, args, { cwd: root });
  formatter.child.stdin!.end(JSON.stringify(Object.fromEntries(schemas)));
  return (await formatter).stdout;
}

if (import.meta.main) await writeFile(join(root, FILE), await documentSchemas());
