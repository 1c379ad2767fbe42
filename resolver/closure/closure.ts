/** The closure of requirements in a set: what they select of its members, and everything that those need. */
import type { Diagnostic, ResolveAnswer, Target } from '../answer.ts';
import { ANSWER_VERSION, type CatalogView } from '../compatibility/view.ts';
import type { Outcome } from '../issue.ts';
import {
  meaninglessMarker,
  missingDependency,
  type UnmetIssue,
  unknownPackage,
  versionConflict,
} from '../issues/closure.ts';
import { remark } from '../issues/fixes.ts';
import {
  evaluateMarker,
  type MarkerEnvironment,
  markerEnvironment,
  meaninglessComparison,
} from '../requirements/marker.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { satisfies } from '../requirements/specifier.ts';
import { printable } from '../text/printable.ts';
import { type PinClosure, type PreparedSet, pinClosure, walk } from './prepare.ts';

/**
 * The closure of parsed requirements in a set, with all reasons, or its issues. Only `resolve` looks for alternatives.
 * Pure; this is what the benchmarks measure.
 * @example
 * ```ts
 * import catalog from 'pinwheel-py/data/catalog.json' with { type: 'json' };
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type Catalog, type PackageSet, parseRequirement, prepareSet } from 'pinwheel-py';
 * import { resolveClosure, selectTarget, viewCatalog } from 'pinwheel-py';
 * const view = viewCatalog(catalog as Catalog);
 * const idna = parseRequirement('idna');
 * if (!view.ok || !idna.ok) throw new Error();
 * const question = { compatibility_date: null, compatibility_flags: [set.flag], as_of: '2026-11-20' };
 * const target = selectTarget(view.value, question);
 * if (!target.ok) throw new Error();
 * const closure = resolveClosure(view.value, target.value, prepareSet(set as PackageSet), [idna.value]);
 * closure.ok && closure.value.totals.packages; // → 1
 * ```
 */
export function resolveClosure(
  view: Pick<CatalogView, 'stamp' | 'evidence' | 'levels'>,
  target: Target,
  set: PreparedSet,
  requirements: readonly Requirement[],
  pin: PinClosure = pinClosure,
): Outcome<ResolveAnswer, UnmetIssue> {
  const { roots, issues, diagnostics } = selectRoots(set.flag, set, requirements, () =>
    markerEnvironment(target.runtime),
  );
  const closure = pin(set, roots, view, target);
  if (!closure) issues.push(...danglingOf(set, requirements, roots));
  if (!closure || issues.length > 0) return { ok: false, issues };
  const registry = view.stamp;
  return { ok: true, value: { registry, answer_version: ANSWER_VERSION, target, ...closure, diagnostics } };
}

/** Dependencies that the set does not have, each with a shortest chain from a requested package. */
export function danglingOf(
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

/** The names of a set, their pinned versions, and if known, the modules that they provide. */
export interface Pins extends Pick<PreparedSet, 'index'> {
  members: readonly {
    readonly version: string;
    readonly name?: string;
    readonly imports?: readonly string[];
  }[];
}

export interface Selection {
  /** For each requested member, by its index: the index of the first requirement for it. */
  roots: Map<number, number>;
  /** An issue for each text, without the fixes that {@link explain} adds. */
  issues: UnmetIssue[];
  diagnostics: Diagnostic[];
}

/**
 * Compares each requirement with the version that the set of `flag` pins. A requirement whose marker is false in the
 * environment, which is made for the first marker, is skipped with a remark.
 */
export function selectRoots(
  flag: string,
  set: Pins,
  requirements: readonly Requirement[],
  makeEnvironment: () => MarkerEnvironment,
): Selection {
  const roots = new Map<number, number>();
  let environment: MarkerEnvironment | undefined;
  const issues = new Map<string, UnmetIssue>();
  const diagnostics = new Map<string, Diagnostic>();
  const refuse = (issue: UnmetIssue) => issues.set(issue.requirement, issue);
  const note = (diagnostic: Diagnostic) => diagnostics.set(diagnostic.message, diagnostic);
  for (const [index, { name, extras, specifiers, marker, text }] of requirements.entries()) {
    const known = issues.get(text);
    if (known) {
      known.repeats.push(index);
      continue;
    }
    const unexplained = {
      index,
      requirement: text,
      repeats: [],
      package: name,
      package_set: flag,
      fixes: null,
      available: null,
    };
    if (marker) {
      environment ??= makeEnvironment();
      const comparison = meaninglessComparison(marker, environment)?.text;
      if (comparison !== undefined) {
        refuse(meaninglessMarker({ ...unexplained, comparison }));
        continue;
      }
      if (!evaluateMarker(marker, environment)) {
        note(excludedByMarker(text));
        continue;
      }
    }
    const member = set.index.get(name);
    if (member === undefined) {
      refuse(unknownPackage({ ...unexplained, near: [], providers: [] }));
      continue;
    }
    const { version } = set.members[member]!;
    if (!satisfies(version, specifiers)) {
      refuse(versionConflict({ ...unexplained, pinned: version }));
      continue;
    }
    if (extras.length > 0) note(extrasUnknown(name, extras));
    if (!roots.has(member)) roots.set(member, index);
  }
  return { roots, issues: [...issues.values()], diagnostics: [...diagnostics.values()] };
}

export function excludedByMarker(text: string): Diagnostic {
  const message = `The marker of ${printable(text)} does not hold in this runtime.`;
  return remark('info', 'excluded_by_marker', message);
}

function extrasUnknown(name: string, extras: readonly string[]): Diagnostic {
  return remark(
    'warning',
    'extras_not_recorded',
    `The package set does not record what ${name}[${extras.join(',')}] adds to ${name}.`,
    'Require the packages of the extra by name.',
  );
}
