/** A question about a target, and all that is decided about it: each rule in turn adds to the record. */
import type { Diagnostic, Reason, Target } from '../answer.ts';
import type { CatalogSet } from '../catalog.ts';
import type { FlagChange } from './flag-change.ts';
import type { Expiry } from './support-window.ts';
import type { CatalogView, FlaggedRelease } from './view.ts';

/**
 * A compatibility date and flags as in a wrangler file, and the day on which they are asked about.
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
  /** The day on which the question is asked, and after which dates lie in the future. */
  as_of: string;
  /** workerd's `--experimental`. */
  experimental?: boolean | undefined;
}

/** A question with nothing wrong, and what was decided, which remarks are made of. */
export interface Decided {
  view: CatalogView;
  question: TargetQuestion;
  date: string;
  /** workerd's flags, `python_workers` among them or implied by them. */
  flags: string[];
  /** The set that a package flag names. */
  pinned: CatalogSet | undefined;
  /** What workerd runs at that date with those flags. */
  running: FlaggedRelease;
  /** What workerd remarks on the flags. */
  warnings: Diagnostic[];
  window: Expiry | null;
  /** The release that takes the place of the running one, whose Python is out of its window. */
  moved: FlaggedRelease | null;
  /** Why the runtime is this one. */
  reason: Reason;
  set: CatalogSet;
  /** What makes workerd run the release that was moved to, or the ABI of a pinned set. */
  change: FlagChange | null;
  /** How the packages reach the Worker. */
  delivery: Target['package_set']['delivery'];
}
