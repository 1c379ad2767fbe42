/** The outcome of the solver. */
import type { AskedIndex, Diagnostic } from '../answer.ts';
import type { Issue } from '../issue.ts';
import type { SolvedPackage } from './answer.ts';
import type { Derivation } from './derivation.ts';

/**
 * What to install: with `registry` and `target` beside it, an answer like those of `resolve`.
 *
 * @example
 * ```ts
 * import type { SolveAnswer } from 'pinwheel-py/solver';
 *
 * const lines = ({ packages }: SolveAnswer) =>
 *   packages.map(({ name, version, wheel }) => `${name}==${version} --hash=sha256:${wheel.sha256}`);
 * lines({ packages: [], totals: { packages: 0, size: 0 }, index: null, diagnostics: [] }); // → []
 * ```
 */
export interface SolveAnswer {
  /** In load order: dependencies first. */
  packages: SolvedPackage[];
  /** `size` in bytes; null if that of one of the packages is unknown. */
  totals: { packages: number; size: number | null };
  /** The index state that the answer depends on; null without an index. */
  index: AskedIndex | null;
  diagnostics: Diagnostic[];
}

/**
 * An answer, or issues, with a derivation if the requirements contradict each other.
 *
 * @example
 * ```ts
 * import type { SolveOutcome } from 'pinwheel-py/solver';
 *
 * const outcome: SolveOutcome = { ok: false, issues: [], derivation: null };
 * outcome.ok; // → false
 * ```
 */
export type SolveOutcome =
  | { ok: true; value: SolveAnswer }
  | { ok: false; issues: Issue[]; derivation: Derivation | null };
