/** Finds the known vulnerabilities of a closure, and tries what clears them. */
import type { Diagnostic, ResolveAnswer, ResolvedPackage, Target } from '../answer.ts';
import { datedTargets, targetOf } from '../closure/candidates.ts';
import { resolveClosure } from '../closure/closure.ts';
import type { ResolveQuestion } from '../closure/resolve.ts';
import { addDays } from '../compatibility/date.ts';
import { isPackageFlag } from '../compatibility/package-set.ts';
import { ANSWER_VERSION, type CatalogView } from '../compatibility/view.ts';
import { type Outcome, placesOf } from '../issue.ts';
import { noAdvisories } from '../issues/documents.ts';
import type { Fix } from '../issues/fix.ts';
import { advice, type FixOf, remark, sayFixes } from '../issues/fixes.ts';
import type { PinwheelSource } from '../pinwheel/source.ts';
import { parseRequirement } from '../requirements/requirement.ts';
import { parseSpecifier, satisfies } from '../requirements/specifier.ts';
import type { PackageIndex } from '../solver/package-index.ts';
import { order, sortedBy } from '../sorted-by.ts';
import { listed } from '../text/printable.ts';
import { canRun, parseWheelName } from '../wheels/wheel-name.ts';
import type { AdvisoriesDocument, Advisory, Statement } from './advisories.ts';
import { fixedAfter, isAffected, statementOn } from './affected.ts';
import type { AuditAnswer, AuditFinding, AuditStep } from './answer.ts';
import { severityOf } from './severity.ts';

/** At most this many other targets are tried, because each may have to open a set. */
const MOST_TRIED = 32;
const OLD_DAYS = 30;
const SHOWN = 12;

type Change = FixOf<'date' | 'package_flag' | 'take_from_index' | 'run_command'>;

/** A change that was tried: the question resolves, with these packages and findings. */
interface Tried {
  change: Change;
  versions: ReadonlyMap<string, string>;
  keys: ReadonlySet<string>;
  /** The requirements that it does not satisfy: for the others, it does. */
  without: readonly string[];
}

/** What a folder or a lock has in place of what the question resolves to. */
export interface Installed {
  packages: readonly Pick<ResolvedPackage, 'name' | 'version'>[];
  /** The command that puts the question's answer in its place; null if there is none. */
  renew: FixOf<'run_command'> | null;
}

type AuditSource = Pick<PinwheelSource, 'openSet' | 'advisories'>;

interface Hit {
  member: Pinned;
  advisory: Advisory;
  /** That it is without effect. */
  statement: Statement | null;
}
type Pinned = Pick<ResolvedPackage, 'name' | 'version'> & { fromSet: boolean };

type Solve = (
  view: CatalogView,
  question: ResolveQuestion,
) => Outcome<ResolveAnswer> | Promise<Outcome<ResolveAnswer>>;

/** Answers `audit`; `solve` is what answers `resolve`. */
export async function audit(
  view: CatalogView,
  question: ResolveQuestion,
  source: AuditSource,
  solve: Solve,
  installed: Installed | null = null,
): Promise<Outcome<AuditAnswer>> {
  const document = view.advisories && (await source.advisories?.(view.advisories));
  if (!document) return { ok: false, issues: [noAdvisories({})] };
  const resolved = await solve(view, question);
  const [target] = resolved.ok ? [resolved.value.target] : installed ? targetOf(view, question) : [];
  if (!target) return resolved as Outcome<never>;
  const pinned = installed
    ? installed.packages.map(({ name, version }) => ({ name, version, fromSet: false }))
    : pinnedIn((resolved as { value: ResolveAnswer }).value);
  const all = hitsOf(pinned, target, document, question.as_of);
  const hits = all.filter(({ statement }) => statement === null);
  const tried: Tried[] = [];
  if (hits.length > 0) {
    const add: Add = (change, answer, without) => {
      const { packages, target } = answer;
      const hits = hitsOf(pinnedIn(answer), target, document, question.as_of);
      const keys = new Set(hits.flatMap((hit) => (hit.statement === null ? keyOf(hit) : [])));
      const versions = new Map(packages.map(({ name, version }) => [name, version]));
      tried.push({ change, versions, keys, without });
    };
    if (installed?.renew && resolved.ok) add(installed.renew, resolved.value, []);
    await tryChanges(view, question, source, target, hits, solve, add);
  }
  const index = question.index && 'versionsOf' in question.index ? question.index : null;
  const findings = all.map((hit) => findingOf(hit, tried, !question.set && !installed && !question.index));
  for (const finding of index ? findings : []) await lookUp(finding, index!, target);
  return {
    ok: true,
    value: {
      ...{ registry: view.stamp, answer_version: ANSWER_VERSION, target, advisories: document.source },
      findings: inOrder(findings),
      best: bestOf(hits, tried),
      diagnostics: [
        ...(resolved.ok ? resolved.value.diagnostics : []),
        ...remarksOn(pinned, document, question.as_of),
      ],
    },
  };
}

type Add = (change: Change, answer: ResolveAnswer, without: readonly string[]) => void;

/** The packages that Python imports: libraries are not what PyPI has under their names. */
function pinnedIn(answer: {
  packages: readonly (Pick<ResolvedPackage, 'kind' | 'name' | 'version'> & { origin?: unknown })[];
}): Pinned[] {
  return answer.packages.flatMap(({ kind, name, version, origin }) =>
    kind === 'package' ? { name, version, fromSet: origin !== 'index' } : [],
  );
}

/** What was known on a day. */
function hitsOf(
  pinned: readonly Pinned[],
  { runtime: { pyodide } }: Target,
  { advisories, statements }: AdvisoriesDocument,
  day: string,
): Hit[] {
  const members = new Map(pinned.map((member) => [member.name, member]));
  return advisories.flatMap((advisory) => {
    const member = members.get(advisory.package);
    if (!member || !holdsOn(advisory, day) || !isAffected(advisory, member.version)) return [];
    return { member, advisory, statement: statementOn(statements, advisory, member.version, pyodide) };
  });
}

/** The known vulnerabilities of packages on a target, without those that have no effect: `name id` of each. */
export function knownIn(
  packages: readonly Pick<ResolvedPackage, 'kind' | 'name' | 'version'>[],
  target: Target,
  document: AdvisoriesDocument,
): string[] {
  const hits = hitsOf(pinnedIn({ packages }), target, document, target.as_of);
  return hits.flatMap((hit) => (hit.statement === null ? keyOf(hit) : []));
}

export function holdsOn({ published, withdrawn }: Advisory, day: string): boolean {
  return published <= day && (withdrawn === null || withdrawn > day);
}

const keyOf = ({ advisory }: Hit) => `${advisory.package} ${advisory.id}`;

/**
 * Every change that resolves the whole question, or what it can of it, the smallest first: a later date of the same
 * runtime, a later package set of the same ABI, packages from the index of the question, another runtime.
 */
async function tryChanges(
  view: CatalogView,
  question: ResolveQuestion,
  source: AuditSource,
  here: Target,
  hits: readonly Hit[],
  solve: Solve,
  add: Add,
): Promise<void> {
  // Nothing is known of other sets in place of one's own, nor of what is not required.
  if (question.set || question.requirements.length === 0) return;
  const resolvesOn = async (target: Target, texts: readonly string[]): Promise<Outcome<ResolveAnswer>> => {
    const { compatibility_date, compatibility_flags } = target;
    const moved = { ...question, requirements: [...texts], compatibility_date, compatibility_flags };
    if (question.index || question.constraints) return solve(view, moved);
    const requirements = texts.flatMap((text) => {
      const parsed = parseRequirement(text);
      return parsed.ok ? parsed.value : [];
    });
    return resolveClosure(view, target, await source.openSet(target.package_set), requirements);
  };
  /** Leaves out the requirements that this target does not satisfy. */
  const tryTarget = async (target: Target, change: Change) => {
    const all = question.requirements;
    const whole = await resolvesOn(target, all);
    if (whole.ok) return add(change, whole.value, []);
    const places = new Set(whole.issues.flatMap(placesOf));
    const rest = all.filter((_, at) => !places.has(at));
    if (rest.length === 0 || rest.length === all.length) return;
    const part = await resolvesOn(target, rest);
    const without = all.filter((_, at) => places.has(at));
    if (part.ok) add(change, part.value, without);
  };
  const places = new Set([placeOf(here)]);
  const tryTargets = async (targets: readonly Target[], changeTo: (target: Target) => Change) => {
    for (const target of targets) {
      if (places.has(placeOf(target)) || places.size > MOST_TRIED) continue;
      places.add(placeOf(target));
      await tryTarget(target, changeTo(target));
    }
  };

  const { compatibility_flags: flags } = question;
  const replaces = flags.find(isPackageFlag) ?? null;
  const kept = flags.filter((flag) => !isPackageFlag(flag));
  const { abi, released } = view.sets.get(here.package_set.flag)!;
  const later = sortedBy(
    [...view.sets.values()].filter((set) => set.released > released && !view.yankedSets.has(set.flag)),
    (set) => set.released,
  );
  const tryFlags = (isSame: boolean) => {
    const sets = later.filter((set) => (set.abi === abi) === isSame);
    const targets = sets.flatMap(({ flag }) =>
      targetOf(view, { ...question, compatibility_flags: [...kept, flag] }),
    );
    return tryTargets(targets, ({ package_set, runtime: { id, pyodide } }) => ({
      ...{ kind: 'package_flag', flag: package_set.flag, replaces, has: [], pyodide, others: 0 },
      same_runtime: id === here.runtime.id,
    }));
  };
  // A package flag pins its set at all dates.
  const dated = replaces === null ? datedTargets(view, question, here) : [];
  const from = here.compatibility_date;
  const after = dated.filter(({ compatibility_date }) => compatibility_date > from);
  const toDate = ({ compatibility_date, package_set }: Target): Change => {
    return { kind: 'date', compatibility_date, package_set: package_set.flag, has: [] };
  };
  await tryTargets(
    after.filter(({ runtime }) => runtime.id === here.runtime.id),
    toDate,
  );
  await tryFlags(true);
  if (question.index) {
    const before = question.unpin ?? [];
    const pinned = hits.flatMap(({ member: { name, fromSet } }) =>
      fromSet && !before.includes(name) ? name : [],
    );
    const names = [...new Set(pinned)].sort();
    // Each alone, and all of those together.
    const able: string[] = [];
    const tryUnpin = async (packages: readonly string[]) => {
      const outcome = await solve(view, { ...question, unpin: [...before, ...packages] });
      if (!outcome.ok) return;
      able.push(...packages);
      add({ kind: 'take_from_index', packages: [...packages], newer: [] }, outcome.value, []);
    };
    for (const name of names) await tryUnpin([name]);
    if (able.length > 1) await tryUnpin([...able]);
  }
  if (replaces === null) await tryTargets(after, toDate);
  else await tryFlags(false);
}

const placeOf = ({ runtime, package_set }: Target) => `${runtime.id} ${package_set.flag}`;

/** What is known of a vulnerability, without what clears it. */
export type KnownFinding = Omit<AuditFinding, 'clears'>;
type KnownHit = Omit<Hit, 'member'> & { member: Pick<Pinned, 'name' | 'version'> };

export function knownOf({ member: { name, version }, advisory, statement }: KnownHit): KnownFinding {
  const { id, aliases, summary, link, published, severity } = advisory;
  return {
    ...{ name, version, id, aliases },
    ...{ severity: severity && severityOf(severity.score), score: severity?.score ?? null },
    ...{ vector: severity?.vector ?? null, summary, link, published },
    fixed: fixedAfter(advisory, version),
    affected: statement === null,
    statement,
  };
}

/** The findings of a closure, without what clears them: no other set is opened. */
export function findingsIn(answer: ResolveAnswer, document: AdvisoriesDocument): KnownFinding[] {
  const { target } = answer;
  return inOrder(hitsOf(pinnedIn(answer), target, document, target.as_of).map(knownOf));
}

/** @param asksIndex whether an index may be asked in addition */
function findingOf(hit: Hit, tried: readonly Tried[], asksIndex: boolean): AuditFinding {
  const known = knownOf(hit);
  const { name, fixed } = known;
  const key = keyOf(hit);
  const clearing = tried.filter(({ keys }) => !keys.has(key));
  const whole = clearing.filter(({ without }) => without.length === 0);
  // The nearest of each kind.
  const kinds = new Map(whole.toReversed().map((step) => [step.change.kind, step]));
  const clears: Fix[] = whole
    .filter((step) => kinds.get(step.change.kind) === step)
    .map(({ change, versions }) => withHas(change, [name], versions));
  // Without the package itself, nothing is gained.
  const part = clearing.find(({ versions }) => versions.has(name));
  const none =
    fixed.length === 0
      ? NO_FIX
      : `Fixed in ${listed(fixed, SHOWN)}, but no later date or package set has it for this question.`;
  if (clears.length === 0) clears.push(advice(none));
  if (clears[0]!.kind === 'advice' && part) {
    const said = sayFixes([withHas(part.change, [name], part.versions)]);
    clears.push(advice(`${said ?? ''} But that does not satisfy ${listed(part.without, SHOWN)}.`.trim()));
  }
  if (clears[0]!.kind === 'advice' && asksIndex && hit.member.fromSet && fixed.length > 0)
    clears.push({ kind: 'use_index', requirement: null, packages: [name] });
  return { ...known, clears: known.affected ? clears : [] };
}

const NO_FIX = 'No fixed version exists.';

/** What the index has of a fixed version, if nothing clears a finding. */
async function lookUp(finding: AuditFinding, index: PackageIndex, { runtime }: Target): Promise<void> {
  const { name, fixed, clears } = finding;
  if (fixed.length === 0 || clears[0]?.kind !== 'advice') return;
  const files = (await index.versionsOf(name)) ?? [];
  const wheels = files.flatMap(({ filename }) => parseWheelName(filename) ?? []);
  const later = wheels.filter(({ version }) => satisfies(version, [parseSpecifier(`>=${fixed[0]}`)!]));
  const text = later.some((wheel) => canRun(runtime, wheel))
    ? 'The index has a wheel of it for this ABI, but it does not go with this question.'
    : files.length > 0
      ? `The index has no wheel for this ABI (${runtime.abi}) of a fixed version.`
      : `The index does not have ${name}.`;
  clears.push(advice(text));
}

function withHas(change: Change, names: readonly string[], versions: Tried['versions']): Change {
  if (change.kind === 'run_command') return change;
  const shown = change.kind === 'take_from_index' ? change.packages : names;
  const has = shown.flatMap((name) => {
    const version = versions.get(name);
    return version === undefined ? [] : { name, version };
  });
  return { ...change, has };
}

function bestOf(hits: readonly Hit[], tried: readonly Tried[]): AuditStep | null {
  const whole = tried.filter(({ without }) => without.length === 0);
  const [best] = sortedBy(whole, ({ keys }) => keys.size);
  if (!best || best.keys.size >= hits.length) return null;
  const known = new Set(hits.map(keyOf));
  const cleared = hits.filter((hit) => !best.keys.has(keyOf(hit)));
  const names = [...new Set(cleared.map(({ advisory }) => advisory.package))].sort();
  return {
    fix: withHas(best.change, names, best.versions),
    clears: cleared.length,
    leaves: best.keys.size,
    brings: [...best.keys].flatMap((key) => (known.has(key) ? [] : key.split(' ')[1]!)),
  };
}

/** Packages by their worst finding, and the findings of each; at the end, those without effect. */
export function inOrder<Finding extends KnownFinding>(findings: readonly Finding[]): Finding[] {
  const worst = new Map<string, number>();
  for (const { name, score, affected } of findings)
    worst.set(name, Math.max(worst.get(name) ?? 0, affected ? (score ?? 0) : 0));
  return findings.toSorted(
    (a, b) =>
      Number(b.affected) - Number(a.affected) ||
      worst.get(b.name)! - worst.get(a.name)! ||
      order(a.name, b.name) ||
      (b.score ?? 0) - (a.score ?? 0) ||
      order(a.id, b.id),
  );
}

function remarksOn(
  pinned: readonly Pinned[],
  { names, source }: AdvisoriesDocument,
  day: string,
): Diagnostic[] {
  const known = new Set(names);
  const unknown = pinned.flatMap(({ name }) => (known.has(name) ? [] : name));
  const message = `Nothing is known here of ${listed(unknown, SHOWN)}, which no package set had when the advisories were read.`;
  const isOld = addDays(source.day, OLD_DAYS) < day;
  return [
    ...(unknown.length > 0 ? [remark('warning', 'not_audited', message, null)] : []),
    ...(isOld
      ? [
          remark(
            'info',
            'old_advisories',
            `The advisories are those of ${source.day}: later ones are not known here.`,
          ),
        ]
      : []),
  ];
}
