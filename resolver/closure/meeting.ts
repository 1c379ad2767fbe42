/** Whether sets meet requirements, by their pins alone. */
import type { Target } from '../answer.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { evaluateMarker, markerEnvironment } from '../requirements/marker.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { satisfies } from '../requirements/specifier.ts';
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

const NOTHING = { whole: true };

/** Finds the pin of a place that meets a requirement, if there is one; a requirement that its marker excludes needs none. */
export function pinIn({ runtime, package_set: { flag } }: Place, meeting: PinsMeeting) {
  const environment = markerEnvironment(runtime);
  return (requirement: Requirement): Pick<Pin, 'whole'> | undefined => {
    const holds = !requirement.marker || evaluateMarker(requirement.marker, environment);
    return holds === false ? NOTHING : holds ? meeting(requirement).get(flag) : undefined;
  };
}

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
