/** Which other date, or package flag, satisfies a question as a whole. Found by looking, never guessed. */
import type { Target } from '../answer.ts';
import { changeDays } from '../compatibility/change-days.ts';
import { addDays, dayNumber } from '../compatibility/date.ts';
import { isPackageFlag } from '../compatibility/package-set.ts';
import { selectTarget, type TargetQuestion } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Candidate } from '../issues/closure.ts';
import { markerEnvironment } from '../requirements/environment.ts';
import { evaluateMarker } from '../requirements/marker.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { satisfies } from '../requirements/specifier.ts';

/** What sets pin: by canonical name, then by package flag. */
export type PinsByName = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A candidate of the whole question: which version it has of what is a matter of each issue. */
export type Elsewhere = Exclude<Candidate, { change: 'requirement' }> & { version: null };

/** Targets whose whole closure is looked at before it is given up. */
const MOST_TRIED = 3;

/**
 * Looks for another target that meets all `requirements`, those that are `unmet` by asking for them indeed; `resolves`
 * tells whether it has the whole closure too.
 */
export async function findCandidates(
  view: CatalogView,
  question: TargetQuestion,
  here: Target,
  requirements: readonly Requirement[],
  unmet: ReadonlySet<Requirement>,
  pins: PinsByName,
  resolves: (target: Target) => Promise<boolean>,
): Promise<Elsewhere[]> {
  const meets = ({ runtime, package_set }: Target) => {
    const environment = markerEnvironment(runtime);
    return requirements.every((requirement) => {
      const { name, specifiers, marker } = requirement;
      if (marker && !evaluateMarker(marker, environment)) return !unmet.has(requirement);
      const version = pins.get(name)?.get(package_set.flag);
      return version !== undefined && satisfies(version, specifiers);
    });
  };
  /** Those that do, the first of which has its whole closure. What a runtime and a set come to is looked at once. */
  const find = async (changes: Partial<TargetQuestion>[]): Promise<Target[]> => {
    const targets = new Map<string, Target>();
    for (const change of changes) {
      const outcome = selectTarget(view, { ...question, ...change });
      if (!outcome.ok) continue;
      const { runtime, package_set } = outcome.value;
      const key = `${runtime.id} ${package_set.flag}`;
      if (package_set.flag !== here.package_set.flag && !targets.has(key)) targets.set(key, outcome.value);
    }
    const found = [...targets.values()].filter(meets);
    for (let tried = 0; tried < MOST_TRIED && found[0]; tried++) {
      if (await resolves(found[0])) return found;
      found.shift();
    }
    return [];
  };

  const { compatibility_flags: flags, as_of } = question;
  const replaces = flags.find(isPackageFlag) ?? null;
  const candidates: Elsewhere[] = [];
  if (replaces === null) {
    // Every day on which the choice of runtime or set changes, and each day before, the nearest first. A package
    // flag pins its set at all of them.
    const distance = (day: string) => Math.abs(dayNumber(day) - dayNumber(here.compatibility_date));
    const days = changeDays(view, as_of).flatMap((day) => [day, addDays(day, -1)]);
    days.sort((a, b) => distance(a) - distance(b));
    const [dated] = await find(days.map((compatibility_date) => ({ compatibility_date })));
    if (dated) {
      const { compatibility_date, package_set } = dated;
      candidates.push({
        change: 'compatibility_date',
        compatibility_date,
        package_set: package_set.flag,
        version: null,
      });
    }
  }
  // What has none of the packages needs no longer look.
  const [first] = unmet;
  const having = first ? [...(pins.get(first.name)?.keys() ?? [])] : [...view.sets.keys()];
  // The sets of the same ABI first, and the newest of each.
  const key = (flag: string) => {
    const { abi, released } = view.sets.get(flag)!;
    return `${abi === here.runtime.abi} ${released} ${flag}`;
  };
  having.sort((a, b) => (key(a) > key(b) ? -1 : 1));
  const kept = flags.filter((flag) => flag !== replaces);
  const [flagged, ...others] = await find(having.map((flag) => ({ compatibility_flags: [...kept, flag] })));
  if (flagged) {
    const { flag: package_set } = flagged.package_set;
    candidates.push({ change: 'package_flag', package_set, version: null, replaces, others: others.length });
  }
  return candidates;
}
