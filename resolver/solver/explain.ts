/** Turns a proof that there is no answer into issues with proposals, each of which is tried before it is made. */
import type { Target } from '../answer.ts';
import { findCandidates } from '../closure/candidates.ts';
import { fixesMeant, meantBy } from '../closure/explain.ts';
import { pinsMeeting } from '../closure/meeting.ts';
import type { PreparedSet } from '../closure/prepare.ts';
import { MOST_EXPLAINED, type ResolveSource } from '../closure/source.ts';
import type { TargetQuestion } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { allOf, type Issue, placesOf } from '../issue.ts';
import { type UnmetIssue, unknownPackage, versionConflict } from '../issues/closure.ts';
import type { Fix } from '../issues/fix.ts';
import { advice, type FixOf, fixed, requirementFixes, wasTried } from '../issues/fixes.ts';
import type { Written } from '../issues/requirements.ts';
import { noSolution, noVersion, type Proof } from '../issues/solver.ts';
import { knownLacking, leftFor } from '../python/known-names.ts';
import {
  type DirectRequirement,
  parseRequirement,
  type Requirement,
  withoutVersions,
} from '../requirements/requirement.ts';
import { groupedBy } from '../sorted-by.ts';
import type { Unsolved } from './answer.ts';
import { attempt } from './attempt.ts';
import { type Derivation, derivationOf, type Unmet, unmetIn, unmetOf } from './derivation.ts';
import { Facts } from './facts.ts';
import type { Incompatibility } from './incompatibility.ts';
import { select } from './listing.ts';
import { urlsOf } from './package-index.ts';
import { patiently } from './pubgrub.ts';
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
): Promise<Unsolved> {
  const derivation = derivationOf(proof, world);
  const changeOf = (failure: Derivation, some: readonly DirectRequirement[]) =>
    patiently(() => findChange(failure, world, some));
  const unmet = new Map<string, { requirement: DirectRequirement; facts: Derivation }>();
  for (const requirement of requirements) {
    const { name, specifiers, text } = requirement;
    if (unmet.has(text) || select(world.listing(name), specifiers) !== 0n) continue;
    const because = { kind: 'requirement', requirement: text, unmet: unmetOf(name, text, world) } as const;
    unmet.set(text, { requirement, facts: [{ claims: [], because }] });
  }
  if (unmet.size === 0) {
    const fixes = proposeFixes(derivation, world, await changeOf(derivation, requirements));
    return { ok: false, issues: [noSolution({ proof: reportDerivation(derivation), fixes })], derivation };
  }
  const explained = [...unmet].slice(0, MOST_EXPLAINED);
  const others = requirements.filter(({ text }) => !unmet.has(text));
  // A requirement that no change helps does not rule out a change for the others.
  const helped = new Map<string, { requirement: DirectRequirement; facts: Derivation }>();
  for (const [text, explanation] of explained) {
    if (await changeOf(explanation.facts, [explanation.requirement])) helped.set(text, explanation);
  }
  const facts = [...helped.values()].flatMap((explanation) => explanation.facts);
  const whole = [...others, ...[...helped.values()].map(({ requirement }) => requirement)];
  const change = facts.length > 0 ? await changeOf(facts, whole) : null;
  const pinned = new Map(
    explained.flatMap(([text, { requirement, facts }]) =>
      unmetIn(facts)[0]!.unmet.kind === 'pinned' ? [[text, withoutVersions(requirement)] as const] : [],
    ),
  );
  const { input, facts: known } = world;
  const without = { input, facts: known, requirements: [...others, ...pinned.values()] };
  const stays = pinned.size > 0 && (await patiently(() => attempt(without)))?.ok === true;
  const places = groupedBy(asked.keys(), (at) => asked[at]!.text);
  const issues = [...unmet].map(([text, { requirement, facts }], at): Issue => {
    const [index, ...repeats] = places.get(text)!;
    const bare = stays ? pinned.get(text) : undefined;
    const here = bare ? requirementFixes(bare.name, [bare.text], 'pinned') : [];
    const fixes =
      at < explained.length ? proposeFixes(facts, world, helped.has(text) ? change : null, here) : [];
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

/** Proposals for a failure. `change` was tried, and gives an answer; so was `here`, to stay with the set. */
function proposeFixes(
  derivation: Derivation,
  world: PackageWorld,
  change: TakeFromIndex | null,
  here: readonly Fix[] = [],
): Fix[] {
  const { set, index } = world.input;
  const unmet = unmetIn(derivation);
  const unknown = unmet.find((step) => step.unmet.kind === 'unknown' && step.unmet.set !== '');
  const meant = unknown ? fixesMeant(unknown.name, meantBy(unknown.name, set)) : [];
  if (meant.length > 0) return meant;
  if (change) return [change];
  // A folder of wheels is not an index.
  const urls = urlsOf(index);
  if (urls.every((url) => url.startsWith('file:'))) {
    const pinned = unmet.find((step) => step.unmet.kind === 'pinned');
    if (unmet.some((step) => step.unmet.kind === 'unknown')) {
      return [{ kind: 'use_index', requirement: null, packages: [] }];
    }
    if (pinned) return [...here, { kind: 'use_index', requirement: null, packages: [pinned.name] }];
  }
  if (here.length > 0) return [...here];
  for (const { name, unmet: why } of unmet) {
    const sources = why.kind === 'no_version' ? why.left_out : [];
    const source = sources.find(({ reason }) => reason === 'no_wheel');
    if (!source) continue;
    const command = `pip wheel --no-deps ${name}==${source.version}`;
    const built = `build a wheel of it (${command}), and require it by its URL: ${name} @ https://….`;
    return [advice(`If ${name} is pure Python, ${built}`)];
  }
  // Others come after each of these.
  const before = urls.slice(0, -1);
  const isBefore = (asked: readonly string[]) =>
    asked.length > 0 && asked.every((url) => before.includes(url));
  const first = unmet.find(
    ({ unmet: why }) => why.kind === 'no_version' && why.left_out.length === 0 && isBefore(why.indexes),
  );
  if (!first) return [];
  const only = `Only the first index that has ${first.name} is asked for it.`;
  return [advice(`${only} If another has a newer version, leave out the first, or put that version there.`)];
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
  const taken = new Set<string>();
  /** By project, the day until which its uploads count. */
  const newer = new Map<string, string>();
  const attemptChanged = () => {
    const ends = [...newer].map(([name, day]) => [name, Date.parse(day) + 86_400_000 - 1] as const);
    const exclude_newer_package = new Map([...input.asked.exclude_newer_package, ...ends]);
    const unpin = new Set([...input.asked.unpin, ...taken]);
    const changed = { ...input, asked: { ...input.asked, exclude_newer_package, unpin } };
    const known = newer.size > 0 ? new Facts(changed, facts.effort) : facts;
    return attempt({ input: changed, requirements, facts: known });
  };
  let left = MOST_ATTEMPTS;
  const isEnough = async () => taken.size + newer.size > 0 && left-- > 0 && (await attemptChanged()).ok;
  for (let blamed = derivation; ; ) {
    const before = taken.size + newer.size;
    for (const { name, unmet } of unmetIn(blamed)) {
      if (unmet.kind === 'pinned' && input.index) taken.add(name);
      const day = firstDayOf(unmet);
      if (day !== null && !newer.has(name)) newer.set(name, day);
    }
    if (taken.size + newer.size === before || left-- === 0) return null;
    const changed = await attemptChanged();
    if (changed.ok) break;
    blamed = derivationOf(changed.proof, changed.world);
  }
  for (const name of [...taken].sort()) {
    taken.delete(name);
    if (!(await isEnough())) taken.add(name);
  }
  for (const [name, day] of [...newer]) {
    newer.delete(name);
    if (!(await isEnough())) newer.set(name, day);
  }
  const uploads = [...newer].sort().map(([project, day]) => ({ project, day }));
  return { kind: 'take_from_index', packages: [...taken].sort(), newer: uploads };
}

/** The first day on which a version was uploaded that would do: it moves least. */
function firstDayOf(unmet: Unmet): string | null {
  if (unmet.kind !== 'no_version') return null;
  const moment = unmet.left_out.findLast(({ reason }) => reason === 'too_new')?.detail;
  return moment === undefined ? null : new Date(moment).toISOString().slice(0, 10);
}

type Asked = TargetQuestion & { requirements: readonly string[] };

/**
 * Adds to issues that only a person could mend what is known of their names, or else other dates and sets, each tried
 * with all of the question that something satisfies. `solves` tells whether requirements have an answer on a target, and
 * `derivation` why they have none here.
 */
export async function withAlternatives(
  issues: readonly Issue[],
  view: CatalogView,
  question: Asked,
  target: Target,
  source: Pick<ResolveSource, 'openSet' | 'readPins' | 'standardLibrary'>,
  derivation: Derivation | null,
  solves: (target: Target, set: PreparedSet, requirements: readonly string[]) => Promise<boolean>,
): Promise<Issue[]> {
  const open = new Map<Issue, Requirement[]>();
  for (const issue of issues.slice(0, MOST_EXPLAINED)) {
    if (issue.fixes.some((fix) => !isLast(fix))) continue;
    const texts = 'package' in issue && 'index' in issue ? [issue.requirement] : conflictIn(derivation);
    const named = allOf(...texts.map((text) => parseRequirement(text)));
    if (named.ok && texts.length > 0) open.set(issue, named.value);
  }
  if (open.size === 0) return [...issues];
  const documents = (await source.standardLibrary?.()) ?? null;
  const pins = await source.readPins([...open.values()].flat().map(({ name }) => name));
  const known = new Map<Issue, Fix>();
  for (const [issue, [named]] of open) {
    if (!documents || !('index' in issue) || issue.code === 'version_conflict') continue;
    const { name } = named!;
    const fix = knownLacking(name, documents, target, view, pins.get(name));
    if (fix) known.set(issue, fix);
  }
  const meeting = pinsMeeting(view, pins);
  const isMet = (named: Requirement) => meeting(named).size > 0;
  const helped = new Map([...open].filter(([issue, named]) => !known.has(issue) && named.every(isMet)));
  const wanted = [...helped.values()].flat();
  const unmet = new Set(issues.flatMap((issue) => (helped.has(issue) ? [] : placesOf(issue))));
  const rest = question.requirements.filter((_, at) => !unmet.has(at));
  const able = [...view.sets.values()].filter(({ flag }) =>
    wanted.every((named) => meeting(named).has(flag)),
  );
  const resolves = async (other: Target) => solves(other, await source.openSet(other.package_set), rest);
  const alternatives =
    wanted.length === 0
      ? []
      : await findCandidates(view, question, target, wanted, new Set(wanted), able, meeting, resolves);
  return issues.map((issue) => {
    const fix = known.get(issue);
    if (fix) return { ...issue, ...fixed([fix]) };
    const isAsked = open.has(issue) && issue.fixes.some(({ kind }) => kind === 'use_index');
    const left = isAsked && 'package' in issue ? leftFor(issue.package, documents, target) : null;
    const named = helped.get(issue);
    const fixes = (named ? alternatives : []).map((alternative): Fix => {
      const there = alternative.kind === 'date' ? alternative.package_set : alternative.flag;
      const has = named!.map((each) => ({ name: each.name, version: meeting(each).get(there)!.version }));
      return { ...alternative, has };
    });
    if (left) fixes.unshift(left);
    return fixes.length === 0 ? issue : { ...issue, ...fixed([...fixes, ...issue.fixes.filter(stays)]) };
  });
}

/** The requirements of a proof that need another version than the set pins. */
function conflictIn(derivation: Derivation | null): string[] {
  const pinned = unmetIn(derivation ?? []).filter(({ unmet }) => unmet.kind === 'pinned');
  return [...new Set(pinned.map(({ requirement }) => requirement))];
}

/** Whether a fix stays with a pinned version, and is proposed beside another date or set. */
const stays = (fix: Fix) => fix.kind === 'set_requirement' && fix.because === 'pinned';

/** Whether another date or set is worth more than a fix: nobody has tried it, or it is a pinned version or a similar name. */
const isLast = (fix: Fix) =>
  stays(fix) || !wasTried(fix) || (fix.kind === 'set_requirement' && fix.because === 'similar');
