/** Requirements as people paste them: a list, or a whole requirements file of pip. */
import type { Diagnostic } from '../../../resolver/answer.ts';
import { parseRequirementsFile } from '../../../resolver/requirements/requirements-file.ts';

export function readRequirementLines(text: string): { requirements: string[]; remarks: Diagnostic[] } {
  const { entries, remarks: skipped, refused } = parseRequirementsFile('Requirements', text);
  const remarks = [
    ...skipped,
    ...refused.map(({ code, message, fix, where }): Diagnostic => {
      return { severity: 'error', code, message: `${where}: ${message}`, fix };
    }),
  ];
  const requirements: string[] = [];
  const unread: string[] = [];
  for (const entry of entries) {
    if ('text' in entry) requirements.push(entry.text);
    else unread.push(entry.where);
  }
  return { requirements, remarks: unread.length === 0 ? remarks : [...remarks, notRead(unread)] };
}

/** Of lines that name other files, by `-r` or `-c`. */
function notRead([first, ...others]: readonly string[]): Diagnostic {
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return {
    severity: 'warning',
    code: 'option_skipped',
    message: `${first}${more}: other files are not read.`,
    fix: 'Paste what is in them too.',
  };
}
