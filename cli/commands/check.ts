/** `pinwheel check`: compares what projects import with what their runtime and package set have. */
import { openBackend } from '../ask/backend.ts';
import { type Report, reportOf } from '../print/annotations.ts';
import { findingsLines, reportLines, resultOf } from '../print/check.ts';
import { editLines } from '../print/edits.ts';
import { leaveOutInfos, print } from '../print/print.ts';
import { joinSections } from '../print/table.ts';
import { type CheckDocument, type CheckOptions, checkWorker, documentOf } from '../project/check/check.ts';
import { planFixes } from '../project/check/fix.ts';
import { writeEdits } from '../project/edits.ts';
import { endWorkers, findWorkers, overWorkers, type WorkerPlace } from '../project/workers.ts';

export async function checkCommand(
  named: readonly string[],
  { config, ...options }: CheckOptions & { config: string[]; fix?: true },
): Promise<void> {
  const workers = await findWorkers(named, config);
  const { pinwheel } = await openBackend(options);
  if (Array.isArray(workers)) leaveOutInfos();
  const checked = async (place: WorkerPlace): Promise<CheckDocument> => {
    const document = await checkWorker(pinwheel, place, options);
    if (!options.fix) return document;
    const { all: edits } = await planFixes(document.report.findings, place, options);
    await writeEdits(edits);
    if (options.format === 'table') print(edits.flatMap((edit) => [...editLines(edit, 'Changed'), '']));
    return edits.length > 0 ? checkWorker(pinwheel, place, options) : document;
  };
  const outcomes = await overWorkers(workers, checked, REPORT.isFine);
  print(reportOf(outcomes, Array.isArray(workers), options.format, REPORT));
  endWorkers(outcomes);
}

const REPORT: Report<CheckDocument> = {
  isFine: ({ report }) => report.totals.errors === 0,
  annotations: ({ report }) => report.findings,
  document: documentOf,
  lines: reportLines,
  columns: [
    { title: 'Date', text: ({ target }) => target.compatibility_date },
    { title: 'Python', text: ({ target }) => target.runtime.python },
    { title: 'Files', text: ({ report }) => String(report.totals.files) },
    { title: 'Result', text: ({ report }) => resultOf(report.totals) },
  ],
  above: (results, screen) =>
    joinSections(results.map(({ report, home }) => findingsLines(report.findings, screen, home))),
};
