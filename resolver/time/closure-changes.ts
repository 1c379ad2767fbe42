/** How the closure of requirements changes from one target to another. */
import type { Diagnostic, Target } from '../answer.ts';
import type { Member } from '../catalog.ts';
import { walkClosure } from '../closure/closure.ts';
import type { explain } from '../closure/explain.ts';
import type { PreparedSet } from '../closure/prepare.ts';
import { parseRequirements, type ResolveSource, yankedWheels } from '../closure/resolve.ts';
import type { TargetQuestion } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Outcome } from '../issue.ts';
import type { UnmetIssue } from '../issues/closure.ts';
import type { Requirement } from '../requirements/requirement.ts';
import type { ClosureChanges, FailingRequirement } from './answers.ts';
import { memberChanges } from './member-changes.ts';

/** What requirements come to in a target. */
export interface Side {
  set: PreparedSet;
  /** The closure of the requirements that can be satisfied, and the issues of the others. */
  members: Member[];
  issues: UnmetIssue[];
  diagnostics: Diagnostic[];
}

/** The requirements of a question that is asked of several targets. */
export interface Needs {
  requirements: readonly Requirement[];
  /** Walks the closure once for each runtime and package set. */
  sideIn(target: Target): Promise<Side>;
}

export function readNeeds(texts: readonly string[] = [], source: ResolveSource): Outcome<Needs> {
  const parsed = parseRequirements(texts);
  if (!parsed.ok) return parsed;
  const requirements = parsed.value;
  const sides = new Map<string, Promise<Side>>();
  const sideIn = (target: Target) => {
    const key = `${target.runtime.id} ${target.package_set.flag}`;
    const side = sides.get(key) ?? openSide(target, requirements, source);
    sides.set(key, side);
    return side;
  };
  return { ok: true, value: { requirements, sideIn } };
}

async function openSide(
  target: Target,
  requirements: readonly Requirement[],
  source: ResolveSource,
): Promise<Side> {
  const set = await source.openSet(target.package_set);
  const { members, issues, diagnostics } = walkClosure(target, set, requirements);
  return { set, members: members.map((at) => set.members[at]!), issues, diagnostics };
}

/** `question` and `target` are those of `to`. */
export async function closureChanges(
  view: CatalogView,
  from: Side,
  to: Side,
  question: TargetQuestion,
  target: Target,
  requirements: readonly Requirement[],
  source: ResolveSource,
  explaining: typeof explain,
): Promise<{ closure: ClosureChanges; diagnostics: Diagnostic[] }> {
  const failedBefore = new Set(from.issues.map(({ requirement }) => requirement));
  const issues =
    to.issues.length > 0
      ? await explaining(to.issues, view, question, target, to.set, requirements, source)
      : to.issues;
  const failing = issues.map(({ kind: _, requirement, ...rest }): FailingRequirement => {
    return { requirement, held: !failedBefore.has(requirement), ...rest };
  });
  const closure = changesOf(from.members, to.members, failing, view.yankedWheels);
  const remarks = [...from.diagnostics, ...to.diagnostics].map((remark) => [remark.message, remark] as const);
  const yanked = yankedWheels(
    view,
    to.members.map((member) => ({ name: member.name, wheel: member })),
  );
  return { closure, diagnostics: [...new Map(remarks).values(), ...yanked] };
}

/** The changes between two known closures, and the requirements that cannot be satisfied afterwards. */
export function changesOf(
  before: readonly Member[],
  after: readonly Member[],
  failing: FailingRequirement[],
  yanks?: CatalogView['yankedWheels'],
): ClosureChanges {
  const changes = memberChanges(before, after, yanks);
  const affected =
    failing.length > 0 ||
    changes.removed.some(({ kind }) => kind === 'package') ||
    changes.changed.some(({ kind, direction }) => kind === 'package' && direction !== 'rebuilt');
  return { affected, failing, ...changes };
}
