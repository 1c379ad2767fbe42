import { join, relative } from 'node:path';
import { countFindings, sortFindings } from '../../resolver/python/finding.ts';
import type { Finding, Report } from '../../resolver/python/index.ts';
import type { Layout } from './layout.ts';

/**
 * A report with paths as the user would write them, from the current folder, with what else was found, and without
 * what lies outside of the folder that was asked for.
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

/** A path of the project, or of a file of requirements, as the user would write it. */
export function shownPaths({ root, paths }: Pick<Layout, 'root' | 'paths'>): (path: string) => string {
  const own = new Set(paths);
  return (path) => shownPath(own.has(path) ? join(root, path) : path);
}

/** From the current folder, unless it lies elsewhere. */
function shownPath(path: string): string {
  const here = relative('', path);
  return slashed(here.startsWith('..') ? path : here);
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
