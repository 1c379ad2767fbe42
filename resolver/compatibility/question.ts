/** What a target is asked for with, and its limits. */
import type { Issue } from '../issue.ts';
import { printable } from '../text/printable.ts';
import { malformed } from './report.ts';

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

/** More compatibility flags than this in one question are refused. */
export const MOST_FLAGS = 100;
/** In UTF-16 units. */
const LONGEST_FLAG = 200;

/** Refuses questions too large to be meant, before anything else looks at them. */
export function limitIssues({ compatibility_flags: flags }: TargetQuestion): Issue[] {
  if (flags.length > MOST_FLAGS) {
    const message = `${flags.length} compatibility flags were given; at most ${MOST_FLAGS} are read.`;
    return [malformed('too_many_flags', message, null)];
  }
  return flags
    .filter((flag) => flag.length > LONGEST_FLAG)
    .map((flag) => {
      const message = `A compatibility flag has at most ${LONGEST_FLAG} characters: ${printable(flag.slice(0, 40))}…`;
      return malformed('flag_too_long', message, null);
    });
}
