import { parseRequirement } from '../../resolver/requirements/requirement.ts';
import type { FileRequirement } from '../../resolver/requirements/requirements-file.ts';
import { printable } from '../../resolver/text/printable.ts';
import type { Complaint } from '../failure.ts';

export type { FileRequirement };

/** The complaints, those about what a file asks for with the place that it was written in. */
export function locateComplaints(
  complaints: readonly Complaint[],
  requirements: readonly FileRequirement[],
): Complaint[] {
  if (complaints.length === 0 || requirements.length === 0) return [...complaints];
  const places = new Map<string, string>();
  const note = (key: string, where: string) => places.set(key, places.get(key) ?? where);
  for (const { text, where } of requirements) {
    const outcome = parseRequirement(text);
    if (!outcome.ok) for (const { message } of outcome.issues) note(message, where);
    else {
      note(`${printable(text)} cannot hold: `, where);
      note(`The marker of ${printable(text)} compares `, where);
      note(`"${outcome.value.name}".`, where);
    }
  }
  return complaints.map((complaint) => {
    const where = places.get(keyOf(complaint));
    return where === undefined || complaint.where !== undefined ? complaint : { ...complaint, where };
  });
}

/** The part of a complaint that only one requirement brings about. */
function keyOf({ code, message }: Complaint): string {
  if (code === 'version_conflict') return /^.*? cannot hold: /s.exec(message)?.[0] ?? message;
  if (code === 'meaningless_marker') return /^.*? compares /s.exec(message)?.[0] ?? message;
  if (code === 'unknown_package') return /"[^"]*"\.$/.exec(message)?.[0] ?? message;
  return message;
}
