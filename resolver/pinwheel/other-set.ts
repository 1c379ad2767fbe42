/** If a question has no answer with its package set and an index: finds another set that gives one. */
import type { Target } from '../answer.ts';
import { MOST_EXPLAINED } from '../closure/most-explained.ts';
import type { PreparedSet } from '../closure/prepare.ts';
import { isPackageFlag, nearestSets } from '../compatibility/package-set.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Issue } from '../issue.ts';

/** At most this many sets are tried. */
const MOST_TRIED = 4;

/**
 * Adds the flag of another set of the same ABI to issues whose package that set has. The set is tried with the whole
 * question before it is proposed. Other proposals stay.
 */
export async function withOtherSet(
  issues: Issue[],
  view: CatalogView,
  target: Target,
  open: (set: Target['package_set']) => Promise<PreparedSet>,
  solves: (target: Target, set: PreparedSet) => Promise<boolean>,
): Promise<Issue[]> {
  const names = issues.flatMap((issue) => ('package' in issue ? issue.package : []));
  const explained = issues.slice(0, MOST_EXPLAINED);
  if (explained.every(({ fix }) => fix !== null) || names.length < issues.length) return issues;
  const { runtime, package_set } = target;
  const others = [...view.sets.values()].filter(
    ({ abi, flag }) => abi === runtime.abi && flag !== package_set.flag,
  );
  let left = MOST_TRIED;
  for (const { flag, digest, released } of nearestSets(view, runtime, others)) {
    const place = { ...package_set, flag, digest, released };
    const set = await open(place);
    if (!names.every((name) => set.index.has(name))) continue;
    if (left-- === 0) break;
    if (!(await solves({ ...target, package_set: place }, set))) continue;
    const named = target.compatibility_flags.find(isPackageFlag);
    const instead = named === undefined ? '' : ` instead of ${named}`;
    const fix = `The package set ${flag} has ${names.join(' and ')}: --flag ${flag}${instead}.`;
    return issues.map((issue) => (issue.fix === null ? { ...issue, fix } : issue));
  }
  return issues;
}
