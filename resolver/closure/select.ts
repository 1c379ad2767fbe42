import type { Diagnostic } from '../answer.ts';
import { information, warning } from '../diagnostic.ts';
import { meaninglessMarker, type UnmetIssue, unknownPackage, versionConflict } from '../issues/closure.ts';
import type { Fix } from '../issues/fix.ts';
import { requirementFixes } from '../issues/fixes.ts';
import type { MarkerEnvironment } from '../requirements/environment.ts';
import { evaluateMarker, meaninglessComparison } from '../requirements/marker.ts';
import { canonicalName } from '../requirements/name.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { satisfies } from '../requirements/specifier.ts';
import { nearest } from '../text/nearest.ts';
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
  const remark = (one: Diagnostic) => diagnostics.set(one.message, one);
  for (const [index, { name, extras, specifiers, marker, text }] of requirements.entries()) {
    const known = issues.get(text);
    if (known) {
      known.repeats.push(index);
      continue;
    }
    const written = { index, requirement: text, repeats: [], package: name };
    const unexplained = { ...written, package_set: flag, fixes: null, available: null };
    if (marker) {
      environment ??= makeEnvironment();
      const comparison = meaninglessComparison(marker, environment)?.text;
      if (comparison !== undefined) {
        refuse(meaninglessMarker({ ...written, comparison }));
        continue;
      }
      if (!evaluateMarker(marker, environment)) {
        remark(excludedByMarker(text));
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
    if (extras.length > 0) remark(extrasUnknown(name, extras));
    if (!roots.has(member)) roots.set(member, index);
  }
  return { roots, issues: [...issues.values()], diagnostics: [...diagnostics.values()] };
}

/** What may be meant by a name that a set does not have. */
export interface Meant {
  /** The packages that provide a module of that name. */
  providers: string[];
  /** Packages with nearly that name, if there are no providers. */
  near: string[];
}

/** What may be meant by a canonical name that a set does not have. */
export function meantBy(name: string, { members, index }: Pins): Meant {
  const isMeant = (module: string) => module.length === name.length && canonicalName(module) === name;
  const providers = members.filter(({ imports }) => imports?.some(isMeant)).map((member) => member.name!);
  return { providers, near: providers.length > 0 ? [] : nearest(name, index.keys()) };
}

/** The same as fixes of its requirement. */
export function fixesMeant(name: string, { providers, near }: Meant): Fix[] {
  return [...requirementFixes(name, providers, 'module'), ...requirementFixes(name, near, 'similar')];
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
