/** Which of workerd's Python runtimes a date and flags select, and why. */
import type { Reason, Runtime } from '../answer.ts';
import type { CatalogFlag, CatalogRelease, CatalogSet } from '../catalog.ts';
import { enabledFields } from './flags.ts';
import { type CatalogView, type FlaggedRelease, PYTHON_WORKERS_FIELD } from './view.ts';

/** workerd's name for the Pyodide under development, which counts as newer than every release. */
const DEVELOPMENT = 'dev';

/** The newest enabled release, or null if Python is refused because `python_workers` is not on. */
export function selectRelease(
  view: CatalogView,
  date: string,
  named: ReadonlySet<string>,
): FlaggedRelease | null {
  const on = enabledFields(view.runtimeFlags, named, date);
  if (!on.has(PYTHON_WORKERS_FIELD)) return null;
  let newest: FlaggedRelease | null = null;
  for (const flag of view.runtimeFlags) {
    const release = on.has(flag.field) ? view.releases.get(flag.field) : undefined;
    if (!release) continue;
    newest = { flag, release };
    if (release.id === DEVELOPMENT) break;
  }
  return newest;
}

export function runtimeOf({ id, pyodide, python, abi, platform, workerd_bundle }: CatalogRelease): Runtime {
  return { id, pyodide, python, abi, platform, workerd_bundle };
}

/** The Pyodide of a set, for a Worker that includes its own. */
export function runtimeOfSet({ runtime, python, abi, platform }: CatalogSet): Runtime {
  return { id: runtime, pyodide: runtime, python, abi, platform, workerd_bundle: null };
}

/** Why {@link selectRelease} chose what it chose. */
export function runtimeReason(
  view: CatalogView,
  { flag, release }: FlaggedRelease,
  flags: readonly string[],
): Reason {
  const name = flag.enable!;
  const because = (code: string, message: string): Reason => {
    return { code, message: `${message}; its release is Pyodide ${release.pyodide}.` };
  };
  if (release.id === DEVELOPMENT) return because('development', `${name} beats every release flag`);
  if (flag.field === PYTHON_WORKERS_FIELD) {
    return because('base_release', `${name} is on and no newer release flag is`);
  }
  if (flags.includes(name)) return because('flag_named', `${name} is named`);
  if (flag.implied_date === null) {
    return because('flag_by_date', `${name} is on from ${flag.enable_date} on`);
  }
  const by = implyingNames(view, flag).join(' or ');
  return because('flag_by_date', `${by} implies ${name} from ${flag.implied_date} on`);
}

function implyingNames(view: CatalogView, flag: CatalogFlag): string[] {
  return view.runtimeFlags
    .filter(({ field }) => flag.implied_by.includes(field))
    .map(({ enable }) => enable!);
}
