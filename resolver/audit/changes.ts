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
import { sortedBy } from '../sorted-by.ts';
import type { Hit } from './findings.ts';

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
  /** The requirements that the change does not satisfy: for the others, it does. */
  without: readonly string[];
}

/**
 * Every change that resolves the whole question, or what it can of it, the smallest first: a later date of the same
 * runtime, a later package set of the same ABI, packages from the index of the question, another runtime.
 *
 * @param here what the question selects
 * @param hits what was found there
 */
export async function tryChanges(
  view: CatalogView,
  question: ResolveQuestion,
  source: Pick<PinwheelSource, 'openSet'>,
  solve: Solve,
  { here, hits }: { here: Target; hits: readonly Hit[] },
): Promise<Solved[]> {
  const solved: Solved[] = [];
  // Nothing is known of other sets in place of one's own, nor of what is not required.
  if (question.set || question.requirements.length === 0) return solved;
  const { requirements } = question;
  const parsed = question.index || question.constraints ? null : parseRequirements(requirements);
  if (parsed && !parsed.ok) return solved;
  const resolvesOn = async (target: Target, asked: readonly number[]): Promise<Outcome<ResolveAnswer>> => {
    const { compatibility_date, compatibility_flags, package_set } = target;
    if (!parsed) {
      const texts = asked.map((at) => requirements[at]!);
      return solve(view, { ...question, compatibility_date, compatibility_flags, requirements: texts });
    }
    const set = await source.openSet(package_set);
    const some = asked.map((at) => parsed.value[at]!);
    return resolveClosure(view, target, set, some, pinAlone);
  };
  /** Leaves out the requirements that this target does not satisfy. */
  const tryTarget = async (target: Target, change: Change) => {
    const all = [...requirements.keys()];
    const whole = await resolvesOn(target, all);
    const unmet = new Set(whole.ok ? [] : whole.issues.flatMap(placesOf));
    const rest = all.filter((at) => !unmet.has(at));
    const isPart = rest.length > 0 && unmet.size > 0;
    const outcome = isPart ? await resolvesOn(target, rest) : whole;
    const without = requirements.filter((_, at) => unmet.has(at));
    if (outcome.ok) solved.push({ change, answer: outcome.value, without });
  };
  const places = new Set([placeOf(here)]);
  const tryTargets = async (targets: readonly Target[], changeTo: (target: Target) => Change) => {
    for (const target of targets) {
      if (places.has(placeOf(target)) || places.size > MOST_TRIED) continue;
      places.add(placeOf(target));
      await tryTarget(target, changeTo(target));
    }
  };

  const { abi, released } = view.sets.get(here.package_set.flag)!;
  const later = sortedBy(
    [...view.sets.values()].filter((set) => set.released > released && !view.yankedSets.has(set.flag)),
    (set) => set.released,
  );
  const tryFlags = (isSame: boolean) => {
    const sets = later.filter((set) => (set.abi === abi) === isSame);
    return tryTargets(flaggedTargets(view, question, sets), (there) => toFlag(question, here, there));
  };
  const after = datedTargets(view, question, here).filter(
    ({ compatibility_date }) => compatibility_date > here.compatibility_date,
  );
  const sameRuntime = after.filter(({ runtime }) => runtime.id === here.runtime.id);
  await tryTargets(sameRuntime, toDate);
  await tryFlags(true);
  if (question.index) {
    const pinned = hits.flatMap(({ member: { name, fromSet } }) => (fromSet ? name : []));
    const names = [...new Set(pinned)].sort();
    // Packages one by one, then all that can come from the index.
    const able: string[] = [];
    const tryIndex = async (...packages: string[]) => {
      const outcome = await solve(view, { ...question, ...alsoFromIndex(question, packages) });
      const change: Change = { kind: 'take_from_index', packages, newer: [] };
      if (outcome.ok) solved.push({ change, answer: outcome.value, without: [] });
      return outcome.ok;
    };
    for (const name of names) if (await tryIndex(name)) able.push(name);
    if (able.length > 1) await tryIndex(...able);
  }
  await tryTargets(after, toDate);
  if (question.compatibility_flags.some(isPackageFlag)) await tryFlags(false);
  return solved;
}

/** Without the other packages of the set: most sets are tried once, for few of them. */
const pinAlone: PinClosure = (set, roots, view, target) =>
  pinClosure(set, roots, view, target, (member) => pinnedPackage(set.members[member]!));
