/** The target that a compatibility date, compatibility flags and an as-of day select. */
import type { Reason, Target } from '../answer.ts';
import type { CatalogRelease } from '../catalog.ts';
import type { Issue, Outcome } from '../issue.ts';
import { noPackageSet, noRuntimeYet, tooManyFlags, yankedPackageSet } from '../issues/target.ts';
import { MOST_FLAGS } from '../question/fields.ts';
import { asOfIssue, FALLBACK_DATE } from './date.ts';
import type { Expiry, TargetQuestion } from './decision.ts';
import { deliveryOf } from './delivery.ts';
import { findFlagChange } from './flag-change.ts';
import { defaultSet, isPackageFlag, packageFlagContradictions } from './package-set.ts';
import { remarksOn } from './remarks.ts';
import { type CatalogView, type FlaggedRelease, minorOf } from './view.ts';
import { evaluateFlags, runtimeOf, runtimeOfSet, runtimeReason } from './workerd.ts';

export type { TargetQuestion } from './decision.ts';

const PYTHON_WORKERS = 'python_workers';

/**
 * One runtime and one package set, or all issues of the question: first the days, then the flags in their order, then
 * contradictions, then a missing `python_workers`.
 *
 * @example
 * ```ts
 * import catalog from 'pinwheel-py/data/catalog.json' with { type: 'json' };
 * import { type Catalog, selectTarget, viewCatalog } from 'pinwheel-py';
 *
 * const view = viewCatalog(catalog as Catalog);
 * if (!view.ok) throw new Error(view.issues[0]?.message);
 * const target = selectTarget(view.value, {
 *   compatibility_date: '2025-11-02',
 *   compatibility_flags: ['python_workers'],
 *   as_of: '2026-11-20',
 * });
 * target.ok && target.value.runtime.python; // → '3.13.2'
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
  const isWanted = (other: CatalogRelease) => (moved ? other.field === release.field : other.abi === set.abi);
  const change = moved || follows ? findFlagChange(view, date, flags, isWanted) : null;

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
      `Python ${from} is out of support since ${since}, so as of ${as_of} this target moves forward to ` +
      `Python ${to}, Pyodide ${release.pyodide}.`;
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
        view,
        question,
        date,
        flags,
        pinned,
        running,
        warnings,
        window,
        moved,
        reason,
        set,
        change,
        delivery,
      }),
    },
  };
}

/** Null while the Python is supported, or if its window is unknown. */
export function expiryOf(view: CatalogView, python: string, asOf: string): Expiry | null {
  const minor = minorOf(python);
  const index = view.pythons.findIndex((fact) => fact.python === minor);
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
