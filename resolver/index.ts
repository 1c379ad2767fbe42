/** The public API of the resolver. It does no I/O but by the functions that the caller gives, and `fetch`. */
export type {
  AskedIndex,
  ClosureTotals,
  Delivery,
  Diagnostic,
  Reason,
  RegistryStamp,
  ResolveAnswer,
  ResolvedPackage,
  Runtime,
  Target,
  TargetAnswer,
} from './answer.ts';
export type { AuditAnswer, AuditFinding, AuditStep } from './audit/answer.ts';
export type { Catalog, Member, PackageSet, Publication } from './catalog.ts';
export { resolveClosure } from './closure/closure.ts';
export { type PreparedSet, prepareSet, wheelPath } from './closure/prepare.ts';
export { type ResolveQuestion, resolve } from './closure/resolve.ts';
export type { Pin, PinwheelSource, ResolveSource, StandardLibraryDocuments } from './closure/source.ts';
export { selectTarget, type TargetQuestion } from './compatibility/target.ts';
export { ANSWER_VERSION, type CatalogView, viewCatalog } from './compatibility/view.ts';
export { createResolver, type Documents } from './documents.ts';
export { closureMembers, fileUrls, type WrittenFile } from './formats/file.ts';
export { toPylock } from './formats/pylock.ts';
export {
  type LockInfo,
  type LockPackage,
  type PyodideLock,
  toPyodideLock,
} from './formats/pyodide-lock.ts';
export { toRequirements } from './formats/requirements.ts';
export type { Issue, Outcome } from './issue.ts';
export type { Fix } from './issues/fix.ts';
export { type LoaderModule, type LoaderModules, type ModulesOptions, modulesFor } from './modules.ts';
export type { CheckAnswer, CheckQuestion } from './pinwheel/check.ts';
export type { Pinwheel } from './pinwheel/pinwheel.ts';
export { ResolveError } from './pinwheel/pinwheel.ts';
export { MAX_REQUIREMENTS } from './question/fields.ts';
export type { Asked } from './question/read.ts';
export { canonicalName } from './requirements/name.ts';
export { parseRequirement, type Requirement } from './requirements/requirement.ts';
export { parseSpecifier, type Specifier, satisfies } from './requirements/specifier.ts';
export type { CompareAnswer, WhenAnswer } from './time/answers.ts';
export {
  type CompareQuestion,
  type CompareSource,
  compare,
  moduleReader,
  type ReadModules,
} from './time/compare.ts';
export { type WhenQuestion, when } from './time/when.ts';
