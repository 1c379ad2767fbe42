/** Evidence of packages of a set that ran: the document of `data/evidence/`. Its type is inferred under the same name. */
import * as z from 'zod';
import { CanonicalName, Day, PackageFlag, Sha256, Word } from './values.ts';

/** How something failed, by the first that was thrown. */
export const EvidenceError = z.strictObject({
  /** The class of the exception, of Python or JavaScript; `Timeout` or `Crash` if the interpreter did not live to throw. */
  type: z.string().max(300),
  /** The last line of the exception. */
  message: z.string().max(300),
});
export type EvidenceError = z.infer<typeof EvidenceError>;

/** The time and memory of a step, in buckets: the least bound that it stayed below. Null if nothing there could measure it. */
export const EvidenceStep = z.strictObject({
  /** Milliseconds of work of the interpreter's thread. */
  ms: z.int().positive().nullable(),
  /** MiB by which Python's memory grew. */
  mib: z.int().positive().nullable(),
  error: EvidenceError.nullable(),
});
export type EvidenceStep = z.infer<typeof EvidenceStep>;

/** Evidence of one package, in an interpreter that had nothing but what the package needs. */
export const EvidenceResult = z.strictObject({
  name: CanonicalName,
  version: Word,
  sha256: Sha256,
  /** Loading the files of the package and of its dependencies. */
  load: EvidenceStep,
  /** Importing each module that the set names, one after the other. */
  imports: z.array(EvidenceStep.extend({ module: z.string() })),
  /** Packages of the set that have a module which the package imported, also in its smoke line, and that it does not name as needed. */
  lacks: z.array(CanonicalName),
  /** The acts at import that no snapshot may hold (`entropy`, `network`), or that one freezes; null if unknown. */
  at_import: z.array(z.enum(['clock', 'entropy', 'network'])).nullable(),
  /** The smoke line, by the digest of the file; null if there is none, or if the run did not get there. */
  smoke: z.strictObject({ sha256: Sha256, error: EvidenceError.nullable() }).nullable(),
});
export type EvidenceResult = z.infer<typeof EvidenceResult>;

/**
 * The evidence for those packages of a set whose files, and those of all they need, were at hand. A package that it does
 * not name did not run.
 */
export const EvidenceDocument = z.strictObject({
  kind: z.literal('evidence'),
  /** The package flag, and the digest of the set. */
  set: PackageFlag,
  digest: Sha256,
  /** The version of Pyodide. */
  runtime: z.string(),
  /** `pyodide`: npm's Pyodide in Node. `build`: a Worker as `pinwheel build` makes it, without a snapshot, on workerd. */
  ground: z.enum(['pyodide', 'build']),
  /** The versions of the programs that ran it, by name. */
  programs: z.record(z.string(), z.string()),
  /** The first day on which a run saw this. */
  day: Day,
  /** Sorted by name. */
  results: z.array(EvidenceResult),
});
export type EvidenceDocument = z.infer<typeof EvidenceDocument>;
