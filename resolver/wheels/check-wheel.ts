/** Checks the requirements of a wheel against a package set, by the resolver's PEP 440 and PEP 508. */
import type { PackageSet } from '../catalog.ts';
import { type Pins, selectRoots } from '../closure/closure.ts';
import type { UnmetIssue } from '../issues/closure.ts';
import { markerEnvironment } from '../requirements/marker.ts';
import { parseRequirement, type Requirement } from '../requirements/requirement.ts';
import { satisfies } from '../requirements/specifier.ts';
import type { WheelMetadata } from './files.ts';

export interface Checked {
  /** Canonical names of what the wheel needs in this set, in the order of its METADATA. */
  depends: string[];
  /** `depends` as its METADATA writes them. */
  written_depends: string[];
  /** Every reason to reject the wheel, each as a clause. */
  issues: string[];
  /** The reasons that are missing packages. */
  missing: string[];
}

/** `versions` are those of the set after the publication, by canonical name. */
export function checkWheel(
  { requires_dist, requires_python }: Pick<WheelMetadata, 'requires_dist' | 'requires_python'>,
  set: Pick<PackageSet, 'flag' | 'python' | 'platform'>,
  versions: ReadonlyMap<string, string>,
): Checked {
  const checked: Checked = { depends: [], written_depends: [], issues: [], missing: [] };
  if (!admitsPython(requires_python, set.python)) {
    checked.issues.push(`it requires Python ${requires_python}, the set is of Python ${set.python}`);
  }
  const pins: Pins = {
    index: new Map([...versions.keys()].map((name, at) => [name, at])),
    members: [...versions.values()].map((version) => ({ version })),
  };
  const environment = markerEnvironment(set);
  for (const text of requires_dist) {
    const parsed = parseRequirement(text);
    if (!parsed.ok) {
      checked.issues.push(`it requires ${text}, which cannot be read`);
      continue;
    }
    const { roots, issues } = selectRoots(set.flag, pins, [parsed.value], () => environment);
    for (const issue of issues) {
      checked.issues.push(clauseOf(issue, parsed.value));
      if (issue.code === 'unknown_package') checked.missing.push(checked.issues.at(-1)!);
    }
    if (roots.size > 0) addDependency(checked, parsed.value);
  }
  return checked;
}

function addDependency({ depends, written_depends, issues }: Checked, requirement: Requirement): void {
  const { name, written_name, extras } = requirement;
  if (extras.length > 0) issues.push(`it requires ${bare(requirement)}, and the set does not record extras`);
  if (depends.includes(name)) return;
  depends.push(name);
  written_depends.push(written_name);
}

function clauseOf(issue: UnmetIssue, requirement: Requirement): string {
  switch (issue.code) {
    case 'version_conflict':
      return `it requires ${bare(requirement)}, the set pins ${issue.pinned}`;
    case 'unknown_package':
      return `it requires ${bare(requirement)}, which the set does not have`;
    default:
      return `it requires ${requirement.text}, whose marker has no meaning`;
  }
}

/** A requirement without its marker. */
function bare({ text }: Requirement): string {
  return text.split(';', 1)[0]!.trim();
}

function admitsPython(required: string | null, python: string): boolean {
  if (required === null) return true;
  const parsed = parseRequirement(`python ${required}`);
  return parsed.ok && satisfies(python, parsed.value.specifiers);
}
