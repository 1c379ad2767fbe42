/** Answers questions that may go beyond their package set. */
import type { ResolveAnswer, ResolvedPackage, Target } from '../answer.ts';
import type { PackageSet } from '../catalog.ts';
import { archivesAmong, archivesRemark } from '../closure/archives.ts';
import { datedTargets } from '../closure/candidates.ts';
import { libraryRemarks } from '../closure/needed-libraries.ts';
import { type PreparedSet, prepareSet } from '../closure/prepare.ts';
import type { ResolveQuestion } from '../closure/resolve.ts';
import { openSeen } from '../closure/seen.ts';
import type { ResolveSource } from '../closure/source.ts';
import { undeclaredRemarks } from '../closure/undeclared.ts';
import { selectTarget } from '../compatibility/target.ts';
import { ANSWER_VERSION, type CatalogView } from '../compatibility/view.ts';
import { canonicalJson, sha256 } from '../digest.ts';
import { type EvidenceOf, evidenceIn } from '../evidence-level.ts';
import type { Outcome } from '../issue.ts';
import { otherAbi } from '../issues/build.ts';
import { invalidQuestion } from '../issues/question.ts';
import { httpx2Remark } from '../provenance.ts';
import { noUseRemark, ownModules, withModuleNames } from '../python/known-names.ts';
import type { StandardLibraryDocuments } from '../python/standard-library-document.ts';
import { INDEX_FIELDS } from '../question/fields.ts';
import type { PackageIndex } from '../solver/package-index.ts';
import { type IndexOptions, openIndex } from '../solver/simple-index/open-index.ts';
import { solve } from '../solver/solve.ts';

/**
 * Answers like `resolve`, with the question's index in addition to the package set, or returns all issues. A client by
 * itself has no code for it. Throws an `IndexError` if the index cannot be reached, or sends an invalid response.
 * @example
 * ```ts
 * import { createClient } from 'pinwheel-py/client';
 * import { resolveBeyond } from 'pinwheel-py/solver';
 * const pinwheel = createClient({ registry: 'https://registry.example', resolveBeyond });
 * const place = { compatibility_date: '2026-11-02', compatibility_flags: ['python_workers'] };
 * const index = { url: 'https://pypi.org/simple/' };
 * const answer = () => pinwheel.resolve({ ...place, requirements: ['django'], index });
 * typeof answer; // → 'function'
 * ```
 */
export async function resolveBeyond(
  view: CatalogView,
  question: ResolveQuestion,
  source: Pick<ResolveSource, 'openSet' | 'readPins' | 'standardLibrary'>,
  effort?: number,
): Promise<Outcome<ResolveAnswer>> {
  const { index } = question;
  const idle = index ? [] : INDEX_FIELDS.filter((name) => question[name] != null);
  if (idle.length > 0) return { ok: false, issues: [invalidQuestion({ problem: 'no_index', names: idle })] };
  const place = await placeOf(view, question, source);
  if (!place.ok) return place;
  const { target, set } = place.value;
  const documents = (await source.standardLibrary?.()) ?? null;
  const asked = { ...question, index: withoutModules(indexOf(index ?? null), documents), effort };
  const outcome = await solve({ ...asked, target, set });
  if (!outcome.ok) {
    const named = await withModuleNames(outcome.issues, source, target, view);
    if (question.set) return { ok: false, issues: named };
    const { withAlternatives } = await import('../solver/explain.ts');
    const solves = async (other: Target, its: PreparedSet, requirements: readonly string[]) =>
      (await solve({ ...asked, requirements, target: other, set: its })).ok;
    const { derivation } = outcome;
    const issues = await withAlternatives(named, view, question, target, source, derivation, solves);
    return { ok: false, issues };
  }
  const { totals, diagnostics, index: known } = outcome.value;
  const evidenceOf = question.set ? null : evidenceIn(view, set.flag);
  const packages = withEvidence(outcome.value.packages, evidenceOf);
  const answer = { registry: view.stamp, answer_version: ANSWER_VERSION, target, packages, totals };
  const whole: ResolveAnswer = { ...answer, ...(known && { index: known }), diagnostics };
  const names = new Set(packages.map(({ name }) => name));
  const beyond = packages.filter(({ origin }) => origin === 'index');
  const remarks = [
    archivesRemark(archivesAmong(packages), null),
    ...libraryRemarks(whole),
    ...undeclaredRemarks(packages, set.members),
    ...beyond.map(
      ({ name, requested, required_by }) =>
        documents && noUseRemark(name, documents, target, view, requested ? [] : required_by),
    ),
    httpx2Remark(names, new Set()),
  ];
  return {
    ok: true,
    value: { ...whole, diagnostics: [...diagnostics, ...remarks.filter((remark) => remark !== null)] },
  };
}

/** The target, and its package set or the question's. */
async function placeOf(
  view: CatalogView,
  question: ResolveQuestion,
  source: Pick<ResolveSource, 'openSet'>,
): Promise<Outcome<{ target: Target; set: PreparedSet }>> {
  const selected = selectTarget(view, question);
  if (!selected.ok) return selected;
  const target = selected.value;
  if (!question.set) {
    return { ok: true, value: { target, set: await openSeen(view, target.package_set, source) } };
  }
  const own = await withOwnSet(view, target, question.set);
  if (!own.ok) return own;
  return { ok: true, value: { target: own.value, set: withUpstreamUrls(prepareSet(question.set)) } };
}

/** The target with a set of the question's instead, which has to be for its ABI. */
export async function withOwnSet<Of extends Target>(
  view: CatalogView,
  target: Of,
  set: PackageSet,
): Promise<Outcome<Of>> {
  const { flag, abi, released } = set;
  const { pyodide, abi: expected } = target.runtime;
  if (abi !== expected) {
    const dated = datedTargets(view, target, target).find(({ runtime }) => runtime.abi === abi);
    const date = dated?.compatibility_date ?? null;
    return { ok: false, issues: [otherAbi({ file: flag, abi, pyodide, expected, date })] };
  }
  const digest = await sha256(canonicalJson(set));
  const reason = { code: 'own_set', message: `${flag} is the set given in the question.` };
  const own: Of = {
    ...target,
    package_set: { flag, released, digest, delivery: { by: 'python_modules', reason } },
    reasons: { ...target.reasons, package_set: reason },
    // The remark is about the set that is replaced.
    diagnostics: target.diagnostics.filter(({ code }) => code !== 'packages_not_in_runtime'),
  };
  return { ok: true, value: own };
}

const indexOf = (index: PackageIndex | IndexOptions | null) =>
  index === null || 'versionsOf' in index ? index : openIndex(index);

/** The index without the names of modules that Workers have: what it has there is a stranger's. */
export function withoutModules(
  index: PackageIndex | null,
  documents: StandardLibraryDocuments | null,
): PackageIndex | null {
  if (index === null || documents === null) return index;
  const modules = ownModules(documents);
  const versionsOf: PackageIndex['versionsOf'] = async (name, until) =>
    modules.has(name) ? null : index.versionsOf(name, until);
  return {
    url: index.url,
    ...(index.urls && { urls: index.urls }),
    versionsOf,
    metadataOf: (file) => index.metadataOf(file),
    ...(index.fileAt && { fileAt: (url) => index.fileAt!(url) }),
    ...(index.modulesOf && { modulesOf: (file) => index.modulesOf!(file) }),
  };
}

/** No registry serves its files. */
function withUpstreamUrls(set: PreparedSet): PreparedSet {
  const pinned: PreparedSet['pinned'] = (member) => {
    const { wheel, ...rest } = set.pinned(member);
    return { ...rest, wheel: { ...wheel, url: wheel.upstream_url ?? wheel.filename } };
  };
  return { ...set, pinned };
}

/** Packages with what was seen of those that are from a published set; null for all if that is unknown. */
export function withEvidence<Some extends Pick<ResolvedPackage, 'name' | 'origin'>>(
  packages: readonly Some[],
  evidenceOf: EvidenceOf | null,
): (Some & Pick<ResolvedPackage, 'evidence'>)[] {
  return packages.map((given) => {
    const isListed = evidenceOf !== null && (given.origin ?? 'set') === 'set';
    return { ...given, evidence: isListed ? evidenceOf(given.name) : null };
  });
}
