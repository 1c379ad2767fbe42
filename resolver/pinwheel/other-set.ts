/** If a question has no answer with its package set and an index: finds another set that gives one. */
import type { Target } from '../answer.ts';
import { MOST_EXPLAINED } from '../closure/most-explained.ts';
import type { PreparedSet } from '../closure/prepare.ts';
import { isPackageFlag, nearestSets } from '../compatibility/package-set.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Issue } from '../issue.ts';
import type { Fix } from '../issues/fix.ts';
import { fixed } from '../issues/fixes.ts';

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
  if (explained.every(({ fixes }) => fixes.length > 0) || names.length < issues.length) return issues;
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
    const replaces = target.compatibility_flags.find(isPackageFlag) ?? null;
    const has = names.map((name) => ({ name, version: set.members[set.index.get(name)!]!.version }));
    const fix: Fix = {
      ...{ kind: 'package_flag', flag, replaces, has },
      ...{ pyodide: runtime.pyodide, same_runtime: true, others: 0 },
    };
    return issues.map((issue) => (issue.fixes.length === 0 ? { ...issue, ...fixed([fix]) } : issue));
  }
  return issues;
}
