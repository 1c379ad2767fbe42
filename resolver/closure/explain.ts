/** What would do in the place of requirements that cannot be met. */
import type { Target } from '../answer.ts';
import type { TargetQuestion } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import {
  type Candidate,
  missingDependency,
  type UnmetIssue,
  unknownPackage,
  versionConflict,
} from '../issues/closure.ts';
import { markerEnvironment } from '../requirements/environment.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { parseSpecifier } from '../requirements/specifier.ts';
import { nearest } from '../text/nearest.ts';
import { findCandidates } from './candidates.ts';
import { holds } from './holds.ts';
import { KnownPins } from './known-pins.ts';
import type { PreparedSet } from './prepare.ts';
import { providersOf } from './select.ts';
import type { ResolveSource } from './source.ts';

export type { Pin } from './source.ts';

/** Issues that are explained; of further ones only what is wrong is said. */
const MOST_EXPLAINED = 50;

/** A question, and what it was held against. */
export interface Refused {
  view: CatalogView;
  question: TargetQuestion;
  target: Target;
  set: PreparedSet;
  requirements: readonly Requirement[];
}

/**
 * The same issues with near names and with candidates, which are found for the question as a whole, and whose closure
 * is looked at before they are proposed.
 */
export async function explain(
  issues: readonly UnmetIssue[],
  { view, question, target, set, requirements }: Refused,
  source: ResolveSource,
): Promise<UnmetIssue[]> {
  const names = new Set([...requirements.map(({ name }) => name), ...issues.map((issue) => issue.package)]);
  const pins = new KnownPins(view, await source.readPins([...names]));
  /** The newest pin in any set that satisfies the version of a requirement. */
  const availableOf = (requirement: Requirement) => {
    const found = [...pins.meeting(requirement)].at(-1);
    return found ? { package_set: found[0], version: found[1] } : null;
  };
  /** Of requirements that are not met: null where no set can meet it, which stands in nobody's way. */
  const unmet = new Map<Requirement, ReturnType<typeof availableOf>>();
  for (const { code, index } of issues) {
    const one = requirements[index]!;
    if (code !== 'missing_dependency')
      unmet.set(one, code === 'meaningless_marker' ? null : availableOf(one));
  }
  const open = new Set([...unmet].flatMap(([one, available]) => (available ? one : [])));
  // Those first that are not met here, and so the least likely to be met elsewhere.
  const possible = [...new Set([...open, ...requirements.filter((one) => !unmet.has(one))])];
  const found = await findCandidates(view, question, target, possible, open, pins, async (other) => {
    return holds(await source.openSet(other.package_set), possible, markerEnvironment(other.runtime));
  });

  return issues.map((issue, at) => {
    if (at >= MOST_EXPLAINED || issue.code === 'meaningless_marker') return issue;
    const { package: name } = issue;
    const elsewhere = found.map((one): Candidate => {
      return { ...one, version: pins.versionIn(name, one.package_set) };
    });
    if (issue.code === 'missing_dependency') return missingDependency({ ...issue, candidates: elsewhere });
    const available = unmet.get(requirements[issue.index]!)!;
    // Another target is none for a requirement that no set can meet.
    const others = available ? elsewhere : [];
    if (issue.code === 'version_conflict') {
      const loose = [name, ...pinOf(name, issue.pinned)].map(asRequirement);
      return versionConflict({ ...issue, candidates: [...others, ...loose], available });
    }
    const providers = providersOf(name, set);
    const near = providers.length > 0 ? [] : nearest(name, set.index.keys());
    const meant = [...providers, ...near].map(asRequirement);
    return unknownPackage({ ...issue, near, providers, candidates: [...others, ...meant], available });
  });
}

function asRequirement(requirement: string): Candidate {
  return { change: 'requirement', requirement };
}

/** A requirement of exactly this version, where there can be one: not every pin is a version of PEP 440. */
function pinOf(name: string, version: string): string[] {
  return parseSpecifier(`==${version}`) ? [`${name}==${version}`] : [];
}
