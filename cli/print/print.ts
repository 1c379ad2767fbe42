/** Prints answers to standard output, and remarks and errors to standard error. */
import type { LocatedIssue } from '../common/failure.ts';
import { writeFile } from '../common/folders.ts';
import type { Remark } from '../common/listener.ts';
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
  if (output.file !== null && text !== '') await writeFile(output.file, text);
}

let asides: 'lines' | 'json' = 'lines';

/** From here on, a remark or issue is JSON on one line: `{severity, code, message, fix, where}` and its fields. */
export function printAsidesAsJson(): void {
  asides = 'json';
}

let least: Remark['severity'] = 'info';

/** From here on, standard error has errors only. */
export function leaveOutRemarks(): void {
  least = 'error';
  output.detail = 'answer';
}

/** From here on, standard error has warnings and errors only, if it has more than errors. */
export function leaveOutInfos(): void {
  if (least === 'info') least = 'warning';
}

/** Whether {@link leaveOutRemarks} has been called: progress is left out then, too. */
export function isQuiet(): boolean {
  return least === 'error';
}

/** `detail`: less, where they are a part of an answer for people. */
export function printRemarks(remarks: readonly Aside[], detail: Detail = 'full'): void {
  const shown = remarks.filter(
    ({ severity }) => severity === 'error' || (severity === 'warning' ? least !== 'error' : least === 'info'),
  );
  const screen = { ...screenOf(process.stderr), detail };
  const lines = asides === 'json' ? shown.map(jsonLine) : diagnosticLines(shown, screen);
  if (lines.length > 0) process.stderr.write(lines.map((line) => `${line}\n`).join(''));
}

export function printIssues(issues: readonly LocatedIssue[]): void {
  printRemarks(issues.map((issue) => ({ severity: 'error', ...issue })));
}

function jsonLine({ severity, code, message, fix, where, ...fields }: Aside): string {
  const { kind: _, ...rest } = fields as { kind?: string };
  return JSON.stringify({ severity, code, message, fix, where, ...rest });
}
