/** The document of `data/advisories/`: the known vulnerabilities of packages, as a zod schema. */
import * as z from 'zod';
import { CanonicalName, Day, Line, Word } from '../values.ts';

/** The versions from `introduced` on, or from the first one on, before `fixed` or up to `last_affected`. */
export const AffectedRange = z.strictObject({
  introduced: Word.optional(),
  fixed: Word.optional(),
  last_affected: Word.optional(),
});
export type AffectedRange = z.infer<typeof AffectedRange>;

/** Shown in pages, logs and addresses as it is. */
export const AdvisoryId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{1,63}$/, 'an id has letters, digits, dots and hyphens');

/** One vulnerability of one package: all records about it, which name each other as aliases. */
export const Advisory = z.strictObject({
  package: CanonicalName,
  id: AdvisoryId,
  aliases: z.array(AdvisoryId),
  /** A day, UTC, as `modified` and `withdrawn`. */
  published: Day,
  modified: Day,
  /** Null if it holds. */
  withdrawn: Day.nullable(),
  /** One sentence, at most 160 characters. */
  summary: Line,
  /** Null if no record has a vector of CVSS 3.0, 3.1 or 4.0 with all base metrics. */
  severity: z.strictObject({ score: z.number().min(0).max(10), vector: Word }).nullable(),
  /** In ascending order. */
  ranges: z.array(AffectedRange),
  /** The affected versions that are in none of the ranges. */
  versions: z.array(Word),
  /** The advisory of the project, or where it was fixed. */
  link: z
    .string()
    .regex(/^https?:\/\/[!-~]+$/, 'it is an address of the web')
    .nullable(),
});
export type Advisory = z.infer<typeof Advisory>;

/** A reviewed statement that vulnerabilities of a package are without effect in a Worker, as in VEX. */
export const Statement = z.strictObject({
  status: z.literal('not_affected'),
  /** As in OpenVEX. */
  justification: z.enum([
    'component_not_present',
    'vulnerable_code_not_present',
    'vulnerable_code_not_in_execute_path',
    'vulnerable_code_cannot_be_controlled_by_adversary',
    'inline_mitigations_already_exist',
  ]),
  package: CanonicalName,
  /** Ids of advisories, or aliases. */
  ids: z.array(AdvisoryId).min(1),
  /** The versions, and the Pyodides, that were looked at: specifiers of PEP 440. */
  versions: Word,
  pyodide: Word,
  /** Why the vulnerable code cannot run, or does no harm. */
  reason: Line,
  /** Where that can be seen. */
  source: Line,
  author: Line,
  day: Day,
});
export type Statement = z.infer<typeof Statement>;

/** The names that a document about packages beyond the sets covers: every one from a first name on. */
export const NameRange = z.strictObject({
  from: CanonicalName,
  /** The first name after them; null up to the last. */
  before: CanonicalName.nullable(),
  /** The day of the document about the packages of all sets, whose names it leaves out. */
  completes: Day,
});
export type NameRange = z.infer<typeof NameRange>;

/** Advisories of a database: about the packages of all sets or, with a range, about others. */
export const AdvisoriesDocument = z.strictObject({
  kind: z.literal('advisories'),
  source: z.strictObject({
    repository: z.url({ protocol: /^https$/ }),
    commit: Word,
    day: Day,
    license: Word,
  }),
  /** The names that were looked for; of others, nothing is known. None with a range, all of which was read. */
  names: z.array(CanonicalName),
  range: NameRange.optional(),
  /** Sorted by package and id. */
  advisories: z.array(Advisory),
  /** Written by hand, in `data/advisories/statements.json`. */
  statements: z.array(Statement),
});
export type AdvisoriesDocument = z.infer<typeof AdvisoriesDocument>;
