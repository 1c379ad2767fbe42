/** The report of a check, as text. */
import { roomText } from '../../resolver/closure/sizes.ts';
import type { Delivery } from '../../resolver/index.ts';
import type { Finding, Report } from '../../resolver/python/index.ts';
import { bytes, count, visible } from '../common/text.ts';
import type { CheckDocument } from '../project/check/check.ts';
import { fixLines, fixOf } from './remarks.ts';
import { type Field, fieldLines, hanging, joinSections, type Screen } from './table.ts';
import { targetFields } from './target.ts';
import { pinwheelIn } from './words.ts';

/** Findings by file, each with a position that editors can open, and a summary. */
export function reportLines(document: CheckDocument, screen: Screen): string[] {
  const { target, project, report, vulnerabilities, home } = document;
  const { findings, totals, snapshot, closure } = report;
  const lines = findingsLines(findings, screen, home);
  const infos = findings.length - totals.errors - totals.warnings;
  const verdict = screen.colors.bold(`${resultOf(totals)}, ${count(infos, 'remark')}`);
  if (screen.detail === 'answer') return [...lines, verdict];
  const held = snapshot.modules.length > 0 ? snapshot.modules.join(', ') : 'nothing from outside the project';
  const entry = snapshot.entry === null ? '' : `, starting with ${snapshot.entry}`;
  const full = [{ label: 'Snapshot', value: held }, ...closureField(closure, target.package_set.delivery)];
  const fields = [
    ...targetFields(target, screen),
    { label: 'Checked', value: `${count(totals.files, 'file')} of ${project.root}${entry}` },
    ...(screen.detail === 'full' ? full : []),
    ...vendorField(document),
    ...(vulnerabilities === null ? [] : [{ label: 'Vulnerable', value: vulnerabilities }]),
  ];
  return joinSections([lines, fieldLines(fields, screen), [verdict]]);
}

function vendorField({ target, toVendor, home }: CheckDocument): Field[] {
  if (toVendor === 0) return [];
  const how =
    target.runtime.workerd_bundle === null
      ? `${pinwheelIn(home)} build puts them into the Worker`
      : `${pinwheelIn(home)} sync puts them into python_modules`;
  return [{ label: 'To vendor', value: `${count(toVendor, 'package')}: ${how}` }];
}

function closureField(totals: Report['closure'], delivery: Delivery): Field[] {
  const { packages, size, unknown_sizes } = totals;
  if (packages === 0) return [];
  const unknown = unknown_sizes === packages ? 'of unknown size' : `${unknown_sizes} of unknown size`;
  const known = size === null ? unknown : bytes(size);
  const reason = roomText(totals, delivery, bytes);
  return [
    {
      label: 'Packages',
      value: `${count(packages, 'package')}, ${known}`,
      ...(reason !== null && { reason }),
    },
  ];
}

export function resultOf({ errors, warnings }: Pick<Report['totals'], 'errors' | 'warnings'>): string {
  return `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
}

/**
 * An empty line comes before the next file.
 * @param home the folder of the project
 */
export function findingsLines(findings: readonly Finding[], screen: Screen, home = '.'): string[] {
  return findings.flatMap((finding, at) => [
    ...(at > 0 && findings[at - 1]!.path !== finding.path ? [''] : []),
    ...findingLines(finding, screen, home),
  ]);
}

function findingLines(finding: Finding, screen: Screen, home: string): string[] {
  const { path, line, column, severity, message } = finding;
  const { columns, colors } = screen;
  const paint = { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity];
  const label = `  ${severity}: `;
  const [first = '', ...more] = message.split('\n');
  // On a narrow terminal, the position is on its own line.
  return [
    colors.bold(`${visible(path)}:${line}:${column}`),
    ...hanging(label.replace(/\w+:/, paint), label.length, first, columns),
    ...more.flatMap((line) => hanging('    ', 4, line, columns)),
    ...fixLines(fixOf(finding, home), screen),
  ];
}
