/** The target that a compatibility date, compatibility flags and an as-of day select. */
import type { Target } from '../answer.ts';
import type { Issue, Outcome } from '../issue.ts';
import { chooseDefault, choosePinned } from './choice.ts';
import { asOfIssue, FALLBACK_DATE, impossibleDay, missingDate } from './date.ts';
import { deliveryOf, vendorPackages } from './delivery.ts';
import { evaluateFlags } from './evaluate.ts';
import { isPackageFlag, packageFlagContradictions } from './package-set.ts';
import { limitIssues, type TargetQuestion } from './question.ts';
import { dateFromPackageFlag, forecast } from './remarks.ts';
import { unanswerable } from './report.ts';
import type { CatalogView } from './view.ts';

export type { TargetQuestion } from './question.ts';

const PYTHON_WORKERS = 'python_workers';

/**
 * One runtime and one package set, or everything that is wrong with the question: the days first, then the flags
 * in the order asked, then contradictions, then a missing `python_workers`.
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
  if (view.releases.size === 0) return { ok: false, issues: [noRuntimeYet(view)] };
  const tooMuch = limitIssues(question);
  if (tooMuch.length > 0) return { ok: false, issues: tooMuch };

  const { compatibility_flags: asked, as_of: asOf, experimental = false } = question;
  const packageFlags = asked.filter(isPackageFlag);
  const implied = packageFlags.length > 0 && !asked.includes(PYTHON_WORKERS) ? [PYTHON_WORKERS] : [];
  const pinned = packageFlags[0] === undefined ? undefined : view.sets.get(packageFlags[0]);
  const dated = question.compatibility_date ?? pinned?.released ?? null;
  const date = dated ?? FALLBACK_DATE;

  const issues: Issue[] = [];
  const wrongAsOf = asOfIssue(asOf);
  if (wrongAsOf) issues.push(wrongAsOf);
  if (dated === null && packageFlags.length === 0) issues.push(missingDate());
  const { selected, errors, warnings } = evaluateFlags(view, date, [...implied, ...asked], {
    today: wrongAsOf || dated === null ? null : asOf,
    experimental,
  });
  issues.push(...errors, ...packageFlagContradictions(view, packageFlags));
  if (issues.length > 0 || !selected) return { ok: false, issues };

  const flags = [...implied, ...asked.filter((flag) => !isPackageFlag(flag))];
  const setting = { view, date, flags, asOf, selected };
  const chosen = pinned
    ? ({ ok: true, value: choosePinned(setting, pinned) } as const)
    : chooseDefault(setting);
  if (!chosen.ok) return chosen;

  const { runtime, set, workerd_flags, reasons, moved_forward, diagnostics } = chosen.value;
  const delivery = deliveryOf(view, set, runtime);
  const remarks = [
    impossibleDay(date),
    pinned && question.compatibility_date === null ? dateFromPackageFlag(pinned) : null,
    ...warnings,
    ...diagnostics,
    vendorPackages(delivery, set),
    forecast(view, date, asOf),
  ];
  return {
    ok: true,
    value: {
      compatibility_date: date,
      compatibility_flags: [...asked],
      workerd_flags,
      as_of: asOf,
      runtime,
      package_set: { flag: set.flag, released: set.released, digest: set.digest, delivery },
      reasons,
      moved_forward,
      diagnostics: remarks.filter((remark) => remark !== null),
    },
  };
}

function noRuntimeYet({ stamp, firstWorkerdRevision: first }: CatalogView): Issue {
  return unanswerable(
    'no_runtime_yet',
    `No runtime of workerd is known at revision ${stamp.revision} yet.`,
    first === null ? null : `Ask for revision ${first} or a later one.`,
  );
}
