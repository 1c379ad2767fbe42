/** Issues of requirements that can be read and cannot be satisfied, and the changes of a question that would do. */
import { ASK_AN_INDEX } from '../text/ask-an-index.ts';
import { didYouMean } from '../text/nearest.ts';
import { printable } from '../text/printable.ts';
import { define } from './define.ts';
import type { Written } from './requirements.ts';

/**
 * One change of a question. Another date or package flag was found to satisfy the whole question, but for
 * requirements that no package set can meet; another requirement was found to hold where the question is asked.
 */
export type Candidate =
  | {
      change: 'compatibility_date';
      compatibility_date: string;
      package_set: string;
      /** Of the issue's package there; null if the set does not have it, and nothing there needs it. */
      version: string | null;
    }
  | {
      change: 'package_flag';
      /** By its package flag, which is to be named. */
      package_set: string;
      version: string | null;
      /** The package flag of the question in whose place it goes. */
      replaces: string | null;
      /** The Pyodide that runs it. */
      pyodide: string;
      /** Whether that is what runs in the answer's target too, so that nothing else changes. */
      same_runtime: boolean;
      /** How many other package flags have all that is asked for, on the same runtime or none of them. */
      others: number;
    }
  | { change: 'requirement'; requirement: string };

export interface Unmet extends Written {
  /** Canonical. */
  package: string;
  /** The set of the target, by its package flag. */
  package_set: string;
  /** What was found to do, the nearest first; null if nothing was looked for, and there is no fix. */
  candidates: Candidate[] | null;
}

export interface UnmetPin extends Unmet {
  /** The newest pin that satisfies the requirement's version in any set; null if there is none. */
  available: { package_set: string; version: string } | null;
}

export const unknownPackage = /* @__PURE__ */ define(
  'unanswerable',
  'unknown_package',
  (
    /** `near` are packages of the set with nearly that name, `providers` those with a module of that name. */
    fields: UnmetPin & { near: string[]; providers: string[] },
  ) => {
    const { requirement, package: name, package_set, near, providers, candidates } = fields;
    const meant = providers.length > 0 ? moduleHint(name, providers) : didYouMean(near);
    const beyond = `No package set has ${printable(requirement)}. ${ASK_AN_INDEX}`;
    return [
      `The package set ${package_set} has no package "${name}".`,
      candidates && (sentences(meant, alternativesIn(fields, candidates)) ?? beyond),
    ];
  },
);

/** For those who ask for a module by the name that it is imported by. */
export function moduleHint(name: string, providers: readonly string[]): string {
  return `The module ${name} comes with ${providers.join(' or ')}: ask for that.`;
}

export const versionConflict = /* @__PURE__ */ define(
  'unanswerable',
  'version_conflict',
  (fields: UnmetPin & { pinned: string }) => {
    const { requirement, package: name, package_set, pinned, candidates } = fields;
    return [
      `${printable(requirement)} cannot be satisfied: the package set ${package_set} pins ${name} ${pinned}.`,
      candidates &&
        sentences(
          alternativesIn(fields, candidates) ??
            `No package set pins a version that ${printable(requirement)} allows. An index may have one: --index --unpin ${name}.`,
          `To stay with this set, ask for ${candidates
            .flatMap((one) => (one.change === 'requirement' ? one.requirement : []))
            .join(' or ')}.`,
        ),
    ];
  },
);

export const meaninglessMarker = /* @__PURE__ */ define(
  'malformed',
  'meaningless_marker',
  /** `comparison`: the part of the marker that compares what cannot be compared. */
  ({ requirement, comparison }: Written & { package: string; comparison: string }) => [
    `The marker of ${printable(requirement)} cannot be evaluated: ${printable(comparison)}.`,
    'Compare a variable of PEP 508 with a value of its kind.',
  ],
);

export const missingDependency = /* @__PURE__ */ define(
  'unanswerable',
  'missing_dependency',
  /** `chain`: from the requested package to the one that depends on what is missing. */
  (fields: Unmet & { chain: string[] }) => {
    const needs = fields.chain.map((name) => `which ${name} needs`).reverse();
    return [
      `The package set ${fields.package_set} has no package "${fields.package}", ${needs.join(', ')}.`,
      fields.candidates &&
        sentences('The package set is incomplete.', alternativesIn(fields, fields.candidates)),
    ];
  },
);

/** Where the requirement does hold, together with all the others of the question. */
function alternativesIn(
  { package: name, available }: Pick<Unmet, 'package'> & Partial<Pick<UnmetPin, 'available'>>,
  candidates: readonly Candidate[],
): string | null {
  const said = candidates.map((one) => {
    if (one.change === 'requirement' || one.version === null) return null;
    const { package_set, version } = one;
    if (one.change === 'compatibility_date') {
      return `With the compatibility date ${one.compatibility_date}, ${package_set} has ${name} ${version}.`;
    }
    const { replaces, others, same_runtime, pyodide } = one;
    const place = replaces === null ? '' : ` instead of ${replaces}`;
    const runs = same_runtime ? `runs on this runtime, Pyodide ${pyodide}` : `needs Pyodide ${pyodide}`;
    const more = others === 0 ? '' : ` (one of ${others + 1} sets that would do)`;
    return `Name the package flag ${package_set}${place}: it has ${name} ${version} and ${runs}${more}.`;
  });
  const found = sentences(...said);
  if (found !== null || !available) return found;
  const { package_set, version } = available;
  return `${package_set} pins ${name} ${version}, but no target satisfies all requirements.`;
}

function sentences(...parts: (string | null)[]): string | null {
  return parts.filter((part) => part !== null).join(' ') || null;
}

export type UnmetIssue = ReturnType<
  typeof unknownPackage | typeof versionConflict | typeof meaninglessMarker | typeof missingDependency
>;
