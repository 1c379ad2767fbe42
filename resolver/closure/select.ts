import type { Diagnostic } from '../answer.ts';
import type { MarkerEnvironment } from '../requirements/environment.ts';
import { evaluateMarker, meaninglessComparison } from '../requirements/marker.ts';
import { canonicalName } from '../requirements/name.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { satisfies } from '../requirements/specifier.ts';
import { nearest } from '../text/nearest.ts';
import { printable } from '../text/printable.ts';
import type { Failure } from './failure.ts';
import type { PreparedSet } from './prepare.ts';

/**
 * What requirements are held against: the names of a set, the version that each is pinned to, and as far as it is
 * known, the modules that each brings.
 */
export interface Pins extends Pick<PreparedSet, 'index'> {
  members: readonly {
    readonly version: string;
    readonly name?: string;
    readonly imports?: readonly string[];
  }[];
}

/** What a list of requirements picks from a set before anything is followed. */
export interface Selection {
  /** Indexes of the requested members. */
  roots: Set<number>;
  failures: Failure[];
  diagnostics: Diagnostic[];
}

/**
 * Holds each requirement against the one version that the set pins. Requirements whose marker does not hold in
 * `environment` (made on demand) ask for nothing, and the answer says so.
 */
export function selectRoots(
  set: Pins,
  requirements: readonly Requirement[],
  environment: () => MarkerEnvironment,
): Selection {
  const selection: Selection = { roots: new Set(), failures: [], diagnostics: [] };
  for (const requirement of requirements) {
    const { name, extras, specifiers, marker, text } = requirement;
    if (marker) {
      const comparison = meaninglessComparison(marker, environment())?.text;
      if (comparison !== undefined) {
        selection.failures.push({ code: 'meaningless_marker', requirement: text, name, comparison });
        continue;
      }
      if (!evaluateMarker(marker, environment())) {
        selection.diagnostics.push(excludedByMarker(text));
        continue;
      }
    }
    const index = set.index.get(name);
    if (index === undefined) {
      const near = nearest(name, set.index.keys());
      const providers = providersOf(name, set);
      selection.failures.push({ code: 'unknown_package', requirement: text, name, near, providers });
      continue;
    }
    const { version } = set.members[index]!;
    if (specifiers.length > 0 && !satisfies(version, specifiers)) {
      selection.failures.push({ code: 'version_conflict', requirement: text, name, pinned: version });
      continue;
    }
    if (extras.length > 0) selection.diagnostics.push(extrasUnknown(name, extras));
    selection.roots.add(index);
  }
  return selection;
}

/** The packages that bring a module of a name, which is canonical; looked for only where nothing else is found. */
export function providersOf(name: string, { members }: Pick<Pins, 'members'>): string[] {
  const isMeant = (module: string) => module.length === name.length && canonicalName(module) === name;
  return members.flatMap(({ name: brings, imports }) =>
    brings !== undefined && imports?.some(isMeant) ? brings : [],
  );
}

function excludedByMarker(text: string): Diagnostic {
  return {
    severity: 'info',
    code: 'excluded_by_marker',
    message: `The marker of ${printable(text)} does not hold in this runtime, so it asks for nothing.`,
    fix: null,
  };
}

function extrasUnknown(name: string, extras: readonly string[]): Diagnostic {
  return {
    severity: 'warning',
    code: 'extras_not_recorded',
    message: `The package set does not record what ${name}[${extras.join(',')}] adds to ${name}.`,
    fix: `Name the packages that the extra stands for as requirements of their own.`,
  };
}
