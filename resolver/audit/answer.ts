/** The answer of an audit, as zod schemas. */
import * as z from 'zod';
import { AnswerStamp, Diagnostic, Target } from '../answer.ts';
import { Fix } from '../issues/fix.ts';
import { AdvisoriesDocument, Advisory, Statement } from './advisories.ts';
import { SEVERITIES } from './severity.ts';

/** One known vulnerability of one package of the closure. */
export const AuditFinding = z.strictObject({
  name: z.string(),
  version: z.string(),
  ...Advisory.pick({ id: true, aliases: true, summary: true, link: true, published: true }).shape,
  /** Null if nobody has rated it. */
  severity: z.enum(SEVERITIES).nullable(),
  score: z.number().nullable(),
  vector: z.string().nullable(),
  /** The later versions that do not have it, in ascending order. */
  fixed: z.array(z.string()),
  /**
   * The changes that clear it, the smallest first; each was tried with the whole question. If nothing does, advice says
   * why, and an index is proposed that may have it.
   */
  clears: z.array(Fix),
  /** False if a statement says so: such a finding counts nowhere else. */
  affected: z.boolean(),
  statement: Statement.nullable(),
});
export type AuditFinding = z.infer<typeof AuditFinding>;

/** One change of the whole question, and what it does to all findings. */
export const AuditStep = z.strictObject({
  fix: Fix,
  /** How many findings it clears, and how many there are after it. */
  clears: z.int(),
  leaves: z.int(),
  /** The ids of findings that there are only after it. */
  introduces: z.array(z.string()),
  /** The packages that it brings or keeps of which nothing is known: they are not counted. */
  not_audited: z.array(z.string()),
});
export type AuditStep = z.infer<typeof AuditStep>;

/** Known vulnerabilities of a closure. */
export const AuditAnswer = z.strictObject({
  ...AnswerStamp,
  target: Target,
  /** The database, with the commit and day on which it was read. */
  advisories: AdvisoriesDocument.shape.source,
  /** The worst first, grouped by package; those without effect come last. */
  findings: z.array(AuditFinding),
  /** The step that leaves the fewest findings; null if none leaves fewer. */
  best: AuditStep.nullable(),
  /** Packages of which nothing is known, because no advisories about them are at hand. */
  not_audited: z.array(z.string()),
  diagnostics: z.array(Diagnostic),
});
export type AuditAnswer = z.infer<typeof AuditAnswer>;
