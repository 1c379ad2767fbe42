/** The differences between two lists of packages. */
import type { Diagnostic, Target } from '../answer.ts';
import type { Member } from '../catalog.ts';
import { placeOf } from '../closure/candidates.ts';
import { danglingOf, selectRoots } from '../closure/closure.ts';
import type { explain } from '../closure/explain.ts';
import { type PreparedSet, walk } from '../closure/prepare.ts';
import { parseRequirements, yankedWheels } from '../closure/resolve.ts';
import type { ResolveSource } from '../closure/source.ts';
import type { TargetQuestion } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { evidenceIn } from '../evidence-level.ts';
import type { Outcome } from '../issue.ts';
import type { UnmetIssue } from '../issues/closure.ts';
import { markerEnvironment } from '../requirements/marker.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { sortedBy } from '../sorted-by.ts';
import type {
  ClosureChanges,
  FailingRequirement,
  NamedVersion,
  PackageChanges,
  VersionChange,
} from './answers.ts';
import { versionStep } from './version-order.ts';

/** Two published sets, and the view that has evidence and yanks of their members. It has none of other members. */
export interface Known extends Record<'from' | 'to', Pick<PreparedSet, 'flag' | 'members'>> {
  view: Pick<CatalogView, 'yankedWheels' | 'levels'>;
}

export function memberChanges(
  from: readonly Member[],
  to: readonly Member[],
  known: Known | null = null,
): PackageChanges {
  const published = known && { from: new Set(known.from.members), to: new Set(known.to.members) };
  const factsOf = (member: Member, side: 'from' | 'to') => {
    if (!published?.[side].has(member)) return { evidence: null };
    const yank = known!.view.yankedWheels.get(member.sha256);
    const evidence = evidenceIn(known!.view, known![side].flag)(member.name);
    return { evidence, ...(yank && { yanked: yank.reason }) };
  };
  const named = (member: Member, side: 'from' | 'to'): NamedVersion => {
    const { name, version, kind } = member;
    return { name, version, kind, ...factsOf(member, side) };
  };
  const before = new Map(from.map((member) => [member.name, member]));
  const after = new Set(to.map(({ name }) => name));
  const changed: { change: VersionChange; harm: number }[] = [];
  const added: NamedVersion[] = [];
  for (const member of to) {
    const old = before.get(member.name);
    if (!old) added.push(named(member, 'to'));
    else if (old.version !== member.version || old.sha256 !== member.sha256) {
      const { name, version, kind } = member;
      const { direction, harm } = changeOf(old.version, version);
      const change = { name, from: old.version, to: version, direction, kind, ...factsOf(member, 'to') };
      changed.push({ change, harm });
    }
  }
  const removed = from.filter(({ name }) => !after.has(name)).map((member) => named(member, 'from'));
  return {
    removed: sortedBy(removed, ({ name }) => name),
    changed: sortedBy(changed, ({ harm, change }) => `${harm} ${change.name}`).map(({ change }) => change),
    added: sortedBy(added, ({ name }) => name),
  };
}

/** The lower the harm, the more likely the change breaks something. */
function changeOf(from: string, to: string): { direction: VersionChange['direction']; harm: number } {
  const { order, isMajor } = versionStep(from, to);
  if (order > 0) return { direction: 'down', harm: 0 };
  if (order === 0) return { direction: 'rebuilt', harm: 3 };
  return { direction: 'up', harm: isMajor ? 1 : 2 };
}

/** The result of requirements in one target. */
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
  const open = async (target: Target): Promise<Side> => {
    const set = await source.openSet(target.package_set);
    const environment = () => markerEnvironment(target.runtime);
    const { roots, issues, diagnostics } = selectRoots(set.flag, set, requirements, environment);
    issues.push(...danglingOf(set, requirements, roots));
    const members = walk(set, roots.keys()).members.map((at) => set.members[at]!);
    return { set, members, issues, diagnostics };
  };
  const sideIn = (target: Target) => {
    const key = placeOf(target);
    const side = sides.get(key) ?? open(target);
    sides.set(key, side);
    return side;
  };
  return { ok: true, value: { requirements, sideIn } };
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
  const explained = () => explaining(to.issues, view, question, target, to.set, requirements, source);
  const issues = to.issues.length > 0 ? await explained() : [];
  const failing = issues.map(({ kind: _, requirement, ...rest }): FailingRequirement => {
    return { requirement, held: !failedBefore.has(requirement), ...rest };
  });
  const versionIn = (name: string) => to.set.members[to.set.index.get(name) ?? -1]?.version;
  const known = { view, from: from.set, to: to.set };
  const closure = changesOf(from.members, to.members, failing, versionIn, known);
  const remarks = [...from.diagnostics, ...to.diagnostics].map((remark) => [remark.message, remark] as const);
  const wheels = to.members.map((member) => ({ name: member.name, wheel: member }));
  const yanked = yankedWheels(view, wheels);
  return { closure, diagnostics: [...new Map(remarks).values(), ...yanked] };
}

/**
 * The changes between two known closures, and the requirements that cannot be satisfied afterwards.
 * @param versionIn the version of a package in the later set
 */
export function changesOf(
  before: readonly Member[],
  after: readonly Member[],
  failing: FailingRequirement[],
  versionIn: (name: string) => string | undefined = () => undefined,
  known: Known | null = null,
): ClosureChanges {
  const { removed, ...others } = memberChanges(before, after, known);
  const left = removed.map((gone) => {
    const in_set = versionIn(gone.name);
    return in_set === undefined ? gone : { ...gone, in_set };
  });
  const changes = { removed: left, ...others };
  const affected =
    failing.length > 0 ||
    changes.removed.some(({ kind }) => kind === 'package') ||
    changes.changed.some(({ kind, direction }) => kind === 'package' && direction !== 'rebuilt');
  return { affected, failing, ...changes };
}
