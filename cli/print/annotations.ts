/** Findings for services that show them next to the code: GitHub Actions, and readers of SARIF 2.1.0. */

import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding } from '../../resolver/python/index.ts';
import { CommandError, type FailureCode } from '../common/failure.ts';
import { readPackageJson } from '../common/package-root.ts';
import { count, visible } from '../common/text.ts';
import { overWorkers, type WorkerOutcome, type WorkerPlace } from '../project/workers.ts';
import { leaveOutInfos, print } from './print.ts';
import { fixOf } from './remarks.ts';
import { type Column, joinSections, type Screen, screenOf, table } from './table.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' };
const LEVELS = { error: 'error', warning: 'warning', info: 'note' };

/** Workflow commands of GitHub Actions, one on a line. A finding that is about no file has an empty path. */
function githubLines(annotations: readonly Finding[]): string[] {
  return annotations.map((annotation) => {
    const { severity, path, line, column, code } = annotation;
    const place = path === '' ? {} : { file: path, line, col: column };
    const properties = Object.entries({ ...place, title: code })
      .map(([name, value]) => `${name}=${escapeProperty(visible(String(value)))}`)
      .join(',');
    return `::${COMMANDS[severity]} ${properties}::${escapeData(textOf(annotation))}`;
  });
}

/** A whole SARIF log of one run. Paths are relative to the current folder, which is the root of the checkout. */
function sarifLog(annotations: readonly Finding[]): object {
  const { version } = readPackageJson('package.json') as { version: string };
  const codes = [...new Set(annotations.map(({ code }) => code))].sort();
  const rules = codes.map((id) => ({ id, shortDescription: { text: id.replaceAll('_', ' ') } }));
  const driver = { name: 'pinwheel', version, rules };
  const results = annotations.map((annotation) => ({
    ruleId: annotation.code,
    ruleIndex: codes.indexOf(annotation.code),
    level: LEVELS[annotation.severity],
    message: { text: textOf(annotation) },
    locations: annotation.path === '' ? [] : [locationOf(annotation)],
  }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'unicodeCodePoints', results }],
  };
}

function locationOf({ path, line: startLine, column: startColumn }: Finding) {
  const uri = isAbsolute(path)
    ? pathToFileURL(path).href
    : encodeURI(path.replaceAll('\\', '/')).replaceAll('#', '%23').replaceAll('?', '%3F');
  return { physicalLocation: { artifactLocation: { uri }, region: { startLine, startColumn } } };
}

function textOf(annotation: Finding): string {
  const { message } = annotation;
  const fix = fixOf(annotation);
  const lines = [message, ...(fix === null ? [] : [fix])].flatMap((part) => part.split('\n'));
  return lines.map(visible).join('\n');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

export function annotated(annotations: readonly Finding[], format: 'github' | 'sarif'): string[] {
  return format === 'github' ? githubLines(annotations) : [JSON.stringify(sarifLog(annotations))];
}

/** How the outcomes of a command about Workers are shown. */
export interface WorkerReport<Result> {
  isFine(result: Result): boolean;
  annotations(result: Result): readonly Finding[];
  document(result: Result): object;
  /** One Worker, as text. */
  lines(result: Result, screen: Screen): string[];
  /** The table of several; the last column has the result. */
  columns: readonly { title: string; text: (result: Result) => string }[];
  above?(results: readonly Result[], screen: Screen): string[];
}

/** Asks about one Worker, or about each of a list, and prints the outcomes. Throws if one of them is not fine. */
export async function reportWorkers<Result>(
  workers: WorkerPlace | readonly WorkerPlace[],
  ask: (place: WorkerPlace) => Promise<Result>,
  format: string,
  report: WorkerReport<Result>,
): Promise<void> {
  const isList = Array.isArray(workers);
  if (isList) leaveOutInfos();
  const outcomes = await overWorkers(workers, ask, report.isFine);
  print(outcomeLines(outcomes, isList, format, report));
  // The highest of all: 3 (out of reach), 2 (invalid), 1 (findings).
  const worst = Math.max(0, ...outcomes.map(({ exitCode }) => exitCode));
  if (worst > 0) throw new CommandError(worst as FailureCode, []);
}

/** @param isList whether several Workers were asked for, even if there is one */
function outcomeLines<Result>(
  outcomes: readonly WorkerOutcome<Result>[],
  isList: boolean,
  format: string,
  report: WorkerReport<Result>,
): string[] {
  if (format === 'github' || format === 'sarif') return annotated(annotationsOf(outcomes, report), format);
  const screen = screenOf(process.stdout);
  const [only] = outcomes;
  const isOne = !isList && only?.ok;
  if (format !== 'json') {
    return isOne ? report.lines(only.result, screen) : summaryLines(outcomes, report, screen);
  }
  if (isOne) return [JSON.stringify(report.document(only.result))];
  // Workers stand in the order of the table; one without an answer has `errors`.
  const workers = outcomes.map((outcome) => ({
    ...{ config: outcome.config, exit_code: outcome.exitCode },
    ...(outcome.ok ? report.document(outcome.result) : { errors: outcome.issues }),
  }));
  return [JSON.stringify({ workers })];
}

function summaryLines<Result>(
  outcomes: readonly WorkerOutcome<Result>[],
  { columns, above }: WorkerReport<Result>,
  screen: Screen,
): string[] {
  const { colors } = screen;
  const last = columns.length - 1;
  // Warnings do not count.
  const isWrong = ({ exitCode }: WorkerOutcome<Result>) => exitCode > 0;
  const shown = columns.map(
    ({ title, text }, at): Column<WorkerOutcome<Result>> => ({
      title,
      text: (outcome) => {
        if (outcome.ok) return text(outcome.result);
        return at < last ? '' : `error: ${outcome.issues[0]?.message.split('\n')[0] ?? 'no answer'}`;
      },
      paint: (text, outcome) => (at < last ? text : isWrong(outcome) ? colors.red(text) : colors.green(text)),
    }),
  );
  const first: Column<WorkerOutcome<Result>> = {
    title: 'Worker',
    text: ({ config }) => config,
    paint: colors.bold,
  };
  const wrong = outcomes.filter(isWrong).length;
  const sum = `${count(outcomes.length, 'Worker')}, ${wrong || 'none'} to correct`;
  const results = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.result] : []));
  return joinSections([
    above?.(results, screen) ?? [],
    table([first, ...shown], outcomes, screen),
    [colors.bold(sum)],
  ]);
}

/** The errors of a Worker are at its wrangler file. */
function annotationsOf<Result>(
  outcomes: readonly WorkerOutcome<Result>[],
  { annotations }: WorkerReport<Result>,
): Finding[] {
  return outcomes.flatMap((outcome) => {
    if (outcome.ok) return annotations(outcome.result);
    return outcome.issues.map(({ code = 'no_answer', message, fix, fixes }): Finding => {
      return { severity: 'error', code, message, fix, fixes, path: outcome.config, line: 1, column: 1 };
    });
  });
}

export function datePlace(config: string | null): Pick<Finding, 'path' | 'line' | 'column'> {
  if (config === null) return { path: '', line: 1, column: 1 };
  const lines = readFileSync(config, 'utf8').split('\n');
  const at = lines.findIndex((line) => line.includes('compatibility_date'));
  return { path: config, line: Math.max(at, 0) + 1, column: 1 };
}
