/** The remarks that a target carries beside its reasons. */
import type { Diagnostic } from '../answer.ts';
import type { CatalogRelease, CatalogSet } from '../catalog.ts';
import { information, warning } from './report.ts';
import type { Expiry } from './support.ts';
import { type CatalogView, type FlaggedRelease, minorOf, PYTHON_WORKERS_FIELD } from './view.ts';
import { describeChange, type FlagChange, findFlagChange } from './workerd-flags.ts';

export function dateFromPackageFlag({ flag, released }: CatalogSet): Diagnostic {
  return information('date_from_package_flag', `${flag} brings its own compatibility date, ${released}.`);
}

/** Naming an older release flag does not pin its release while a newer one is on. */
export function releaseNotPinned(
  view: CatalogView,
  date: string,
  flags: readonly string[],
  running: FlaggedRelease,
): Diagnostic | null {
  const named = view.decisiveFlags.findLast(
    ({ field, enable }) =>
      field !== PYTHON_WORKERS_FIELD && view.releases.has(field) && flags.includes(enable ?? ''),
  );
  if (!named || named === running.flag) return null;
  return warning(
    'release_not_pinned',
    `${named.enable} does not pin Pyodide ${view.releases.get(named.field)!.pyodide}: ${running.flag.enable} is ` +
      `on too, and its release, Pyodide ${running.release.pyodide}, comes first.`,
    describeChange(findFlagChange(view, date, flags, ({ field }) => field === named.field)),
  );
}

/** A pinned set needs another ABI than the date and the flags alone give; `change` makes workerd run it. */
export function anotherAbi(
  view: CatalogView,
  set: CatalogSet,
  date: string,
  alone: CatalogRelease,
  change: FlagChange | null,
): Diagnostic {
  const gives =
    `The date ${date} and the flags alone give Pyodide ${alone.pyodide} (ABI ${alone.abi}), but ${set.flag} ` +
    `needs ABI ${set.abi}, which`;
  if (change) {
    const { pyodide } = change.selected.release;
    return warning('runtime_mismatch', `${gives} Pyodide ${pyodide} has.`, describeChange(change));
  }
  const carried = [...view.releases.values()].some(({ abi }) => abi === set.abi);
  const missing = carried ? 'only an experimental flag makes workerd run' : 'no workerd release carries';
  const fix = `The Worker has to carry Pyodide ${set.runtime} itself.`;
  return warning('runtime_not_in_workerd', `${gives} ${missing}.`, fix);
}

export function noSupportedPython(python: string, asOf: string): Diagnostic {
  return warning(
    'no_supported_python',
    `No Python that workerd is known to run is supported as of ${asOf}; Python ${minorOf(python)} is the newest.`,
    null,
  );
}

export function pythonOutOfSupport({ python, next }: Expiry, set: CatalogSet): Diagnostic {
  return warning(
    'python_out_of_support',
    `Python ${python.python} is out of support since ${python.supported_until}; ${set.flag} is pinned and stays.`,
    next && `Leave ${set.flag} out to move forward to Python ${minorOf(next.release.python)}.`,
  );
}

/** Facts that are old enough foretell, they do not tell. */
export function forecast(view: CatalogView, date: string, asOf: string): Diagnostic | null {
  const latest = date > asOf ? date : asOf;
  if (view.knownUntil === null || latest <= view.knownUntil) return null;
  return information(
    'forecast',
    `This is a forecast: the newest workerd known here is ${view.workerd}, and what comes after ` +
      `${view.knownUntil} may still change.`,
  );
}
