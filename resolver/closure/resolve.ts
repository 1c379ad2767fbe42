/** The main job: requirements and a target in, pinned packages in load order out. */
import { allOf } from '../all-of.ts';
import type { Diagnostic, RegistryStamp, ResolveAnswer, ResolvedPackage, Target } from '../answer.ts';
import { ANSWER_VERSION } from '../answer-version.ts';
import { selectTarget, type TargetQuestion } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Outcome } from '../issue.ts';
import { markerEnvironment } from '../requirements/environment.ts';
import { parseRequirement, type Requirement } from '../requirements/requirement.ts';
import { archivesRemark, wheelSets } from './archives.ts';
import { explain, namesToLookUp, type Pin } from './explain.ts';
import type { Failure } from './failure.ts';
import type { PreparedSet } from './prepare.ts';
import { selectRoots } from './select.ts';
import { walk } from './walk.ts';

/**
 * More requirements than this in one question are refused.
 *
 * @example
 * ```ts
 * import { MAX_REQUIREMENTS } from 'pinwheel-py';
 *
 * MAX_REQUIREMENTS; // → 1000
 * ```
 */
export const MAX_REQUIREMENTS = 1_000;

/**
 * A whole question: a target's, and PEP 508 requirements.
 *
 * @example
 * ```ts
 * import type { ResolveQuestion } from 'pinwheel-py';
 *
 * const question: ResolveQuestion = {
 *   compatibility_date: '2025-11-02',
 *   compatibility_flags: ['python_workers'],
 *   as_of: '2026-11-20',
 *   requirements: ['fastapi', 'httpx>=0.28'],
 * };
 * question.requirements.length; // → 2
 * ```
 */
export interface ResolveQuestion extends TargetQuestion {
  requirements: readonly string[];
}

/**
 * The one seam to the world: where package sets come from, and what other sets pin.
 *
 * @example
 * ```ts
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type PackageSet, prepareSet, type ResolveSource } from 'pinwheel-py';
 *
 * const prepared = prepareSet(set as PackageSet);
 * const source: ResolveSource = {
 *   openSet: async () => prepared,
 *   // Without pins, a refusal says nothing of other sets.
 *   readPins: async () => new Map(),
 * };
 * typeof source.openSet; // → 'function'
 * ```
 */
export interface ResolveSource {
  /** A package set, by its flag or, safer, by its digest. */
  openSet(set: Pick<Target['package_set'], 'flag' | 'digest'>): Promise<PreparedSet>;
  /** Every pin of each of these canonical names, over all sets; asked for only to explain a failure. */
  readPins(names: readonly string[]): Promise<ReadonlyMap<string, readonly Pin[]>>;
}

/**
 * Answers a question from a view of the catalog, or says everything that is wrong with it.
 *
 * @example
 * ```ts
 * import catalog from 'pinwheel-py/data/catalog.json' with { type: 'json' };
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type Catalog, type PackageSet, prepareSet, resolve, viewCatalog } from 'pinwheel-py';
 *
 * const view = viewCatalog(catalog as Catalog);
 * if (!view.ok) throw new Error(view.issues[0]?.message);
 * const prepared = prepareSet(set as PackageSet);
 * const answer = await resolve(
 *   view.value,
 *   {
 *     compatibility_date: null,
 *     compatibility_flags: [set.flag],
 *     as_of: '2026-11-20',
 *     requirements: ['pydantic<3'],
 *   },
 *   { openSet: async () => prepared, readPins: async () => new Map() },
 * );
 * answer.ok && answer.value.packages.map(({ name }) => name); // → ['typing-extensions', 'annotated-types', 'pydantic-core', 'pydantic']
 * ```
 */
export async function resolve(
  view: CatalogView,
  question: ResolveQuestion,
  source: ResolveSource,
): Promise<Outcome<ResolveAnswer>> {
  const asked = allOf(selectTarget(view, question), parseRequirements(question.requirements));
  if (!asked.ok) return asked;
  const [target, requirements] = asked.value;
  const set = await source.openSet(target.package_set);
  const resolution = resolveClosure(view.stamp, target, set, requirements);
  if (resolution.ok) {
    const remark = await remarkOnArchives(view, source, resolution.answer, requirements);
    const diagnostics = [...resolution.answer.diagnostics, ...(remark ? [remark] : [])];
    return { ok: true, value: { ...resolution.answer, diagnostics } };
  }
  const pins = await source.readPins(namesToLookUp(resolution.failures));
  const context = { view, question, target, pins };
  return { ok: false, issues: resolution.failures.map((failure) => explain(failure, context)) };
}

/**
 * A closure, or the failures as data, which `resolve` turns into issues.
 *
 * @example
 * ```ts
 * import type { Resolution } from 'pinwheel-py';
 *
 * const missing = (resolution: Resolution) =>
 *   resolution.ok ? [] : resolution.failures.map(({ name }) => name);
 * const asked = { requirement: 'x', name: 'x', near: [], providers: [] };
 * missing({ ok: false, failures: [{ code: 'unknown_package', ...asked }] }); // → ['x']
 * ```
 */
export type Resolution = { ok: true; answer: ResolveAnswer } | { ok: false; failures: Failure[] };

/**
 * The closure of parsed requirements in a set, with every reason. Pure, and what the benchmarks measure.
 *
 * @example
 * ```ts
 * import catalog from 'pinwheel-py/data/catalog.json' with { type: 'json' };
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import {
 *   type Catalog,
 *   type PackageSet,
 *   parseRequirement,
 *   prepareSet,
 *   resolveClosure,
 *   selectTarget,
 *   viewCatalog,
 * } from 'pinwheel-py';
 *
 * const view = viewCatalog(catalog as Catalog);
 * if (!view.ok) throw new Error(view.issues[0]?.message);
 * const question = { compatibility_date: null, compatibility_flags: [set.flag], as_of: '2026-11-20' };
 * const target = selectTarget(view.value, question);
 * const idna = parseRequirement('idna');
 * if (!target.ok || !idna.ok) throw new Error('no question');
 * const prepared = prepareSet(set as PackageSet);
 * const resolution = resolveClosure(view.value.stamp, target.value, prepared, [idna.value]);
 * resolution.ok && resolution.answer.totals.packages; // → 1
 * ```
 */
export function resolveClosure(
  registry: RegistryStamp,
  target: Target,
  set: PreparedSet,
  requirements: readonly Requirement[],
): Resolution {
  const { roots, failures, diagnostics } = selectRoots(set, requirements, () =>
    markerEnvironment(target.runtime),
  );
  const { members, requiredBy } = walk(set, roots);
  for (const index of members) failures.push(...danglingOf(set, index, members, requiredBy));
  if (failures.length > 0) return { ok: false, failures };

  let size: number | null = 0;
  const packages = members.map((index, at): ResolvedPackage => {
    const { name, version, kind, depends, wheel } = set.packages[index]!;
    size = size === null || wheel.size === null ? null : size + wheel.size;
    const required_by = requiredBy[at]!.map((parent) => set.packages[parent]!.name);
    return { name, version, kind, requested: roots.has(index), required_by, depends, wheel };
  });
  const totals = { packages: packages.length, size };
  const answer = { registry, answer_version: ANSWER_VERSION, target, packages, totals, diagnostics };
  return { ok: true, answer };
}

/** What to take instead is tried before it is named. */
async function remarkOnArchives(
  view: CatalogView,
  source: ResolveSource,
  answer: ResolveAnswer,
  requirements: readonly Requirement[],
): Promise<Diagnostic | null> {
  const { target } = answer;
  const head = view.sets.get(target.package_set.flag);
  if (!head?.archive_count || !archivesRemark(answer, null)) return null;
  for (const wheels of wheelSets(view, head)) {
    const set = await source.openSet(wheels);
    if (resolveClosure(view.stamp, target, set, requirements).ok) return archivesRemark(answer, wheels);
  }
  return archivesRemark(answer, null);
}

/** All requirements, or everything that is wrong with them. */
export function parseRequirements(texts: readonly string[]): Outcome<Requirement[]> {
  if (texts.length > MAX_REQUIREMENTS) {
    const message = `There are ${texts.length} requirements, but one question may have ${MAX_REQUIREMENTS} at most.`;
    const fix = 'Ask in several questions.';
    return { ok: false, issues: [{ kind: 'malformed', code: 'too_many_requirements', message, fix }] };
  }
  return allOf<Requirement[]>(...texts.map(parseRequirement));
}

function danglingOf(
  set: PreparedSet,
  index: number,
  members: readonly number[],
  requiredBy: readonly (readonly number[])[],
): Failure[] {
  return set.dangling[index]!.map((name) => {
    const chain = [index];
    for (let parents = requiredBy[members.indexOf(index)]!; parents[0] !== undefined; ) {
      if (chain.includes(parents[0])) break;
      chain.unshift(parents[0]);
      parents = requiredBy[members.indexOf(parents[0])]!;
    }
    return { code: 'missing_dependency', name, chain: chain.map((at) => set.members[at]!.name) };
  });
}
