import type { RegistryStamp, ResolveAnswer, ResolvedPackage, Target } from '../answer.ts';
import { ANSWER_VERSION } from '../answer-version.ts';
import type { Outcome } from '../issue.ts';
import { missingDependency, type UnmetIssue } from '../issues/closure.ts';
import { markerEnvironment } from '../requirements/environment.ts';
import type { Requirement } from '../requirements/requirement.ts';
import type { PreparedSet } from './prepare.ts';
import { type Selection, selectRoots } from './select.ts';
import { type Closure, walk } from './walk.ts';

/**
 * The closure of parsed requirements in a set, with all reasons, or its issues. Only `resolve` looks for alternatives.
 * Pure; this is what the benchmarks measure.
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
 * const closure = resolveClosure(view.value.stamp, target.value, prepared, [idna.value]);
 * closure.ok && closure.value.totals.packages; // → 1
 * ```
 */
export function resolveClosure(
  registry: RegistryStamp,
  target: Target,
  set: PreparedSet,
  requirements: readonly Requirement[],
  pin = pinClosure,
): Outcome<ResolveAnswer, UnmetIssue> {
  const { roots, issues, diagnostics } = selectRoots(set.flag, set, requirements, () =>
    markerEnvironment(target.runtime),
  );
  const closure = pin(set, roots);
  if (!closure) issues.push(...danglingOf(set, requirements, roots));
  if (!closure || issues.length > 0) return { ok: false, issues };
  return { ok: true, value: { registry, answer_version: ANSWER_VERSION, target, ...closure, diagnostics } };
}

/** The part of an answer that follows from the set and the requested members alone. */
export type PinnedClosure = Pick<ResolveAnswer, 'packages' | 'totals'>;

/** `roots` are the requested members, by index. Null if the set lacks a dependency. */
export function pinClosure(set: PreparedSet, roots: ReadonlyMap<number, unknown>): PinnedClosure | null {
  const { members, requiredBy } = walk(set, roots.keys());
  if (members.some((index) => set.dangling[index]!.length > 0)) return null;
  const pinned = set.packages;
  let size: number | null = 0;
  const packages = members.map((index, at): ResolvedPackage => {
    const { name, version, kind, depends, wheel } = pinned[index]!;
    size = size === null || wheel.size === null ? null : size + wheel.size;
    const required_by = requiredBy[at]!.map((parent) => set.members[parent]!.name);
    return { name, version, kind, requested: roots.has(index), required_by, depends, wheel };
  });
  return { packages, totals: { packages: packages.length, size } };
}

/** The members of the closure of what can be satisfied, and the issues of all else. */
export function walkClosure(
  { runtime }: Target,
  set: PreparedSet,
  requirements: readonly Requirement[],
): Selection & Closure {
  const selection = selectRoots(set.flag, set, requirements, () => markerEnvironment(runtime));
  const closure = walk(set, selection.roots.keys());
  if (closure.members.some((index) => set.dangling[index]!.length > 0)) {
    selection.issues.push(...danglingOf(set, requirements, selection.roots));
  }
  return { ...selection, ...closure };
}

/** Dependencies that the set does not have, each with a shortest chain from a requested package. */
function danglingOf(
  set: PreparedSet,
  requirements: readonly Requirement[],
  roots: ReadonlyMap<number, number>,
): UnmetIssue[] {
  /** By member: the one from which it was reached first; itself if it was requested. */
  const parents = new Map<number, number>();
  for (const [root] of roots) parents.set(root, root);
  // Iterating a map includes entries that are inserted meanwhile.
  for (const member of parents.keys()) {
    for (const dependency of set.edges[member]!) {
      if (!parents.has(dependency)) parents.set(dependency, member);
    }
  }
  return walk(set, roots.keys()).members.flatMap((member) =>
    set.dangling[member]!.map((name) => {
      const chain = [member];
      while (parents.get(chain[0]!) !== chain[0]) chain.unshift(parents.get(chain[0]!)!);
      const index = roots.get(chain[0]!)!;
      const requirement = requirements[index]!.text;
      return missingDependency({
        index,
        requirement,
        repeats: requirements.flatMap(({ text }, at) => (at > index && text === requirement ? at : [])),
        package: name,
        package_set: set.flag,
        chain: chain.map((at) => set.members[at]!.name),
        fixes: null,
      });
    }),
  );
}
