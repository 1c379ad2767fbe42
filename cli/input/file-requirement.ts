import type { FileRequirement } from '../../resolver/requirements/requirements-file.ts';

export type { FileRequirement };

/** Places named before the rest is only counted. */
const SHOWN = 5;

/** What a command line asks for itself, which has no place. */
export function withoutPlace(text: string): FileRequirement {
  return { text, where: '' };
}

/** The issues, those about the `requirements` of a question with the places that they were written in. */
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

/** The places of an issue's requirement in the question; none if it is about no requirement. */
export function placesOf(issue: object): number[] {
  const { index, repeats = [] } = issue as { index?: number; repeats?: number[] };
  return index === undefined ? [] : [index, ...repeats];
}
