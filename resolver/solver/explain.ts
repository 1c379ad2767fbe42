/** Turns a proof that there is no answer into issues with proposals, each of which is tried before it is made. */
import type { Target } from '../answer.ts';
import { fixesMeant, meantBy } from '../closure/closure.ts';
import type { PreparedSet } from '../closure/prepare.ts';
import { MOST_EXPLAINED } from '../closure/source.ts';
import { isPackageFlag, nearestSets } from '../compatibility/package-set.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Issue } from '../issue.ts';
import { type UnmetIssue, unknownPackage, versionConflict } from '../issues/closure.ts';
import type { Fix } from '../issues/fix.ts';
import { advice, type FixOf, fixed, requirementFixes } from '../issues/fixes.ts';
import type { Written } from '../issues/requirements.ts';
import { noSolution, noVersion, type Proof } from '../issues/solver.ts';
import type { DirectRequirement } from '../requirements/requirement.ts';
import type { SolveOutcome } from './answer.ts';
import { attempt } from './attempt.ts';
import { type Derivation, derivationOf, type Unmet, unmetIn, unmetOf } from './derivation.ts';
import { Facts } from './facts.ts';
import type { Incompatibility } from './incompatibility.ts';
import { select } from './listing.ts';
import { TooMuchEffort } from './pubgrub.ts';
import { reportDerivation } from './report.ts';
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
  // A requirement that no change helps does not rule out a change for the others.
  const helped = new Map<string, { requirement: DirectRequirement; facts: Derivation }>();
  for (const [text, explanation] of explained) {
    if (await findChange(explanation.facts, world, [explanation.requirement])) helped.set(text, explanation);
  }
  const facts = [...helped.values()].flatMap((explanation) => explanation.facts);
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

type TakeFromIndex = FixOf<'take_from_index'>;

/** Proposals for a failure. `change` was tried, and gives an answer. */
function proposeFixes(derivation: Derivation, world: PackageWorld, change: TakeFromIndex | null): Fix[] {
  const { set, index } = world.input;
  const unmet = unmetIn(derivation);
  const unknown = unmet.find((step) => step.unmet.kind === 'unknown' && step.unmet.set !== '');
  const meant = unknown ? fixesMeant(unknown.name, meantBy(unknown.name, set)) : [];
  if (meant.length > 0) return meant;
  if (change) return [change];
  if (!index?.url) {
    const pinned = unmet.find((step) => step.unmet.kind === 'pinned');
    if (unmet.some((step) => step.unmet.kind === 'unknown')) {
      return [{ kind: 'use_index', requirement: null, packages: [] }];
    }
    if (pinned) {
      const { name, requirement } = pinned;
      const isAsked = derivation.some(
        ({ because }) => because.kind === 'requirement' && because.requirement === requirement,
      );
      const here = isAsked ? requirementFixes(name, [name], 'pinned') : [];
      return [...here, { kind: 'use_index', requirement: null, packages: [name] }];
    }
  }
  for (const { name, unmet: why } of unmet) {
    const sources = why.kind === 'no_version' ? why.left_out : [];
    const source = sources.find(({ reason }) => reason === 'no_wheel');
    if (!source) continue;
    const command = `pip wheel --no-deps ${name}==${source.version}`;
    const built = `build a wheel of it (${command}), and require it by its URL: ${name} @ https://….`;
    return [advice(`If ${name} is pure Python, ${built}`)];
  }
  return [];
}

/** Attempts at most, to find a change. */
const MOST_ATTEMPTS = 24;

/**
 * The change with which requirements have an answer, to take more from the index or newer uploads, without anything that
 * is not needed for it; null if there is none, or it is not found soon.
 */
async function findChange(
  derivation: Derivation,
  { input, facts }: PackageWorld,
  requirements: readonly DirectRequirement[],
): Promise<TakeFromIndex | null> {
  /** Names of the set that come from the index instead. */
  const unpin = new Set<string>();
  /** By project, the day until which its uploads count. */
  const newer = new Map<string, string>();
  const attemptChanged = () => {
    const ends = [...newer].map(([name, day]) => [name, Date.parse(day) + 86_400_000 - 1] as const);
    const asked = {
      ...input.asked,
      unpin: new Set([...input.asked.unpin, ...unpin]),
      exclude_newer_package: new Map([...input.asked.exclude_newer_package, ...ends]),
    };
    const changed = { ...input, asked };
    const known = newer.size > 0 ? new Facts(changed, facts.effort) : facts;
    return attempt({ input: changed, requirements, facts: known });
  };
  let left = MOST_ATTEMPTS;
  const isEnough = async () =>
    unpin.size + newer.size > 0 && left-- > 0 && (await attemptChanged()).solution.ok;
  try {
    for (let blamed = derivation; ; ) {
      const before = unpin.size + newer.size;
      for (const { name, unmet } of unmetIn(blamed)) {
        if (unmet.kind === 'pinned' && input.index) unpin.add(name);
        const day = firstDayOf(unmet);
        if (day !== null && !newer.has(name)) newer.set(name, day);
      }
      if (unpin.size + newer.size === before || left-- === 0) return null;
      const { solution, world } = await attemptChanged();
      if (solution.ok) break;
      blamed = derivationOf(solution.proof, world);
    }
    for (const name of [...unpin].sort()) {
      unpin.delete(name);
      if (!(await isEnough())) unpin.add(name);
    }
    for (const [name, day] of [...newer]) {
      newer.delete(name);
      if (!(await isEnough())) newer.set(name, day);
    }
  } catch (error) {
    if (error instanceof TooMuchEffort) return null;
    throw error;
  }
  const uploads = [...newer].sort().map(([project, day]) => ({ project, day }));
  return { kind: 'take_from_index', packages: [...unpin].sort(), newer: uploads };
}

/** The first day on which a version was uploaded that would do: it moves least. */
function firstDayOf(unmet: Unmet): string | null {
  if (unmet.kind !== 'no_version') return null;
  const moment = unmet.left_out.findLast(({ reason }) => reason === 'too_new')?.detail;
  return moment === undefined ? null : new Date(moment).toISOString().slice(0, 10);
}

const MOST_TRIED = 4;

/** Adds the flag of another set of the ABI, tried with the whole question, to issues without another proposal. */
export async function withOtherSet(
  issues: Issue[],
  view: CatalogView,
  target: Target,
  open: (set: Target['package_set']) => Promise<PreparedSet>,
  solves: (target: Target, set: PreparedSet) => Promise<boolean>,
): Promise<Issue[]> {
  const names = issues.flatMap((issue) => ('package' in issue ? issue.package : []));
  const explained = issues.slice(0, MOST_EXPLAINED);
  if (explained.every(({ fixes }) => fixes.length > 0) || names.length < issues.length) return issues;
  const { runtime, package_set } = target;
  const others = [...view.sets.values()].filter(
    ({ abi, flag }) => abi === runtime.abi && flag !== package_set.flag,
  );
  let left = MOST_TRIED;
  for (const { flag, digest, released } of nearestSets(view, runtime, others)) {
    const place = { ...package_set, flag, digest, released };
    const set = await open(place);
    if (!names.every((name) => set.index.has(name))) continue;
    if (left-- === 0) break;
    if (!(await solves({ ...target, package_set: place }, set))) continue;
    const replaces = target.compatibility_flags.find(isPackageFlag) ?? null;
    const has = names.map((name) => ({ name, version: set.members[set.index.get(name)!]!.version }));
    const fix: Fix = {
      ...{ kind: 'package_flag', flag, replaces, has },
      ...{ pyodide: runtime.pyodide, same_runtime: true, others: 0 },
    };
    return issues.map((issue) => (issue.fixes.length === 0 ? { ...issue, ...fixed([fix]) } : issue));
  }
  return issues;
}
