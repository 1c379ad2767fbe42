/** Requirements as people paste them: one on a line, with the comments and options of pip's files among them. */
import type { Diagnostic } from '../../../resolver/answer.ts';
import { printable } from '../../../resolver/text/printable.ts';

/** Options named before the rest is only counted. */
const MOST_NAMED = 5;

const PINNED =
  'Leave it out: a package set says itself which files it has, where they are, and their SHA-256.';
const FOLLOWED = 'Paste what is in that file too: no other file is read.';

export function readRequirementLines(text: string): { requirements: string[]; remarks: Diagnostic[] } {
  const requirements: string[] = [];
  const options = new Map<string, number>();
  // A backslash before the end of a line joins it with the next.
  for (const line of text.replace(/\\(?:\r\n|\r|\n)/g, ' ').split(/\r\n|\r|\n/)) {
    const content = line.replace(/(^|\s)#.*$/, '').trim();
    // As pip does it, options begin with the first word that begins with a dash.
    const at = content.search(/(?<!\S)--?[a-z]/i);
    const requirement = (at < 0 ? content : content.slice(0, at)).trim();
    if (requirement !== '') requirements.push(requirement);
    if (at < 0) continue;
    const option = /^(?:--[a-z-]{1,60}|-[a-z])/i.exec(content.slice(at))![0];
    options.set(option, (options.get(option) ?? 0) + 1);
  }
  return { requirements, remarks: remarksOf([...options]) };
}

function remarksOf(options: [option: string, times: number][]): Diagnostic[] {
  const remarks = options.slice(0, MOST_NAMED).map(([option, times]) => {
    const often = times === 1 ? '' : `, given ${times} times,`;
    const fix = /^(-[rc]|--requirement|--constraint)$/.test(option) ? FOLLOWED : PINNED;
    return skipped(
      `${printable(option)}${often} is skipped: it is an option of pip, not a requirement.`,
      fix,
    );
  });
  const more = options.length - MOST_NAMED;
  return more > 0 ? [...remarks, skipped(`${more} more options of pip are skipped.`, PINNED)] : remarks;
}

function skipped(message: string, fix: string): Diagnostic {
  return { severity: 'warning', code: 'option_skipped', message, fix };
}
