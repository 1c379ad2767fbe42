/** Reads a document to publish, and validates it by its schema. */
import * as z from 'zod';
import type { Issue, PackageSet } from '../../../resolver/index.ts';
import { invalidField } from '../../../resolver/issues/publication.ts';
import { RegistryDocument } from '../../../resolver/schemas.ts';
import { limitIssues, runtimeLimitIssues, WHOLE } from './limits.ts';

export type ReadDocument =
  | { document: RegistryDocument; issues: Issue[] }
  /** `set`: the valid parts of a set, for further checks. */
  | { document: null; set: PackageSet | null; issues: Issue[] };

/** A set whose parts have the right types, but unchecked values. */
const LooseSet = z.looseObject({
  kind: z.literal('set'),
  flag: z.string(),
  python: z.string(),
  abi: z.string(),
  platform: z.string(),
  runtime: z.string(),
  released: z.string(),
  default_from: z.string().nullable(),
  source: z.looseObject({ registry: z.string() }),
  packages: z.array(
    z.looseObject({
      name: z.string(),
      written_name: z.string(),
      version: z.string(),
      filename: z.string(),
      url: z.string().nullable(),
      sha256: z.string(),
      depends: z.array(z.string()),
      written_depends: z.array(z.string()),
      install_dir: z.string(),
    }),
  ),
});

export function readDocument(input: unknown): ReadDocument {
  const beyond = limitIssues(input);
  if (beyond.length > 0) return { document: null, set: null, issues: beyond };
  const strict = RegistryDocument.safeParse(input);
  if (strict.success) {
    const issues = runtimeLimitIssues(strict.data);
    return issues.length > 0 ? { document: null, set: null, issues } : { document: strict.data, issues };
  }
  const issues = strict.error.issues.map(({ path, message }) =>
    invalidField({ path: path.map(String).join('.') || WHOLE, problem: message }),
  );
  const inner = (input as { document?: unknown } | null)?.document;
  const loose = [input, inner].map((one) => LooseSet.safeParse(one)).find(({ success }) => success);
  return { document: null, set: (loose?.data as unknown as PackageSet | undefined) ?? null, issues };
}
