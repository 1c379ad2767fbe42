/** The change of release flags that makes workerd run a wanted release, found by trying. */
import type { CatalogFlag, CatalogRelease } from '../catalog.ts';
import { type CatalogView, type FlaggedRelease, PYTHON_WORKERS_FIELD } from './view.ts';
import { selectRelease } from './workerd.ts';

const MOST_TRIED = 2_000;

export interface FlagChange {
  add: string[];
  remove: string[];
  /** The flags after the change, with the added ones last. */
  flags: string[];
  selected: FlaggedRelease;
}

/**
 * The smallest change of release flags after which workerd runs a release with the `wanted` facts at `date`, or
 * null if there is none. Of changes of equal size the one with the newest release wins.
 *
 * Changes are evaluated with workerd's own rules, by increasing size. Only steps that can matter are taken: the
 * newest enabled release wins, so a step has to turn off the release that runs, or turn on one that is wanted
 * (or `python_workers`, without which nothing runs). Experimental flags are never added.
 */
export function findFlagChange(
  view: CatalogView,
  date: string,
  flags: readonly string[],
  wanted: Partial<CatalogRelease>,
): FlagChange | null {
  const facts = Object.entries(wanted) as [keyof CatalogRelease, unknown][];
  const isWanted = (release: CatalogRelease) => facts.every(([fact, value]) => release[fact] === value);
  const goals = view.runtimeFlags.filter((flag) => {
    if (flag.field === PYTHON_WORKERS_FIELD) return true;
    const release = view.releases.get(flag.field);
    return release && !flag.experimental && isWanted(release);
  });
  const asked = new Set(flags);
  const tried = new Set<string>();
  let level: ReadonlySet<string>[] = [asked];
  while (level.length > 0 && tried.size < MOST_TRIED) {
    let best: FlagChange | null = null;
    const next: ReadonlySet<string>[] = [];
    for (const named of level) {
      const selected = selectRelease(view, date, named);
      if (!selected) continue;
      if (isWanted(selected.release)) {
        if (best && selected.flag.ordinal <= best.selected.flag.ordinal) continue;
        const add = [...named].filter((flag) => !asked.has(flag));
        const remove = [...asked].filter((flag) => !named.has(flag));
        best = { add, remove, flags: [...named], selected };
        continue;
      }
      for (const changed of stepsFrom(named, selected.flag, goals)) {
        const key = [...changed].sort().join();
        if (!tried.has(key)) next.push(changed);
        tried.add(key);
      }
    }
    if (best) return best;
    level = next;
  }
  return null;
}

/** Every set of names that is one step away: the running release turned off, or a wanted one turned on. */
function stepsFrom(
  named: ReadonlySet<string>,
  running: CatalogFlag,
  goals: readonly CatalogFlag[],
): ReadonlySet<string>[] {
  const steps: ReadonlySet<string>[] = [];
  /** Takes `without` away, or adds `name` if `without` is not there. */
  const flip = (without: string | null, name: string | null) => {
    const other = new Set(named);
    if (without !== null && other.delete(without)) steps.push(other);
    else if (name !== null && !named.has(name)) steps.push(other.add(name));
  };
  flip(running.enable, running.disable);
  for (const goal of goals) flip(goal.disable, goal.enable);
  return steps;
}
