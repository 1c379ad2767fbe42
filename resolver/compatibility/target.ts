/** The target that a compatibility date, compatibility flags and an as-of day select. */
import type { Delivery, Diagnostic, Reason, Runtime, Target, TargetAnswer } from '../answer.ts';
import type { CatalogPython, CatalogRelease, CatalogSet } from '../catalog.ts';
import type { Issue, Outcome } from '../issue.ts';
import type { Fix } from '../issues/fix.ts';
import { remark } from '../issues/fixes.ts';
import {
  contradictoryPackageFlags,
  invalidAsOf,
  noPackageSet,
  noRuntimeYet,
  tooManyFlags,
  yankedPackageSet,
} from '../issues/target.ts';
import { MOST_FLAGS } from '../question/fields.ts';
import { printable } from '../text/printable.ts';
import { addDays, isCalendarDay } from './date.ts';
import { type FlagChange, findFlagChange } from './flag-change.ts';
import { defaultSet, isPackageFlag } from './package-set.ts';
import {
  ANSWER_VERSION,
  type CatalogView,
  type FlaggedRelease,
  minorOf,
  PYTHON_WORKERS_FIELD,
} from './view.ts';
import { DEVELOPMENT, deliveryOf, evaluateFlags, FALLBACK_DATE, isDevelopmentFirst } from './workerd.ts';

/** The support window is announced, not implemented: workerd selects by date and flags alone. */
const POLICY = "Cloudflare's announced policy";

export const PYTHON_WORKERS = 'python_workers';

/**
 * A compatibility date and flags as in a wrangler file, and the day on which the question is asked.
 * @example
 * ```ts
 * import type { TargetQuestion } from 'pinwheel-py';
 * const flags = ['python_3.12_packages_2025_03_01'];
 * const pinned: TargetQuestion = { compatibility_date: null, compatibility_flags: flags, as_of: '2026-11-20' };
 * pinned.compatibility_date; // → null
 * ```
 */
export interface TargetQuestion {
  /** `YYYY-MM-DD`; null to take the date of the package flag. */
  compatibility_date: string | null;
  /** workerd's flags and at most one package flag, in any order. */
  compatibility_flags: readonly string[];
  /** The day on which the question is asked. Later dates are in the future. */
  as_of: string;
  /** workerd's `--experimental`. */
  experimental?: boolean | undefined;
}

interface Expiry {
  python: CatalogPython;
  /** The oldest supported release of a later Python, else the newest of any later Python; null if there is none. */
  next: FlaggedRelease | null;
  supported: boolean;
}

/** A valid question and the decisions about it, from which remarks are made. */
interface Decided {
  view: CatalogView;
  question: TargetQuestion;
  date: string;
  /** workerd's flags, `python_workers` among them or implied by them. */
  flags: string[];
  pinned: CatalogSet | undefined;
  /** The release that workerd runs at that date with those flags. */
  running: FlaggedRelease;
  warnings: Diagnostic[];
  window: Expiry | null;
  /** The release that replaces the running one, whose Python is out of support. */
  moved: FlaggedRelease | null;
  reason: Reason;
  set: CatalogSet;
  /** The change of flags with which workerd runs the later release, or the ABI of a pinned set. */
  change: FlagChange | null;
  delivery: Delivery;
  runtime: Runtime;
}

/**
 * One runtime and one package set, or all issues of the question: first the days, then the flags in their order, then
 * contradictions, then a missing `python_workers`.
 * @example
 * ```ts
 * import catalog from 'pinwheel-py/data/catalog.json' with { type: 'json' };
 * import { type Catalog, selectTarget, viewCatalog } from 'pinwheel-py';
 * const view = viewCatalog(catalog as Catalog);
 * if (!view.ok) throw new Error(view.issues[0]?.message);
 * const question = { compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'] };
 * const target = selectTarget(view.value, { ...question, as_of: '2026-11-20' });
 * target.ok && target.value.package_set.flag; // → 'python_3.13_packages_2025_08_08'
 * ```
 */
export function selectTarget(view: CatalogView, question: TargetQuestion): Outcome<Target> {
  const { compatibility_flags: asked, as_of, experimental = false } = question;
  if (view.releases.size === 0) {
    const fields = { revision: view.stamp.revision, first: view.firstWorkerdRevision };
    return { ok: false, issues: [noRuntimeYet(fields)] };
  }
  if (asked.length > MOST_FLAGS) {
    return { ok: false, issues: [tooManyFlags({ count: asked.length, most: MOST_FLAGS })] };
  }
  const packageFlags = asked.filter(isPackageFlag);
  const implied = packageFlags.length > 0 && !asked.includes(PYTHON_WORKERS) ? [PYTHON_WORKERS] : [];
  const pinned = packageFlags[0] === undefined ? undefined : view.sets.get(packageFlags[0]);
  const dated = question.compatibility_date ?? pinned?.released ?? null;
  // An unknown package flag would also have provided a date.
  const date = dated ?? (packageFlags.length > 0 ? FALLBACK_DATE : null);

  const issues: Issue[] = [];
  const wrongAsOf = asOfIssue(as_of);
  if (wrongAsOf) issues.push(wrongAsOf);
  const today = wrongAsOf || dated === null ? null : as_of;
  const workerd = evaluateFlags(view, date, [...implied, ...asked], { today, experimental });
  issues.push(...workerd.errors, ...packageFlagContradictions(view, packageFlags));
  const { selected: running, warnings } = workerd;
  if (issues.length > 0 || date === null || !running) return { ok: false, issues };
  const flags = [...implied, ...asked.filter((flag) => !isPackageFlag(flag))];

  // Decides the support window, the set, and the flags with which workerd runs them.
  const window = expiryOf(view, (pinned ?? running.release).python, as_of);
  // A pinned set is never replaced.
  const moved = pinned ? null : (window?.next ?? null);
  const { release } = moved ?? running;
  const chosen = pinned
    ? { set: pinned, reason: { code: 'pinned', message: `${pinned.flag} is named.` } }
    : defaultSet(view, release, date);
  if (!chosen) {
    const { pyodide } = release;
    const yank = view.yankedSets.get(view.runtimeSets.get(pyodide)?.at(-1)?.flag ?? '');
    const none = yank
      ? yankedPackageSet({ pyodide, package_set: yank.subject, reason: yank.reason })
      : noPackageSet({ pyodide, revision: view.stamp.revision });
    return { ok: false, issues: [none] };
  }
  const { set } = chosen;
  const follows = set.abi !== release.abi;
  const wanted = moved ? { field: release.field } : { abi: set.abi };
  const change = moved || follows ? findFlagChange(view, date, flags, wanted) : null;

  let runtime = runtimeOf(release);
  let reason: Reason;
  let moved_forward: Target['moved_forward'] = null;
  if (follows) {
    runtime = change ? runtimeOf(change.selected.release) : runtimeOfSet(set);
    const code = change ? 'package_set_abi' : 'package_set_runtime';
    reason = { code, message: `${set.flag} needs ABI ${set.abi}, which Pyodide ${runtime.pyodide} has.` };
  } else if (window && moved) {
    const { python: from, supported_until: since } = window.python;
    const to = minorOf(release.python);
    const message =
      `By ${POLICY}, Python ${from} is out of support since ${since}, so as of ${as_of} this target moves forward ` +
      `to Python ${to}, Pyodide ${release.pyodide}. No workerd up to ${view.workerd} does so: with the same date ` +
      `and flags it runs Pyodide ${running.release.pyodide}.`;
    reason = { code: 'moved_forward', message };
    moved_forward = { from, to, since };
  } else reason = runtimeReason(view, running, flags);
  const delivery = deliveryOf(view, set, runtime);
  return {
    ok: true,
    value: {
      compatibility_date: date,
      compatibility_flags: [...asked],
      workerd_flags: change?.flags ?? flags,
      as_of,
      runtime,
      package_set: { flag: set.flag, released: set.released, digest: set.digest, delivery },
      reasons: { runtime: reason, package_set: chosen.reason },
      moved_forward,
      diagnostics: remarksOn({
        ...{ view, question, date, flags, pinned, running, warnings, window },
        ...{ moved, reason, set, change, delivery, runtime },
      }),
    },
  };
}

/** workerd has no as-of day, so it has to be a day of the calendar. */
export function asOfIssue(asOf: string): Issue | null {
  return isCalendarDay(asOf) ? null : invalidAsOf({ as_of: asOf });
}

export function runtimeOf({ id, pyodide, python, abi, platform, workerd_bundle }: CatalogRelease): Runtime {
  return { id, pyodide, python, abi, platform, workerd_bundle };
}

/** The Pyodide of a set, for a Worker that includes its own. */
export function runtimeOfSet({ runtime, python, abi, platform }: CatalogSet): Runtime {
  return { id: runtime, pyodide: runtime, python, abi, platform, workerd_bundle: null };
}

/** An issue for each package flag that contradicts the first. A repeated one is workerd's error instead. */
export function packageFlagContradictions(view: CatalogView, packageFlags: readonly string[]): Issue[] {
  const [first, ...others] = [...new Set(packageFlags)].filter((flag) => view.sets.has(flag));
  return others.map((other) => contradictoryPackageFlags({ flags: [first!, other] }));
}

export function runtimeReason(
  view: CatalogView,
  { flag, release }: FlaggedRelease,
  flags: readonly string[],
): Reason {
  const name = flag.enable!;
  const because = (code: string, message: string): Reason => {
    return { code, message: `${message}; its release is Pyodide ${release.pyodide}.` };
  };
  if (release.id === DEVELOPMENT && isDevelopmentFirst(view)) {
    return because('development', `${name} beats every release flag`);
  }
  if (flag.field === PYTHON_WORKERS_FIELD) {
    return because('base_release', `${name} is on and no newer release flag is`);
  }
  if (flags.includes(name)) return because('flag_named', `${name} is named`);
  if (flag.implied_date === null) {
    return because('flag_by_date', `${name} is on from ${flag.enable_date} on`);
  }
  const implying = view.runtimeFlags.filter(({ field }) => flag.implied_by.includes(field));
  const by = implying.map(({ enable }) => enable!).join(' or ');
  return because('flag_by_date', `${by} implies ${name} from ${flag.implied_date} on`);
}

/** Null while the Python is supported, or if its window is unknown. */
export function expiryOf(view: CatalogView, python: string, asOf: string): Expiry | null {
  const index = view.pythons.findIndex((fact) => `${python}.`.startsWith(`${fact.python}.`));
  const expired = view.pythons[index];
  if (!expired || asOf < expired.supported_until) return null;
  let next: FlaggedRelease | null = null;
  for (const later of view.pythons.slice(index + 1)) {
    const newest = view.newestReleaseOf.get(later.python);
    if (!newest) continue;
    if (asOf < later.supported_until) return { python: expired, next: newest, supported: true };
    next = newest;
  }
  return { python: expired, next, supported: false };
}

/** About the date, the flags, the runtime, its window and the set, in this order. */
function remarksOn(decided: Decided): Diagnostic[] {
  const { view, question, date, pinned, running, moved, warnings, window, delivery, set } = decided;
  const { as_of, compatibility_date } = question;
  const remarks: (Diagnostic | null)[] = [...(view.remarks ?? []), impossibleDay(date)];
  if (pinned && compatibility_date === null) {
    const message = `No date is given: ${pinned.flag} sets it to ${pinned.released}.`;
    remarks.push(remark('info', 'date_from_package_flag', message));
  }
  remarks.push(...warnings, runtimeRemark(decided));
  if (window && pinned) {
    const { python, next } = window;
    const since = `out of support since ${python.supported_until} by ${POLICY}`;
    const message = `Python ${python.python} is ${since}; ${pinned.flag} is pinned and stays.`;
    const to = next && `Leave ${pinned.flag} out to move forward to Python ${minorOf(next.release.python)}.`;
    remarks.push(remark('warning', 'python_out_of_support', message, to));
  } else if (window && !window.supported) {
    const newest = minorOf((moved ?? running).release.python);
    const message = `By ${POLICY}, no Python of workerd is supported as of ${as_of}; the newest is Python ${newest}.`;
    remarks.push(remark('warning', 'no_supported_python', message, null));
  }
  const yank = view.yankedSets.get(set.flag);
  if (yank) {
    const fix = pinned
      ? `Leave ${set.flag} out, or name another package flag.`
      : `Use a compatibility date from ${yank.from} on, or name another package flag.`;
    remarks.push(
      remark('warning', 'yanked_package_set', `${set.flag} was yanked: ${printable(yank.reason)}`, fix),
    );
  }
  // A set that no workerd runs is of no use in python_modules.
  if (decided.runtime.workerd_bundle !== null) remarks.push(vendorPackages(delivery, set));
  // The day of the question changes nothing of what workerd does for a date that it knows.
  const known = view.knownUntil;
  if (known !== null && date > known) {
    const message = `The newest known workerd is ${view.workerd}: what a date after ${known} gives is a forecast.`;
    remarks.push(remark('info', 'forecast', message));
  }
  return remarks.filter((remark) => remark !== null);
}

/** A remark on a date that workerd accepts although no calendar has it. */
export function impossibleDay(date: string): Diagnostic | null {
  if (isCalendarDay(date)) return null;
  const message = `${date} is not a day of the calendar; workerd accepts it and compares it as text.`;
  // Such a day continues into the next month, which began as many days before.
  const last = addDays(date, -addDays(date, 0).slice(8));
  return remark('warning', 'impossible_day', message, `Use ${last}.`);
}

/** The runtime differs from the one of the date and flags, or from the one of a named flag. */
function runtimeRemark(decided: Decided): Diagnostic | null {
  const { view, date, flags, running, reason, moved, set, change } = decided;
  const fixes = changeFixes(change);
  if (moved) return remark('warning', reason.code, reason.message, fixes);
  const { pyodide, abi } = running.release;
  if (abi !== set.abi) {
    const gives =
      `The date ${date} and the flags alone give Pyodide ${pyodide} (ABI ${abi}), but ${set.flag} ` +
      `needs ABI ${set.abi}, which`;
    if (change) {
      return remark(
        'warning',
        'runtime_mismatch',
        `${gives} Pyodide ${change.selected.release.pyodide} has.`,
        fixes,
      );
    }
    const isIncluded = [...view.releases.values()].some((release) => release.abi === set.abi);
    const missing = isIncluded ? 'only an experimental flag makes workerd run' : 'no workerd release has';
    const carry = `The Worker must include Pyodide ${set.runtime} and its packages: see pinwheel build.`;
    return remark('warning', 'runtime_not_in_workerd', `${gives} ${missing}.`, carry);
  }
  // Naming an older release flag does not pin its release while a newer one is on.
  const named = view.runtimeFlags.findLast(
    ({ field, enable }) =>
      field !== PYTHON_WORKERS_FIELD && view.releases.has(field) && flags.includes(enable ?? ''),
  );
  if (!named || named === running.flag) return null;
  const wins = `${running.flag.enable} is on too, and its release, Pyodide ${pyodide}, wins`;
  const message = `${named.enable} does not pin Pyodide ${view.releases.get(named.field)!.pyodide}: ${wins}.`;
  const pins = findFlagChange(view, date, flags, { field: named.field });
  return remark('warning', 'release_not_pinned', message, changeFixes(pins));
}

export function changeFixes(change: FlagChange | null): Fix[] {
  if (!change) return [];
  const { add, remove, selected } = change;
  return [{ kind: 'flags', add, remove, pyodide: selected.release.pyodide }];
}

/** How to provide the packages; null if workerd has them. */
function vendorPackages({ by, reason }: Delivery, { flag, archive_count }: CatalogSet): Diagnostic | null {
  if (by === 'workerd') return null;
  const message = `${reason.message} Packages come from the Worker's own python_modules folder.`;
  const simple_index = archive_count > 0 ? null : `/simple/${flag}/`;
  return remark('info', 'packages_not_in_runtime', message, [
    { kind: 'vendor', package_flag: flag, simple_index },
  ]);
}

/** A target with its revision, as `GET /v1/target` answers. */
export function answerTarget(view: CatalogView, question: TargetQuestion): Outcome<TargetAnswer> {
  const target = selectTarget(view, question);
  if (!target.ok) return target;
  return { ok: true, value: { registry: view.stamp, answer_version: ANSWER_VERSION, ...target.value } };
}
