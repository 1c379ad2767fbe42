/** Requirements, a target and an index in; packages of the set and of the index out. */
import { allOf } from '../all-of.ts';
import type { Diagnostic, Target } from '../answer.ts';
import type { PreparedSet } from '../closure/prepare.ts';
import { MAX_REQUIREMENTS } from '../closure/resolve.ts';
import type { Issue, Outcome } from '../issue.ts';
import { meaninglessMarker } from '../issues/closure.ts';
import { type SyntaxIssue, tooManyRequirements } from '../issues/requirements.ts';
import { invalidName } from '../issues/solver.ts';
import { type MarkerEnvironment, markerEnvironment } from '../requirements/environment.ts';
import { evaluateMarker, meaninglessComparison } from '../requirements/marker.ts';
import { canonicalName, isName } from '../requirements/name.ts';
import { type DirectRequirement, parseDirectRequirement } from '../requirements/requirement.ts';
import { printable } from '../text/printable.ts';
import type { Runner } from '../wheels/wheel-name.ts';
import { packagesOf, remarksOn, type SolvedPackage } from './answer.ts';
import { attempt } from './attempt.ts';
import { readCutoff } from './cutoff.ts';
import type { Derivation } from './derivation.ts';
import { directFiles } from './direct.ts';
import type { PackageIndex } from './package-index.ts';

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
   * A day (UTC, included) or an RFC 3339 moment after which uploads do not count; null where all do. By default the
   * compatibility date, or the day on which the set was released where that is later.
   */
  excludeNewer?: string | null;
  /** The same for single packages: what a security fix needs. */
  excludeNewerPackage?: Readonly<Record<string, string | null>>;
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
  /** `size` in bytes; null where that of one of the packages is unknown. */
  totals: { packages: number; size: number | null };
  /** What else the answer depends on; null without an index. */
  index: {
    url: string;
    /** The last moment of which uploads count, as RFC 3339; null where all do. */
    exclude_newer: string | null;
    /** By name, in alphabetical order. */
    exclude_newer_package: Record<string, string | null>;
    unpin: string[];
  } | null;
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
 * Throws an `IndexError` where the index cannot be reached or sends something other than it should.
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
  const read = readQuestion(question);
  if (!read.ok) return { ...read, derivation: null };
  const { unpin, cutoff, exceptions } = read.value;
  const { set, index } = question;
  const roots = rootsOf(read.value.requirements, environment);
  const direct = roots.issues.length > 0 ? null : await directFiles(roots.requirements, index);
  const issues = [...roots.issues, ...(direct?.ok === false ? direct.issues : [])];
  if (!direct?.ok) return { ok: false, issues, derivation: null };

  const cutoffOf = (name: string) => (exceptions.has(name) ? exceptions.get(name)! : cutoff);
  const setting = { set, unpin, index, direct: direct.value, cutoff: cutoffOf, runner, environment };
  const { world, solution } = await attempt(setting, roots.requirements);
  if (!solution.ok) {
    // Only those who need it load the code that explains.
    const { refuse } = await import('./refuse.ts');
    return refuse(solution.proof, world, roots.requirements, read.value.requirements);
  }

  const requested = new Set(roots.requirements.map(({ name }) => name));
  const packages = await packagesOf(solution.decisions, world, requested);
  const diagnostics = [...roots.diagnostics, ...(await remarksOn(packages, solution.decisions, world))];
  const value = { packages, totals: totalsOf(packages), index: beside(index, read.value), diagnostics };
  return { ok: true, value };
}

interface ReadQuestion {
  requirements: DirectRequirement[];
  unpin: Set<string>;
  cutoff: number | null;
  exceptions: Map<string, number | null>;
}

function readQuestion({ target, requirements, ...question }: SolveQuestion): Outcome<ReadQuestion> {
  const { compatibility_date, package_set } = target;
  const { excludeNewer, excludeNewerPackage = {}, unpin = [] } = question;
  const [, day] = [compatibility_date, package_set.released].sort();
  const names = allOf<string[]>(...[...unpin, ...Object.keys(excludeNewerPackage)].map(readName));
  const cutoffs = [excludeNewer === undefined ? day! : excludeNewer, ...Object.values(excludeNewerPackage)];
  const moments = allOf<(number | null)[]>(
    ...cutoffs.map((text) => (text === null ? ({ ok: true, value: null } as const) : readCutoff(text))),
  );
  const asked = allOf(readRequirements(requirements), names, moments);
  if (!asked.ok) return asked;
  const [cutoff, ...others] = asked.value[2];
  const exceptions = new Map(others.map((moment, at) => [asked.value[1][unpin.length + at]!, moment]));
  const value = {
    requirements: asked.value[0],
    unpin: new Set(asked.value[1].slice(0, unpin.length)),
    cutoff: cutoff!,
    exceptions,
  };
  return { ok: true, value };
}

function readRequirements(texts: readonly string[]): Outcome<DirectRequirement[]> {
  if (texts.length > MAX_REQUIREMENTS) {
    return { ok: false, issues: [tooManyRequirements({ count: texts.length, most: MAX_REQUIREMENTS })] };
  }
  return allOf<DirectRequirement[]>(...texts.map((text, index) => at(parseDirectRequirement(text), index)));
}

/** An outcome with the place of its requirement in its issues. */
function at<Value>(outcome: Outcome<Value, SyntaxIssue>, index: number): Outcome<Value> {
  return outcome.ok ? outcome : { ok: false, issues: outcome.issues.map((issue) => ({ ...issue, index })) };
}

function readName(text: string): Outcome<string> {
  if (isName(text)) return { ok: true, value: canonicalName(text) };
  return { ok: false, issues: [invalidName({ name: text })] };
}

/** The requirements whose markers hold, and what there is to say of the others. */
function rootsOf(requirements: readonly DirectRequirement[], environment: MarkerEnvironment) {
  const found = {
    requirements: [] as DirectRequirement[],
    diagnostics: [] as Diagnostic[],
    issues: [] as Issue[],
  };
  for (const [index, requirement] of requirements.entries()) {
    const { marker, text } = requirement;
    const meaningless = marker && meaninglessComparison(marker, environment);
    if (meaningless) {
      const written = { requirement: text, index, repeats: [], package: requirement.name };
      found.issues.push(meaninglessMarker({ ...written, comparison: meaningless.text }));
    } else if (marker && !evaluateMarker(marker, environment)) {
      const message = `The marker of ${printable(text)} does not hold in this runtime, so it asks for nothing.`;
      found.diagnostics.push({ severity: 'info', code: 'excluded_by_marker', message, fix: null });
    } else {
      found.requirements.push(requirement);
    }
  }
  return found;
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
  return (
    index && {
      url: index.url,
      exclude_newer: moment(cutoff),
      exclude_newer_package: Object.fromEntries(names.map((name) => [name, moment(exceptions.get(name)!)])),
      unpin: [...unpin].sort(),
    }
  );
}
