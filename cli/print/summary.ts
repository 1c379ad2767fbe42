/** Many Workers in one answer: a table, a JSON document, or annotations. */

import { count } from '../common/text.ts';
import type { WorkerOutcome } from '../project/workers.ts';
import type { Annotation } from './annotations.ts';
import type { Screen } from './table.ts';
import { type Column, table } from './table.ts';

export interface SummaryColumn<Result> {
  title: string;
  text: (result: Result) => string;
}

/** A row for each Worker. The last column has its result; `isFine` says whether that is a success. */
export function summaryLines<Result>(
  outcomes: readonly WorkerOutcome<Result>[],
  columns: readonly SummaryColumn<Result>[],
  isFine: (result: Result) => boolean,
  screen: Screen,
): string[] {
  const { colors } = screen;
  const last = columns.length - 1;
  const shown = columns.map(({ title, text }, at): Column<WorkerOutcome<Result>> => {
    const failure = (outcome: WorkerOutcome<Result> & { ok: false }) =>
      at === last ? `error: ${outcome.issues[0]?.message.split('\n')[0] ?? 'no answer'}` : '';
    return {
      title,
      text: (outcome) => (outcome.ok ? text(outcome.result) : failure(outcome)),
      paint: (text, outcome) =>
        at < last ? text : outcome.ok && isFine(outcome.result) ? colors.green(text) : colors.red(text),
    };
  });
  const first: Column<WorkerOutcome<Result>> = {
    title: 'Worker',
    text: ({ config }) => config,
    paint: (text) => colors.bold(text),
  };
  const fine = outcomes.filter((one) => one.ok && isFine(one.result)).length;
  const sum = `${count(outcomes.length, 'Worker')}, ${fine} without findings`;
  return [...table([first, ...shown], outcomes, screen), '', colors.bold(sum)];
}

/** `{"workers": [{"config", "exit_code", …}]}`, in the order of the table; without an answer, `errors`. */
export function summaryJson<Result>(
  outcomes: readonly WorkerOutcome<Result>[],
  documentOf: (result: Result) => object,
  hasFindings: (result: Result) => boolean,
): string {
  const workers = outcomes.map((one) =>
    one.ok
      ? { config: one.config, exit_code: hasFindings(one.result) ? 1 : 0, ...documentOf(one.result) }
      : { config: one.config, exit_code: one.exitCode, errors: one.issues },
  );
  return JSON.stringify({ workers });
}

/** The errors of a Worker, at its wrangler file. */
export function summaryAnnotations<Result>(
  outcomes: readonly WorkerOutcome<Result>[],
  annotationsOf: (result: Result) => readonly Annotation[],
): Annotation[] {
  return outcomes.flatMap((one) =>
    one.ok
      ? annotationsOf(one.result)
      : one.issues.map(({ code = 'no_answer', message, fix, fixes }) => {
          return {
            severity: 'error' as const,
            code,
            message,
            fix,
            fixes,
            path: one.config,
            line: 1,
            column: 1,
          };
        }),
  );
}
