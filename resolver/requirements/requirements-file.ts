/** Requirements files, read as pip reads them: a requirement on a line, with comments, continuations and options. */

import type { Diagnostic } from '../answer.ts';
import { remark } from '../issues/fixes.ts';
import { listed } from '../text/printable.ts';
import { type PipOption, parsePipOptions } from './pip-options.ts';
import { hasWhitespace, strip } from './version.ts';

/** A requirement, and its position in a file. */
export interface FileRequirement {
  text: string;
  where: string;
  /** The allowed hashes of the installed file, such as `sha256:…`. Absent if any file is allowed. */
  hashes?: readonly string[];
}

/** Another file that a file names: with its requirements (`-r`) or constraints (`-c`). */
export interface Include {
  kind: 'requirements' | 'constraints';
  /** As it is written, but for variables. */
  path: string;
  where: string;
}

/** A line that pip rejects. */
export interface RefusedLine {
  code: 'malformed_requirements_file';
  message: string;
  fix: string | null;
  where: string;
}

/** An option of pip on a line of its own, and its position. */
export interface FileOption extends PipOption {
  where: string;
}

export interface RequirementsFile {
  /** In the order of the file. */
  entries: (FileRequirement | Include)[];
  /** Options that the caller handles. */
  options: FileOption[];
  /** Remarks about skipped lines. */
  remarks: Diagnostic[];
  refused: RefusedLine[];
}

/** Why an option of pip is skipped, and what to do instead. */
const FIXES: [options: RegExp, fix: string][] = [
  [/^--(?:requirement|constraint)$/, 'Write it on its own line: pip reads one file per line.'],
  [/^--editable$/, 'Leave it out: only the command line reads the folder of a project.'],
  [/^--hash$/, 'Write it behind the requirement that it belongs to.'],
  [/^--/, 'Nothing needs to be done: a package set says itself which wheels it has and where they are.'],
  [/./, 'Write the requirement without spaces before a dash, or leave out what follows.'],
];
/** Words that are neither an option nor a value, as remarks name them. */
const WORDS = 'what follows a dash';

/** At most this many lines are named; the rest are counted. */
const SHOWN = 5;
/** A file is read up to this many rejected lines. */
const MOST_REFUSED = 20;
/** Variables make a line no longer than this, in UTF-16 units. */
const LONGEST_LINE = 1_000_000;

/**
 * `name`: what messages call the file; `variables`: the values of environment variables, for `${NAME}`; `handled`: the
 * options that the caller handles, which are not skipped.
 */
export function parseRequirementsFile(
  name: string,
  text: string,
  variables: (name: string) => string | undefined = () => undefined,
  handled: ReadonlySet<string> = new Set(),
): RequirementsFile {
  const entries: (FileRequirement | Include)[] = [];
  const options: FileOption[] = [];
  const skipped = new Map<string, number[]>();
  const refused: RefusedLine[] = [];
  for (const { first: line, requirement, options: written } of logicalLines(text, variables)) {
    const where = `${name}, line ${line}`;
    // Most lines have no options.
    if (written === '' && requirement !== '') {
      entries.push({ text: requirement, where });
      continue;
    }
    const read = parsePipOptions(written);
    if (!read.ok) {
      const { problem, fix } = read;
      const isLast = refused.length + 1 === MOST_REFUSED;
      const rest = isLast ? ` After ${MOST_REFUSED} rejected lines, the rest is not read.` : '';
      refused.push({ code: 'malformed_requirements_file', message: `${problem}.${rest}`, fix, where });
      if (isLast) break;
      continue;
    }
    const entry = entryOf(requirement, read.options, where);
    if (entry.entry) entries.push(entry.entry);
    const isHandled = (what: string) => requirement === '' && handled.has(what);
    for (const option of read.options) if (isHandled(option.name)) options.push({ ...option, where });
    for (const what of [...entry.skipped, ...(read.words.length > 0 ? [WORDS] : [])]) {
      if (isHandled(what)) continue;
      const lines = skipped.get(what) ?? [];
      if (lines.at(-1) !== line) lines.push(line);
      skipped.set(what, lines);
    }
  }
  return { entries, options, remarks: remarksOf(name, skipped), refused };
}

/** The requirement or reference of a line, and its other options. */
function entryOf(
  requirement: string,
  options: readonly PipOption[],
  where: string,
): { entry: FileRequirement | Include | null; skipped: string[] } {
  const without = (used: (option: PipOption) => boolean) =>
    options.filter((option) => !used(option)).map(({ name }) => name);
  if (requirement !== '') {
    const hashes = options.filter(({ name }) => name === '--hash').map(({ value }) => value);
    const entry = { text: requirement, where, ...(hashes.length > 0 ? { hashes } : {}) };
    return { entry, skipped: without(({ name }) => name === '--hash') };
  }
  const isEditable = options.some(({ name }) => name === '--editable');
  const file =
    options.find(({ name }) => name === '--requirement') ??
    options.find(({ name }) => name === '--constraint');
  if (isEditable || !file) return { entry: null, skipped: without(() => false) };
  const kind = file.name === '--requirement' ? 'requirements' : 'constraints';
  return { entry: { kind, path: file.value, where }, skipped: without((option) => option === file) };
}

/** Options begin with the first word that begins with a dash; only spaces part words here. */
function splitLine(content: string): { requirement: string; options: string } {
  const at = content.startsWith('-') ? 0 : content.indexOf(' -') + 1;
  if (at === 0 && !content.startsWith('-')) return { requirement: strip(content), options: '' };
  return { requirement: strip(content.slice(0, at)), options: content.slice(at) };
}

export interface LogicalLine {
  /** The first and the last of its lines, from 1. */
  first: number;
  last: number;
  joined: string;
  /** `joined` without its comment. */
  content: string;
  /** Empty if it has only options. */
  requirement: string;
  options: string;
}

/** The lines that have more than a comment, those that end with a backslash joined with the next. */
export function* logicalLines(
  text: string,
  variables: (name: string) => string | undefined,
): Generator<LogicalLine> {
  let parts: string[] = [];
  let start = 0;
  const physical = text.split(LINE_END);
  for (const [at, line] of physical.entries()) {
    if (parts.length === 0) start = at + 1;
    const isComment = line.includes('#') && strip(line).startsWith('#');
    const isContinued = line.endsWith('\\') && !isComment;
    if (isContinued) parts.push(stripBackslashes(line));
    // A space, so that a comment below a continued line is seen as one.
    else parts.push(isComment ? ` ${line}` : line);
    if (isContinued && at < physical.length - 1) continue;
    const joined = parts.join('');
    const content = strip(withoutComment(joined));
    if (content !== '')
      yield { first: start, last: at + 1, joined, content, ...splitLine(expand(content, variables)) };
    parts = [];
  }
}

/** The ends of lines as Python's `str.splitlines()` sees them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they end lines in Python
export const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

function stripBackslashes(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && line[start] === '\\') start++;
  while (end > start && line[end - 1] === '\\') end--;
  return line.slice(start, end);
}

/** A comment begins with a `#` at the start of the line or after white space. */
function withoutComment(line: string): string {
  for (let at = line.indexOf('#'); at >= 0; at = line.indexOf('#', at + 1)) {
    if (at === 0 || hasWhitespace(line[at - 1]!)) return line.slice(0, at);
  }
  return line;
}

/** `${NAME}` becomes the value of that variable, if it has one that is not empty; nothing else is expanded. */
function expand(content: string, variables: (name: string) => string | undefined): string {
  if (!content.includes('${')) return content;
  let expanded = content;
  for (const [written, name] of new Map(
    content.match(/\$\{[A-Z0-9_]+\}/g)?.map((variable) => [variable, variable.slice(2, -1)]),
  )) {
    const value = variables(name);
    if (!value) continue;
    const parts = expanded.split(written);
    if (expanded.length + parts.length * value.length <= LONGEST_LINE) expanded = parts.join(value);
  }
  return expanded;
}

function remarksOf(name: string, skipped: Map<string, number[]>): Diagnostic[] {
  return [...skipped].map(([what, lines]) => {
    const places = `line${lines.length > 1 ? 's' : ''} ${listed(lines.map(String), SHOWN)}`;
    const fix = FIXES.find(([pattern]) => pattern.test(what))![1];
    const message = `${name}, ${places}: ${what} is skipped.`;
    return remark('warning', 'option_skipped', message, fix);
  });
}
