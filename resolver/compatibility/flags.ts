/** Which flags are on, and workerd's messages about flags, verbatim. */
import type { Diagnostic } from '../answer.ts';
import type { CatalogFlag } from '../catalog.ts';
import { warning } from '../diagnostic.ts';
import type { Issue } from '../issue.ts';
import { contradictoryFlags, experimentalFlag, repeatedFlag, unknownFlag } from '../issues/target.ts';
import { nearest } from '../text/nearest.ts';
import { shortened } from '../text/printable.ts';
import { FIRST_DATE } from './date.ts';
import { isPackageFlag, packageFlagIssue } from './package-set.ts';
import { AUTO_INJECT_FIELD, type CatalogView, PYTHON_WORKERS_FIELD } from './view.ts';

/**
 * The fields that are on, as workerd decides: first what is named or on by its own date, then, in one pass in
 * schema order, what is implied. A named flag is on even if its disabling form is named, too.
 */
export function enabledFields(
  flags: readonly CatalogFlag[],
  named: ReadonlySet<string>,
  date: string,
): Set<string> {
  const on = new Set<string>();
  const isNamed = (name: string | null) => name !== null && named.has(name);
  for (const flag of flags) {
    const isByDate = flag.enable_date !== null && flag.enable_date <= date;
    if (isNamed(flag.enable) || (isByDate && !isNamed(flag.disable))) on.add(flag.field);
  }
  if (on.has(AUTO_INJECT_FIELD)) on.add(PYTHON_WORKERS_FIELD);
  for (const flag of flags) {
    if (flag.implied_date === null || flag.implied_date > date || isNamed(flag.disable)) continue;
    if (flag.implied_by.some((field) => on.has(field))) on.add(flag.field);
  }
  return on;
}

/**
 * The issues of flags: one each in the order of the question, then the contradictions in schema order. Package flags,
 * which workerd does not know, are checked against the catalog's sets.
 */
export function flagIssues(view: CatalogView, flags: readonly string[], experimental: boolean): Issue[] {
  const issues: Issue[] = [];
  const asked = new Set<string>();
  for (const flag of flags.map((name) => shortened(name))) {
    if (asked.has(flag)) {
      issues.push(repeatedFlag({ flag }));
      continue;
    }
    asked.add(flag);
    const issue = isPackageFlag(flag) ? packageFlagIssue(view, flag) : nameIssue(view, flag, experimental);
    if (issue) issues.push(issue);
  }
  for (const { enable, disable } of view.flags) {
    if (enable !== null && disable !== null && asked.has(enable) && asked.has(disable)) {
      issues.push(contradictoryFlags({ enable, disable }));
    }
  }
  return issues;
}

function nameIssue(view: CatalogView, flag: string, experimental: boolean): Issue | null {
  const known = view.flagByName.get(flag);
  if (!known) return unknownFlag({ flag, near: nearest(flag, view.flagByName.keys()) });
  const needsOptIn = known.fact.experimental && known.side === 'enable' && !experimental;
  return needsOptIn ? experimentalFlag({ flag }) : null;
}

/** workerd's warnings about named flags that are on anyway from their date. */
export function redundantFlags(view: CatalogView, flags: readonly string[], date: string): Diagnostic[] {
  return [...new Set(flags)].flatMap((flag) => {
    const known = view.flagByName.get(flag);
    const since = known?.side === 'enable' ? known.fact.enable_date : null;
    if (since === null || since > date) return [];
    const became = since === FIRST_DATE ? 'is the default,' : `became the default as of ${since}`;
    const message = `The compatibility flag ${flag} ${became} so does not need to be specified anymore.`;
    return warning('redundant_flag', message, `Remove ${flag}.`);
  });
}
