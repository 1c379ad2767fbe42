import { totalsOf } from '../closure/prepare.ts';
import { tooHard } from '../issues/solver.ts';
import { type MarkerEnvironment, markerEnvironment } from '../requirements/marker.ts';
import type { Runner } from '../wheels/wheel-name.ts';
import { packagesOf, type SolveAnswer, type SolveOutcome, type Unsolved } from './answer.ts';
import { attempt, type Solved } from './attempt.ts';
import { patiently } from './pubgrub.ts';
import { type PreparedQuestion, prepareQuestion } from './question.ts';
import { recorded, type SolveQuestion } from './solve-question.ts';

/**
 * Solves requirements with a package set and an index. Names of the set come from the set, all others from the index,
 * never a mixture of both. The same question has the same answer for as long as the index keeps its files.
 *
 * Throws an `IndexError` if the index cannot be reached, or sends an invalid response.
 * @example
 * ```ts
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type PackageSet, prepareSet } from 'pinwheel-py';
 * import { type PackageIndex, solve } from 'pinwheel-py/solver';
 * // In the place of an index on the network, such as `openIndex({ url: 'https://pypi.org/simple/' })`.
 * const filename = 'shout-2.0-py3-none-any.whl';
 * const file = { filename, url: `https://files.example/${filename}`, sha256: '64'.repeat(32), size: 2_000 };
 * const rest = { upload_time: '2025-08-01T00:00:00Z', requires_python: null, yanked: false, metadata: null };
 * const index: PackageIndex = {
 *   url: 'https://index.example/simple/',
 *   versionsOf: async (name) => (name === 'shout' ? [{ ...file, ...rest }] : null),
 *   metadataOf: async () => 'Name: shout\nVersion: 2.0\nRequires-Dist: idna>=3\n',
 * };
 * const target = { compatibility_date: '2026-10-20', runtime: set, package_set: set };
 * const outcome = await solve({ target, set: prepareSet(set as PackageSet), requirements: ['shout'], index });
 * outcome.ok && outcome.value.packages.map(({ name, origin }) => [name, origin]); // → [['idna', 'set'], ['shout', 'index']]
 * ```
 */
export async function solve(question: SolveQuestion): Promise<SolveOutcome> {
  const { runtime } = question.target;
  return solveOn(question, runtime, markerEnvironment(runtime));
}

/** Solves for any Python whose markers and tags are known. */
export async function solveOn(
  question: SolveQuestion,
  runner: Runner,
  environment: MarkerEnvironment,
): Promise<SolveOutcome> {
  const prepared = await prepareQuestion(question, runner, environment);
  if (!prepared.ok) return { ...prepared, derivation: null };
  const solved = await solvePrepared(prepared.value);
  return solved.ok ? { ok: true, value: await answerOf(prepared.value, solved) } : solved;
}

/** The versions of a question's packages, or why there are none. */
export async function solvePrepared(question: PreparedQuestion): Promise<Solved | Unsolved> {
  const outcome = await patiently(async () => {
    const attempted = await attempt(question);
    if (attempted.ok) return attempted;
    // The code that explains is loaded on demand.
    const { explain } = await import('./explain.ts');
    return explain(attempted.proof, attempted.world, question.requirements, question.asked);
  });
  return outcome ?? { ok: false, issues: [tooHard({})], derivation: null };
}

export async function answerOf(
  { input, requirements, diagnostics: excluded }: PreparedQuestion,
  solved: Solved,
): Promise<SolveAnswer> {
  const requested = new Set(requirements.map(({ name }) => name));
  const packages = packagesOf(solved, requested);
  const { remarksOn } = await import('./remarks.ts');
  const diagnostics = [...excluded, ...(await remarksOn(packages, solved))];
  const index = input.index?.url ? { url: input.index.url, ...recorded(input.asked) } : null;
  return { packages, totals: totalsOf(packages), index, diagnostics };
}
