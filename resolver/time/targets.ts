/** The targets that flags select over all compatibility dates. */
import type { Target } from '../answer.ts';
import { changeDays } from '../compatibility/change-days.ts';
import { selectRelease } from '../compatibility/runtime.ts';
import { selectTarget } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Issue, Outcome } from '../issue.ts';
import { flagsOf, type TimeQuestion, workerdFlagsOf } from './question.ts';
import { type Span, spansOf } from './spans.ts';

/**
 * One span for each runtime and package set, and a new one on each of `cuts`; if no date has a target, the issues of
 * the last date.
 */
export function targetSpans(
  view: CatalogView,
  question: TimeQuestion,
  cuts: ReadonlySet<string> = new Set(),
): Outcome<Span<Target>[]> {
  const { as_of, experimental } = question;
  const compatibility_flags = flagsOf(question);
  let issues: Issue[] = [];
  const targetOn = (day: string): Target | null => {
    const asked = { compatibility_date: day, compatibility_flags, as_of, experimental };
    const outcome = selectTarget(view, asked);
    if (outcome.ok) return outcome.value;
    issues = outcome.issues;
    return null;
  };
  const days = new Set([...changeDays(view, as_of), ...cuts]);
  const isSame = (a: Target, b: Target) => sameTarget(a, b) && !cuts.has(b.compatibility_date);
  const spans = spansOf([...days].sort(), as_of, targetOn, isSame);
  return spans.length > 0 ? { ok: true, value: spans } : { ok: false, issues };
}

/** The ABI that workerd itself runs over all dates with workerd's flags of the question. */
export function abiSpans(view: CatalogView, question: TimeQuestion): Span<string>[] {
  const named = new Set(workerdFlagsOf(question));
  const abiOn = (day: string) => selectRelease(view, day, named)?.release.abi ?? null;
  return spansOf(changeDays(view, question.as_of), question.as_of, abiOn, (a, b) => a === b);
}

export function sameTarget(a: Target, b: Target): boolean {
  return a.runtime.id === b.runtime.id && a.package_set.flag === b.package_set.flag;
}
