/** Proposes alternatives to requirements that cannot be satisfied. */
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
import type { Requirement } from '../requirements/requirement.ts';
import { parseSpecifier } from '../requirements/specifier.ts';
import { findCandidates } from './candidates.ts';
import { resolveClosure } from './closure.ts';
import { MOST_EXPLAINED } from './most-explained.ts';
import { pinsMeeting } from './pins-meeting.ts';
import type { PreparedSet } from './prepare.ts';
import { meantBy } from './select.ts';
import type { ResolveSource } from './source.ts';

export type { Pin } from './source.ts';

/**
 * Adds similar names and candidates to the issues. Candidates satisfy the whole question, and their closure is resolved
 * before they are proposed.
 */
export async function explain(
  issues: readonly UnmetIssue[],
  view: CatalogView,
  question: TargetQuestion,
  target: Target,
  set: PreparedSet,
  requirements: readonly Requirement[],
  source: ResolveSource,
): Promise<UnmetIssue[]> {
  const names = [...requirements.map(({ name }) => name), ...issues.map((issue) => issue.package)];
  const pins = await source.readPins([...new Set(names)]);
  const meeting = pinsMeeting(view, pins);
  /** For each requirement that is not satisfied: the newest pin of any set that satisfies its version. */
  const unmet = new Map<Requirement, [package_set: string, version: string] | undefined>();
  for (const { code, index } of issues) {
    const one = requirements[index]!;
    // A requirement that no set satisfies does not rule out candidates for the others.
    if (code === 'meaningless_marker') unmet.set(one, undefined);
    else if (code !== 'missing_dependency') unmet.set(one, [...meeting(one)].at(-1));
  }
  const open = [...unmet.keys()].filter((one) => unmet.get(one));
  // The unsatisfied ones first: they are the least likely to be satisfied by another set.
  const possible = [...new Set([...open, ...requirements.filter((one) => !unmet.has(one))])];
  const resolves = async (other: Target) =>
    resolveClosure(view.stamp, other, await source.openSet(other.package_set), possible).ok;
  // No other target helps a requirement that no set satisfies. The issues that are not in `unmet` are about dependencies.
  const isHelped = open.length > 0 || issues.length > unmet.size;
  const found = isHelped
    ? await findCandidates(view, question, target, possible, new Set(open), meeting, resolves)
    : [];

  return issues.map((issue, at) => {
    if (at >= (source.explained ?? MOST_EXPLAINED) || issue.code === 'meaningless_marker') return issue;
    const name = issue.package;
    const alternatives = found.map(
      (one): Candidate => ({
        ...one,
        version: pins.get(name)?.find(({ flag }) => flag === one.package_set)?.version ?? null,
      }),
    );
    if (issue.code === 'missing_dependency') return missingDependency({ ...issue, candidates: alternatives });
    const newest = unmet.get(requirements[issue.index]!);
    const available = newest ? { package_set: newest[0], version: newest[1] } : null;
    const candidatesBeside = (meant: readonly string[]): Candidate[] => [
      ...(available ? alternatives : []),
      ...meant.map((requirement) => ({ change: 'requirement' as const, requirement })),
    ];
    if (issue.code === 'version_conflict') {
      const exact = `==${issue.pinned}`;
      // Some pins are not PEP 440 versions.
      const candidates = candidatesBeside(parseSpecifier(exact) ? [name, name + exact] : [name]);
      return versionConflict({ ...issue, candidates, available });
    }
    const { providers, near } = meantBy(name, set);
    const candidates = candidatesBeside([...providers, ...near]);
    return unknownPackage({ ...issue, near, providers, candidates, available });
  });
}
