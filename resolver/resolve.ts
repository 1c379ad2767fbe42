/** The main job: requirements and a target in, pinned packages in load order out. */
import type { RegistryStamp, ResolveAnswer, ResolvedPackage, Target } from './answer.ts';
import { explain, namesToLookUp, type Pin } from './closure/explain.ts';
import type { Failure } from './closure/failure.ts';
import type { PreparedSet } from './closure/prepare.ts';
import { selectRoots } from './closure/select.ts';
import { walk } from './closure/walk.ts';
import { selectTarget, type TargetQuestion } from './compatibility/target.ts';
import type { CatalogView } from './compatibility/view.ts';
import type { Fault, Outcome } from './fault.ts';
import { markerEnvironment } from './requirements/environment.ts';
import { parseRequirement, type Requirement } from './requirements/requirement.ts';

/** More requirements than this in one question are refused. */
export const MAX_REQUIREMENTS = 1_000;

/** A whole question: a target's, and PEP 508 requirements. */
export interface ResolveQuestion extends TargetQuestion {
  requirements: readonly string[];
}

/** The one seam to the world: where package sets come from, and what other sets pin. */
export interface ResolveSource {
  /** A package set, by its flag or, safer, by its digest. */
  openSet(set: Target['package_set']): Promise<PreparedSet>;
  /** Every pin of each of these canonical names, over all sets; asked for only to explain a failure. */
  readPins(names: readonly string[]): Promise<ReadonlyMap<string, readonly Pin[]>>;
}

/** Answers a question from a view of the catalog, or says everything that is wrong with it. */
export async function resolve(
  view: CatalogView,
  question: ResolveQuestion,
  source: ResolveSource,
): Promise<Outcome<ResolveAnswer>> {
  const target = selectTarget(view, question);
  const requirements = parseRequirements(question.requirements);
  if (!target.ok || !requirements.ok) {
    return { ok: false, faults: [...faultsOf(target), ...faultsOf(requirements)] };
  }
  const set = await source.openSet(target.value.package_set);
  const resolution = resolveClosure(view.stamp, target.value, set, requirements.value);
  if (resolution.ok) return { ok: true, value: resolution.answer };
  const pins = await source.readPins(namesToLookUp(resolution.failures));
  const context = { view, question, target: target.value, pins };
  return { ok: false, faults: resolution.failures.map((failure) => explain(failure, context)) };
}

export type Resolution = { ok: true; answer: ResolveAnswer } | { ok: false; failures: Failure[] };

/** The closure of parsed requirements in a set, with every reason. Pure, and what the benchmarks measure. */
export function resolveClosure(
  registry: RegistryStamp,
  target: Target,
  set: PreparedSet,
  requirements: readonly Requirement[],
): Resolution {
  const { roots, failures, diagnostics } = selectRoots(set, requirements, () =>
    markerEnvironment(target.runtime),
  );
  const { members, requiredBy } = walk(set, roots);
  for (const index of members) failures.push(...danglingOf(set, index, members, requiredBy));
  if (failures.length > 0) return { ok: false, failures };

  let size: number | null = 0;
  const packages = members.map((index, at): ResolvedPackage => {
    const { name, version, depends, wheel } = set.packages[index]!;
    size = size === null || wheel.size === null ? null : size + wheel.size;
    const required_by = requiredBy[at]!.map((parent) => set.packages[parent]!.name);
    return { name, version, requested: roots.has(index), required_by, depends, wheel };
  });
  const answer = { registry, target, packages, totals: { packages: packages.length, size }, diagnostics };
  return { ok: true, answer };
}

function parseRequirements(texts: readonly string[]): Outcome<Requirement[]> {
  if (texts.length > MAX_REQUIREMENTS) {
    const message = `There are ${texts.length} requirements, but one question may have ${MAX_REQUIREMENTS} at most.`;
    const fix = 'Ask in several questions.';
    return { ok: false, faults: [{ kind: 'malformed', code: 'too_many_requirements', message, fix }] };
  }
  const outcomes = texts.map(parseRequirement);
  const faults = outcomes.flatMap(faultsOf);
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, value: outcomes.flatMap((outcome) => (outcome.ok ? outcome.value : [])) };
}

function danglingOf(
  set: PreparedSet,
  index: number,
  members: readonly number[],
  requiredBy: readonly (readonly number[])[],
): Failure[] {
  return set.dangling[index]!.map((name) => {
    const chain = [index];
    for (let parents = requiredBy[members.indexOf(index)]!; parents[0] !== undefined; ) {
      if (chain.includes(parents[0])) break;
      chain.unshift(parents[0]);
      parents = requiredBy[members.indexOf(parents[0])]!;
    }
    return { code: 'missing_dependency', name, chain: chain.map((at) => set.members[at]!.name) };
  });
}

function faultsOf(outcome: Outcome<unknown>): Fault[] {
  return outcome.ok ? [] : outcome.faults;
}
