/** Finds the known vulnerabilities of a closure, and tries what clears them. */
import type { ResolveAnswer, Target } from '../answer.ts';
import { datedTargets, flaggedTargets, laterSets, placeOf, toDate, toFlag } from '../closure/candidates.ts';
import { resolveClosure } from '../closure/closure.ts';
import { parseRequirements, type ResolveQuestion } from '../closure/resolve.ts';
import { resolveMost } from '../closure/resolve-most.ts';
import type { PinwheelSource } from '../closure/source.ts';
import { addDays } from '../compatibility/date.ts';
import { isPackageFlag } from '../compatibility/package-set.ts';
import { ANSWER_VERSION, type CatalogView } from '../compatibility/view.ts';
import type { Outcome } from '../issue.ts';
import { noAdvisories } from '../issues/documents.ts';
import type { Fix } from '../issues/fix.ts';
import { advice, type FixOf, remark, sayFixes } from '../issues/fixes.ts';
import { parseSpecifier, satisfies } from '../requirements/specifier.ts';
import type { PackageIndex } from '../solver/package-index.ts';
import { sortedBy } from '../sorted-by.ts';
import { listed, printable } from '../text/printable.ts';
import { canRun, parseWheelName } from '../wheels/wheel-name.ts';
import type { AuditAnswer, AuditStep } from './answer.ts';
import { advisoriesAbout, findingsIn, type KnownFinding, keyOf, notIn, type Pinned } from './findings.ts';

const OLD_DAYS = 30;
const SHOWN = 12;
/** At most this many other targets are tried, because each may have to open a set. */
const MOST_TRIED = 32;

type Change = FixOf<'date' | 'package_flag' | 'take_from_index' | 'run_command'>;

/** Answers `resolve`. */
export type Solve = (
  view: CatalogView,
  question: ResolveQuestion,
) => Outcome<ResolveAnswer> | Promise<Outcome<ResolveAnswer>>;

type AuditSource = Pick<PinwheelSource, 'openSet' | 'advisories'>;

/** A change, and what the question resolves to with it. */
interface Solved {
  change: Change;
  answer: ResolveAnswer;
  /** The requirements that the change does not satisfy: it resolves the others. */
  without: readonly string[];
}

/** A change that was tried, and the findings that there are with it. */
type Tried = Solved & { keys: ReadonlySet<string>; not_audited: string[] };

/** The packages of a folder or a lock, in place of those that the question resolves to. */
export interface Installed {
  packages: readonly Pinned[];
  /** The target of the question, whose requirements may have no answer. */
  target: Target;
  /** The command that puts the question's answer in its place; null if there is none. */
  renew: FixOf<'run_command'> | null;
}

/** Answers `audit`. */
export async function audit(
  view: CatalogView,
  question: ResolveQuestion,
  source: AuditSource,
  solve: Solve,
  installed: Installed | null = null,
): Promise<Outcome<AuditAnswer>> {
  const outcome = await solve(view, question);
  if (!outcome.ok && !installed) return outcome;
  const resolved = outcome.ok ? outcome.value : null;
  const { packages, target } = installed ?? resolved!;
  const document = await advisoriesAbout(view, source, packages);
  if (!document) return { ok: false, issues: [noAdvisories({})] };
  const all = findingsIn(packages, target, document);
  const affecting = all.filter(({ affected }) => affected);
  const pinned = new Set(resolved?.packages.flatMap(({ name, origin }) => (origin === 'index' ? [] : name)));
  const names = new Set(affecting.flatMap(({ name }) => (pinned.has(name) ? name : [])));
  const solved =
    affecting.length > 0 ? await tryChanges(view, question, source, solve, target, [...names].sort()) : [];
  if (affecting.length > 0 && installed?.renew && resolved)
    solved.unshift({ change: installed.renew, answer: resolved, without: [] });
  const brought = solved.flatMap(({ answer }) => answer.packages);
  const isWhole = notIn(document, brought).length === 0;
  const ofAll = isWhole ? document : (await advisoriesAbout(view, source, [...packages, ...brought]))!;
  const tried = solved.map((step): Tried => {
    const { packages, target } = step.answer;
    const left = findingsIn(packages, target, ofAll).filter(({ affected }) => affected);
    return { ...step, keys: new Set(left.map(keyOf)), not_audited: notIn(ofAll, packages) };
  });
  const index = question.index && 'versionsOf' in question.index ? question.index : null;
  // One without an address lists nothing: it has the files that requirements name.
  const isAsked = Boolean(question.index) && index?.url !== '';
  const findings = [];
  for (const finding of all) {
    const clears = finding.affected ? clearsOf(finding, tried, target) : [];
    const isStuck = clears[0]?.kind === 'advice' && finding.fixed.length > 0;
    if (isStuck && !question.set && !isAsked && pinned.has(finding.name))
      clears.push({ kind: 'use_index', requirement: null, packages: [finding.name] });
    if (isStuck && isAsked && index) clears.push(await lookUp(finding, index, target));
    findings.push({ ...finding, clears });
  }
  const not_audited = notIn(document, packages);
  const { day } = document.source;
  const unknown = `No advisories about ${listed(not_audited, SHOWN)} are at hand: whether there are any is not known here. A registry has those about packages beyond the sets.`;
  const old = `The advisories are those of ${day}: later ones are not known here.`;
  return {
    ok: true,
    value: {
      ...{ registry: view.stamp, answer_version: ANSWER_VERSION, target, advisories: document.source },
      ...{ findings, best: bestOf(affecting, tried), not_audited },
      diagnostics: [
        ...(resolved?.diagnostics ?? []),
        ...(not_audited.length > 0 ? [remark('warning', 'not_audited', unknown)] : []),
        ...(addDays(day, OLD_DAYS) < question.as_of ? [remark('info', 'old_advisories', old)] : []),
      ],
    },
  };
}

/**
 * Every change that resolves the whole question, or part of it, the nearest first: a later date of the same runtime, a
 * later package set of the same ABI, another runtime, packages from the index of the question.
 */
async function tryChanges(
  view: CatalogView,
  question: ResolveQuestion,
  source: AuditSource,
  solve: Solve,
  here: Target,
  names: readonly string[],
): Promise<Solved[]> {
  const { requirements } = question;
  // Nothing is known of other sets in place of one's own, nor of what is not required.
  if (question.set || requirements.length === 0) return [];
  const parsed = question.index || question.constraints ? null : parseRequirements(requirements);
  if (parsed && !parsed.ok) return [];
  const after = datedTargets(view, question, here).filter(
    ({ compatibility_date }) => compatibility_date > here.compatibility_date,
  );
  const own = view.sets.get(here.package_set.flag)!;
  const flagged = flaggedTargets(view, question, laterSets(view, own));
  // A set takes milliseconds to open: of each other ABI, the newest has to do.
  const newest = new Map(flagged.map((target) => [target.runtime.abi, target]));
  const others = question.compatibility_flags.some(isPackageFlag) ? newest.values() : [];
  const byText = new Map(parsed?.value.map((requirement, at) => [requirements[at]!, requirement]));
  const resolveOn = async (target: Target, asked: readonly string[]) => {
    const { compatibility_date, compatibility_flags, package_set } = target;
    if (parsed) {
      const some = asked.map((text) => byText.get(text)!);
      return resolveClosure(view, target, await source.openSet(package_set), some);
    }
    return solve(view, { ...question, compatibility_date, compatibility_flags, requirements: asked });
  };
  const solved: Solved[] = [];
  const places = new Set([placeOf(here)]);
  for (const target of [
    ...after.filter(({ runtime }) => runtime.id === here.runtime.id),
    ...flagged.filter(({ runtime }) => runtime.abi === own.abi),
    ...others,
    ...after,
  ]) {
    if (places.has(placeOf(target)) || places.size > MOST_TRIED) continue;
    places.add(placeOf(target));
    const { outcome, without } = await resolveMost(requirements, (asked) => resolveOn(target, asked));
    if (!outcome.ok) continue;
    const isFlagged = target.compatibility_flags.some(isPackageFlag);
    const change = isFlagged ? toFlag(question, here, target) : toDate(target);
    solved.push({ change, answer: outcome.value, without });
  }
  const tryIndex = async (packages: string[]) => {
    const unpin = [...(question.unpin ?? []), ...packages];
    const outcome = await solve(view, { ...question, unpin });
    const change: Change = { kind: 'take_from_index', packages, newer: [] };
    if (outcome.ok) solved.push({ change, answer: outcome.value, without: [] });
    return outcome.ok ? packages : [];
  };
  if (!question.index) return solved;
  // Packages one by one, then all that can come from the index.
  const able: string[] = [];
  for (const name of names) able.push(...(await tryIndex([name])));
  if (able.length > 1) await tryIndex(able);
  return solved;
}

/** The nearest change of each kind that clears a finding; if there is none, why not, and which does for a part. */
function clearsOf(finding: KnownFinding, tried: readonly Tried[], target: Target): Fix[] {
  const clearing = tried.filter(({ keys }) => !keys.has(keyOf(finding)));
  const whole = clearing.filter(({ without }) => without.length === 0);
  const kinds = whole.map(({ change }) => change.kind);
  const nearest = whole.filter(({ change }, at) => kinds.indexOf(change.kind) === at);
  if (nearest.length > 0) return nearest.map((step) => withHas(step, [finding.name]));
  const none = advice(lackOf(finding.fixed, SHOWN, target));
  // Without the package itself, nothing is gained.
  const part = clearing.find(({ answer }) => answer.packages.some(({ name }) => name === finding.name));
  if (!part) return [none];
  const said = sayFixes([withHas(part, [finding.name])]) ?? '';
  return [none, advice(`${said} But that does not satisfy ${listed(part.without, SHOWN)}.`.trim())];
}

/** Says that nothing which was tried has any of the fixed versions. In place of a set of one's own, nothing is tried. */
export function lackOf(fixed: readonly string[], most: number, { package_set, reasons }: Target): string {
  if (fixed.length === 0) return 'No fixed version is known.';
  const lack =
    reasons.package_set.code === 'own_set'
      ? `which ${printable(package_set.flag)} does not have: other package sets are not tried in its place`
      : 'but no later date or package set of this ABI has it for this question';
  return `Fixed in ${listed(fixed, most)}, ${lack}.`;
}

/** Advice on a fixed version that no change gives: whether the index has one for the runtime. */
async function lookUp({ name, fixed }: KnownFinding, index: PackageIndex, { runtime }: Target) {
  const files = (await index.versionsOf(name)) ?? [];
  const wheels = files.flatMap(({ filename }) => parseWheelName(filename) ?? []);
  const later = wheels.filter(({ version }) => satisfies(version, [parseSpecifier(`>=${fixed[0]}`)!]));
  if (later.some((wheel) => canRun(runtime, wheel))) {
    return advice('The index has a wheel of it for this ABI, but it does not go with this question.');
  }
  if (files.length === 0) return advice(`The index does not have ${name}.`);
  return advice(`The index has no wheel for this ABI (${runtime.abi}) of a fixed version.`);
}

function withHas({ change, answer }: Tried, names: readonly string[]): Change {
  if (change.kind === 'run_command') return change;
  const shown = change.kind === 'take_from_index' ? change.packages : names;
  const has = shown.flatMap((shownName) =>
    answer.packages.flatMap(({ name, version }) => (name === shownName ? { name, version } : [])),
  );
  return { ...change, has };
}

function bestOf(findings: readonly KnownFinding[], tried: readonly Tried[]): AuditStep | null {
  const whole = tried.filter(({ without }) => without.length === 0);
  const [best] = sortedBy(whole, ({ keys }) => keys.size);
  if (!best || best.keys.size >= findings.length) return null;
  const known = new Set(findings.map(keyOf));
  const cleared = findings.filter((finding) => !best.keys.has(keyOf(finding)));
  return {
    fix: withHas(best, [...new Set(cleared.map(({ name }) => name))].sort()),
    clears: cleared.length,
    leaves: best.keys.size,
    introduces: [...best.keys].flatMap((key) => (known.has(key) ? [] : key.split(' ')[1]!)),
    not_audited: best.not_audited,
  };
}
