import type { DirectRequirement } from '../requirements/requirement.ts';
import type { Facts } from './facts.ts';
import { factsIn, type Incompatibility } from './incompatibility.ts';
import { type Solution, solveVersions } from './pubgrub.ts';
import type { SolverInput } from './solve-question.ts';
import { type Admission, PackageWorld, ROOT } from './world.ts';

export interface Attempt {
  world: PackageWorld;
  solution: Solution;
}

/**
 * Solves requirements. Pre-releases and yanked versions count as pip has it, by all requirements on a package that are
 * in the answer. First without those that only several requirements together admit, which is much less work: if there
 * is an answer, it is valid, and if there is none, its reasons are simpler.
 */
export async function attempt(
  input: SolverInput,
  requirements: readonly DirectRequirement[],
  facts: Facts,
): Promise<Attempt> {
  const tryWith = async (admission: Admission): Promise<Attempt> => {
    const world = new PackageWorld(input, requirements, facts, admission);
    const solution = await solveVersions(world, ROOT, facts.effort);
    if (!solution.ok) return { world, solution };
    return { world, solution: { ok: true, decisions: world.needed(solution.decisions) } };
  };
  const plain = await tryWith('plain');
  let found = plain;
  if (!plain.solution.ok && isNarrowed(plain.solution.proof)) {
    found = await tryWith(new Set());
    if (!found.solution.ok && !found.world.admitted) return plain;
  }
  const preferred = new Set<string>();
  for (;;) {
    const overlooked = found.solution.ok ? found.world.overlooked(found.solution.decisions) : [];
    if (overlooked.length === 0) return found;
    for (const name of overlooked) preferred.add(name);
    found = await tryWith(new Set(preferred));
  }
}

/** Whether a proof relies on a version being left out that others may ask for. */
export function isNarrowed(proof: Incompatibility): boolean {
  return factsIn(proof).some((fact) => fact.kind === 'dependency' && fact.isNarrowed);
}
