/** Solves the same requirements for several Pythons, with the same versions wherever possible. */
import type { Issue } from '../../issue.ts';
import { type MarkerEnvironment, markerEnvironment } from '../../requirements/marker.ts';
import { comparePublic, parseVersion, type Version } from '../../requirements/version.ts';
import { order } from '../../sorted-by.ts';
import type { Runner } from '../../wheels/wheel-name.ts';
import type { SolveAnswer } from '../answer.ts';
import { isNarrowed, openWorld, type Solved } from '../attempt.ts';
import type { Derivation } from '../derivation.ts';
import { bitOf, versionText } from '../listing.ts';
import { Effort, patiently, solveVersions } from '../pubgrub.ts';
import { type PreparedQuestion, prepareQuestion } from '../question.ts';
import { answerOf, solvePrepared } from '../solve.ts';
import type { SolveQuestion } from '../solve-question.ts';
import { PackageWorld, ROOT, splitKey } from '../world.ts';
import { JointWorld, sharedInProof } from './joint-world.ts';

/** One of the Pythons that a lock is for. */
export interface SliceQuestion extends SolveQuestion {
  /** The name of the target in the answer. */
  name: string;
  /** A Python that is not Pyodide; `set` is empty then. */
  host?: HostPython;
}

/** The packages of one of the Pythons. */
export interface TargetSlice {
  name: string;
  answer: SolveAnswer;
  /** The version that it would have got `alone`; null if one of the two has no such package. */
  moved: { name: string; alone: string | null; version: string | null }[];
}

/** A package that not all of the Pythons have in the same version. */
export interface Unshared {
  name: string;
  /** By the names of the targets. */
  versions: Record<string, string>;
  /**
   * `pins`: package sets pin different versions. `no_common_version`: there is none that each of them has.
   * `no_answer`: with one version in all of them, requirements could not be satisfied, or more packages would differ.
   * `too_hard`: it takes too long to find out whether they can share a version.
   */
  reason: 'pins' | 'no_common_version' | 'no_answer' | 'too_hard';
}

/** Slices in the order of the questions; or the issues of each Python without an answer. */
export type TargetsOutcome =
  | { ok: true; slices: TargetSlice[]; unshared: Unshared[] }
  | { ok: false; failures: { name: string; issues: Issue[]; derivation: Derivation | null }[] };

interface Slice {
  name: string;
  prepared: PreparedQuestion;
  /** Without the other slices. */
  alone: Solved;
  /** With the versions that slices share. */
  shared: Solved;
}

/**
 * Solves several questions so that as few packages as possible have different versions. `moved` lists packages that
 * one question alone would have in another version, and `unshared` those that have to differ: their package sets pin
 * different versions, or no version works for all. Versions that differ only in their local labels count as the same.
 *
 * Throws an `IndexError` if an index cannot be reached, or sends an invalid response.
 * @example
 * ```ts
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type PackageSet, prepareSet } from 'pinwheel-py';
 * import { solveTargets } from 'pinwheel-py/solver';
 * const target = { compatibility_date: '2026-10-20', runtime: set, package_set: set };
 * const question = { target, set: prepareSet(set as PackageSet), requirements: ['idna'], index: null };
 * const outcome = await solveTargets([{ name: 'worker', ...question }]);
 * outcome.ok && outcome.slices[0]?.answer.packages[0]?.name; // → 'idna'
 * ```
 */
export async function solveTargets(questions: readonly SliceQuestion[]): Promise<TargetsOutcome> {
  const outcomes = await Promise.all(questions.map(solveAlone));
  const failures = outcomes.flatMap((slice) => ('issues' in slice ? [slice] : []));
  if (failures.length > 0) return { ok: false, failures };
  const slices = outcomes.filter((slice) => 'prepared' in slice);
  const unshared = await share(slices, new Effort(questions[0]?.effort));
  return { ok: true, slices: await Promise.all(slices.map(sliceOf)), unshared };
}

type Failure = Extract<TargetsOutcome, { ok: false }>['failures'][number];

async function solveAlone(question: SliceQuestion): Promise<Slice | Failure> {
  const { name, host, target } = question;
  const { runner, environment } = host
    ? environmentOfHost(host)
    : { runner: target.runtime, environment: markerEnvironment(target.runtime) };
  const prepared = await prepareQuestion(question, runner, environment);
  if (!prepared.ok) return { name, issues: prepared.issues, derivation: null };
  const alone = await solvePrepared(prepared.value);
  if (alone.ok) return { name, prepared: prepared.value, alone, shared: alone };
  return { name, issues: alone.issues, derivation: alone.derivation };
}

/** Moves the slices to shared versions, and returns the packages that have to differ. */
async function share(slices: Slice[], effort: Effort): Promise<Unshared[]> {
  const reasons = new Map<string, Unshared['reason']>();
  for (const name of differing(slices)) {
    const reason = obstacle(name, slices);
    if (reason) reasons.set(name, reason);
  }
  if (differing(slices).some((name) => !reasons.has(name))) {
    const together = await patiently(() => solveTogether(slices, new Set(reasons.keys()), effort));
    for (const [at, solved] of together?.entries() ?? []) slices[at]!.shared = solved;
    const otherwise = together === null ? 'too_hard' : 'no_answer';
    for (const name of differing(slices)) if (!reasons.has(name)) reasons.set(name, otherwise);
  }
  return differing(slices).map((name) => {
    const having = slices.filter((slice) => versionIn(slice, name));
    const versions = having.map((slice) => [slice.name, versionIn(slice, name)!.text]);
    return { name, versions: Object.fromEntries(versions), reason: reasons.get(name)! };
  });
}

/** The packages that differ with every choice of versions. */
function obstacle(name: string, slices: readonly Slice[]): Unshared['reason'] | null {
  const having = slices.filter((slice) => versionIn(slice, name));
  const [first, ...others] = having.map((slice) => availableIn(slice, name));
  const isCommon = (version: Version) =>
    others.every((versions) => versions.some((other) => comparePublic(other, version) === 0));
  if (first!.some(isCommon)) return null;
  const [pin, ...pins] = having
    .filter(({ shared }) => shared.world.listings.get(name)?.origin === 'set')
    .map((slice) => versionIn(slice, name)!);
  return pins.some((other) => comparePublic(other, pin!) !== 0) ? 'pins' : 'no_common_version';
}

/**
 * The solutions in which as few packages as possible differ beside those that have to. Each proof that all cannot be
 * shared names packages of which one has to differ; the fewest that leave no proof out are tried next.
 */
async function solveTogether(
  slices: readonly Slice[],
  apart: ReadonlySet<string>,
  effort: Effort,
): Promise<Solved[]> {
  const asked = askedIn(slices);
  const proofs: string[][] = [];
  for (;;) {
    const attempted = await attemptTogether(slices, new Set([...apart, ...fewestIn(proofs, effort)]), effort);
    if (!(attempted instanceof Set)) return attempted;
    if (attempted.size === 0) throw new Error('each of them has an answer alone, but all together have none');
    // Requested packages are shared in preference to their dependencies.
    proofs.push([...attempted].sort((a, b) => Number(asked.has(a)) - Number(asked.has(b)) || order(a, b)));
  }
}

/** The solution of each slice, or names of which one more has to differ. */
async function attemptTogether(
  slices: readonly Slice[],
  apart: ReadonlySet<string>,
  effort: Effort,
  preferred = slices.map(({ alone }) => alone.world.preferred),
): Promise<Solved[] | Set<string>> {
  const opened = slices.map(({ prepared: { input, requirements, facts } }, at) => {
    const names = preferred[at];
    return names
      ? openWorld(input, requirements, facts, names)
      : new PackageWorld(input, requirements, facts);
  });
  const worlds: PackageWorld[] = await Promise.all(opened);
  const joint = new JointWorld(worlds, apart);
  const solution = await solveVersions(joint, ROOT, effort);
  if (solution.ok) {
    return worlds.map((world, at) => {
      return { ok: true, decisions: joint.decisionsOf(at, solution.decisions), world };
    });
  }
  if (preferred.includes(null) && isNarrowed(solution.proof)) {
    const all = preferred.map((names) => names ?? new Set<string>());
    return attemptTogether(slices, apart, effort, all);
  }
  return sharedInProof(solution.proof);
}

/** Names of which slices have different versions: what was asked for first, then what depends on others. */
function differing(slices: readonly Slice[]): string[] {
  const names = new Map<string, Version>();
  const different = new Set<string>();
  for (const slice of slices) {
    for (const name of namesIn(slice.shared)) {
      const version = versionIn(slice, name)!;
      const other = names.get(name);
      if (other && comparePublic(other, version) !== 0) different.add(name);
      else names.set(name, version);
    }
  }
  const asked = askedIn(slices);
  return [...different].sort((a, b) => Number(asked.has(b)) - Number(asked.has(a)) || order(a, b));
}

function askedIn(slices: readonly Slice[]): Set<string> {
  return new Set(slices.flatMap(({ prepared }) => prepared.requirements.map(({ name }) => name)));
}

function availableIn(slice: Slice, name: string): Version[] {
  const listing = slice.alone.world.listing(name);
  return listing.origin === 'index'
    ? listing.candidates.map(({ version }) => version)
    : [versionIn(slice, name)!];
}

function namesIn({ decisions }: Solved): string[] {
  return [...decisions.keys()].filter((key) => key !== ROOT && splitKey(key).extra === null);
}

function versionIn({ shared }: Slice, name: string): Version | null {
  return versionOf(shared, name);
}

function versionOf({ decisions, world }: Solved, name: string): Version | null {
  const decided = decisions.get(name);
  return decided === undefined ? null : parseVersion(versionText(world.listing(name), bitOf(decided)));
}

async function sliceOf({ name, prepared, alone, shared }: Slice): Promise<TargetSlice> {
  const names = new Set([alone, shared].flatMap(namesIn));
  const moved = [...names].sort().flatMap((moving) => {
    const before = versionOf(alone, moving)?.text ?? null;
    const after = versionOf(shared, moving)?.text ?? null;
    return before === after ? [] : [{ name: moving, alone: before, version: after }];
  });
  return { name, answer: await answerOf(prepared, shared), moved };
}

/** The smallest set of names that has one of each list; among equals, the one with the first names of lists. */
function fewestIn(lists: readonly (readonly string[])[], effort: Effort): string[] {
  const within = (most: number, chosen: readonly string[]): readonly string[] | null => {
    effort.spend(1 + lists.length);
    const open = lists.find((list) => !list.some((name) => chosen.includes(name)));
    if (!open) return chosen;
    if (chosen.length === most) return null;
    for (const name of open) {
      const fewest = within(most, [...chosen, name]);
      if (fewest) return fewest;
    }
    return null;
  };
  for (let most = 0; ; most++) {
    const fewest = within(most, []);
    if (fewest) return [...fewest];
  }
}

/** A CPython as it describes itself: one that is not Pyodide, such as the one that tests run with. */
export interface HostPython {
  /** The variables of markers: `packaging.markers.default_environment()`. */
  markers: Readonly<Record<string, string>>;
  /** The wheels that it runs, best first: `packaging.tags.sys_tags()`. */
  tags: readonly string[];
}

export function environmentOfHost({ markers, tags }: HostPython): {
  runner: Runner;
  environment: MarkerEnvironment;
} {
  const ranks = new Map(tags.map((tag, at) => [tag, tags.length - at]));
  const python = markers.python_full_version ?? '';
  const platform = markers.sys_platform ?? '';
  return {
    runner: { python, abi: platform, platform, tags: ranks },
    environment: new Map(Object.entries(markers)),
  };
}
