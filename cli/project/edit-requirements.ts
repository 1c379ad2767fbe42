/** Adds requirements to a project's own file, and removes them. Comments, and what is around them, stay as they are. */
import { basename, join } from 'node:path';
import { isTable, own } from '../../resolver/formats/table.ts';
import { malformedPyproject, notRequired, uneditable } from '../../resolver/issues/files.ts';
import { parseDirectRequirement } from '../../resolver/requirements/requirement.ts';
import { LINE_END, logicalLines } from '../../resolver/requirements/requirements-file.ts';
import { unanswered } from '../common/failure.ts';
import { inputError, parseToml } from '../common/read-text.ts';
import type { Edits } from './edits.ts';
import { commandWith } from './options.ts';
import { readElsewhere } from './sources/pyproject-file.ts';
import { PROJECT_FILE } from './sources/sources.ts';

const PLAIN_FILE = 'requirements.txt';

/** A requirement, or its version, by its canonical name; null if it goes. */
type Changes = ReadonlyMap<string, string | null>;

const nameIn = (text: string): string | null => {
  const parsed = parseDirectRequirement(text);
  return parsed.ok ? parsed.value.name : null;
};

/** Plans them in the file that has the project's requirements: `pyproject.toml`, if it has a project table. */
export async function editRequirements(
  edits: Edits,
  home: string,
  words: readonly string[],
  isAdded: boolean,
  options: object = {},
): Promise<string> {
  const changes = new Map<string, string | null>();
  for (const word of words) {
    const parsed = parseDirectRequirement(word);
    if (!parsed.ok) throw inputError(parsed.issues.map((issue) => ({ ...issue, index: 0 })));
    changes.set(parsed.value.name, isAdded ? word : null);
  }
  const { file, entries } = await readEntries(edits, home);
  const names = new Set(entries.map(({ text }) => nameIn(text)));
  const missing = [...changes].filter(([name, line]) => line === null && !names.has(name));
  if (missing.length > 0) {
    const commandOf = (name: string) => commandWith(options, 'why', name);
    throw unanswered(missing.map(([name]) => notRequired({ name, file, command: commandOf(name) })));
  }
  await changeEntries(edits, file, changes);
  return file;
}

/** A list of requirements in a `pyproject.toml`. */
interface List {
  table: string;
  key: string;
}

const DEPENDENCIES: List = { table: 'project', key: 'dependencies' };

/** Plans requirements in a dependency group of a `pyproject.toml`, which is made if there is none of that name. */
export function addToGroup(edits: Edits, file: string, key: string, words: readonly string[]): Promise<void> {
  const changes = new Map(words.map((word) => [nameIn(word)!, word]));
  return changeEntries(edits, file, changes, { table: 'dependency-groups', key });
}

async function changeEntries(
  edits: Edits,
  file: string,
  changes: Changes,
  list: List = DEPENDENCIES,
): Promise<void> {
  const isChanged = await edits.change(file, async (text) => {
    if (basename(file) !== PROJECT_FILE) return editedLines(text, changes);
    const after = editedList(text, changes, list);
    const made = after === null ? null : await entriesOf(file, after, list).catch(() => null);
    const listed = (await entriesOf(file, text, list)) ?? [];
    const kept = listed.flatMap((entry) => {
      const change = changes.get(nameIn(entry) ?? '');
      return change === undefined ? entry : (change ?? []);
    });
    const names = new Set(listed.map(nameIn));
    const added = [...changes].flatMap(([name, line]) => (line === null || names.has(name) ? [] : line));
    return JSON.stringify(made) === JSON.stringify([...kept, ...added]) ? after : null;
  });
  if (!isChanged) throw unanswered([uneditable({ file })]);
}

const VERSIONS = /^([a-z0-9._-]+\s*(?:\[[^\]]*\])?)([^;]*?)(\s*(?:;.*)?)$/is;

/** Entries of the project's own file that are changed: their names, and how those are written that go. */
export interface Repinned {
  file: string;
  names: string[];
  gone: string[];
}

/**
 * Plans other versions for requirements that are once in the project's own file: `==` stays `==`, and all else becomes
 * `>=`. Extras and markers stay.
 */
export async function repinRequirements(
  edits: Edits,
  home: string,
  versionOf: (name: string) => string | null | undefined,
): Promise<Repinned> {
  const { file, entries } = await readEntries(edits, home);
  const changes = new Map<string, string | null>();
  const gone: string[] = [];
  for (const { text, written } of entries) {
    const name = nameIn(text) ?? '';
    const version = versionOf(name);
    if (version === undefined || entries.filter((other) => nameIn(other.text) === name).length > 1) continue;
    if (version === null) gone.push(written);
    const repinned = text.replace(VERSIONS, (_, start: string, old: string, end: string) => {
      return `${start}${/^\s*==/.test(old) ? '==' : '>='}${version}${end}`;
    });
    changes.set(name, version === null ? null : repinned);
  }
  if (changes.size > 0) await changeEntries(edits, file, changes);
  return { file, names: [...changes.keys()], gone };
}

/** A requirement, and how it is written: in a requirements file, also with its hashes. */
interface Entry {
  text: string;
  written: string;
}

/** The file that has the project's requirements, and these. */
async function readEntries(edits: Edits, home: string): Promise<{ file: string; entries: Entry[] }> {
  const project = join(home, PROJECT_FILE);
  const stated = await edits.textOf(project);
  const { files, unread } = await readElsewhere(project, stated);
  if (files.length > 1) throw unanswered([uneditable({ file: project, among: files })]);
  const isListed = files.length === 0 && unread === null;
  const listed = isListed ? await entriesOf(project, stated, DEPENDENCIES) : null;
  if (listed !== null) return { file: project, entries: listed.map((text) => ({ text, written: text })) };
  const file = join(home, files[0] ?? PLAIN_FILE);
  const text = await edits.textOf(file);
  // A first requirements file would hide what the project requires.
  if (text === '' && unread) throw inputError([unread]);
  const entries = Array.from(linesOf(text), ({ requirement, content }) => {
    return { text: onOneLine(requirement), written: onOneLine(content) };
  });
  return { file, entries };
}

/** Null without the table. */
async function entriesOf(file: string, text: string, { table, key }: List): Promise<string[] | null> {
  const found = own(await parseToml(file, text, malformedPyproject), table);
  if (!isTable(found)) return null;
  const list = own(found, key) ?? [];
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}

const linesOf = (text: string) => logicalLines(text, (name) => process.env[name]);
const onOneLine = (text: string): string => text.replace(/\s+/g, ' ');

const HASH = /--hash[=\s]\s*\S+/g;

/** A requirement that is replaced loses its hashes, which are of another file. */
function editedLines(text: string, changes: Changes): string {
  const open = new Map(changes);
  const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  // Each line, and then its end.
  const pieces = whole.split(new RegExp(`(${LINE_END.source})`));
  for (const { first, last, joined, content, requirement, options } of linesOf(whole)) {
    const name = nameIn(requirement);
    const change = name === null ? undefined : changes.get(name);
    if (change === undefined) continue;
    open.delete(name!);
    const start = 2 * (first - 1);
    pieces.fill('', start, change === null ? 2 * last : 2 * last - 1);
    if (change === null) continue;
    const line = onOneLine(`${change} ${options.replace(HASH, '')}`).trim();
    pieces[start] = joined.replace(content, () => line);
  }
  const added = [...open.values()].filter((line) => line !== null);
  return pieces.join('') + added.map((line) => `${line}\n`).join('');
}

/** The name of a requirement that is a string of TOML, whose markers may have quotes. */
const nameInToml = (text: string) => nameIn(text.slice(1, -1).replaceAll('\\"', '"'));

/** A string, an inline table, a comment or the end of a list in TOML. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\{[^}\n]*\}|#[^\n]*|\]/g;

/** The text with another list; null if that is not written as a list under the header of its table. */
function editedList(given: string, changes: Changes, list: List): string | null {
  const { table, key: name } = list;
  const line = new RegExp(`^\\[${table}\\][ \\t]*(?:#.*)?$`, 'm');
  const text = line.test(given) ? given : `${given.trimEnd()}\n\n[${table}]\n`;
  const header = line.exec(text)!;
  const start = header.index + header[0].length;
  const next = /^\[/m.exec(text.slice(start));
  const end = next ? start + next.index : text.length;
  const key = new RegExp(`^${name}[ \\t]*=[ \\t]*\\[`, 'm').exec(text.slice(start, end));
  if (!key) {
    const before = text.slice(0, end).trimEnd();
    const after = text.slice(before.length).replace(/^\n/, '');
    return editedList(`${before}\n${name} = [\n]\n${after}`, changes, list);
  }
  const from = start + key.index + key[0].length;
  const tokens = [...text.slice(from).matchAll(TOKEN)];
  const count = tokens.findIndex(([token]) => token === ']');
  if (count < 0) return null;
  const close = from + tokens[count]!.index;
  const items = tokens.slice(0, count).flatMap(({ 0: written, index }) => {
    const place = { at: from + index, end: from + index + written.length };
    return written.startsWith('#') ? [] : { ...place, name: nameInToml(written) ?? '' };
  });
  const last = items.at(-1);
  const more = [...changes].flatMap(([name, line]) =>
    line === null || items.some((item) => item.name === name) ? [] : JSON.stringify(line),
  );
  let made = text;
  // From the end, so that the places before stay.
  const hasOwnEnd = /\n[ \t]*$/.test(text.slice(from, close));
  if (more.length > 0 && hasOwnEnd) {
    const indent = last ? /[ \t]*$/.exec(text.slice(0, last.at))![0] : '    ';
    const line = text.lastIndexOf('\n', close) + 1;
    const lines = more.map((entry) => `${indent}${entry},\n`).join('');
    made = text.slice(0, line) + lines + text.slice(line);
    if (last && !/^[ \t]*,/.test(text.slice(last.end)))
      made = `${made.slice(0, last.end)},${made.slice(last.end)}`;
  } else if (more.length > 0) {
    const tail = last?.end ?? from;
    made = text.slice(0, tail) + (last ? ', ' : '') + more.join(', ') + text.slice(tail);
  }
  for (const { at, end, name } of items.toReversed()) {
    const change = changes.get(name);
    if (change === null) made = without(made, at, end);
    else if (change !== undefined) made = made.slice(0, at) + JSON.stringify(change) + made.slice(end);
  }
  return made;
}

/** Without an entry and its comma; if it is alone on its line, without the line. */
function without(text: string, at: number, end: number): string {
  const line = text.lastIndexOf('\n', at) + 1;
  const rest = /^[ \t]*,?[ \t]*(?:#[^\n]*)?\n/.exec(text.slice(end));
  if (rest && text.slice(line, at).trim() === '')
    return text.slice(0, line) + text.slice(end + rest[0].length);
  const after = /^[ \t]*,[ \t]*/.exec(text.slice(end));
  if (after) return text.slice(0, at) + text.slice(end + after[0].length);
  return text.slice(0, at).replace(/,[ \t]*$/, '') + text.slice(end);
}
