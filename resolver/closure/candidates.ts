/** Other package flags and dates that satisfy the whole question. Candidates are resolved before they are proposed. */
import type { Target } from '../answer.ts';
import type { CatalogSet } from '../catalog.ts';
import { changeDays } from '../compatibility/change-days.ts';
import { addDays, daysBetween } from '../compatibility/date.ts';
import { isPackageFlag, nearestSets } from '../compatibility/package-set.ts';
import { selectTarget, type TargetQuestion } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { FixOf } from '../issues/fixes.ts';
import type { Settled } from '../question/read.ts';
import { evaluateMarker, markerEnvironment } from '../requirements/marker.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { satisfies } from '../requirements/specifier.ts';
import { sortedBy } from '../sorted-by.ts';
import type { Pin } from './source.ts';

/** A change of the whole question; each issue adds what its package set has of it. */
export type Alternative = FixOf<'date' | 'package_flag'>;

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
): Promise<Alternative[]> {
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

  const findFlag = async (isSame: boolean): Promise<Alternative[]> => {
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

/** The targets of the question with the package flag of each of these sets. */
export function flaggedTargets(
  view: CatalogView,
  question: TargetQuestion,
  sets: readonly CatalogSet[],
): Target[] {
  const kept = question.compatibility_flags.filter((flag) => !isPackageFlag(flag));
  return sets.flatMap(({ flag }) => targetOf(view, { ...question, compatibility_flags: [...kept, flag] }));
}

export function toDate({ compatibility_date, package_set }: Target): FixOf<'date'> {
  return { kind: 'date', compatibility_date, package_set: package_set.flag, has: [] };
}

/** The change of a question, which selects `here` or is of a Pyodide, to the package flag of a target. */
export function toFlag(
  { compatibility_flags, pyodide: named }: TargetQuestion & Pick<Settled, 'pyodide'>,
  here: Target,
  { package_set: { flag }, runtime: { id, pyodide } }: Target,
  others = 0,
): FixOf<'package_flag'> {
  const replaces = named ? null : (compatibility_flags.find(isPackageFlag) ?? null);
  const same_runtime = named ? named === pyodide : id === here.runtime.id;
  return { kind: 'package_flag', flag, has: [], replaces, pyodide, same_runtime, others };
}

/** Equal for targets that have the same runtime and the same set. */
export const placeOf = ({ runtime, package_set }: Target): string => `${runtime.id} ${package_set.flag}`;

export function targetOf(view: CatalogView, question: TargetQuestion): Target[] {
  const outcome = selectTarget(view, question);
  return outcome.ok ? [outcome.value] : [];
}

/** The pins that satisfy a requirement, by the package flags of their sets, the newest last. */
export type PinsMeeting = (requirement: Requirement) => ReadonlyMap<string, Pin>;

/** Compares each requirement with each version once. `pins` are by canonical name, the newest set last. */
export function pinsMeeting(view: CatalogView, pins: ReadonlyMap<string, readonly Pin[]>): PinsMeeting {
  const known = new Map<Requirement, Map<string, Pin>>();
  return (requirement) => {
    let meeting = known.get(requirement);
    if (meeting) return meeting;
    meeting = new Map();
    known.set(requirement, meeting);
    const judged = new Map<string, boolean>();
    for (const pin of pins.get(requirement.name) ?? []) {
      const { flag, version } = pin;
      const isMet = judged.get(version) ?? satisfies(version, requirement.specifiers);
      judged.set(version, isMet);
      if (isMet && view.sets.has(flag)) meeting.set(flag, pin);
    }
    return meeting;
  };
}

type Place = { runtime: Target['runtime']; package_set: { flag: string } };

/** The pin of a place that meets a requirement, if there is one. A requirement that its marker excludes needs nothing. */
export function pinIn({ runtime, package_set: { flag } }: Place, meeting: PinsMeeting) {
  const environment = markerEnvironment(runtime);
  return (requirement: Requirement): Pick<Pin, 'whole'> | undefined => {
    const holds = !requirement.marker || evaluateMarker(requirement.marker, environment);
    return holds === false ? NOTHING : holds ? meeting(requirement).get(flag) : undefined;
  };
}

const NOTHING = { whole: true };

/** Whether a place meets requirements, with all that their packages need; undefined if only its set tells. */
export function metByPins(
  requirements: readonly Requirement[],
  meeting: PinsMeeting,
  place: Place,
): boolean | undefined {
  const pinOf = pinIn(place, meeting);
  let isWhole: true | undefined = true;
  for (const requirement of requirements) {
    const pin = pinOf(requirement);
    if (!pin || pin.whole === false) return false;
    isWhole &&= pin.whole;
  }
  return isWhole;
}
