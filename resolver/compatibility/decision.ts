/** A question about a target, and the decisions about it: each rule adds to the record. */
import type { Diagnostic, Reason, Target } from '../answer.ts';
import type { CatalogPython, CatalogSet } from '../catalog.ts';
import type { FlagChange } from './flag-change.ts';
import type { CatalogView, FlaggedRelease } from './view.ts';

/**
 * A compatibility date and flags as in a wrangler file, and the day on which the question is asked.
 *
 * @example
 * ```ts
 * import type { TargetQuestion } from 'pinwheel-py';
 *
 * const pinned = (flag: string, as_of: string): TargetQuestion => ({
 *   compatibility_date: null,
 *   compatibility_flags: [flag],
 *   as_of,
 * });
 * pinned('python_3.12_packages_2025_03_01', '2026-11-20').compatibility_date; // → null
 * ```
 */
export interface TargetQuestion {
  /** `YYYY-MM-DD`; null to take the date of the package flag. */
  compatibility_date: string | null;
  /** workerd's flags and at most one package flag, in any order. */
  compatibility_flags: readonly string[];
  /** The day on which the question is asked. Later dates are in the future. */
  as_of: string;
  /** workerd's `--experimental`. */
  experimental?: boolean | undefined;
}

/** A Python that is out of support on a day, and its replacement. */
export interface Expiry {
  /** The Python that is out of support. */
  python: CatalogPython;
  /**
   * The oldest supported release of a later Python, else the newest release of any later Python; null if no
   * later Python has a release.
   */
  next: FlaggedRelease | null;
  /** Whether `next` is supported. */
  supported: boolean;
}

/** A valid question and the decisions about it, from which remarks are made. */
export interface Decided {
  view: CatalogView;
  question: TargetQuestion;
  date: string;
  /** workerd's flags, `python_workers` among them or implied by them. */
  flags: string[];
  /** The set that a package flag names. */
  pinned: CatalogSet | undefined;
  /** The release that workerd runs at that date with those flags. */
  running: FlaggedRelease;
  /** workerd's warnings about the flags. */
  warnings: Diagnostic[];
  window: Expiry | null;
  /** The release that replaces the running one, whose Python is out of support. */
  moved: FlaggedRelease | null;
  /** Why the runtime is this one. */
  reason: Reason;
  set: CatalogSet;
  /** The change of flags with which workerd runs the later release, or the ABI of a pinned set. */
  change: FlagChange | null;
  /** How the packages reach the Worker. */
  delivery: Target['package_set']['delivery'];
}
