/** `pinwheel check`: compares what projects import with what their runtime and package set have. */
import type { Finding } from '../../resolver/python/index.ts';
import { openBackend } from '../ask/backend.ts';
import {
  githubLines,
  sarifLog,
  summaryAnnotations,
  summaryJson,
  summaryLines,
} from '../print/annotations.ts';
import { findingsLines, reportLines, resultOf } from '../print/check.ts';
import { leaveOutInfos, print } from '../print/print.ts';
import { screenOf } from '../print/table.ts';
import { type CheckDocument, type CheckOptions, checkWorker, documentOf } from '../project/check/check.ts';
import { endWorkers, findWorkers, overWorkers, type WorkerOutcome } from '../project/workers.ts';

export async function checkCommand(named: readonly string[], options: CheckOptions): Promise<void> {
  const workers = await findWorkers(named, options.config);
  const { pinwheel } = await openBackend(options);
  if (Array.isArray(workers)) leaveOutInfos();
  const outcomes = Array.isArray(workers)
    ? await overWorkers(workers, (place) => checkWorker(pinwheel, place, options))
    : [{ config: '', ok: true, result: await checkWorker(pinwheel, workers, options) } as const];
  print(linesOf(outcomes, Array.isArray(workers), options.format));
  endWorkers(outcomes, hasErrors);
}

function linesOf(
  outcomes: readonly WorkerOutcome<CheckDocument>[],
  isList: boolean,
  format: string,
): string[] {
  const findingsOf = ({ report }: CheckDocument): readonly Finding[] => report.findings;
  if (format === 'github') return githubLines(summaryAnnotations(outcomes, findingsOf));
  if (format === 'sarif') return [JSON.stringify(sarifLog(summaryAnnotations(outcomes, findingsOf)))];
  const screen = screenOf(process.stdout);
  const [only] = outcomes;
  if (!isList && only?.ok) {
    return format === 'json' ? [JSON.stringify(documentOf(only.result))] : reportLines(only.result, screen);
  }
  if (format === 'json') return [summaryJson(outcomes, documentOf, hasErrors)];
  const findings = findingsLines(
    outcomes.flatMap((one) => (one.ok ? findingsOf(one.result) : [])),
    screen,
  );
  const columns = [
    { title: 'Date', text: ({ target }: CheckDocument) => target.compatibility_date },
    { title: 'Python', text: ({ target }: CheckDocument) => target.runtime.python },
    { title: 'Files', text: ({ report }: CheckDocument) => String(report.totals.files) },
    { title: 'Result', text: ({ report }: CheckDocument) => resultOf(report.totals) },
  ];
  const summary = summaryLines(outcomes, columns, (result) => !hasErrors(result), screen);
  return [...findings, ...(findings.length > 0 ? [''] : []), ...summary];
}

function hasErrors({ report }: CheckDocument): boolean {
  return report.totals.errors > 0;
}
