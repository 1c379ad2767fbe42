/** Package flags, `python_X.Y_packages_YYYY_MM_DD`, and the set that a target gets without one. */
import type { Reason, Runtime } from '../answer.ts';
import type { CatalogRelease, CatalogSet } from '../catalog.ts';
import type { Issue } from '../issue.ts';
import { unknownPackageFlag } from '../issues/target.ts';
import { sortedBy } from '../sorted-by.ts';
import { nearest } from '../text/nearest.ts';
import { daysBetween } from './date.ts';
import { type CatalogView, minorOf } from './view.ts';

const SUGGESTIONS = 3;

/** Whether a flag is meant as a package flag, valid or not; the others are workerd's. */
export function isPackageFlag(flag: string): boolean {
  return /^python_[\d.]+_packages_\S*$/.test(flag);
}

export function packageFlagIssue(view: CatalogView, flag: string): Issue | null {
  if (view.sets.has(flag)) return null;
  return unknownPackageFlag({ flag, near: nearestPackageFlags(view, flag) });
}

/**
 * The set of a runtime on a date without a package flag: the newest Pinwheel set that is the default of its ABI by
 * then; else the runtime's newest set by then, or before all of them its first. Yanked sets are left out. Null if there
 * is none.
 */
export function defaultSet(
  view: CatalogView,
  { pyodide, abi, packages_tag: tag }: CatalogRelease,
  date: string,
): { set: CatalogSet; reason: Reason } | null {
  const stands = ({ flag }: CatalogSet) => {
    const yank = view.yankedSets.get(flag);
    return !yank || yank.from > date;
  };
  const byThen = (set: CatalogSet) => set.default_from! <= date && stands(set);
  const released = view.defaultSets.get(abi)?.findLast(byThen);
  if (released) {
    const message = `${released.flag} is the default of ABI ${abi} from ${released.default_from} on.`;
    return { set: released, reason: { code: 'default_by_date', message } };
  }
  const own = view.runtimeSets.get(pyodide);
  const set = own?.findLast(byThen) ?? own?.find(stands);
  if (!set) return null;
  const why = tag === null ? 'of' : 'that workerd pairs with';
  return {
    set,
    reason: { code: 'runtime_set', message: `${set.flag} is the set ${why} Pyodide ${pyodide}.` },
  };
}

/** Sets, the nearest to a Pyodide first: those of its minor version, then others, the newest of each; yanked ones last. */
export function nearestSets(
  view: CatalogView,
  { pyodide }: Pick<Runtime, 'pyodide'>,
  sets: readonly CatalogSet[],
): CatalogSet[] {
  return sortedBy(
    sets,
    ({ runtime, released, flag }) =>
      `${!view.yankedSets.has(flag)} ${minorOf(runtime) === minorOf(pyodide)} ${released} ${flag}`,
  ).reverse();
}

/** The flags nearest by date and Python; by spelling if `flag` has no valid Python and date. */
function nearestPackageFlags(view: CatalogView, flag: string): string[] {
  const asked = readPackageFlag(flag);
  const names = [...view.sets.keys()];
  if (!asked) return nearest(flag, names, SUGGESTIONS);
  const distance = (name: string) => {
    const [minor, day] = readPackageFlag(name)!;
    const days = daysBetween(day, asked[1]);
    // No two flags are a thousand Pythons, or ten million days apart.
    return (Math.abs(minor - asked[0]) + (days && 1_000)) * 10_000_000 + days;
  };
  return sortedBy(names.sort(), distance).slice(0, SUGGESTIONS);
}

function readPackageFlag(flag: string): [minor: number, day: string] | null {
  const parts = /^python_3\.(\d{1,3})_packages_(\d{4})_(\d\d?)_(\d\d?)(?:_[a-z0-9]+)?$/.exec(flag);
  return parts && [Number(parts[1]), parts.slice(2, 5).join('-')];
}
