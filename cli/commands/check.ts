/** `pinwheel check`: compares what projects import with what their runtime and package set have. */
import { roomText } from '../../resolver/closure/sizes.ts';
import type { Delivery } from '../../resolver/index.ts';
import type { Report } from '../../resolver/python/index.ts';
import { openBackend } from '../ask/backend.ts';
import { bytes, count } from '../common/text.ts';
import { editLines } from '../print/edits.ts';
import { print } from '../print/print.ts';
import { findingsLines } from '../print/remarks.ts';
import { type Field, fieldLines, joinSections, type Screen } from '../print/table.ts';
import { pinwheelIn } from '../print/words.ts';
import { type CheckDocument, type CheckOptions, checkWorker, documentOf } from '../project/check/check.ts';
import { planFixes } from '../project/check/fix.ts';
import { writeEdits } from '../project/edits.ts';
import { findWorkers, type WorkerPlace } from '../project/workers.ts';
import { targetFields } from './target.ts';
import { reportWorkers, type WorkerReport } from './workers.ts';

export async function checkCommand(
  named: readonly string[],
  { config = [], ...options }: CheckOptions & { config?: string[]; fix?: true },
): Promise<void> {
  const workers = await findWorkers(named, config);
  const { pinwheel } = await openBackend(options);
  const checked = async (place: WorkerPlace): Promise<CheckDocument> => {
    const document = await checkWorker(pinwheel, place, options);
    if (!options.fix) return document;
    const { all: edits } = await planFixes(document.report.findings, place, options);
    await writeEdits(edits);
    if (options.format === 'table') print(edits.flatMap((edit) => [...editLines(edit, 'Changed'), '']));
    return edits.length > 0 ? checkWorker(pinwheel, place, options) : document;
  };
  await reportWorkers(workers, checked, options.format, REPORT);
}

const REPORT: WorkerReport<CheckDocument> = {
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

/** Findings by file, each with a position that editors can open, and a summary. */
function reportLines(document: CheckDocument, screen: Screen): string[] {
  const { target, project, report, vulnerabilities, toVendor, home } = document;
  const { findings, totals, snapshot, closure } = report;
  const lines = findingsLines(findings, screen, home);
  const infos = findings.length - totals.errors - totals.warnings;
  const verdict = screen.colors.bold(`${resultOf(totals)}, ${count(infos, 'remark')}`);
  if (screen.detail === 'answer') return [...lines, verdict];
  const held = snapshot.modules.length > 0 ? snapshot.modules.join(', ') : 'nothing from outside the project';
  const entry = snapshot.entry === null ? '' : `, starting with ${snapshot.entry}`;
  const full = [{ label: 'Snapshot', value: held }, closureField(closure, target.package_set.delivery)];
  const how =
    target.runtime.workerd_bundle === null
      ? `${pinwheelIn(home)} build puts them into the Worker`
      : `${pinwheelIn(home)} sync puts them into python_modules`;
  const fields = [
    ...targetFields(target, screen),
    { label: 'Checked', value: `${count(totals.files, 'file')} of ${project.root}${entry}` },
    ...(screen.detail === 'full' ? full : []),
    { label: 'To vendor', value: toVendor === 0 ? null : `${count(toVendor, 'package')}: ${how}` },
    { label: 'Vulnerable', value: vulnerabilities },
  ];
  return joinSections([lines, fieldLines(fields, screen), [verdict]]);
}

function closureField(totals: Report['closure'], delivery: Delivery): Field {
  const { packages, size, unknown_sizes } = totals;
  const unknown = unknown_sizes === packages ? 'of unknown size' : `${unknown_sizes} of unknown size`;
  const known = size === null ? unknown : bytes(size);
  const value = packages === 0 ? null : `${count(packages, 'package')}, ${known}`;
  return { label: 'Packages', value, reason: roomText(totals, delivery, bytes) };
}

function resultOf({ errors, warnings }: Pick<Report['totals'], 'errors' | 'warnings'>): string {
  return `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
}
