/** Reports of commands about Workers: of one, or of a list, whose outcomes are a table. */
import type { Finding } from '../../resolver/python/index.ts';
import { CommandError, type FailureCode, type LocatedIssue } from '../common/failure.ts';
import { count } from '../common/text.ts';
import { annotated } from '../print/annotations.ts';
import { print } from '../print/print.ts';
import { type Column, joinSections, output, type Screen, screenOf, table } from '../print/table.ts';
import type { WorkerPlace } from '../project/workers.ts';
import { findWranglerFile } from '../project/wrangler-file.ts';

/** The outcome of one Worker: its result, or why there is none. */
type WorkerOutcome<Result> = { config: string; exitCode: 0 | FailureCode } & (
  | { ok: true; result: Result }
  | { ok: false; issues: readonly LocatedIssue[] }
);

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

/**
 * Asks about one Worker, or about each of a list in turn, and prints the outcomes. In a list, an error is part of the
 * outcome, like the other results. Throws if an outcome is not fine.
 */
export async function reportWorkers<Result>(
  workers: WorkerPlace | readonly WorkerPlace[],
  ask: (place: WorkerPlace) => Promise<Result>,
  format: string,
  report: WorkerReport<Result>,
): Promise<void> {
  const isList = Array.isArray(workers);
  output.hasInfos = !isList;
  const outcomes: WorkerOutcome<Result>[] = [];
  for (const place of [workers].flat()) {
    const config = place.config ?? findWranglerFile(place.folder) ?? place.folder;
    try {
      const result = await ask(place);
      outcomes.push({ config, exitCode: report.isFine(result) ? 0 : 1, ok: true, result });
    } catch (error) {
      if (!isList || !(error instanceof CommandError)) throw error;
      outcomes.push({ config, exitCode: error.exitCode, ok: false, issues: error.issues });
    }
  }
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
  const first = { title: 'Worker', text: ({ config }: WorkerOutcome<Result>) => config, paint: colors.bold };
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
