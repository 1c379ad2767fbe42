import type { RegistryStamp, ResolveAnswer, ResolvedPackage, Target } from '../answer.ts';
import { ANSWER_VERSION } from '../answer-version.ts';
import type { Outcome } from '../issue.ts';
import { missingDependency, type UnmetIssue } from '../issues/closure.ts';
import { type MarkerEnvironment, markerEnvironment } from '../requirements/environment.ts';
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
): Outcome<ResolveAnswer, UnmetIssue> {
  const { roots, issues, diagnostics, members, requiredBy } = walkClosure(target, set, requirements);
  if (issues.length > 0) return { ok: false, issues };

  let size: number | null = 0;
  const packages = members.map((index, at): ResolvedPackage => {
    const { name, version, kind, depends, wheel } = set.packages[index]!;
    size = size === null || wheel.size === null ? null : size + wheel.size;
    const required_by = requiredBy[at]!.map((parent) => set.packages[parent]!.name);
    return { name, version, kind, requested: roots.has(index), required_by, depends, wheel };
  });
  const totals = { packages: packages.length, size };
  const answer = { registry, answer_version: ANSWER_VERSION, target, packages, totals, diagnostics };
  return { ok: true, value: answer };
}

/** The members of the closure of what can be satisfied, and the issues of all else. */
export function walkClosure(
  { runtime, package_set: { flag } }: Target,
  set: PreparedSet,
  requirements: readonly Requirement[],
): Selection & Closure {
  let environment: MarkerEnvironment | undefined;
  const { roots, issues, diagnostics } = selectRoots(flag, set, requirements, () => {
    environment ??= markerEnvironment(runtime);
    return environment;
  });
  const { members, requiredBy } = walk(set, roots.keys());
  if (members.some((index) => set.dangling[index]!.length > 0)) {
    issues.push(...danglingOf(flag, set, requirements, roots, members));
  }
  return { roots, issues, diagnostics, members, requiredBy };
}

/** Dependencies that the set does not have, each with a shortest chain from a requested package. */
function danglingOf(
  package_set: string,
  set: PreparedSet,
  requirements: readonly Requirement[],
  roots: ReadonlyMap<number, number>,
  members: readonly number[],
): UnmetIssue[] {
  /** By member: the one from which it was reached first; itself if it was requested. */
  const parents = new Map<number, number>();
  for (const root of roots.keys()) parents.set(root, root);
  // Iterating a map includes entries that are inserted meanwhile.
  for (const member of parents.keys()) {
    for (const dependency of set.edges[member]!) {
      if (!parents.has(dependency)) parents.set(dependency, member);
    }
  }
  return members.flatMap((member) => {
    const chain = [member];
    while (parents.get(chain[0]!) !== chain[0]) chain.unshift(parents.get(chain[0]!)!);
    const index = roots.get(chain[0]!)!;
    const requirement = requirements[index]!.text;
    const repeats = requirements.flatMap(({ text }, at) => (at > index && text === requirement ? at : []));
    return set.dangling[member]!.map((name) =>
      missingDependency({
        index,
        requirement,
        repeats: [...repeats],
        package: name,
        package_set,
        chain: chain.map((at) => set.members[at]!.name),
        candidates: null,
      }),
    );
  });
}
