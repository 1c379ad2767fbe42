/** From a proof that there is no answer to issues, each with what would help. */

import type { DirectRequirement } from '../requirements/requirement.ts';
import { type Derivation, derivationOf, unmetOf } from './derivation.ts';
import type { Incompatibility } from './incompatibility.ts';
import type { SolveIssue } from './issue.ts';
import { select } from './listing.ts';
import { proposeFix } from './propose.ts';
import { reportDerivation } from './report.ts';
import type { SolveOutcome } from './solve.ts';
import type { PackageWorld } from './world.ts';

const UNMET_CODES = {
  pinned: 'version_conflict',
  unknown: 'unknown_package',
  no_version: 'no_version',
} as const;

/** Every requirement that nothing satisfies is an issue of its own; otherwise what they come to together is one. */
export async function refuse(
  proof: Incompatibility,
  world: PackageWorld,
  requirements: readonly DirectRequirement[],
): Promise<SolveOutcome> {
  const derivation = derivationOf(proof, world);
  const issues: SolveIssue[] = [];
  for (const requirement of requirements) {
    const { name, specifiers, text } = requirement;
    if (select(world.listing(name), specifiers) !== 0n) continue;
    const unmet = unmetOf(name, text, world);
    const facts: Derivation = [{ claims: [], because: { kind: 'requirement', requirement: text, unmet } }];
    const fix = await proposeFix(facts, world, [requirement]);
    const message = reportDerivation(facts);
    issues.push({ kind: 'unanswerable', code: UNMET_CODES[unmet.kind], message, fix });
  }
  if (issues.length > 0) return { ok: false, issues, derivation };
  const fix = await proposeFix(derivation, world, requirements);
  const issue: SolveIssue = {
    kind: 'unanswerable',
    code: 'no_solution',
    message: reportDerivation(derivation),
    fix,
  };
  return { ok: false, issues: [issue], derivation };
}
