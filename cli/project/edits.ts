/** Changes of a project's files: planned together, shown, and then written, or taken back if they were only tried. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Table, tableAt } from '../../resolver/formats/table.ts';
import { changedFile, malformedPyproject, savedMeanwhile } from '../../resolver/issues/files.ts';
import { CommandError, type LocatedIssue, unanswered } from '../common/failure.ts';
import { writeWhole } from '../common/folders.ts';
import { parseToml, readText } from '../common/read-text.ts';

/** A file before and after its changes. It is new if it had no text. */
export interface Edit {
  file: string;
  before: string;
  after: string;
}

/** The planned edits of some files. What changes a file again goes on from what is planned for it. */
export class Edits {
  readonly #edits = new Map<string, Edit>();

  /** The edits that change something. */
  get all(): Edit[] {
    return [...this.#edits.values()].filter(({ before, after }) => before !== after);
  }

  async textOf(file: string): Promise<string> {
    const planned = this.#edits.get(file);
    return planned ? planned.after : existsSync(file) ? readText(file) : '';
  }

  /** `change` gets the text with line ends of Unix, and returns null if it cannot change that: then this is false. */
  async change(
    file: string,
    change: (text: string) => string | null | Promise<string | null>,
  ): Promise<boolean> {
    const text = await this.textOf(file);
    const isOfWindows = text.includes('\r\n') && !/(?:^|[^\r])\n/.test(text);
    const changed = await change(isOfWindows ? text.replaceAll('\r\n', '\n') : text);
    if (changed === null) return false;
    const after = isOfWindows ? changed.replaceAll('\n', '\r\n') : changed;
    this.#edits.set(file, { file, before: this.#edits.get(file)?.before ?? text, after });
    return true;
  }
}

const MARK = '\ufeff';

/** Writes the files, unless somebody has changed one since its edit was planned. */
export async function writeEdits(edits: readonly Edit[]): Promise<void> {
  for (const { file, before, after } of edits) {
    const text = existsSync(file) ? await readFile(file, 'utf8') : '';
    const mark = text.startsWith(MARK) ? MARK : '';
    if (text !== mark + before) throw unanswered([changedFile({ file })]);
    await writeWhole(file, mark + after);
  }
}

/** Runs a task on the files with the edits. They are taken back if it fails, or if they are not to be `kept`. */
export async function withEdits<Result>(
  edits: readonly Edit[],
  kept: boolean,
  task: () => Promise<Result>,
): Promise<Result> {
  const originals = edits.map(({ file }) => (existsSync(file) ? readFileSync(file) : null));
  /** Takes back what nobody has changed meanwhile, and returns the other files. */
  const takeBack = () =>
    edits.filter(({ file, after }, at) => {
      const original = originals[at]!;
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      if (text !== after && text !== MARK + after) return true;
      if (original === null) rmSync(file);
      else writeFileSync(file, original);
      return false;
    });
  // Ctrl-C ends the process amid the work.
  process.once('exit', takeBack);
  try {
    await writeEdits(edits);
    const result = await task();
    const saved = kept ? [] : takeBack();
    if (saved.length > 0) throw unanswered(saved.map(({ file }) => savedMeanwhile({ file })));
    return result;
  } catch (error) {
    takeBack();
    if (!(error instanceof CommandError)) throw error;
    const { exitCode, issues, cause, remarks } = error;
    throw new CommandError(exitCode, edits.reduce(atLinesBefore, issues), { cause, remarks });
  } finally {
    process.removeListener('exit', takeBack);
  }
}

/**
 * Issues at the lines that a file had before its edit, and has again. One that the edit has replaced stays, and one that
 * it has added is only of the file.
 */
function atLinesBefore(issues: readonly LocatedIssue[], { file, before, after }: Edit): LocatedIssue[] {
  const [old, edited] = [before.split('\n'), after.split('\n')];
  let alike = 0;
  while (alike < edited.length && old.at(-1 - alike) === edited.at(-1 - alike)) alike++;
  const placeBefore = (place: string, name: string, line: string) => {
    const at = Number(line);
    if (name !== file) return place;
    if (at > edited.length - alike) return `${name}, line ${at + old.length - edited.length}`;
    return at > old.length - alike ? name : place;
  };
  return issues.map((issue) => {
    const where = issue.where?.replace(/(?<=^|; )(.+?), line (\d+)/g, placeBefore);
    return where === undefined ? issue : { ...issue, where };
  });
}

/** The text of a `pyproject.toml` with a setting under `[tool.pinwheel]`; null if it has no place for that. */
export async function withSetting(text: string, key: string, value: unknown): Promise<string | null> {
  const line = `${key} = ${JSON.stringify(value)}`;
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const header = lines.findIndex((written) => /^\[tool\.pinwheel\]\s*(?:#.*)?$/.test(written));
  if (header < 0) lines.push(...(lines.length > 0 ? [''] : []), '[tool.pinwheel]', line);
  else {
    const next = lines.findIndex((written, at) => at > header && written.startsWith('['));
    const table = lines.slice(header, next < 0 ? undefined : next);
    const at = table.findIndex((written) => written.split('=')[0]!.trim() === key);
    lines.splice(at < 0 ? header + 1 : header + at, at < 0 ? 0 : 1, line);
  }
  const changed = `${lines.join('\n')}\n`;
  const top = await parseToml('pyproject.toml', changed, malformedPyproject).catch((): Table => ({}));
  const settings = tableAt(top, 'tool', 'pinwheel') ?? {};
  return JSON.stringify(settings[key]) === JSON.stringify(value) ? changed : null;
}
