import type { DirectRequirement } from '../requirements/requirement.ts';
import type { Facts } from './facts.ts';
import { type Solution, solveVersions } from './pubgrub.ts';
import type { SolverInput } from './solver-input.ts';
import type { VersionSet } from './term.ts';
import { PackageWorld, ROOT } from './world.ts';

export interface Attempt {
  world: PackageWorld;
  solution: Solution;
}

/**
 * Solves requirements. If that fails, and requirements ask for pre-releases or yanked versions, solves them once more
 * with these versions.
 */
export async function attempt(
  input: SolverInput,
  requirements: readonly DirectRequirement[],
  facts: Facts,
  open: ReadonlyMap<string, VersionSet> = new Map(),
): Promise<Attempt> {
  const world = new PackageWorld(input, requirements, facts, open);
  const solution = await solveVersions(world, ROOT, facts.effort);
  if (solution.ok || !world.askedForMore) return { world, solution };
  return attempt(input, requirements, facts, world.asked());
}
