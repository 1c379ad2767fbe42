/** Turns a proof that there is no answer into issues with proposals. */
import { MOST_EXPLAINED } from '../closure/most-explained.ts';
import type { Issue } from '../issue.ts';
import { type UnmetIssue, unknownPackage, versionConflict } from '../issues/closure.ts';
import { fixed } from '../issues/fixes.ts';
import type { Written } from '../issues/requirements.ts';
import { noSolution, noVersion, type Proof } from '../issues/solver.ts';
import type { DirectRequirement } from '../requirements/requirement.ts';
import { type Derivation, derivationOf, type Unmet, unmetOf } from './derivation.ts';
import type { Incompatibility } from './incompatibility.ts';
import { select } from './listing.ts';
import { findChange, proposeFixes } from './propose.ts';
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
  const unmet = new Map<string, { requirement: DirectRequirement; facts: Derivation }>();
  for (const requirement of requirements) {
    const { name, specifiers, text } = requirement;
    if (unmet.has(text) || select(world.listing(name), specifiers) !== 0n) continue;
    const because = { kind: 'requirement', requirement: text, unmet: unmetOf(name, text, world) } as const;
    unmet.set(text, { requirement, facts: [{ claims: [], because }] });
  }
  if (unmet.size === 0) {
    const fixes = proposeFixes(derivation, world, await findChange(derivation, world, requirements));
    return { ok: false, issues: [noSolution({ proof: reportDerivation(derivation), fixes })], derivation };
  }
  const explained = [...unmet].slice(0, MOST_EXPLAINED);
  const others = requirements.filter(({ text }) => !unmet.has(text));
  // What no change helps does not rule out one for the others.
  const helped = new Map<string, { requirement: DirectRequirement; facts: Derivation }>();
  for (const [text, one] of explained) {
    if (await findChange(one.facts, world, [one.requirement])) helped.set(text, one);
  }
  const facts = [...helped.values()].flatMap((one) => one.facts);
  const whole = [...others, ...[...helped.values()].map(({ requirement }) => requirement)];
  const change = facts.length > 0 ? await findChange(facts, world, whole) : null;
  const places = Map.groupBy(asked.keys(), (at) => asked[at]!.text);
  const issues = [...unmet].map(([text, { requirement, facts }], at): Issue => {
    const [index, ...repeats] = places.get(text)!;
    const fixes = at < explained.length ? proposeFixes(facts, world, helped.has(text) ? change : null) : [];
    const written = { requirement: text, index: index!, repeats, package: requirement.name };
    const because = facts[0]!.because as { unmet: Unmet };
    return unmetIssue(because.unmet, written, { proof: reportDerivation(facts), fixes });
  });
  return { ok: false, issues, derivation };
}

function unmetIssue(unmet: Unmet, written: Written & { package: string }, proof: Proof): Issue {
  if (unmet.kind === 'no_version') return noVersion({ ...written, ...proof });
  const unexplained = { ...written, package_set: unmet.set, fixes: null, available: null };
  return unmet.kind === 'pinned'
    ? proven(versionConflict({ ...unexplained, pinned: unmet.version }), proof)
    : proven(unknownPackage({ ...unexplained, near: [], providers: [] }), proof);
}

/** An issue of the set alone, in the words of a proof that knows the index. */
function proven<Of extends UnmetIssue>(issue: Of, { proof, fixes }: Proof): Of {
  return { ...issue, ...fixed(fixes), message: proof };
}
