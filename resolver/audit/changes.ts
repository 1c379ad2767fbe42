/** Tries what may clear vulnerabilities: other dates, package flags and indexes, each with the whole question. */
import type { ResolveAnswer, Target } from '../answer.ts';
import { datedTargets, targetOf } from '../closure/candidates.ts';
import { resolveClosure } from '../closure/closure.ts';
import { type PinClosure, pinClosure, pinnedPackage } from '../closure/prepare.ts';
import type { ResolveQuestion } from '../closure/resolve.ts';
import { isPackageFlag } from '../compatibility/package-set.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { type Outcome, placesOf } from '../issue.ts';
import type { FixOf } from '../issues/fixes.ts';
import type { PinwheelSource } from '../pinwheel/source.ts';
import { alsoFromIndex } from '../question/fields.ts';
import { parseRequirement } from '../requirements/requirement.ts';
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
  const parsed = new Map(
    question.requirements.flatMap((text) => {
      const outcome = parseRequirement(text);
      return outcome.ok ? [[text, outcome.value] as const] : [];
    }),
  );
  const resolvesOn = async (target: Target, texts: readonly string[]): Promise<Outcome<ResolveAnswer>> => {
    const { compatibility_date, compatibility_flags } = target;
    const moved = { ...question, requirements: [...texts], compatibility_date, compatibility_flags };
    if (question.index || question.constraints) return solve(view, moved);
    const requirements = texts.flatMap((text) => parsed.get(text) ?? []);
    return resolveClosure(view, target, await source.openSet(target.package_set), requirements, pinAlone);
  };
  /** Leaves out the requirements that this target does not satisfy. */
  const tryTarget = async (target: Target, change: Change) => {
    const all = question.requirements;
    const whole = await resolvesOn(target, all);
    if (whole.ok) {
      solved.push({ change, answer: whole.value, without: [] });
      return;
    }
    const places = new Set(whole.issues.flatMap(placesOf));
    const rest = all.filter((_, at) => !places.has(at));
    if (rest.length === 0 || rest.length === all.length) return;
    const part = await resolvesOn(target, rest);
    const without = all.filter((_, at) => places.has(at));
    if (part.ok) solved.push({ change, answer: part.value, without });
  };
  const places = new Set([placeOf(here)]);
  const tryTargets = async (targets: readonly Target[], changeTo: (target: Target) => Change) => {
    for (const target of targets) {
      if (places.has(placeOf(target)) || places.size > MOST_TRIED) continue;
      places.add(placeOf(target));
      await tryTarget(target, changeTo(target));
    }
  };

  const { compatibility_flags: flags } = question;
  const replaces = flags.find(isPackageFlag) ?? null;
  const kept = flags.filter((flag) => !isPackageFlag(flag));
  const { abi, released } = view.sets.get(here.package_set.flag)!;
  const later = sortedBy(
    [...view.sets.values()].filter((set) => set.released > released && !view.yankedSets.has(set.flag)),
    (set) => set.released,
  );
  const tryFlags = (isSame: boolean) => {
    const sets = later.filter((set) => (set.abi === abi) === isSame);
    const targets = sets.flatMap(({ flag }) =>
      targetOf(view, { ...question, compatibility_flags: [...kept, flag] }),
    );
    return tryTargets(targets, ({ package_set, runtime: { id, pyodide } }) => ({
      ...{ kind: 'package_flag', flag: package_set.flag, replaces, has: [], pyodide, others: 0 },
      same_runtime: id === here.runtime.id,
    }));
  };
  // A package flag pins its set at all dates.
  const dated = replaces === null ? datedTargets(view, question, here) : [];
  const from = here.compatibility_date;
  const after = dated.filter(({ compatibility_date }) => compatibility_date > from);
  const toDate = ({ compatibility_date, package_set }: Target): Change => {
    return { kind: 'date', compatibility_date, package_set: package_set.flag, has: [] };
  };
  await tryTargets(
    after.filter(({ runtime }) => runtime.id === here.runtime.id),
    toDate,
  );
  await tryFlags(true);
  if (question.index) {
    const pinned = hits.flatMap(({ member: { name, fromSet } }) => (fromSet ? name : []));
    const names = [...new Set(pinned)].sort();
    // Each alone, and all of those together.
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
  if (replaces === null) await tryTargets(after, toDate);
  else await tryFlags(false);
  return solved;
}

/** Without the other packages of the set: most sets are tried once, for few of them. */
const pinAlone: PinClosure = (set, roots, view, target) =>
  pinClosure(set, roots, view, target, (member) => pinnedPackage(set.members[member]!));

const placeOf = ({ runtime, package_set }: Target) => `${runtime.id} ${package_set.flag}`;
