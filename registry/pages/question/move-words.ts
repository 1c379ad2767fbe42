/** The verdict of an upgrade, in one line. */

import { placeOf } from '../../../resolver/closure/candidates.ts';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import type { CompareAnswer, Target } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { UpgradeAnswer, UpgradeStep, Verdict } from '../../../resolver/time/upgrade.ts';
import { goneOf, withoutTests } from '../components/changes.tsx';
import { contentsOf } from '../components/words.ts';
import type { Sides } from './move.ts';
import { namesText, type UnknownPackage } from './words.ts';

export const KINDS = { same: 'yes', changes: 'part', fails: 'no' } as const;

/** The marks of the page, each with its text for screen readers. */
export const MARKS: Record<Verdict, readonly [mark: string, said: string]> = {
  same: ['=', 'the same'],
  changes: ['◐', 'changes'],
  fails: ['✕', 'fails'],
};

/** `to`: a date, or the package flag that the Worker moves to today. `unmet` are the names that no set has. */
export function headlineOf(
  { from, steps, requirements, newest_same: same }: UpgradeAnswer,
  { to }: Pick<Sides, 'to'>,
  unmet: readonly UnknownPackage[] = [],
): { verdict: Verdict; text: string } {
  const holds = (day: string) => steps.find((step) => step.from <= day && day <= step.to);
  const names = unmet.map(({ package: name, beyond }) =>
    beyond?.is === 'vendored' ? `${name} (from an index)` : name,
  );
  const but = namesText([...new Set(names)]);
  const all = unmet.length > 0 ? `All requirements but ${but}` : 'All requirements';
  const rest = unmet.length > 0 ? `; not counted: ${but}` : '';
  const last = steps.at(-1)!;
  const [step, day] = [holds(to) ?? last, holds(to) ? to : last.to];
  if (same !== null && day <= same) return { verdict: 'same', text: `Nothing changes up to ${same}${rest}` };
  const met = steps.findLast(({ failing }) => failing === 0)?.to;
  if (met === undefined) return { verdict: 'fails', text: 'No compatibility date meets all requirements' };
  if (step.verdict === 'fails') {
    const text =
      step.failing === 0
        ? `${all} are met on ${day}, but your code fails: ${stepText(step, from)}`
        : met < day
          ? `${all} are met up to ${met}, but not later`
          : `${all} are met on ${met}, but not on ${day}`;
    return { verdict: 'fails', text };
  }
  if (requirements.length === 0 && same !== null)
    return { verdict: 'changes', text: `Nothing changes up to ${same}; ${whatChanges(steps, same)}${rest}` };
  const still = holds(from.compatibility_date)?.verdict === 'fails' ? '' : 'still ';
  const open = step.flags.filter(({ on, date }) => (on ? date <= day : date > day)).length;
  const flags = open === 0 ? '' : `; ${open} ${open === 1 ? 'flag' : 'flags'} may affect your code`;
  return { verdict: 'changes', text: `${all} are ${still}met on ${day}${flags}` };
}

/** The change after the last date without changes: the runtime, or what flags do. */
function whatChanges(steps: readonly UpgradeStep[], same: string): string {
  const [last, next] = [steps.find(({ to }) => to === same)!, steps.find(({ from }) => from > same)!];
  const isSame = placeOf(last.target) === placeOf(next.target);
  return isSame ? 'flags may affect your code later' : 'the runtime does later';
}

/** A step in one or two words, for the row of all requirements. */
export function stepText({ verdict, failing, findings, flags, target }: UpgradeStep, from: Target): string {
  if (verdict === 'same') return 'the same';
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (verdict === 'changes') {
    return placeOf(target) === placeOf(from)
      ? `${flags.length + findings.length} to look at`
      : 'other versions';
  }
  return [failing > 0 && `${failing} fail`, errors > 0 && `${errors} in the files`]
    .filter(Boolean)
    .join(', ');
}

/** The changes between two targets. */
export function changesText(answer: CompareAnswer): string {
  const { runtime, python, package_set, closure, packages: all, standard_library } = answer;
  if (!runtime.changed && !package_set.changed) return 'The runtime and the package set stay the same';
  const [before, after] = [minorOf(python.from), minorOf(python.to)];
  const parts = [
    before !== after
      ? `Python ${before} becomes ${after}`
      : python.changed
        ? `Python ${python.from} becomes ${python.to}`
        : `Python stays ${python.to}`,
  ];
  const { removed, changed } = withoutTests(closure ?? all);
  const moved = changed.filter(({ direction }) => direction !== 'rebuilt');
  const gone = goneOf(removed, standard_library.built_in);
  const whose = closure ? ' that you need' : '';
  if (moved.length > 0)
    parts.push(`${contentsOf(moved)}${whose} ${moved.length === 1 ? 'changes' : 'change'} version`);
  if (gone.length > 0) parts.push(`${contentsOf(gone)} ${gone.length === 1 ? 'is' : 'are'} removed`);
  return printable(parts.join(', '));
}
