/** Requirements files of pip: one requirement on a line, with comments, continuations and options among them. */
import { parseRequirement } from '../../requirements/requirement.ts';
import type { Complaint } from '../failure.ts';
import type { Remark } from '../output/remarks.ts';
import { nameOf, readText } from './read-text.ts';

/** A requirement, and the file and line that it comes from. */
export interface FileRequirement {
  text: string;
  where: string;
}

export interface RequirementsFile {
  requirements: FileRequirement[];
  /** What else the file says, which is skipped. */
  remarks: Remark[];
}

/** Why an option of pip is skipped, and what to do instead. */
const FIXES: [options: RegExp, fix: string][] = [
  [/^(-r|--requirement)$/, 'Files are not followed into others: give that file with -r too.'],
  [/^(-c|--constraint)$/, 'Leave it out: a package set pins the version of each of its packages.'],
  [/^(-e|--editable)$/, 'Leave it out: a local project goes into the Worker as it is.'],
  [/^--hash$/, 'Nothing needs to be done: the package set pins the SHA-256 of each of its wheels.'],
  [/./, 'Nothing needs to be done: a package set says itself which wheels it has and where they are.'],
];

/** Lines named, and different options, before the rest is only counted. */
const SHOWN = 5;

export async function readRequirementsFile(path: string): Promise<RequirementsFile> {
  return parseRequirementsFile(nameOf(path), await readText(path));
}

export function parseRequirementsFile(name: string, text: string): RequirementsFile {
  const requirements: FileRequirement[] = [];
  const skipped = new Map<string, number[]>();
  for (const { line, content } of logicalLines(text)) {
    // As pip does it, options begin with the first word that begins with a dash.
    const at = content.search(/(?<!\S)--?[a-z]/i);
    const requirement = (at < 0 ? content : content.slice(0, at)).trim();
    if (requirement !== '') requirements.push({ text: requirement, where: `${name}, line ${line}` });
    if (at < 0) continue;
    for (const [option] of content.slice(at).matchAll(/(?<!\S)(?:--[a-z][a-z-]{0,60}|-[a-z])/gi)) {
      const lines = skipped.get(option) ?? [];
      if (lines.at(-1) !== line) lines.push(line);
      skipped.set(option, lines);
    }
  }
  return { requirements, remarks: remarksOf(name, skipped) };
}

/** Lines without comments, those that end with a backslash joined with the next; numbered from 1. */
function* logicalLines(text: string): Generator<{ line: number; content: string }> {
  let content = '';
  let start = 0;
  for (const [at, physical] of text.split(/\r\n|\r|\n/).entries()) {
    if (content === '') start = at + 1;
    const comment = /(?:^|\s)#/.exec(physical);
    const isContinued = !comment && physical.endsWith('\\');
    content += isContinued ? physical.slice(0, -1) : physical.slice(0, comment?.index);
    if (isContinued) continue;
    if (content.trim() !== '') yield { line: start, content };
    content = '';
  }
  if (content.trim() !== '') yield { line: start, content };
}

function remarksOf(name: string, skipped: Map<string, number[]>): Remark[] {
  const options = [...skipped];
  const remarks: Remark[] = options.slice(0, SHOWN).map(([option, lines]) => {
    const more = lines.length > SHOWN ? ` and ${lines.length - SHOWN} more` : '';
    const places = `line${lines.length > 1 ? 's' : ''} ${lines.slice(0, SHOWN).join(', ')}${more}`;
    const fix = FIXES.find(([pattern]) => pattern.test(option))![1];
    return { severity: 'warning', message: `${name}, ${places}: ${option} is skipped.`, fix };
  });
  if (options.length <= SHOWN) return remarks;
  const message = `${name} has ${options.length - SHOWN} more kinds of options, which are skipped.`;
  return [...remarks, { severity: 'warning', message, fix: FIXES.at(-1)![1] }];
}

/** The complaints, those about a requirement that cannot be read with the place that it was written in. */
export function locateComplaints(
  complaints: readonly Complaint[],
  requirements: readonly FileRequirement[],
): Complaint[] {
  const places = new Map<string, string>();
  for (const { text, where } of requirements) {
    const outcome = parseRequirement(text);
    if (!outcome.ok)
      for (const { message } of outcome.faults) places.set(message, places.get(message) ?? where);
  }
  return complaints.map((complaint) => {
    const where = places.get(complaint.message);
    return where === undefined ? complaint : { ...complaint, where };
  });
}
