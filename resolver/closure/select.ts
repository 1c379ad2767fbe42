import type { Diagnostic } from '../answer.ts';
import { information, warning } from '../diagnostic.ts';
import { meaninglessMarker, type UnmetIssue, unknownPackage, versionConflict } from '../issues/closure.ts';
import type { MarkerEnvironment } from '../requirements/environment.ts';
import { evaluateMarker, meaninglessComparison } from '../requirements/marker.ts';
import { canonicalName } from '../requirements/name.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { satisfies } from '../requirements/specifier.ts';
import { nearestAmong } from '../text/nearest.ts';
import { printable } from '../text/printable.ts';
import type { PreparedSet } from './prepare.ts';

/**
 * What requirements are compared with: the names of a set, their pinned versions, and if known, the modules that they
 * provide.
 */
export interface Pins extends Pick<PreparedSet, 'index'> {
  members: readonly {
    readonly version: string;
    readonly name?: string;
    readonly imports?: readonly string[];
  }[];
}

/** The members of a set that a list of requirements selects, without dependencies. */
export interface Selection {
  /** For each requested member, by its index: the index of the first requirement for it. */
  roots: Map<number, number>;
  /** One for each text, without what {@link explain} adds. */
  issues: UnmetIssue[];
  /** Each once. */
  diagnostics: Diagnostic[];
}

/**
 * Compares each requirement with the version that the set of `flag` pins. A requirement whose marker is false in
 * `environment` (created on demand) is skipped with a remark.
 */
export function selectRoots(
  flag: string,
  set: Pins,
  requirements: readonly Requirement[],
  makeEnvironment: () => MarkerEnvironment,
): Selection {
  const roots = new Map<number, number>();
  const issues: UnmetIssue[] = [];
  const diagnostics: Diagnostic[] = [];
  const said = new Set<string>();
  let environment: MarkerEnvironment | undefined;
  /** By text. */
  const unmet = new Map<string, UnmetIssue>();
  const refuse = (issue: UnmetIssue) => {
    issues.push(issue);
    unmet.set(issue.requirement, issue);
  };
  const remark = (one: Diagnostic) => {
    if (!said.has(one.message)) diagnostics.push(one);
    said.add(one.message);
  };
  for (const [index, requirement] of requirements.entries()) {
    const { name, extras, specifiers, marker, text } = requirement;
    const known = unmet.get(text);
    if (known) {
      known.repeats.push(index);
      continue;
    }
    if (marker) {
      environment ??= makeEnvironment();
      const comparison = meaninglessComparison(marker, environment)?.text;
      if (comparison !== undefined) {
        refuse(meaninglessMarker({ ...written(requirement, index), comparison }));
        continue;
      }
      if (!evaluateMarker(marker, environment)) {
        remark(excludedByMarker(text));
        continue;
      }
    }
    const member = set.index.get(name);
    if (member === undefined) {
      refuse(unknownPackage({ ...unexplained(requirement, index, flag), near: [], providers: [] }));
      continue;
    }
    const { version } = set.members[member]!;
    if (!satisfies(version, specifiers)) {
      refuse(versionConflict({ ...unexplained(requirement, index, flag), pinned: version }));
      continue;
    }
    if (extras.length > 0) remark(extrasUnknown(name, extras));
    if (!roots.has(member)) roots.set(member, index);
  }
  return { roots, issues, diagnostics };
}

function written({ text, name }: Requirement, index: number) {
  return { index, requirement: text, repeats: [], package: name };
}

function unexplained(requirement: Requirement, index: number, package_set: string) {
  return { ...written(requirement, index), package_set, candidates: null, available: null };
}

/** What may be meant by a name that a set does not have. */
export interface Meant {
  /** The packages that provide a module of that name. */
  providers: string[];
  /** Packages with nearly that name, if there are no providers. */
  near: string[];
}

const meanings = new WeakMap<Pins['index'], (name: string) => Meant>();

/** What may be meant by a name that a set does not have. The set is read once for all names. */
export function meantBy(name: string, set: Pins): Meant {
  const known = meanings.get(set.index) ?? meaningsIn(set);
  meanings.set(set.index, known);
  return known(name);
}

function meaningsIn({ members, index }: Pins): (name: string) => Meant {
  const byModule = new Map<string, string[]>();
  for (const { name, imports = [] } of members) {
    if (name === undefined) continue;
    for (const module of new Set(imports.map(canonicalName))) {
      const known = byModule.get(module);
      if (known) known.push(name);
      else byModule.set(module, [name]);
    }
  }
  const near = nearestAmong(index.keys());
  return (name) => {
    const providers = byModule.get(name);
    return providers ? { providers, near: [] } : { providers: [], near: near(name) };
  };
}

export function excludedByMarker(text: string): Diagnostic {
  const message = `The marker of ${printable(text)} does not hold in this runtime.`;
  return information('excluded_by_marker', message);
}

function extrasUnknown(name: string, extras: readonly string[]): Diagnostic {
  return warning(
    'extras_not_recorded',
    `The package set does not record what ${name}[${extras.join(',')}] adds to ${name}.`,
    'Require the packages of the extra by name.',
  );
}
