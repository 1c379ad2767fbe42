import type { FileRequirement } from '../../resolver/requirements/requirements-file.ts';

export type { FileRequirement };

/** At most this many positions are listed; the rest are counted. */
const SHOWN = 5;

/** The requirements of the command line, which have no position. */
export function withoutPlace(text: string): FileRequirement {
  return { text, where: '' };
}

/** Adds to the issues about `requirements` the positions of these in files. */
export function locateIssues<One extends { message: string; where?: string }>(
  issues: readonly One[],
  requirements: readonly FileRequirement[],
): One[] {
  return issues.map((issue) => {
    if (issue.where !== undefined) return issue;
    const places = placesOf(issue).flatMap((at) => requirements[at]?.where || []);
    if (places.length === 0) return issue;
    const more = places.length > SHOWN ? ` and ${places.length - SHOWN} more` : '';
    return { ...issue, where: places.slice(0, SHOWN).join('; ') + more };
  });
}

/** The positions of the requirement that an issue is about; empty if it is not about one. */
export function placesOf(issue: object): number[] {
  const { index, repeats = [] } = issue as { index?: number; repeats?: number[] };
  return index === undefined ? [] : [index, ...repeats];
}
