/** The answers about time, as zod schemas; their TypeScript types are inferred under the same names. */
import * as z from 'zod';
import { AnswerStamp, ClosureTotals, Diagnostic, Evidence, Runtime, Target } from '../answer.ts';
import { MemberKind } from '../catalog.ts';
import { Fix } from '../issues/fix.ts';

export const DateRange = z.strictObject({ from: z.string(), to: z.string() });
export type DateRange = z.infer<typeof DateRange>;

/** How a set satisfies a requirement. */
const Held = {
  /** The pinned version; null if the marker excludes the requirement, so that it asks for nothing. */
  version: z.string().nullable(),
  /** Evidence of that version in that set; null if there is no version. */
  evidence: Evidence.nullable(),
  /** The size of it and all it needs in that set; null if nobody has published any sizes of its files. */
  totals: ClosureTotals.nullable(),
  runtime: Runtime,
};

/** Compatibility dates over which a requirement holds in the same way. */
export const WhenInterval = DateRange.extend({ package_set: Target.shape.package_set, ...Held });
export type WhenInterval = z.infer<typeof WhenInterval>;

/** Compatibility dates whose own set does not satisfy a requirement, and whose runtime runs sets that do. */
export const WhenFlagInterval = DateRange.extend({
  /** The package flag of the nearest of them, to use in the question. */
  flag: z.string(),
  /** How many other package flags satisfy the requirement, too. */
  others: z.int(),
  ...Held,
});
export type WhenFlagInterval = z.infer<typeof WhenFlagInterval>;

/** A package flag whose set satisfies a requirement. */
export const WhenFlag = z.strictObject({
  flag: z.string(),
  /** As in {@link WhenInterval}. */
  version: z.string().nullable(),
  evidence: Evidence.nullable(),
  /** The bytes of its own file; null if nobody has published them, or if there is no version. */
  size: z.int().nullable(),
  /** The day in the flag. */
  released: z.string(),
  /** The runtime of the set. Without a `workerd_bundle`, the Worker has to include it. */
  runtime: Runtime,
  /** The flags with which workerd runs it at the date `as_of`; null if no workerd release can. */
  workerd_flags: z.array(z.string()).nullable(),
  /** The dates at which workerd runs it with the question's flags. */
  workerd_dates: z.array(DateRange),
});
export type WhenFlag = z.infer<typeof WhenFlag>;

/** Over which compatibility dates and with which package flags a requirement holds. */
export const WhenAnswer = z.strictObject({
  ...AnswerStamp,
  requirement: z.string(),
  compatibility_flags: z.array(z.string()),
  as_of: z.string(),
  /**
   * By the date's own set, without a package flag. The oldest first. The last may end at `as_of` because later dates
   * cannot be asked for.
   */
  intervals: z.array(WhenInterval),
  /** By a package flag on the date's own runtime: packages are vendored, so that any set of its ABI runs there. */
  flag_intervals: z.array(WhenFlagInterval),
  /** The first and the last date of all intervals; null if there are none. */
  first: z.string().nullable(),
  last: z.string().nullable(),
  /** In the order of publication. */
  flags: z.array(WhenFlag),
  diagnostics: z.array(Diagnostic),
});
export type WhenAnswer = z.infer<typeof WhenAnswer>;

const Change = z.strictObject({ changed: z.boolean(), from: z.string(), to: z.string() });

/** Why the wheel was yanked, of changes the one at `to`; absent if it was not. */
const Yanked = z.string().optional();

export const NamedVersion = z.strictObject({
  name: z.string(),
  version: z.string(),
  kind: MemberKind,
  /** Evidence of it, in the set of `from` if it is removed. Null if that is not known. */
  evidence: Evidence.nullable(),
  yanked: Yanked,
  /** The version in the set of `to` of a package that nothing needs any more; absent if that set lacks it. */
  in_set: z.string().optional(),
});
export type NamedVersion = z.infer<typeof NamedVersion>;

export const VersionChange = z.strictObject({
  name: z.string(),
  from: z.string(),
  to: z.string(),
  /** `rebuilt`: the same version in another file. */
  direction: z.enum(['up', 'down', 'rebuilt']),
  kind: MemberKind,
  /** Evidence of it in the set of `to`. Null if that is not known. */
  evidence: Evidence.nullable(),
  yanked: Yanked,
});
export type VersionChange = z.infer<typeof VersionChange>;

/** Breaking changes come first: removals, then older versions, then other major versions. */
export const PackageChanges = z.strictObject({
  removed: z.array(NamedVersion),
  changed: z.array(VersionChange),
  added: z.array(NamedVersion),
});
export type PackageChanges = z.infer<typeof PackageChanges>;

/** A compatibility flag that is on at one of two dates and off at the other. */
export const FlagSwitch = z.strictObject({
  flag: z.string(),
  /** Whether the flag is on at `to`. */
  on: z.boolean(),
  /** The first date at which the flag is on. */
  date: z.string(),
  /** The flags that imply it from that date; empty if it is on by its date alone. */
  implied_by: z.array(z.string()),
  /** The flag that keeps it off at every date, if there is one. */
  disable: z.string().nullable(),
  /** Whether it is about Python Workers in particular. */
  python: z.boolean(),
  /** The effect of the flag on Python; null if it is not known, or not about Python. */
  effect: z
    .strictObject({
      /** `runtime`: which Pyodide runs, and nothing else; `nothing`: nothing that code would notice. */
      affects: z.enum(['code', 'runtime', 'nothing']),
      /** The behaviour while the flag is on. */
      does: z.string(),
      /** Changes that code may need at `to`. */
      changes: z.array(z.string()),
      /** The lines of a diff of an example that shows such a change; empty if there is none. */
      diff: z.array(z.string()),
      sources: z.array(z.strictObject({ url: z.string(), commit: z.string().nullable() })),
    })
    .nullable(),
});
export type FlagSwitch = z.infer<typeof FlagSwitch>;

/** A requirement that cannot be satisfied at `to`, and why; further fields depend on `code`. */
export const FailingRequirement = z.looseObject({
  requirement: z.string(),
  /** The index of the requirement in the question, from 0, and the further indexes of the same text. */
  index: z.int(),
  repeats: z.array(z.int()),
  /** Whether the requirement is satisfied at `from`. */
  held: z.boolean(),
  code: z.string(),
  message: z.string(),
  fix: z.string().nullable(),
  fixes: z.array(Fix),
});
export type FailingRequirement = z.infer<typeof FailingRequirement>;

/** How the closure of a Worker's requirements changes, as far as they can be satisfied. */
export const ClosureChanges = PackageChanges.extend({
  /** Whether a requirement fails at `to`, or a package of the closure is gone or has another version. */
  affected: z.boolean(),
  failing: z.array(FailingRequirement),
});
export type ClosureChanges = z.infer<typeof ClosureChanges>;

/** Two targets side by side. */
export const CompareAnswer = z.strictObject({
  ...AnswerStamp,
  from: Target,
  to: Target,
  /** By Pyodide version. */
  runtime: Change,
  python: Change,
  /** By package flag. */
  package_set: Change,
  packages: PackageChanges,
  /** Modules that can be imported in one target and not in the other, its standard-library packages included. */
  standard_library: z.strictObject({
    removed: z.array(z.string()),
    added: z.array(z.string()),
    /** Members of the set of `from` that Python itself has at `to`, such as `ssl`; empty if its modules are unknown. */
    built_in: z.array(z.string()),
    /** Packages missing at `to` that gave Python private modules, as `hashlib` gives OpenSSL's. */
    reduced: z.array(z.string()),
  }),
  /** Flags about Python first, then by date. */
  flags: z.array(FlagSwitch),
  /** Null without requirements. */
  closure: ClosureChanges.nullable(),
  diagnostics: z.array(Diagnostic),
});
export type CompareAnswer = z.infer<typeof CompareAnswer>;
