/** The runtime and the package set of a target, once its date and flags are known to be sound. */
import type { Diagnostic, Runtime, Target } from '../answer.ts';
import type { CatalogSet } from '../catalog.ts';
import type { Fault, Outcome } from '../fault.ts';
import { defaultSet } from './package-set.ts';
import {
  movedForward,
  noSupportedPython,
  pythonOutOfSupport,
  releaseNotPinned,
  runtimeMismatch,
  runtimeNotInWorkerd,
} from './remarks.ts';
import { runtimeOf, runtimeReason } from './runtime.ts';
import { expiryOf } from './support.ts';
import { type CatalogView, type FlaggedRelease, minorOf } from './view.ts';
import { findFlagChange } from './workerd-flags.ts';

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
export function choosePinned(setting: Setting, set: CatalogSet): Choice {
  const { view, date, flags, asOf, selected } = setting;
  const expiry = expiryOf(view, set.python, asOf);
  const outOfSupport = expiry && pythonOutOfSupport(expiry, set);
  const pinned = { code: 'pinned', message: `${set.flag} is named.` };
  const alone = selected.release;
  if (alone.abi === set.abi) {
    return {
      runtime: runtimeOf(alone),
      set,
      workerd_flags: flags,
      reasons: { runtime: runtimeReason(view, selected, flags), package_set: pinned },
      moved_forward: null,
      diagnostics: [releaseNotPinned(view, date, flags, selected), outOfSupport],
    };
  }
  const change = findFlagChange(view, date, flags, ({ abi }) => abi === set.abi);
  if (change) {
    const runtime = runtimeOf(change.selected.release);
    const message = `${set.flag} needs ABI ${set.abi}, which workerd's release of Pyodide ${runtime.pyodide} has.`;
    return {
      runtime,
      set,
      workerd_flags: change.flags,
      reasons: { runtime: { code: 'package_set_abi', message }, package_set: pinned },
      moved_forward: null,
      diagnostics: [runtimeMismatch(set, date, alone, change), outOfSupport],
    };
  }
  const message = `${set.flag} needs ABI ${set.abi}; it belongs to Pyodide ${set.runtime}.`;
  return {
    runtime: {
      id: set.runtime,
      pyodide: set.runtime,
      python: set.python,
      abi: set.abi,
      platform: set.platform,
      workerd_bundle: null,
    },
    set,
    workerd_flags: flags,
    reasons: { runtime: { code: 'package_set_runtime', message }, package_set: pinned },
    moved_forward: null,
    diagnostics: [runtimeNotInWorkerd(view, set, date, alone), outOfSupport],
  };
}

/** Without a package flag: workerd's release while its Python is supported, and the default set of its ABI. */
export function chooseDefault(setting: Setting): Outcome<Choice> {
  const { view, date, flags, asOf, selected } = setting;
  const expiry = expiryOf(view, selected.release.python, asOf);
  const { release } = expiry?.next ?? selected;
  const chosen = defaultSet(view, release.abi, date);
  if (!chosen) return { ok: false, faults: [noPackageSet(view, release.abi)] };

  const { set, reason } = chosen;
  const choice: Choice = {
    runtime: runtimeOf(release),
    set,
    workerd_flags: flags,
    reasons: { runtime: runtimeReason(view, selected, flags), package_set: reason },
    moved_forward: null,
    diagnostics: [],
  };
  if (!expiry?.next) {
    choice.diagnostics.push(releaseNotPinned(view, date, flags, selected));
  } else {
    const { python, next } = expiry;
    const change = findFlagChange(view, date, flags, ({ field }) => field === next.flag.field);
    const to = minorOf(release.python);
    choice.workerd_flags = change?.flags ?? flags;
    choice.moved_forward = { from: python.python, to, since: python.supported_until };
    choice.reasons.runtime = {
      code: 'moved_forward',
      message:
        `Python ${python.python} is out of support since ${python.supported_until}; ` +
        `the newest release of Python ${to} is Pyodide ${release.pyodide}.`,
    };
    choice.diagnostics.push(movedForward(python, next.release, asOf, change));
  }
  if (expiry && !expiry.supported) choice.diagnostics.push(noSupportedPython(release.python, asOf));
  return { ok: true, value: choice };
}

function noPackageSet(view: CatalogView, abi: string): Fault {
  return {
    kind: 'unanswerable',
    code: 'no_package_set',
    message: `No package set of ABI ${abi} is the default of any date at revision ${view.stamp.revision}.`,
    fix: 'Name a package flag, or ask for a later revision.',
  };
}
