/**
 * The judgement of the workerd binary about a Worker whose main module is Python: which flags are on, which runtime
 * they select and why, and its messages about dates and flags, verbatim.
 */
import type { Diagnostic, Runtime } from '../answer.ts';
import type { CatalogFlag, CatalogRelease, CatalogSet } from '../catalog.ts';
import { warning } from '../diagnostic.ts';
import type { Issue } from '../issue.ts';
import type { Fix } from '../issues/fix.ts';
import {
  contradictoryFlags,
  experimentalFlag,
  missingCompatibilityDate,
  pythonWorkersRequired,
  repeatedFlag,
  unknownFlag,
} from '../issues/target.ts';
import { nearest } from '../text/nearest.ts';
import { shortened } from '../text/printable.ts';
import { dateIssue, FALLBACK_DATE, FIRST_DATE, isWorkerdDate } from './date.ts';
import { isPackageFlag, packageFlagIssue } from './package-set.ts';
import { AUTO_INJECT_FIELD, type CatalogView, type FlaggedRelease, PYTHON_WORKERS_FIELD } from './view.ts';

export interface Evaluation {
  /** The release that workerd would run, errors or not; null if it refuses Python. */
  selected: FlaggedRelease | null;
  errors: Issue[];
  warnings: Diagnostic[];
}

export interface EvaluationOptions {
  /** The UTC day after which dates lie in the future; null if it is not known. */
  today: string | null;
  experimental: boolean;
}

const ADD_PYTHON_WORKERS: Fix = { kind: 'flags', add: ['python_workers'], remove: [], pyodide: null };

/** Without a date, workerd ignores every flag; with a malformed one, it continues with another date. */
export function evaluateFlags(
  view: CatalogView,
  date: string | null,
  flags: readonly string[],
  { today, experimental }: EvaluationOptions,
): Evaluation {
  if (date === null) {
    const errors = [missingCompatibilityDate({}), pythonWorkersRequired({ fixes: [] })];
    return { selected: null, errors, warnings: [] };
  }
  const errors: Issue[] = [];
  const wrong = dateIssue(date, today);
  if (wrong) errors.push(wrong);
  for (const issue of flagIssues(view, flags, experimental)) errors.push(issue);
  const effective = isWorkerdDate(date) ? date : FALLBACK_DATE;
  const selected = selectRelease(view, effective, new Set(flags));
  if (!selected) errors.push(pythonWorkersRequired({ fixes: [ADD_PYTHON_WORKERS] }));
  return { selected, errors, warnings: redundantFlags(view, flags, effective) };
}

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

/** workerd's name for the Pyodide under development, which counts as newer than every release. */
export const DEVELOPMENT = 'dev';

/** The newest enabled release, or null if Python is refused because `python_workers` is not on. */
export function selectRelease(
  view: CatalogView,
  date: string,
  named: ReadonlySet<string>,
): FlaggedRelease | null {
  const on = enabledFields(view.runtimeFlags, named, date);
  if (!on.has(PYTHON_WORKERS_FIELD)) return null;
  let newest: FlaggedRelease | null = null;
  for (const flag of view.runtimeFlags) {
    const release = on.has(flag.field) ? view.releases.get(flag.field) : undefined;
    if (!release) continue;
    newest = { flag, release };
    if (release.id === DEVELOPMENT) break;
  }
  return newest;
}

export function runtimeOf({ id, pyodide, python, abi, platform, workerd_bundle }: CatalogRelease): Runtime {
  return { id, pyodide, python, abi, platform, workerd_bundle };
}

/** The Pyodide of a set, for a Worker that includes its own. */
export function runtimeOfSet({ runtime, python, abi, platform }: CatalogSet): Runtime {
  return { id: runtime, pyodide: runtime, python, abi, platform, workerd_bundle: null };
}
