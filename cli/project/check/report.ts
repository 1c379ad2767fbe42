/** The report of a check: which part of it is shown, and its JSON. */
import { join, relative } from 'node:path';
import type { TargetAnswer } from '../../../resolver/index.ts';
import { countFindings, sortFindings } from '../../../resolver/python/finding.ts';
import type { Finding, Report } from '../../../resolver/python/index.ts';
import type { Layout } from '../layout.ts';

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
