import { factsIn, type Incompatibility } from './incompatibility.ts';
import type { OpenWorld } from './open-world.ts';
import { type Solution, solveVersions } from './pubgrub.ts';
import type { PreparedQuestion } from './question.ts';
import { PackageWorld, ROOT } from './world.ts';

/** The question of an attempt: a prepared one, or one that was changed to find a proposal. */
type AttemptQuestion = Pick<PreparedQuestion, 'input' | 'requirements' | 'facts'>;

export type Attempt = Solution & { world: PackageWorld };
export type Solved = Extract<Attempt, { ok: true }>;

/**
 * Solves requirements. Pre-releases and yanked versions count as pip has it, by all requirements on a package that are
 * in the answer. First without those that only several requirements together admit, which is much less work: if there
 * is an answer, it is valid, and if there is none, its reasons are simpler.
 */
export async function attempt({ input, requirements, facts }: AttemptQuestion): Promise<Attempt> {
  const tryIn = async (world: PackageWorld): Promise<Attempt> => {
    const solution = await solveVersions(world, ROOT, facts.effort);
    if (!solution.ok) return { ...solution, world };
    return { ok: true, decisions: world.needed(solution.decisions), world };
  };
  const preferred = new Set<string>();
  const plain = await tryIn(new PackageWorld(input, requirements, facts));
  let best = plain;
  if (!plain.ok && isNarrowed(plain.proof)) {
    const world = await openWorld(input, requirements, facts, preferred);
    best = await tryIn(world);
    if (!best.ok && !world.admitted) return plain;
  }
  for (;;) {
    const overlooked = best.ok ? best.world.overlooked(best.decisions) : [];
    const more = overlooked.filter((name) => !preferred.has(name));
    if (more.length === 0) return best;
    for (const name of more) preferred.add(name);
    best = await tryIn(await openWorld(input, requirements, facts, preferred));
  }
}

/** A world in which all requirements together admit versions: few questions load its code. */
export async function openWorld(
  ...given: Required<ConstructorParameters<typeof PackageWorld>>
): Promise<OpenWorld> {
  const { OpenWorld } = await import('./open-world.ts');
  return new OpenWorld(...given);
}

/** Whether a proof relies on a version being left out that others may ask for. */
export function isNarrowed(proof: Incompatibility): boolean {
  return factsIn(proof).some((fact) => fact.kind === 'dependency' && fact.isNarrowed);
}
