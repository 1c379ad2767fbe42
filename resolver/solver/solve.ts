/** Requirements, a target and an index in; packages of the set and of the index out. */
import type { AskedIndex, Diagnostic, Target } from '../answer.ts';
import type { PreparedSet } from '../closure/prepare.ts';
import type { Issue } from '../issue.ts';
import { tooHard } from '../issues/solver.ts';
import { type MarkerEnvironment, markerEnvironment } from '../requirements/environment.ts';
import type { Runner } from '../wheels/wheel-name.ts';
import { packagesOf, remarksOn, type SolvedPackage } from './answer.ts';
import { type Attempt, attempt } from './attempt.ts';
import type { Derivation } from './derivation.ts';
import { TooMuchEffort } from './effort.ts';
import type { PackageIndex } from './package-index.ts';
import { type PreparedQuestion, prepareQuestion, type ReadQuestion } from './question.ts';

/**
 * A question that may go beyond a package set.
 *
 * @example
 * ```ts
 * import type { SolveQuestion } from 'pinwheel-py/solver';
 *
 * const beyond: Pick<SolveQuestion, 'requirements' | 'unpin' | 'excludeNewer' | 'excludeNewerPackage'> = {
 *   requirements: ['django>=5.2', 'fastapi>=0.140'],
 *   unpin: ['fastapi', 'starlette'],
 *   excludeNewer: '2026-09-30',
 *   excludeNewerPackage: { django: '2026-11-05' },
 * };
 * beyond.requirements.length; // → 2
 * ```
 */
export interface SolveQuestion {
  /** What `selectTarget` gives. */
  target: SolveTarget;
  /** The target's package set. Each of its names is pinned. */
  set: PreparedSet;
  /** PEP 508, with URLs of wheels (`name @ https://…`) where the index can follow them. */
  requirements: readonly string[];
  /** Where everything else comes from; null to stay in the set. */
  index: PackageIndex | null;
  /** Names of the set that come from the index all the same. */
  unpin?: readonly string[];
  /**
   * A day (UTC, included) or an RFC 3339 moment after which uploads do not count; null if all do. By default the
   * compatibility date, or the day on which the set was released if that is later.
   */
  excludeNewer?: string | null;
  /** The same for single packages: what a security fix needs. */
  excludeNewerPackage?: Readonly<Record<string, string | null>>;
  /** How many versions may be compared, roughly; by default 30 million, which takes seconds. More is `too_hard`. */
  effort?: number;
  /** PEP 508: they narrow the versions of the index, and ask for nothing. */
  constraints?: readonly string[];
}

/**
 * What of a target the solver looks at.
 *
 * @example
 * ```ts
 * import type { SolveTarget } from 'pinwheel-py/solver';
 *
 * const target: SolveTarget = {
 *   compatibility_date: '2026-10-20',
 *   runtime: { python: '3.13.2', abi: '2025_0', platform: 'emscripten_4_0_9' },
 *   package_set: { flag: 'python_3.13_packages_2025_09_22', released: '2025-09-22' },
 * };
 * target.runtime.abi; // → '2025_0'
 * ```
 */
export interface SolveTarget extends Pick<Target, 'compatibility_date'> {
  runtime: Pick<Target['runtime'], 'python' | 'abi' | 'platform'>;
  package_set: Pick<Target['package_set'], 'flag' | 'released'>;
}

/**
 * What to install: with `registry` and `target` beside it, an answer like those of `resolve`.
 *
 * @example
 * ```ts
 * import type { SolveAnswer } from 'pinwheel-py/solver';
 *
 * const lines = ({ packages }: SolveAnswer) =>
 *   packages.map(({ name, version, wheel }) => `${name}==${version} --hash=sha256:${wheel.sha256}`);
 * lines({ packages: [], totals: { packages: 0, size: 0 }, index: null, diagnostics: [] }); // → []
 * ```
 */
export interface SolveAnswer {
  /** In load order: dependencies first. */
  packages: SolvedPackage[];
  /** `size` in bytes; null if that of one of the packages is unknown. */
  totals: { packages: number; size: number | null };
  /** What else the answer depends on; null without an index. */
  index: AskedIndex | null;
  diagnostics: Diagnostic[];
}

/**
 * An answer, or the issues that stand in its way, with the derivation where the requirements contradict each other.
 *
 * @example
 * ```ts
 * import type { SolveOutcome } from 'pinwheel-py/solver';
 *
 * const outcome: SolveOutcome = { ok: false, issues: [], derivation: null };
 * outcome.ok; // → false
 * ```
 */
export type SolveOutcome =
  | { ok: true; value: SolveAnswer }
  | { ok: false; issues: Issue[]; derivation: Derivation | null };

/**
 * Solves requirements with a package set and an index beside it. Names of the set come from the set, all others from
 * the index, never a mixture of both. The same question has the same answer for as long as the index keeps its files.
 *
 * Throws an `IndexError` if the index cannot be reached or sends something other than it should.
 *
 * @example
 * ```ts
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type PackageSet, prepareSet } from 'pinwheel-py';
 * import { type PackageIndex, solve } from 'pinwheel-py/solver';
 *
 * // In the place of an index on the network: `openIndex({ url: 'https://pypi.org/simple/' })` is a real one.
 * const filename = 'shout-2.0-py3-none-any.whl';
 * const file = { filename, url: `https://files.example/${filename}`, sha256: '64'.repeat(32), size: 2_000 };
 * const rest = { upload_time: '2025-08-01T00:00:00Z', requires_python: null, yanked: false, metadata: null };
 * const index: PackageIndex = {
 *   url: 'https://index.example/simple/',
 *   versionsOf: async (name) => (name === 'shout' ? [{ ...file, ...rest }] : null),
 *   metadataOf: async () => 'Name: shout\nVersion: 2.0\nRequires-Dist: idna>=3\n',
 * };
 * const outcome = await solve({
 *   target: {
 *     compatibility_date: '2026-10-20',
 *     runtime: set,
 *     package_set: set,
 *   },
 *   set: prepareSet(set as PackageSet),
 *   requirements: ['shout'],
 *   index,
 * });
 * if (!outcome.ok) throw new Error(outcome.issues[0]?.message);
 * outcome.value.packages.map(({ name, origin }) => [name, origin]); // → [['idna', 'set'], ['shout', 'index']]
 * ```
 */
export async function solve(question: SolveQuestion): Promise<SolveOutcome> {
  const { runtime } = question.target;
  return solveOn(question, runtime, markerEnvironment(runtime));
}

/** The same for any Python whose markers and tags are known. */
export async function solveOn(
  question: SolveQuestion,
  runner: Runner,
  environment: MarkerEnvironment,
): Promise<SolveOutcome> {
  const prepared = await prepareQuestion(question, runner, environment);
  if (!prepared.ok) return { ...prepared, derivation: null };
  try {
    const found = await attemptAt(prepared.value);
    if (found.solution.ok) return { ok: true, value: await answerOf(prepared.value, found) };
    // Only those who need it load the code that explains.
    const { refuse } = await import('./refuse.ts');
    const { roots, read } = prepared.value;
    return await refuse(found.solution.proof, found.world, roots.requirements, read.requirements);
  } catch (error) {
    if (error instanceof TooMuchEffort) return { ok: false, issues: [tooHard({})], derivation: null };
    throw error;
  }
}

/** What is found for a question. */
export function attemptAt({ input, roots, facts }: PreparedQuestion): Promise<Attempt> {
  return attempt(input, roots.requirements, facts);
}

/** What an attempt that found something comes to. */
export async function answerOf(
  { input, roots, read }: PreparedQuestion,
  { world, solution }: Attempt,
): Promise<SolveAnswer> {
  if (!solution.ok) throw new Error('there is no answer');
  const requested = new Set(roots.requirements.map(({ name }) => name));
  const packages = await packagesOf(solution.decisions, world, requested);
  const diagnostics = [...roots.diagnostics, ...(await remarksOn(packages, solution.decisions, world))];
  return { packages, totals: totalsOf(packages), index: beside(input.index, read), diagnostics };
}

function totalsOf(packages: readonly SolvedPackage[]): SolveAnswer['totals'] {
  const sizes = packages.map(({ wheel }) => wheel.size);
  const size = sizes.includes(null) ? null : sizes.reduce<number>((sum, one) => sum + one!, 0);
  return { packages: packages.length, size };
}

function beside(
  index: PackageIndex | null,
  { cutoff, exceptions, unpin }: ReadQuestion,
): SolveAnswer['index'] {
  const moment = (value: number | null) => (value === null ? null : new Date(value).toISOString());
  const names = [...exceptions.keys()].sort();
  if (!index?.url) return null;
  return {
    url: index.url,
    exclude_newer: moment(cutoff),
    exclude_newer_package: Object.fromEntries(names.map((name) => [name, moment(exceptions.get(name)!)])),
    unpin: [...unpin].sort(),
  };
}
