import type { MarkerEnvironment } from '../requirements/environment.ts';
import { evaluateMarker } from '../requirements/marker.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { satisfies } from '../requirements/specifier.ts';
import type { PreparedSet } from './prepare.ts';
import { walk } from './walk.ts';

/** Whether a set has a closure of these requirements: what `resolveClosure` would come to, without its reasons. */
export function holds(
  { index, members, dangling, edges }: PreparedSet,
  requirements: readonly Requirement[],
  environment: MarkerEnvironment,
): boolean {
  const roots: number[] = [];
  for (const { name, specifiers, marker } of requirements) {
    const applies = marker === null || evaluateMarker(marker, environment);
    if (applies === null) return false;
    if (!applies) continue;
    const member = index.get(name);
    if (member === undefined || !satisfies(members[member]!.version, specifiers)) return false;
    roots.push(member);
  }
  const isWhole = dangling.every(({ length }) => length === 0);
  return isWhole || walk({ edges }, roots).members.every((member) => dangling[member]!.length === 0);
}
