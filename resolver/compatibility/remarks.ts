/** The remarks of a target, in addition to its reasons. */
import type { Diagnostic } from '../answer.ts';
import { information, warning } from '../diagnostic.ts';
import { printable } from '../text/printable.ts';
import { addDays, isCalendarDay } from './date.ts';
import type { Decided } from './decision.ts';
import { vendorPackages } from './delivery.ts';
import { changeFixes, findFlagChange } from './flag-change.ts';
import { minorOf, PYTHON_WORKERS_FIELD } from './view.ts';

/** About the date, the flags, the runtime and its window, in this order. */
export function remarksOn(decided: Decided): Diagnostic[] {
  const { view, question, date, pinned, warnings, delivery, set } = decided;
  const { as_of, compatibility_date } = question;
  const remarks: (Diagnostic | null)[] = [...(view.remarks ?? []), impossibleDay(date)];
  if (pinned && compatibility_date === null) {
    const message = `No date is given: ${pinned.flag} sets it to ${pinned.released}.`;
    remarks.push(information('date_from_package_flag', message));
  }
  remarks.push(
    ...warnings,
    runtimeRemark(decided),
    windowRemark(decided),
    yankRemark(decided),
    vendorPackages(delivery, set),
  );
  // Long after the newest known workerd, the answer is a forecast.
  const known = view.knownUntil;
  if (known !== null && (date > known || as_of > known)) {
    const message = `The newest known workerd is ${view.workerd}: anything after ${known} is a forecast.`;
    remarks.push(information('forecast', message));
  }
  return remarks.filter((remark) => remark !== null);
}

/** A remark on a date that workerd accepts although no calendar has it. */
export function impossibleDay(date: string): Diagnostic | null {
  if (isCalendarDay(date)) return null;
  const message = `${date} is not a day of the calendar; workerd accepts it and compares it as text.`;
  // Such a day continues into the next month, which began as many days before.
  const last = addDays(date, -addDays(date, 0).slice(8));
  return warning('impossible_day', message, `Use ${last}.`);
}

/** The runtime differs from the one of the date and flags, or from the one of a named flag. */
function runtimeRemark({
  view,
  date,
  flags,
  running,
  reason,
  moved,
  set,
  change,
}: Decided): Diagnostic | null {
  const fixes = changeFixes(change);
  if (moved) return warning(reason.code, reason.message, fixes);
  const { pyodide, abi } = running.release;
  if (abi !== set.abi) {
    const gives =
      `The date ${date} and the flags alone give Pyodide ${pyodide} (ABI ${abi}), but ${set.flag} ` +
      `needs ABI ${set.abi}, which`;
    if (change) {
      return warning('runtime_mismatch', `${gives} Pyodide ${change.selected.release.pyodide} has.`, fixes);
    }
    const isIncluded = [...view.releases.values()].some((release) => release.abi === set.abi);
    const missing = isIncluded ? 'only an experimental flag makes workerd run' : 'no workerd release has';
    const carry = `The Worker must include Pyodide ${set.runtime} itself.`;
    return warning('runtime_not_in_workerd', `${gives} ${missing}.`, carry);
  }
  // Naming an older release flag does not pin its release while a newer one is on.
  const named = view.runtimeFlags.findLast(
    ({ field, enable }) =>
      field !== PYTHON_WORKERS_FIELD && view.releases.has(field) && flags.includes(enable ?? ''),
  );
  if (!named || named === running.flag) return null;
  return warning(
    'release_not_pinned',
    `${named.enable} does not pin Pyodide ${view.releases.get(named.field)!.pyodide}: ${running.flag.enable} is ` +
      `on too, and its release, Pyodide ${pyodide}, wins.`,
    changeFixes(findFlagChange(view, date, flags, ({ field }) => field === named.field)),
  );
}

/** The set was yanked: it is pinned, or the date is before the yank. */
function yankRemark({ view, set, pinned }: Decided): Diagnostic | null {
  const yank = view.yankedSets.get(set.flag);
  if (!yank) return null;
  const message = `${set.flag} was yanked: ${printable(yank.reason)}`;
  const fix = pinned
    ? `Leave ${set.flag} out, or name another package flag.`
    : `Use a compatibility date from ${yank.from} on, or name another package flag.`;
  return warning('yanked_package_set', message, fix);
}

function windowRemark({ question, pinned, running, moved, window }: Decided): Diagnostic | null {
  if (!window || (!pinned && window.supported)) return null;
  const { python, next } = window;
  if (pinned) {
    return warning(
      'python_out_of_support',
      `Python ${python.python} is out of support since ${python.supported_until}; ${pinned.flag} is pinned and stays.`,
      next && `Leave ${pinned.flag} out to move forward to Python ${minorOf(next.release.python)}.`,
    );
  }
  const newest = minorOf((moved ?? running).release.python);
  return warning(
    'no_supported_python',
    `No Python of workerd is supported as of ${question.as_of}; the newest is Python ${newest}.`,
    null,
  );
}
