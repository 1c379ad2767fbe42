/** The question for the solver. */
import type { Target } from '../answer.ts';
import type { PreparedSet } from '../closure/prepare.ts';
import type { PackageIndex } from './package-index.ts';

/**
 * A question that may go beyond a package set.
 *
 * @example
 * ```ts
 * import type { SolveQuestion } from 'pinwheel-py/solver';
 *
 * const beyond: Pick<SolveQuestion, 'requirements' | 'unpin' | 'excludeNewer' | 'excludeNewerPackage'> = {
 *   requirements: ['django>=5.2', 'fastapi>=0.140'],
 *   unpin: ['fastapi', 'starlette'],
 *   excludeNewer: '2026-09-30',
 *   excludeNewerPackage: { django: '2026-11-05' },
 * };
 * beyond.requirements.length; // → 2
 * ```
 */
export interface SolveQuestion {
  /** The result of `selectTarget`. */
  target: SolveTarget;
  /** The target's package set. Each of its names is pinned. */
  set: PreparedSet;
  /** PEP 508, with URLs of wheels (`name @ https://…`) if the index can follow them. */
  requirements: readonly string[];
  /** The source of all other packages; null to stay in the set. */
  index: PackageIndex | null;
  /** Names of the set that come from the index instead. */
  unpin?: readonly string[];
  /**
   * A day (UTC, included) or an RFC 3339 moment after which uploads do not count; null if all do. By default the
   * compatibility date, or the day on which the set was released if that is later.
   */
  excludeNewer?: string | null;
  /** The same for single packages, for example for a security fix. */
  excludeNewerPackage?: Readonly<Record<string, string | null>>;
  /** How many versions may be compared, roughly; by default 30 million, which takes seconds. More is `too_hard`. */
  effort?: number;
  /** PEP 508 requirements that limit the versions of the index, and require nothing. */
  constraints?: readonly string[];
}

/**
 * The part of a target that the solver uses.
 *
 * @example
 * ```ts
 * import type { SolveTarget } from 'pinwheel-py/solver';
 *
 * const target: SolveTarget = {
 *   compatibility_date: '2026-10-20',
 *   runtime: { python: '3.13.2', abi: '2025_0', platform: 'emscripten_4_0_9' },
 *   package_set: { flag: 'python_3.13_packages_2025_09_22', released: '2025-09-22' },
 * };
 * target.runtime.abi; // → '2025_0'
 * ```
 */
export interface SolveTarget extends Pick<Target, 'compatibility_date'> {
  runtime: Pick<Target['runtime'], 'python' | 'abi' | 'platform'>;
  package_set: Pick<Target['package_set'], 'flag' | 'released'>;
}
