/** The answers of a registry, as zod schemas; their TypeScript types are inferred under the same names. */
import * as z from 'zod';
import { MemberKind, Patched } from './catalog.ts';
import { Fix } from './issues/fix.ts';
import { FIELDS, INDEX_FIELDS, type IndexField } from './question/fields.ts';

/**
 * A remark on an answer. `fix` says what to do about it, or is null if nothing needs doing; `fixes` are the same as
 * data.
 */
export const Diagnostic = z.strictObject({
  severity: z.enum(['info', 'warning', 'error']),
  code: z.string(),
  message: z.string(),
  fix: z.string().nullable(),
  fixes: z.array(Fix),
});
export type Diagnostic = z.infer<typeof Diagnostic>;

/** Why something was chosen: a stable code and a sentence. */
export const Reason = z.strictObject({ code: z.string(), message: z.string() });
export type Reason = z.infer<typeof Reason>;

/** One Python runtime of Workers. */
export const Runtime = z.strictObject({
  /** The Pyodide version, or `dev`. */
  id: z.string(),
  pyodide: z.string(),
  python: z.string(),
  /** Pyodide's ABI (`2025_0`), or the Emscripten version where Pyodide had none yet (`emscripten_3_1_52`). */
  abi: z.string(),
  platform: z.string(),
  /** As workerd prints it, such as `314.0.6_2026-08-17_11`; null if no workerd release carries it. */
  workerd_bundle: z.string().nullable(),
});
export type Runtime = z.infer<typeof Runtime>;

/**
 * How packages reach the Worker: with workerd, which embedded some sets until June 2026, or in the Worker's own
 * `python_modules` folder. Modules of the standard library come with the runtime either way.
 */
export const Delivery = z.strictObject({ by: z.enum(['workerd', 'python_modules']), reason: Reason });
export type Delivery = z.infer<typeof Delivery>;

/** The runtime and package set that a compatibility date, compatibility flags and an as-of day select. */
export const Target = z.strictObject({
  compatibility_date: z.string(),
  /** The flags of the question, as given. */
  compatibility_flags: z.array(z.string()),
  /** The flags for the wrangler file. */
  workerd_flags: z.array(z.string()),
  as_of: z.string(),
  runtime: Runtime,
  package_set: z.strictObject({
    flag: z.string(),
    /** The day in its flag: its Pyodide may be from another one. */
    released: z.string(),
    digest: z.string(),
    delivery: Delivery,
  }),
  reasons: z.strictObject({ runtime: Reason, package_set: Reason }),
  /** Python minor versions, and the day on which support of the first ended; null if nothing moved. */
  moved_forward: z.strictObject({ from: z.string(), to: z.string(), since: z.string() }).nullable(),
  diagnostics: z.array(Diagnostic),
});
export type Target = z.infer<typeof Target>;

/** A revision of the registry, and the root of its log up to that revision, which covers everything. */
export const RegistryStamp = z.strictObject({ revision: z.int(), digest: z.string() });
export type RegistryStamp = z.infer<typeof RegistryStamp>;

/** The stamp of every answer: the revision of the registry, and {@link ANSWER_VERSION}. */
export const AnswerStamp = { registry: RegistryStamp, answer_version: z.int() };

/** A target with its revision. */
export const TargetAnswer = z.strictObject({ ...AnswerStamp, ...Target.shape });
export type TargetAnswer = z.infer<typeof TargetAnswer>;

/** Evidence of a package of a set on its runtime, as far as the registry has any. */
export const Evidence = z.strictObject({
  /**
   * `listed`: the set names it. `obtainable`: its bytes, and those of all it needs, were seen. `imported`: the
   * modules that the set names for it, its `imports`, were imported there. `tested`: a line that uses it passed, too.
   */
  level: z.enum(['listed', 'obtainable', 'imported', 'tested']),
  /** The version of Pyodide; null if nothing ran, as `ground` is. */
  runtime: z.string().nullable(),
  /** `pyodide`: npm's Pyodide in Node. `build`: a Worker as `pinwheel build` makes it, on workerd. */
  ground: z.enum(['pyodide', 'build']).nullable(),
  /** The first day on which this was seen; null if it is only listed. */
  day: z.string().nullable(),
  /** The failure; if several grounds ran, what was seen on each. Null if there is no more to say. */
  detail: z.string().nullable(),
});
export type Evidence = z.infer<typeof Evidence>;

/** One package of a closure, pinned to one wheel. */
export const ResolvedPackage = z.strictObject({
  name: z.string(),
  version: z.string(),
  /**
   * The source: the package set, an index, or a wheel whose URL a requirement has. Absent without an index: then all
   * packages are from the set.
   */
  origin: z.enum(['set', 'index', 'file']).optional(),
  /** Modules of the standard library come with the runtime, however packages are delivered. */
  kind: MemberKind,
  requested: z.boolean(),
  /** The packages of the closure that depend on this one. */
  required_by: z.array(z.string()),
  depends: z.array(z.string()),
  wheel: z.strictObject({
    filename: z.string(),
    /** A path from the registry's root; absolute for a wheel that is not from the set. */
    url: z.string(),
    upstream_url: z.string().nullable(),
    sha256: z.string(),
    /** Bytes; null if unknown. */
    size: z.int().nullable(),
    patched: Patched.nullable(),
    /** The index that lists the file; null if none does. Absent without an index. */
    index: z.string().nullable().optional(),
    /**
     * When the file was uploaded to the index, as RFC 3339; null if the index does not say. Absent without an index.
     */
    upload_time: z.string().nullable().optional(),
  }),
  /** Null for a package that is from no published set: from an index, or a file or set of one's own. */
  evidence: Evidence.nullable(),
});
export type ResolvedPackage = z.infer<typeof ResolvedPackage>;

/** The number of packages of a closure, and the sizes of their files in bytes. */
export const ClosureTotals = z.strictObject({
  packages: z.int(),
  /** Bytes of all files as they are downloaded; null if that of one is unknown. */
  size: z.int().nullable(),
  /** Bytes of the 64 MiB of a Worker, less the files of the kind `package`: at most that is left, since unpacked they are larger. */
  left_at_most: z.int().nullable(),
  /** The number of files whose size is unknown. */
  unknown_sizes: z.int(),
});
export type ClosureTotals = z.infer<typeof ClosureTotals>;

const RECORDED = {
  names: z.array(z.string()),
  moment: z.string().nullable(),
  moments: z.record(z.string(), z.string().nullable()),
};

/**
 * The index that an answer depends on in addition to the registry, and the question to it. Moments are RFC 3339, or
 * null if all uploads count; names are in alphabetical order.
 */
export const AskedIndex = z.strictObject({
  url: z.string(),
  ...(Object.fromEntries(INDEX_FIELDS.map((name) => [name, RECORDED[FIELDS[name].kind]])) as {
    [Name in IndexField]: (typeof RECORDED)[(typeof FIELDS)[Name]['kind']];
  }),
});
export type AskedIndex = z.infer<typeof AskedIndex>;

/** The closure of requirements in a target. */
export const ResolveAnswer = z.strictObject({
  ...AnswerStamp,
  target: Target,
  /** In load order: dependencies first. */
  packages: z.array(ResolvedPackage),
  totals: ClosureTotals,
  /** Absent without an index: such an answer stays in the set. */
  index: AskedIndex.optional(),
  diagnostics: z.array(Diagnostic),
});
export type ResolveAnswer = z.infer<typeof ResolveAnswer>;

/** The part of a target by which publications are compared. */
export const Selected = z.strictObject({
  pyodide: z.string(),
  python: z.string(),
  package_set: z.string(),
  /** The Python that the target was moved forward from. */
  moved_from: z.string().nullable(),
});
export type Selected = z.infer<typeof Selected>;

/** Compatibility dates with a different answer for some flags. */
export const AnswerChange = z.strictObject({
  compatibility_flags: z.array(z.string()),
  from: z.string().describe('The first compatibility date whose answer changes.'),
  until: z.string().nullable().describe('The last one; null if there is no end.'),
  as_of: z.string().describe('The day of the question; for later dates, the date itself.'),
  before: Selected.nullable().describe('Null if there was no answer.'),
  after: Selected.nullable().describe('Null if there is no answer any more.'),
});
export type AnswerChange = z.infer<typeof AnswerChange>;
