import type { FileRequirement } from '../../resolver/requirements/requirements-file.ts';

export type { FileRequirement };

/** Places named before the rest is only counted. */
const SHOWN = 5;

/** What a command line asks for itself, which has no place. */
export function withoutPlace(text: string): FileRequirement {
  return { text, where: '' };
}

/** The complaints, those about the `requirements` of a question with the places that they were written in. */
export function locateComplaints<One extends { message: string; where?: string }>(
  complaints: readonly One[],
  requirements: readonly FileRequirement[],
): One[] {
  return complaints.map((complaint) => {
    if (complaint.where !== undefined) return complaint;
    const places = placesOf(complaint).flatMap((at) => requirements[at]?.where || []);
    if (places.length === 0) return complaint;
    const more = places.length > SHOWN ? ` and ${places.length - SHOWN} more` : '';
    return { ...complaint, where: places.slice(0, SHOWN).join('; ') + more };
  });
}

/** The places of an issue's requirement in the question; none where it is about no requirement. */
export function placesOf(issue: object): number[] {
  const { index, repeats = [] } = issue as { index?: number; repeats?: number[] };
  return index === undefined ? [] : [index, ...repeats];
}
