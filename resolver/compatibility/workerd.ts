/**
 * The judgement of the workerd binary about a Worker whose main module is Python: which flags are on, which runtime
 * they select and why, which packages it provides, and its messages about dates and flags, verbatim.
 */
import type { Delivery, Diagnostic, Runtime, Target } from '../answer.ts';
import type { CatalogFlag, CatalogSet } from '../catalog.ts';
import type { Issue } from '../issue.ts';
import type { Fix } from '../issues/fix.ts';
import { remark } from '../issues/fixes.ts';
import {
  contradictoryFlags,
  experimentalFlag,
  futureCompatibilityDate,
  invalidCompatibilityDate,
  missingCompatibilityDate,
  pythonWorkersRequired,
  repeatedFlag,
  unknownFlag,
} from '../issues/target.ts';
import { nearest } from '../text/nearest.ts';
import { shortened } from '../text/printable.ts';
import { FIRST_DATE, isCalendarDay } from './date.ts';
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

/** The date that workerd uses if the given one is malformed. */
export const FALLBACK_DATE = '2021-05-01';

/**
 * The decisions of workerd about a date and flags. Without a date, it ignores every flag; with a malformed one, it
 * continues with another date.
 */
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
  const isValid = DATE.test(date);
  const effective = isValid ? date : FALLBACK_DATE;
  if (!isValid) errors.push(invalidCompatibilityDate({ date, meant: respelled(date) }));
  else if (today !== null && date > today) errors.push(futureCompatibilityDate({ date, today }));
  for (const issue of flagIssues(view, flags, experimental)) errors.push(issue);
  const selected = selectRelease(view, effective, new Set(flags));
  if (!selected) errors.push(pythonWorkersRequired({ fixes: [ADD_PYTHON_WORKERS] }));
  return { selected, errors, warnings: redundantFlags(view, flags, effective) };
}

/** The form that workerd reads: a month from 1 to 12 and a day from 1 to 31, whatever the month. */
const DATE = /^2\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** The date that a malformed one most likely means: it may have other separators, one-digit months or a time. */
function respelled(text: string): string | null {
  const parts = /^\s*(2\d{3})[-/.]?(\d\d?)[-/.]?(\d\d?)(?!\d)/.exec(text.slice(0, 32))?.slice(1);
  const date = parts?.map((part) => part.padStart(2, '0')).join('-');
  return date && isCalendarDay(date) ? date : null;
}

/** Whether a flag concerns Python Workers. */
export function isPythonFlag({ field, enable }: Pick<CatalogFlag, 'field' | 'enable'>): boolean {
  return /python/i.test(field + enable);
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
  for (const flag of flags) {
    const issue = asked.has(flag)
      ? repeatedFlag({ flag: shortened(flag) })
      : flagIssue(view, flag, experimental);
    if (issue) issues.push(issue);
    asked.add(flag);
  }
  for (const { enable, disable } of view.flags) {
    if (enable !== null && disable !== null && asked.has(enable) && asked.has(disable)) {
      issues.push(contradictoryFlags({ enable, disable }));
    }
  }
  return issues;
}

function flagIssue(view: CatalogView, flag: string, experimental: boolean): Issue | null {
  const known = view.flagByName.get(flag);
  if (known) {
    const needsOptIn = known.fact.experimental && known.side === 'enable' && !experimental;
    return needsOptIn ? experimentalFlag({ flag }) : null;
  }
  const name = shortened(flag);
  return isPackageFlag(name)
    ? packageFlagIssue(view, name)
    : unknownFlag({ flag: name, near: nearest(name, view.flagByName.keys()) });
}

/** workerd's warnings about named flags that are on anyway from their date. */
export function redundantFlags(view: CatalogView, flags: readonly string[], date: string): Diagnostic[] {
  return [...new Set(flags)].flatMap((flag) => {
    const known = view.flagByName.get(flag);
    const since = known?.side === 'enable' ? known.fact.enable_date : null;
    if (since === null || since > date) return [];
    const became = since === FIRST_DATE ? 'is the default,' : `became the default as of ${since}`;
    const message = `The compatibility flag ${flag} ${became} so does not need to be specified anymore.`;
    return remark('warning', 'redundant_flag', message, `Remove ${flag}.`);
  });
}

/** workerd's name for the Pyodide under development. */
export const DEVELOPMENT = 'dev';

/**
 * The last known workerd in which that was one release of others, in the order of the flags: every release but the
 * first came before it. Later ones run it before any. Asked of the binaries from 1.20251001.0 to 1.20261117.1.
 */
const LAST_IN_ORDER = '1.20260901.1';

/** Whether the Pyodide under development comes before every release. */
export function isDevelopmentFirst({ workerd }: CatalogView): boolean {
  return workerd === null || workerd > LAST_IN_ORDER;
}

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
    if (release.id === DEVELOPMENT && isDevelopmentFirst(view)) break;
  }
  return newest;
}

/** The versions of workerd, as far as the view knows them, that embed a set's lock file, the oldest first. */
export function embeddedIn(view: CatalogView, { flag }: CatalogSet): readonly string[] {
  return view.embeddedLocks.get(flag)?.workerds ?? [];
}

/**
 * How the packages of a set reach a Worker on a runtime: the newest workerd of the view provides them if it embeds the
 * set and pairs it with the runtime.
 */
export function deliveryOf(
  view: CatalogView,
  set: CatalogSet,
  { id, pyodide, workerd_bundle }: Pick<Runtime, 'id' | 'pyodide' | 'workerd_bundle'>,
): Delivery {
  const last = embeddedIn(view, set).at(-1);
  const embeds = `workerd ${last} embeds ${set.flag}`;
  const modules = (code: string, message: string): Delivery => ({
    by: 'python_modules',
    reason: { code, message },
  });
  if (last === undefined) return modules('never_embedded', `No workerd embeds ${set.flag}.`);
  if (last !== view.workerd) {
    return modules('no_longer_embedded', `${embeds}; workerd ${view.workerd} does not.`);
  }
  const { tag } = view.embeddedLocks.get(set.flag)!;
  const release = [...view.releases.values()].find((other) => other.id === id);
  if (workerd_bundle === null || release?.packages_tag !== tag) {
    return modules('paired_with_another', `${embeds}, but not for Pyodide ${pyodide}.`);
  }
  const message = `${embeds} and pairs it with Pyodide ${pyodide}.`;
  return { by: 'workerd', reason: { code: 'embedded', message } };
}

/** The delivery of a set on the runtime that workerd pairs it with, or else on the runtime of its Pyodide. */
export function deliveryOfSet(view: CatalogView, set: CatalogSet): Delivery {
  const lock = view.embeddedLocks.get(set.flag);
  const paired = lock && [...view.releases.values()].find(({ packages_tag }) => packages_tag === lock.tag);
  return deliveryOf(view, set, paired ?? { id: set.runtime, pyodide: set.runtime, workerd_bundle: null });
}

/** The way of packages into the Worker, after a label such as `Delivery`. */
export function deliveryText({ runtime, package_set }: Pick<Target, 'runtime' | 'package_set'>): string {
  if (package_set.delivery.by === 'workerd') return 'with workerd';
  return runtime.workerd_bundle === null
    ? 'in the Worker with its Pyodide, by pinwheel build'
    : "the Worker's own python_modules, where pinwheel vendor puts them";
}
