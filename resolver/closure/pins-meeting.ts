import type { CatalogView } from '../compatibility/view.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { satisfies } from '../requirements/specifier.ts';
import type { Pin } from './source.ts';

/** The versions that satisfy a requirement, by the package flags of their sets, the newest last. */
export type PinsMeeting = (requirement: Requirement) => ReadonlyMap<string, string>;

/** Compares each requirement with each version once. `pins` are by canonical name, the newest set last. */
export function pinsMeeting(view: CatalogView, pins: ReadonlyMap<string, readonly Pin[]>): PinsMeeting {
  const known = new Map<Requirement, Map<string, string>>();
  return (requirement) => {
    let found = known.get(requirement);
    if (found) return found;
    found = new Map();
    known.set(requirement, found);
    const judged = new Map<string, boolean>();
    for (const { flag, version } of pins.get(requirement.name) ?? []) {
      const isMet = judged.get(version) ?? satisfies(version, requirement.specifiers);
      judged.set(version, isMet);
      if (isMet && view.sets.has(flag)) found.set(flag, version);
    }
    return found;
  };
}
