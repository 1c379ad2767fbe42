/** The public API of the solver. It does I/O only by the index and the `fetch` of the caller. */
export { resolveBeyond } from '../pinwheel/beyond.ts';
export type { SolveAnswer, SolvedPackage, SolveOutcome } from './answer.ts';
export type { Claim, Derivation, DerivationStep, Unmet } from './derivation.ts';
export {
  firstOf,
  IndexError,
  type IndexErrorCode,
  type IndexFile,
  type PackageIndex,
} from './package-index.ts';
export { reportDerivation } from './report.ts';
export {
  type IndexFetch,
  type IndexOptions,
  type IndexResponse,
  openIndex,
} from './simple-index/open-index.ts';
export { solve } from './solve.ts';
export type { SolveQuestion, SolveTarget } from './solve-question.ts';
export {
  type HostPython,
  type SliceQuestion,
  solveTargets,
  type TargetSlice,
  type TargetsOutcome,
  type Unshared,
} from './targets/solve-targets.ts';
