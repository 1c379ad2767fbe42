/** The question for the solver, and the same when it was read. */
import type { Target } from '../answer.ts';
import type { PreparedSet } from '../closure/prepare.ts';
import type { Asking, IndexField } from '../question/fields.ts';
import type { MarkerEnvironment } from '../requirements/environment.ts';
import type { Specifier } from '../requirements/specifier.ts';
import type { Runner } from '../wheels/wheel-name.ts';
import type { AskedOfIndex } from './asked.ts';
import type { IndexFile, PackageIndex } from './package-index.ts';

/**
 * A question that may go beyond a package set: the fields of every question, with a target, a package set and an index.
 *
 * @example
 * ```ts
 * import type { SolveQuestion } from 'pinwheel-py/solver';
 *
 * const beyond: Pick<SolveQuestion, 'requirements' | 'exclude_newer' | 'exclude_newer_package'> = {
 *   requirements: ['django>=5.2', 'fastapi>=0.140'],
 *   exclude_newer: '2026-09-30',
 *   exclude_newer_package: { django: '2026-11-05' },
 * };
 * beyond.requirements.length; // → 2
 * ```
 */
export interface SolveQuestion extends Asking<IndexField | 'constraints'> {
  /** The result of `selectTarget`. */
  target: SolveTarget;
  /** The target's package set. Each of its names is pinned. */
  set: PreparedSet;
  /** PEP 508, with URLs of wheels (`name @ https://…`) if the index can follow them. */
  requirements: readonly string[];
  /** The source of all other packages; null to stay in the set. */
  index: PackageIndex | null;
  /**
   * How many versions may be compared, roughly, where each METADATA that is read counts as 500; by default 30 million,
   * which takes seconds. More is `too_hard`.
   */
  effort?: number | undefined;
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

/** A validated question, with the facts about the target. */
export interface SolverInput {
  set: PreparedSet;
  index: PackageIndex | null;
  asked: AskedOfIndex;
  /** The wheels that requirements name by URL, by canonical name. */
  direct: ReadonlyMap<string, IndexFile>;
  /** Constraints on versions, by name. */
  constraints: ReadonlyMap<string, readonly Specifier[]>;
  runner: Runner;
  environment: MarkerEnvironment;
}
