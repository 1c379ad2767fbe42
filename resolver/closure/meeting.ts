/** Whether sets meet requirements: by their pins alone, or by the sets. Makes no issues, which take longer. */
import type { Target } from '../answer.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { evaluateMarker, markerEnvironment } from '../requirements/marker.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { satisfies } from '../requirements/specifier.ts';
import type { PreparedSet } from './prepare.ts';
import type { Pin } from './source.ts';

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
/** The pin that meets a requirement, as far as it counts here; undefined if there is none. */
type Meeting = Pick<Pin, 'whole'> | undefined;

/** Finds the pin of a runtime for a requirement; a requirement that its marker excludes needs none. */
const finder = (runtime: Target['runtime'], find: (requirement: Requirement) => Meeting) => {
  const environment = markerEnvironment(runtime);
  return (requirement: Requirement): Meeting => {
    const holds = !requirement.marker || evaluateMarker(requirement.marker, environment);
    return holds === false ? NOTHING : holds ? find(requirement) : undefined;
  };
};

const NOTHING = { whole: true };

/** The pin of a place that meets a requirement, if there is one. */
export const pinIn = ({ runtime, package_set: { flag } }: Place, meeting: PinsMeeting) =>
  finder(runtime, (requirement) => meeting(requirement).get(flag));

/** Whether all are met, with all that their packages need; undefined if only the set tells. */
function areMet(
  requirements: readonly Requirement[],
  find: (requirement: Requirement) => Meeting,
): boolean | undefined {
  let isWhole: true | undefined = true;
  for (const requirement of requirements) {
    const pin = find(requirement);
    if (!pin || pin.whole === false) return false;
    isWhole &&= pin.whole;
  }
  return isWhole;
}

/** Whether a place meets requirements, with all that their packages need; undefined if only its set tells. */
export const metByPins = (
  requirements: readonly Requirement[],
  meeting: PinsMeeting,
  place: Place,
): boolean | undefined => areMet(requirements, pinIn(place, meeting));

/** Whether a set has that closure for the runtime of `target`. */
export const hasClosure = (
  { runtime }: Target,
  { index, members, whole }: PreparedSet,
  requirements: readonly Requirement[],
): boolean =>
  areMet(
    requirements,
    finder(runtime, ({ name, specifiers }) => {
      const at = index.get(name);
      const isThere = at !== undefined && satisfies(members[at]!.version, specifiers);
      return isThere ? { whole: whole[at]! } : undefined;
    }),
  ) === true;
