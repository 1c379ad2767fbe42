/** How the closure of requirements changes from one target to another. */
import type { Diagnostic, Target } from '../answer.ts';
import type { Member } from '../catalog.ts';
import { resolveClosure } from '../closure/closure.ts';
import type { explain } from '../closure/explain.ts';
import type { PreparedSet } from '../closure/prepare.ts';
import type { ResolveSource } from '../closure/resolve.ts';
import { selectRoots } from '../closure/select.ts';
import { walk } from '../closure/walk.ts';
import type { TargetQuestion } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { UnmetIssue } from '../issues/closure.ts';
import { markerEnvironment } from '../requirements/environment.ts';
import type { Requirement } from '../requirements/requirement.ts';
import type { ClosureChanges, FailingRequirement } from './answers.ts';
import { memberChanges } from './member-changes.ts';

/** One side of a comparison. */
export interface Side {
  question: TargetQuestion;
  target: Target;
  set: PreparedSet;
}

/** The closure of the requirements that can be satisfied, and the issues of the others. */
interface Part {
  members: Member[];
  issues: UnmetIssue[];
  diagnostics: Diagnostic[];
}

export async function closureChanges(
  view: CatalogView,
  from: Side,
  to: Side,
  requirements: readonly Requirement[],
  source: ResolveSource,
  explaining: typeof explain,
): Promise<{ closure: ClosureChanges; diagnostics: Diagnostic[] }> {
  const before = partOf(view, from, requirements);
  const after = partOf(view, to, requirements);
  const failedBefore = new Set(before.issues.map(({ requirement }) => requirement));
  const issues =
    after.issues.length > 0
      ? await explaining(after.issues, view, to.question, to.target, to.set, requirements, source)
      : after.issues;
  const failing = issues.map(({ kind: _, requirement, ...rest }): FailingRequirement => {
    return { requirement, held: !failedBefore.has(requirement), ...rest };
  });
  const closure = changesOf(before.members, after.members, failing);
  const remarks = [...before.diagnostics, ...after.diagnostics].map(
    (remark) => [remark.message, remark] as const,
  );
  return { closure, diagnostics: [...new Map(remarks).values()] };
}

/** The changes between two known closures, and the requirements that cannot be satisfied afterwards. */
export function changesOf(
  before: readonly Member[],
  after: readonly Member[],
  failing: FailingRequirement[],
): ClosureChanges {
  const changes = memberChanges(before, after);
  const affected =
    failing.length > 0 ||
    changes.removed.some(({ kind }) => kind === 'package') ||
    changes.changed.some(({ kind, direction }) => kind === 'package' && direction !== 'rebuilt');
  return { affected, failing, ...changes };
}

function partOf(view: CatalogView, { target, set }: Side, requirements: readonly Requirement[]): Part {
  const whole = resolveClosure(view.stamp, target, set, requirements);
  const { roots, diagnostics } = selectRoots(set.flag, set, requirements, () =>
    markerEnvironment(target.runtime),
  );
  const members = walk(set, roots.keys()).members.map((index) => set.members[index]!);
  return { members, issues: whole.ok ? [] : whole.issues, diagnostics };
}
