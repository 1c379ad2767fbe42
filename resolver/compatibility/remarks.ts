/** The remarks that a target carries beside its reasons. */
import type { Diagnostic } from '../answer.ts';
import type { CatalogPython, CatalogRelease, CatalogSet } from '../catalog.ts';
import type { Expiry } from './support.ts';
import { type CatalogView, type FlaggedRelease, minorOf, PYTHON_WORKERS_FIELD } from './view.ts';
import { describeChange, type FlagChange, findFlagChange } from './workerd-flags.ts';

const warning = (code: string, message: string, fix: string | null): Diagnostic => ({
  severity: 'warning',
  code,
  message,
  fix,
});

const information = (code: string, message: string): Diagnostic => ({
  severity: 'info',
  code,
  message,
  fix: null,
});

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
  const { pyodide } = view.releases.get(named.field)!;
  const change = findFlagChange(view, date, flags, ({ field }) => field === named.field);
  return warning(
    'release_not_pinned',
    `${named.enable} does not pin Pyodide ${pyodide}: ${running.flag.enable} is on too, and its release, ` +
      `Pyodide ${running.release.pyodide}, comes first.`,
    change && `${describeChange(change)} to run Pyodide ${pyodide}.`,
  );
}

/** A pinned set runs on another of workerd's releases than the date and the flags alone give. */
export function runtimeMismatch(
  set: CatalogSet,
  date: string,
  alone: CatalogRelease,
  change: FlagChange,
): Diagnostic {
  const { release } = change.selected;
  return warning(
    'runtime_mismatch',
    `The date ${date} and the flags alone give Pyodide ${alone.pyodide} (ABI ${alone.abi}), but ${set.flag} ` +
      `needs ABI ${set.abi}: this target runs Pyodide ${release.pyodide}.`,
    `${describeChange(change)} to make workerd run Pyodide ${release.pyodide}.`,
  );
}

/** A pinned set's ABI is that of no release that workerd can be made to run. */
export function runtimeNotInWorkerd(
  view: CatalogView,
  set: CatalogSet,
  date: string,
  alone: CatalogRelease,
): Diagnostic {
  const carried = [...view.releases.values()].some(({ abi }) => abi === set.abi);
  const why = carried ? 'no flag that is not experimental makes workerd run' : 'no workerd release carries';
  return warning(
    'runtime_not_in_workerd',
    `The date ${date} and the flags alone give Pyodide ${alone.pyodide} (ABI ${alone.abi}), but ${set.flag} ` +
      `needs ABI ${set.abi}, which ${why}.`,
    `The Worker has to carry Pyodide ${set.runtime} itself.`,
  );
}

/** workerd goes on running the Python that is out of support until it is told otherwise. */
export function movedForward(
  from: CatalogPython,
  to: CatalogRelease,
  asOf: string,
  change: FlagChange | null,
): Diagnostic {
  return warning(
    'moved_forward',
    `Python ${from.python} is out of support since ${from.supported_until}, so as of ${asOf} this target moves ` +
      `forward to Python ${minorOf(to.python)} on Pyodide ${to.pyodide}.`,
    change && `${describeChange(change)} to make workerd run Pyodide ${to.pyodide}.`,
  );
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
    `This is a forecast: the newest workerd known here is ${view.workerd}, whose flags say little about days ` +
      `after ${view.knownUntil}.`,
  );
}
