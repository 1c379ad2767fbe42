/** Reads a document to publish, and validates it by its schema. */
import * as z from 'zod';
import { runtimeFlags } from '../../../resolver/compatibility/view.ts';
import type { Issue, PackageSet } from '../../../resolver/index.ts';
import { invalidField } from '../../../resolver/issues/publication.ts';
import { factsOf } from '../../../resolver/publication.ts';
import { RegistryDocument } from '../../../resolver/schemas.ts';

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
  const loose = [input, inner].map((part) => LooseSet.safeParse(part)).find(({ success }) => success);
  return { document: null, set: (loose?.data as unknown as PackageSet | undefined) ?? null, issues };
}

/** Bytes of JSON; today's largest document has a sixth. D1 gets the rows as one text, of which it accepts 2 MB. */
export const MOST_DOCUMENT = 1024 * 1024;
/** Items of a list: to read a whole set takes longer, the more it has. The largest set has 380 packages. */
const MOST_ITEMS = 1_000;
/** Values of a document. The largest set has 8,000. */
const MOST_VALUES = 50_000;
const LONGEST_TEXT = 2_000;
const LONGEST_NAME = 100;
/** Runtimes of a workerd; today's has five. Changes are looked for in each of them, on the days of all of them. */
const MOST_RUNTIMES = 20;
/** Release flags of a workerd, with those that imply them; today's has six. */
const MOST_DECIDING = 24;
/** Levels of nesting. An announced set has six. */
const DEEPEST = 8;

/** The path of issues about the whole document. */
export const WHOLE = 'The document';

/** The limits in words, for the API's description. */
export const LIMITS =
  `A document has ${MOST_DOCUMENT / 1024 / 1024} MB of JSON at most. No list has more than ${MOST_ITEMS} items, ` +
  `no text more than ${LONGEST_TEXT} characters, no document more than ${MOST_VALUES} values, and no workerd more ` +
  `than ${MOST_RUNTIMES} runtimes, with ${MOST_DECIDING} flags that decide about them.`;

/** The first issue of a document that is not looked at any further; none if it is within all limits. */
export function limitIssues(document: unknown): Issue[] {
  let values = 0;
  /** The path is collected on the way back, as only a value with a problem needs one; null for the whole document. */
  const problemOf = (value: unknown, name: string, depth: number): Problem | undefined => {
    const refuse = (problem: string): Problem => ({ path: [], problem });
    if (++values > MOST_VALUES) return { path: null, problem: `it has more than ${MOST_VALUES} values` };
    if (typeof value === 'string') {
      if (value.length > LONGEST_TEXT) return refuse(`it has more than ${LONGEST_TEXT} characters`);
      // No client reads a document with a lone surrogate. Addresses have checks of their own.
      const isText = name === 'url' ? value.isWellFormed() : !/[\p{C}\u2028\u2029]/u.test(value);
      return isText ? undefined : refuse('it has a control character, or half a character');
    }
    if (typeof value !== 'object' || value === null) return undefined;
    if (depth === DEEPEST) return refuse(`it is nested more than ${DEEPEST} levels deep`);
    const count = Array.isArray(value) ? value.length : Object.keys(value).length;
    if (count > MOST_ITEMS) return refuse(`it has ${count} items, more than ${MOST_ITEMS}`);
    for (const [inner, item] of Object.entries(value)) {
      if (inner.length > LONGEST_NAME) return refuse(`a name in it has more than ${LONGEST_NAME} characters`);
      const problem = problemOf(item, inner, depth + 1);
      if (problem) return { ...problem, path: problem.path && [inner, ...problem.path] };
    }
    return undefined;
  };
  const first = problemOf(document, '', 0);
  return first ? [invalidField({ path: first.path?.join('.') || WHOLE, problem: first.problem })] : [];
}

interface Problem {
  path: string[] | null;
  problem: string;
}

/** Limit issues of facts that only the schema tells. */
export function runtimeLimitIssues(document: RegistryDocument): Issue[] {
  const facts = factsOf(document);
  if (facts?.kind !== 'workerd') return [];
  const { flags, releases } = facts;
  const runtimes = Math.max(releases.length, flags.filter(({ release }) => release).length);
  if (runtimes > MOST_RUNTIMES) {
    return [invalidField({ path: 'releases', problem: `there are ${runtimes}, more than ${MOST_RUNTIMES}` })];
  }
  const deciding = runtimeFlags(flags, new Map(releases.map(({ field }) => [field, null]))).length;
  if (deciding <= MOST_DECIDING) return [];
  const problem = `${deciding} of them decide about the runtime, more than ${MOST_DECIDING}`;
  return [invalidField({ path: 'flags', problem })];
}
