/** The targets that the flags of a question about time, which has no date, select over all compatibility dates. */
import type { Target } from '../answer.ts';
import { placeOf } from '../closure/candidates.ts';
import { changeDays } from '../compatibility/change-days.ts';
import { addDays } from '../compatibility/date.ts';
import { isPackageFlag } from '../compatibility/package-set.ts';
import { PYTHON_WORKERS, selectTarget, type TargetQuestion } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { selectRelease } from '../compatibility/workerd.ts';
import type { Issue, Outcome } from '../issue.ts';

export interface TimeQuestion extends Pick<TargetQuestion, 'as_of' | 'experimental'> {
  /** workerd's flags and at most one package flag; `python_workers` if there are none. */
  compatibility_flags?: readonly string[] | undefined;
}

export function flagsOf({ compatibility_flags: flags }: TimeQuestion): readonly string[] {
  return flags && flags.length > 0 ? flags : [PYTHON_WORKERS];
}

/** workerd's flags of the question; a package flag among those that were asked implies `python_workers`. */
export function workerdFlagsOf(question: TimeQuestion): string[] {
  const asked = flagsOf(question);
  const flags = asked.filter((flag) => !isPackageFlag(flag));
  return flags.length < asked.length && !flags.includes(PYTHON_WORKERS) ? [PYTHON_WORKERS, ...flags] : flags;
}

export interface Span<Value> {
  from: string;
  to: string;
  value: Value;
}

/** The spans up to `until` of what `valueOn` gives for each of `days`, without those where it gives null. */
export function spansOf<Value>(
  days: readonly string[],
  until: string,
  valueOn: (day: string) => Value | null,
  same: (a: Value, b: Value) => boolean,
): Span<Value>[] {
  const spans: Span<Value>[] = [];
  for (const [at, day] of days.entries()) {
    const value = valueOn(day);
    if (value === null) continue;
    const next = days[at + 1];
    const to = next === undefined ? until : addDays(next, -1);
    const before = spans.at(-1);
    if (before && addDays(before.to, 1) === day && same(before.value, value)) before.to = to;
    else spans.push({ from: day, to, value });
  }
  return spans;
}

/** One span for each runtime and set, a new one on each of `cuts`; if no date has a target, the last date's issues. */
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
  const isSame = (a: Target, b: Target) => placeOf(a) === placeOf(b) && !cuts.has(b.compatibility_date);
  const spans = spansOf([...days].sort(), as_of, targetOn, isSame);
  return spans.length > 0 ? { ok: true, value: spans } : { ok: false, issues };
}

/** The ABI that workerd itself runs over all dates with workerd's flags of the question. */
export function abiSpans(view: CatalogView, question: TimeQuestion): Span<string>[] {
  const named = new Set(workerdFlagsOf(question));
  const abiOn = (day: string) => selectRelease(view, day, named)?.release.abi ?? null;
  return spansOf(changeDays(view, question.as_of), question.as_of, abiOn, (a, b) => a === b);
}
