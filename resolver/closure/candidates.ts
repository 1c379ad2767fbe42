/** Other package flags and dates that satisfy the whole question. Candidates are resolved before they are proposed. */
import type { Target } from '../answer.ts';
import type { CatalogSet } from '../catalog.ts';
import { changeDays } from '../compatibility/change-days.ts';
import { addDays, daysBetween } from '../compatibility/date.ts';
import { isPackageFlag, nearestSets } from '../compatibility/package-set.ts';
import { selectTarget, type TargetQuestion } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { FixOf, Move } from '../issues/fixes.ts';
import { evaluateMarker, markerEnvironment } from '../requirements/marker.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { sortedBy } from '../sorted-by.ts';
import type { PinsMeeting } from './meeting.ts';

/** At most this many targets are resolved, because each may have to open a set. */
const MOST_TRIED = 4;

/**
 * Looks for other targets that satisfy all `requirements`; for the `unmet` ones, their markers have to hold there.
 * `resolves` tells whether a target has the whole closure, too. A set that the same runtime runs comes first, then
 * another date; a set of another runtime is proposed only if there is nothing else.
 */
export async function findCandidates(
  view: CatalogView,
  question: TargetQuestion,
  here: Target,
  requirements: readonly Requirement[],
  unmet: ReadonlySet<Requirement>,
  able: readonly CatalogSet[],
  meeting: PinsMeeting,
  resolves: (target: Target) => Promise<boolean>,
): Promise<Move[]> {
  const meets = ({ runtime, package_set }: Target) => {
    const environment = markerEnvironment(runtime);
    return requirements.every((requirement) =>
      !requirement.marker || evaluateMarker(requirement.marker, environment)
        ? meeting(requirement).has(package_set.flag)
        : !unmet.has(requirement),
    );
  };
  let tried = 0;
  /** The targets that do; the first has its whole closure. Each pair of runtime and set is tried once. */
  const find = async (others: readonly Target[]): Promise<Target[]> => {
    const seen = new Set<string>();
    const fitting = others.filter((other) => {
      const key = placeOf(other);
      const isOther = other.package_set.flag !== here.package_set.flag;
      return isOther && !seen.has(key) && seen.add(key) && meets(other);
    });
    for (; tried < MOST_TRIED && fitting[0]; fitting.shift()) {
      tried++;
      if (await resolves(fitting[0])) return fitting;
    }
    return [];
  };

  const findFlag = async (isSame: boolean): Promise<Move[]> => {
    const sets = able.filter(({ abi }) => (abi === here.runtime.abi) === isSame);
    const targets = await find(flaggedTargets(view, question, nearestSets(view, here.runtime, sets)));
    return targets.slice(0, 1).map((there) => toFlag(question, here, there, targets.length - 1));
  };

  const candidates = await findFlag(true);
  const [dated] = await find(datedTargets(view, question, here));
  if (dated) candidates.push(toDate(dated));
  return candidates.length > 0 ? candidates : findFlag(false);
}

/**
 * Targets of every day on which the choice of runtime or set changes, and of each day before, the nearest first. None with
 * a package flag, which pins its set at all of them.
 */
export function datedTargets(view: CatalogView, question: TargetQuestion, here: Target): Target[] {
  if (question.compatibility_flags.some(isPackageFlag)) return [];
  const days = changeDays(view, question.as_of).flatMap((day) => [day, addDays(day, -1)]);
  const targets = days.flatMap((compatibility_date) => targetOf(view, { ...question, compatibility_date }));
  return sortedBy(targets, ({ compatibility_date }) =>
    daysBetween(compatibility_date, here.compatibility_date),
  );
}

/** The target of the day of the question, whose set is its newest. */
export function newestTarget(view: CatalogView, question: TargetQuestion): Target | undefined {
  const compatibility_flags = question.compatibility_flags.filter((flag) => !isPackageFlag(flag));
  return targetOf(view, { ...question, compatibility_date: question.as_of, compatibility_flags })[0];
}

/** The targets of the question with the package flag of each of these sets. */
export function flaggedTargets(
  view: CatalogView,
  question: TargetQuestion,
  sets: readonly CatalogSet[],
): Target[] {
  const kept = question.compatibility_flags.filter((flag) => !isPackageFlag(flag));
  return sets.flatMap(({ flag }) => targetOf(view, { ...question, compatibility_flags: [...kept, flag] }));
}

/** The sets that were released after one, the next first, without those that were yanked. */
export function laterSets(
  { sets, yankedSets }: CatalogView,
  { released }: Pick<CatalogSet, 'released'>,
): CatalogSet[] {
  const later = [...sets.values()].filter((set) => set.released > released && !yankedSets.has(set.flag));
  return sortedBy(later, (set) => set.released);
}

export function toDate({ compatibility_date, package_set }: Target): FixOf<'date'> {
  return { kind: 'date', compatibility_date, package_set: package_set.flag, has: [] };
}

/** A question may be of a Pyodide, in place of a target. */
type Named = { pyodide?: string | null | undefined };

/** The change of a question, which selects `here` or is of a Pyodide, to the package flag of a target. */
export function toFlag(
  { compatibility_flags, pyodide: named }: Pick<TargetQuestion, 'compatibility_flags'> & Named,
  here: Target,
  { package_set: { flag }, runtime: { pyodide } }: Target,
  others = 0,
): FixOf<'package_flag'> {
  const replaces = named ? null : (compatibility_flags.find(isPackageFlag) ?? null);
  const same_runtime = pyodide === (named ?? here.runtime.pyodide);
  return { kind: 'package_flag', flag, has: [], replaces, pyodide, same_runtime, others };
}

/** Equal for targets that have the same runtime and the same set. */
export const placeOf = ({ runtime, package_set }: Target): string => `${runtime.id} ${package_set.flag}`;

export function targetOf(view: CatalogView, question: TargetQuestion): Target[] {
  const outcome = selectTarget(view, question);
  return outcome.ok ? [outcome.value] : [];
}
