/** Tries what may clear vulnerabilities: other dates, package flags and indexes, each with the whole question. */
import type { ResolveAnswer, Target } from '../answer.ts';
import { datedTargets, flaggedTargets, placeOf, toDate, toFlag } from '../closure/candidates.ts';
import { resolveClosure } from '../closure/closure.ts';
import { type PinClosure, pinClosure, pinnedPackage } from '../closure/prepare.ts';
import { parseRequirements, type ResolveQuestion } from '../closure/resolve.ts';
import { isPackageFlag } from '../compatibility/package-set.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { type Outcome, placesOf } from '../issue.ts';
import type { FixOf } from '../issues/fixes.ts';
import type { PinwheelSource } from '../pinwheel/source.ts';
import { alsoFromIndex } from '../question/also-from-index.ts';
import { laterSets } from './findings.ts';

/** At most this many other targets are tried, because each may have to open a set. */
const MOST_TRIED = 32;
export type Change = FixOf<'date' | 'package_flag' | 'take_from_index' | 'run_command'>;

export type Solve = (
  view: CatalogView,
  question: ResolveQuestion,
) => Outcome<ResolveAnswer> | Promise<Outcome<ResolveAnswer>>;

/** A change, and what the question resolves to with it. */
export interface Solved {
  change: Change;
  answer: ResolveAnswer;
  /** The requirements that the change does not satisfy: it resolves the others. */
  without: readonly string[];
}

/**
 * Every change that resolves the whole question, or part of it, the nearest first: a later date of the same runtime, a
 * later package set of the same ABI, another runtime, packages from the index of the question.
 *
 * @param here what the question selects
 * @param names the packages of its set that were found to be vulnerable
 */
export async function tryChanges(
  view: CatalogView,
  question: ResolveQuestion,
  source: Pick<PinwheelSource, 'openSet'>,
  solve: Solve,
  here: Target,
  names: readonly string[],
): Promise<Solved[]> {
  // Nothing is known of other sets in place of one's own, nor of what is not required.
  const { requirements } = question;
  if (question.set || requirements.length === 0) return [];
  const parsed = question.index || question.constraints ? null : parseRequirements(requirements);
  if (parsed && !parsed.ok) return [];
  const after = datedTargets(view, question, here).filter(
    ({ compatibility_date }) => compatibility_date > here.compatibility_date,
  );
  const own = view.sets.get(here.package_set.flag)!;
  const flagged = flaggedTargets(view, question, laterSets(view, own));
  // A set takes milliseconds to open: of each other ABI, the newest has to do.
  const newest = new Map(flagged.map((target) => [target.runtime.abi, target]));
  const others = question.compatibility_flags.some(isPackageFlag) ? newest.values() : [];
  const resolveOn = async (target: Target, asked: readonly number[]) => {
    const { compatibility_date, compatibility_flags, package_set } = target;
    if (parsed) {
      const some = asked.map((at) => parsed.value[at]!);
      return resolveClosure(view, target, await source.openSet(package_set), some, pinAlone);
    }
    const texts = asked.map((at) => requirements[at]!);
    return solve(view, { ...question, compatibility_date, compatibility_flags, requirements: texts });
  };
  const solved: Solved[] = [];
  const places = new Set([placeOf(here)]);
  for (const target of [
    ...after.filter(({ runtime }) => runtime.id === here.runtime.id),
    ...flagged.filter(({ runtime }) => runtime.abi === own.abi),
    ...others,
    ...after,
  ]) {
    if (places.has(placeOf(target)) || places.size > MOST_TRIED) continue;
    places.add(placeOf(target));
    const all = [...requirements.keys()];
    const whole = await resolveOn(target, all);
    const unmet = new Set(whole.ok ? [] : whole.issues.flatMap(placesOf));
    const met = all.filter((at) => !unmet.has(at));
    const outcome = unmet.size > 0 && met.length > 0 ? await resolveOn(target, met) : whole;
    if (!outcome.ok) continue;
    const isFlagged = target.compatibility_flags.some(isPackageFlag);
    const change = isFlagged ? toFlag(question, here, target) : toDate(target);
    solved.push({ change, answer: outcome.value, without: requirements.filter((_, at) => unmet.has(at)) });
  }
  const tryIndex = async (packages: string[]) => {
    const outcome = await solve(view, { ...question, ...alsoFromIndex(question, packages) });
    const change: Change = { kind: 'take_from_index', packages, newer: [] };
    if (outcome.ok) solved.push({ change, answer: outcome.value, without: [] });
    return outcome.ok ? packages : [];
  };
  if (!question.index) return solved;
  // Packages one by one, then all that can come from the index.
  const able: string[] = [];
  for (const name of names) able.push(...(await tryIndex([name])));
  if (able.length > 1) await tryIndex(able);
  return solved;
}

/** Without the other packages of the set: most sets are tried once, for few of them. */
const pinAlone: PinClosure = (set, roots, view, target) =>
  pinClosure(set, roots, view, target, (member) => pinnedPackage(set.members[member]!));
