/** The runtime and the package set of a target, once its date and flags are known to be sound. */
import type { Diagnostic, Runtime, Target } from '../answer.ts';
import type { CatalogSet } from '../catalog.ts';
import type { Outcome } from '../issue.ts';
import { defaultSet } from './package-set.ts';
import { anotherAbi, noSupportedPython, pythonOutOfSupport, releaseNotPinned } from './remarks.ts';
import { unanswerable, warning } from './report.ts';
import { runtimeOf, runtimeReason } from './runtime.ts';
import { expiryOf } from './support.ts';
import { type CatalogView, type FlaggedRelease, minorOf } from './view.ts';
import { describeChange, findFlagChange } from './workerd-flags.ts';

/** A sound question. */
export interface Setting {
  view: CatalogView;
  date: string;
  /** workerd's flags, `python_workers` among them or implied by them. */
  flags: string[];
  asOf: string;
  /** What workerd runs at that date with those flags. */
  selected: FlaggedRelease;
}

export interface Choice extends Pick<Target, 'workerd_flags' | 'reasons' | 'moved_forward'> {
  runtime: Runtime;
  set: CatalogSet;
  diagnostics: (Diagnostic | null)[];
}

/** A pinned set is never overruled: where workerd would run another ABI, the runtime follows the set. */
export function choosePinned({ view, date, flags, asOf, selected }: Setting, set: CatalogSet): Choice {
  const choice: Choice = {
    runtime: runtimeOf(selected.release),
    set,
    workerd_flags: flags,
    reasons: {
      runtime: runtimeReason(view, selected, flags),
      package_set: { code: 'pinned', message: `${set.flag} is named.` },
    },
    moved_forward: null,
    diagnostics: [],
  };
  if (selected.release.abi === set.abi) {
    choice.diagnostics.push(releaseNotPinned(view, date, flags, selected));
  } else {
    const change = findFlagChange(view, date, flags, ({ abi }) => abi === set.abi);
    choice.runtime = change ? runtimeOf(change.selected.release) : ownRuntime(set);
    choice.workerd_flags = change?.flags ?? flags;
    choice.reasons.runtime = {
      code: change ? 'package_set_abi' : 'package_set_runtime',
      message: `${set.flag} needs ABI ${set.abi}, which Pyodide ${choice.runtime.pyodide} has.`,
    };
    choice.diagnostics.push(anotherAbi(view, set, date, selected.release, change));
  }
  const expiry = expiryOf(view, set.python, asOf);
  if (expiry) choice.diagnostics.push(pythonOutOfSupport(expiry, set));
  return choice;
}

/** Without a package flag: workerd's release while its Python is supported, and the default set of its ABI. */
export function chooseDefault({ view, date, flags, asOf, selected }: Setting): Outcome<Choice> {
  const expiry = expiryOf(view, selected.release.python, asOf);
  const { release } = expiry?.next ?? selected;
  const chosen = defaultSet(view, release, date);
  if (!chosen) {
    const message = `No package set of Pyodide ${release.pyodide} is known at revision ${view.stamp.revision}.`;
    const fix = 'Name a package flag, or ask for a later revision.';
    return { ok: false, issues: [unanswerable('no_package_set', message, fix)] };
  }
  const choice: Choice = {
    runtime: runtimeOf(release),
    set: chosen.set,
    workerd_flags: flags,
    reasons: { runtime: runtimeReason(view, selected, flags), package_set: chosen.reason },
    moved_forward: null,
    diagnostics: [],
  };
  if (expiry?.next) {
    const { python: from, supported_until: since } = expiry.python;
    const { field } = expiry.next.flag;
    const to = minorOf(release.python);
    const change = findFlagChange(view, date, flags, (other) => other.field === field);
    const code = 'moved_forward';
    const message =
      `Python ${from} is out of support since ${since}, so as of ${asOf} this target moves forward to ` +
      `Python ${to}, whose newest release is Pyodide ${release.pyodide}.`;
    choice.workerd_flags = change?.flags ?? flags;
    choice.moved_forward = { from, to, since };
    choice.reasons.runtime = { code, message };
    choice.diagnostics.push(warning(code, message, describeChange(change)));
  } else {
    choice.diagnostics.push(releaseNotPinned(view, date, flags, selected));
  }
  if (expiry && !expiry.supported) choice.diagnostics.push(noSupportedPython(release.python, asOf));
  return { ok: true, value: choice };
}

/** The Pyodide that a set belongs to, as a Worker carries it itself. */
function ownRuntime({ runtime, python, abi, platform }: CatalogSet): Runtime {
  return { id: runtime, pyodide: runtime, python, abi, platform, workerd_bundle: null };
}
