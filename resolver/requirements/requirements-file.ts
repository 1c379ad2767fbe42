/** Requirements files of pip: one requirement on a line, with comments, continuations and options among them. */
import type { Diagnostic } from '../answer.ts';

/** A requirement, and the place in a file that it comes from. */
export interface FileRequirement {
  text: string;
  where: string;
}

/** Another file that a file names: with its requirements (`-r`) or constraints (`-c`). */
export interface Include {
  kind: 'requirements' | 'constraints';
  /** As it is written. */
  path: string;
  where: string;
}

export interface RequirementsFile {
  /** In the order of the file. */
  entries: (FileRequirement | Include)[];
  /** What else the file says, which is skipped. */
  remarks: Diagnostic[];
}

/** Why an option of pip is skipped, and what to do instead. */
const FIXES: [options: RegExp, fix: string][] = [
  [/^(-r|--requirement|-c|--constraint)$/, 'Give it a line of its own, followed by the path of a file.'],
  [/^(-e|--editable)$/, 'Leave it out: a local project goes into the Worker as it is.'],
  [/^--hash$/, 'Nothing needs to be done: the package set pins the SHA-256 of each of its wheels.'],
  [/./, 'Nothing needs to be done: a package set says itself which wheels it has and where they are.'],
];

/** Lines named, and different options, before the rest is only counted. */
const SHOWN = 5;

/** `-r` or `-c` and a path, which may be quoted: alone on its line, but for a further option. */
const INCLUDE = /^(?:-([rc])|--(requirement|constraint)(?=[\s=]))[\s=]*("[^"]*"|'[^']*'|\S+)(?:\s+|$)/;

export function parseRequirementsFile(name: string, text: string): RequirementsFile {
  const entries: (FileRequirement | Include)[] = [];
  const skipped = new Map<string, number[]>();
  for (const { line, content } of logicalLines(text)) {
    const where = `${name}, line ${line}`;
    // As pip does it, options begin with the first word that begins with a dash.
    const at = content.search(/(?<!\S)--?[a-z]/i);
    const requirement = (at < 0 ? content : content.slice(0, at)).trim();
    if (requirement !== '') entries.push({ text: requirement, where });
    if (at < 0) continue;
    let options = content.slice(at);
    if (requirement === '') {
      for (let found = INCLUDE.exec(options); found; found = INCLUDE.exec(options)) {
        const kind = (found[1] ?? found[2]!).startsWith('r') ? 'requirements' : 'constraints';
        entries.push({ kind, path: found[3]!.replace(/^(["'])(.*)\1$/s, '$2'), where });
        options = options.slice(found[0].length);
      }
    }
    for (const [option] of options.matchAll(/(?<!\S)(?:--[a-z][a-z-]{0,60}|-[a-z])/gi)) {
      const lines = skipped.get(option) ?? [];
      if (lines.at(-1) !== line) lines.push(line);
      skipped.set(option, lines);
    }
  }
  return { entries, remarks: remarksOf(name, skipped) };
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

function remarksOf(name: string, skipped: Map<string, number[]>): Diagnostic[] {
  const options = [...skipped];
  const remarks = options.slice(0, SHOWN).map(([option, lines]) => {
    const more = lines.length > SHOWN ? ` and ${lines.length - SHOWN} more` : '';
    const places = `line${lines.length > 1 ? 's' : ''} ${lines.slice(0, SHOWN).join(', ')}${more}`;
    const fix = FIXES.find(([pattern]) => pattern.test(option))![1];
    return skippedOption(`${name}, ${places}: ${option} is skipped.`, fix);
  });
  if (options.length <= SHOWN) return remarks;
  const message = `${name} has ${options.length - SHOWN} more kinds of options, which are skipped.`;
  return [...remarks, skippedOption(message, FIXES.at(-1)![1])];
}

function skippedOption(message: string, fix: string): Diagnostic {
  return { severity: 'warning', code: 'option_skipped', message, fix };
}
