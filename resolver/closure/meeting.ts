/** Whether sets meet requirements: by their pins alone, or by the sets. Makes no issues, which take longer. */
import type { Target } from '../answer.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { evaluateMarker, type MarkerEnvironment, markerEnvironment } from '../requirements/marker.ts';
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

/** Whether a set has that closure for the runtime of `target`. */
export function hasClosure(
  { runtime }: Target,
  set: PreparedSet,
  requirements: readonly Requirement[],
): boolean {
  const { index, members, whole } = set;
  let environment: MarkerEnvironment | undefined;
  for (const { name, specifiers, marker } of requirements) {
    if (marker) {
      environment ??= markerEnvironment(runtime);
      const holds = evaluateMarker(marker, environment);
      if (holds === null) return false;
      if (!holds) continue;
    }
    const member = index.get(name);
    if (member === undefined) return false;
    if (!satisfies(members[member]!.version, specifiers)) return false;
    if (!whole[member]) return false;
  }
  return true;
}
