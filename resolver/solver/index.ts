/** The public API of the solver. It does I/O only by the index and the `fetch` of the caller. */
export { resolveBeyond } from '../pinwheel/beyond.ts';
export type { SolvedPackage } from './answer.ts';
export type { Claim, Derivation, DerivationStep, Unmet } from './derivation.ts';
export { IndexError, type IndexErrorCode } from './index-error.ts';
export { firstOf, type IndexFile, type PackageIndex } from './package-index.ts';
export { reportDerivation } from './report.ts';
export {
  type IndexFetch,
  type IndexOptions,
  type IndexResponse,
  openIndex,
} from './simple-index/open-index.ts';
export { solve } from './solve.ts';
export type { SolveAnswer, SolveOutcome } from './solve-outcome.ts';
export type { SolveQuestion, SolveTarget } from './solve-question.ts';
export type { HostPython } from './targets/host.ts';
export {
  type SliceQuestion,
  solveTargets,
  type TargetSlice,
  type TargetsOutcome,
  type Unshared,
} from './targets/solve-targets.ts';
