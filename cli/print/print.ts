/** Prints answers to standard output, and remarks and errors to standard error. */
import type { LocatedIssue } from '../common/failure.ts';
import { writeWhole } from '../common/folders.ts';
import { type Aside, diagnosticLines } from './remarks.ts';
import { type Detail, output, type Screen, screenOf } from './table.ts';

export function print(lines: readonly string[]): void {
  printText(lines.map((line) => `${line}\n`).join(''));
}

/** An answer as JSON, or as lines for a screen. */
export function printAnswer(
  format: string,
  document: object,
  linesOf: (screen: Screen) => readonly string[],
): void {
  print(format === 'json' ? [JSON.stringify(document)] : linesOf(screenOf(process.stdout)));
}

/** The text for the file of `--output`. */
const printed: string[] = [];

/** A whole file, whose last line has its line end. */
export function printText(text: string): void {
  if (output.file === null) process.stdout.write(text);
  else printed.push(text);
}

/** Writes the answer into the file of `--output`. Without an answer, the file stays as it is. */
export async function writeOutput(): Promise<void> {
  const text = printed.splice(0).join('');
  if (output.file !== null && text !== '') await writeWhole(output.file, text);
}

/** `detail`: less, where they are a part of an answer for people. */
export function printRemarks(remarks: readonly Aside[], detail: Detail = 'full'): void {
  const isQuiet = output.detail === 'answer';
  const shown = remarks.filter(
    ({ severity }) => severity === 'error' || (!isQuiet && (severity === 'warning' || output.hasInfos)),
  );
  const screen = { ...screenOf(process.stderr), detail };
  const lines = output.isJson ? shown.map(jsonLine) : diagnosticLines(shown, screen);
  if (lines.length > 0) process.stderr.write(lines.map((line) => `${line}\n`).join(''));
}

export function printIssues(issues: readonly LocatedIssue[]): void {
  printRemarks(issues.map((issue) => ({ severity: 'error', ...issue })));
}

function jsonLine({ severity, code, message, fix, where, ...fields }: Aside): string {
  const { kind: _, ...rest } = fields as { kind?: string };
  return JSON.stringify({ severity, code, message, fix, where, ...rest });
}
