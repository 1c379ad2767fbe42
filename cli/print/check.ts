/** The report of a check: which part of it is shown, as text and as JSON. */
import { join, relative } from 'node:path';
import type { TargetAnswer } from '../../resolver/answer.ts';
import { countFindings, sortFindings } from '../../resolver/python/finding.ts';
import type { Finding, Report } from '../../resolver/python/index.ts';
import { count, visible, wrap } from '../common/text.ts';
import type { Layout } from '../project/layout.ts';
import { fieldLines } from './format.ts';
import type { Screen } from './screen.ts';
import { targetFields } from './target.ts';

/** What `--json` prints; there, `report` is not nested. */
export interface CheckDocument {
  target: TargetAnswer;
  project: {
    /** The folder that modules are imported from. */
    root: string;
    /** The main module; null if it is not known. */
    main: string | null;
    /** The files that requirements were read from. */
    requirements: string[];
  };
  report: Report;
}

export function documentOf({
  target: { registry, answer_version, ...target },
  project,
  report,
}: CheckDocument): object {
  return { registry, answer_version, target, project, ...report };
}

/**
 * A report with paths relative to the current folder, with the other findings, and without those outside of the folder
 * that was asked for.
 */
export function shownReport(
  report: Report,
  more: readonly Finding[],
  { root, paths }: Layout,
  folder: string,
): Report {
  const own = new Set(paths);
  const shown = shownPaths({ root, paths });
  const inside = slashed(relative(root, folder));
  const isAsked = ({ path }: Finding) =>
    inside === '' || inside.startsWith('..') || !own.has(path) || path.startsWith(`${inside}/`);
  const findings = sortFindings(
    [...report.findings, ...more]
      .filter(isAsked)
      .map((finding) => ({ ...finding, path: shown(finding.path) })),
  );
  const { entry, modules } = report.snapshot;
  return {
    ...report,
    findings,
    snapshot: { entry: entry === null ? null : shown(entry), modules },
    totals: { ...report.totals, ...countFindings(findings) },
  };
}

/** A path of the project, or of a requirements file, as the user would write it. */
export function shownPaths({ root, paths }: Pick<Layout, 'root' | 'paths'>): (path: string) => string {
  const own = new Set(paths);
  return (path) => shownPath(own.has(path) ? join(root, path) : path);
}

/** Relative to the current folder, unless the path is outside of it. */
export function shownPath(path: string): string {
  const here = relative('', path);
  return slashed(here.startsWith('..') ? path : here === '' ? '.' : here);
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/** Findings by file, each with a position that editors can open, and a summary. */
export function reportLines({ target, project, report }: CheckDocument, screen: Screen): string[] {
  const { findings, totals, snapshot } = report;
  const lines = findingsLines(findings, screen);
  if (lines.length > 0) lines.push('');
  const held = snapshot.modules.length > 0 ? snapshot.modules.join(', ') : 'nothing from outside the project';
  const entry = snapshot.entry === null ? '' : `, starting with ${snapshot.entry}`;
  lines.push(
    ...fieldLines(
      [
        ...targetFields(target),
        { label: 'Checked', value: `${count(totals.files, 'file')} of ${project.root}${entry}` },
        { label: 'Snapshot', value: held },
      ],
      screen,
    ),
  );
  const infos = findings.length - totals.errors - totals.warnings;
  return [...lines, '', screen.colors.bold(`${resultOf(totals)}, ${count(infos, 'remark')}`)];
}

export function resultOf({ errors, warnings }: Pick<Report['totals'], 'errors' | 'warnings'>): string {
  return `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
}

/** Those of a file below each other, and an empty line before the next file. */
export function findingsLines(findings: readonly Finding[], screen: Screen): string[] {
  return findings.flatMap((finding, at) => [
    ...(at > 0 && findings[at - 1]!.path !== finding.path ? [''] : []),
    ...findingLines(finding, screen),
  ]);
}

function findingLines({ path, line, column, severity, message, fix }: Finding, screen: Screen): string[] {
  const { columns, colors } = screen;
  const paint = { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity];
  const place = `${visible(path)}:${line}:${column}`;
  const broken = (text: string, indent: number) =>
    columns === null ? [visible(text)] : wrap(visible(text), Math.max(20, columns - indent));
  // On a narrow terminal, the position is on its own line.
  const said = broken(message, 9 + severity.length);
  const fixed = fix === null ? [] : broken(fix, 7);
  return [
    colors.bold(place),
    ...said.map((text, at) =>
      at === 0 ? `  ${paint(`${severity}:`)} ${text}` : ' '.repeat(4 + severity.length) + text,
    ),
    ...fixed.map((text, at) => (at === 0 ? `  ${colors.green('fix:')} ${text}` : `       ${text}`)),
  ];
}
