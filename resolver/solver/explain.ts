/** Turns a proof that there is no answer into issues with proposals. */
import { MOST_EXPLAINED } from '../closure/most-explained.ts';
import type { Issue } from '../issue.ts';
import { unknownPackage, versionConflict } from '../issues/closure.ts';
import type { Written } from '../issues/requirements.ts';
import { noSolution, noVersion } from '../issues/solver.ts';
import type { DirectRequirement } from '../requirements/requirement.ts';
import { type Derivation, derivationOf, type Unmet, unmetOf } from './derivation.ts';
import type { Incompatibility } from './incompatibility.ts';
import { select } from './listing.ts';
import { proposeFix } from './propose.ts';
import { reportDerivation } from './report.ts';
import type { SolveOutcome } from './solve-outcome.ts';
import type { PackageWorld } from './world.ts';

/**
 * Each text that nothing satisfies is one issue, of which the first are explained; otherwise, one issue covers their
 * conflict. Indexes refer to `asked`.
 */
export async function explain(
  proof: Incompatibility,
  world: PackageWorld,
  requirements: readonly DirectRequirement[],
  asked: readonly DirectRequirement[] = requirements,
): Promise<SolveOutcome> {
  const derivation = derivationOf(proof, world);
  const issues = new Map<string, Issue & Pick<Written, 'repeats'>>();
  for (const requirement of requirements) {
    const { name, specifiers, text } = requirement;
    if (select(world.listing(name), specifiers) !== 0n) continue;
    const known = issues.get(text);
    if (known) {
      known.repeats.push(asked.indexOf(requirement));
      continue;
    }
    const unmet = unmetOf(name, text, world);
    const facts: Derivation = [{ claims: [], because: { kind: 'requirement', requirement: text, unmet } }];
    const fix = issues.size < MOST_EXPLAINED ? await proposeFix(facts, world, [requirement]) : null;
    const message = reportDerivation(facts);
    const written = { requirement: text, index: asked.indexOf(requirement), repeats: [], package: name };
    issues.set(text, { ...unmetIssue(unmet, written), message, fix });
  }
  if (issues.size > 0) return { ok: false, issues: [...issues.values()], derivation };
  const fix = await proposeFix(derivation, world, requirements);
  return { ok: false, issues: [noSolution({ message: reportDerivation(derivation), fix })], derivation };
}

/** The issues of the set alone, which the issues of the proof replace. */
function unmetIssue(unmet: Unmet, written: Written & { package: string }) {
  if (unmet.kind === 'no_version') return noVersion({ ...written, message: '', fix: null });
  const unexplained = { ...written, package_set: unmet.set, candidates: null, available: null };
  return unmet.kind === 'pinned'
    ? versionConflict({ ...unexplained, pinned: unmet.version })
    : unknownPackage({ ...unexplained, near: [], providers: [] });
}
