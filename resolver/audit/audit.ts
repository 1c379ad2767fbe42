/** Finds the known vulnerabilities of a closure, and tries what clears them. */
import type { Target } from '../answer.ts';
import { targetOf } from '../closure/candidates.ts';
import type { ResolveQuestion } from '../closure/resolve.ts';
import { addDays } from '../compatibility/date.ts';
import { ANSWER_VERSION, type CatalogView } from '../compatibility/view.ts';
import type { Outcome } from '../issue.ts';
import { noAdvisories } from '../issues/documents.ts';
import type { Fix } from '../issues/fix.ts';
import { advice, type FixOf, remark, sayFixes } from '../issues/fixes.ts';
import type { PinwheelSource } from '../pinwheel/source.ts';
import { parseSpecifier, satisfies } from '../requirements/specifier.ts';
import type { PackageIndex } from '../solver/package-index.ts';
import { sortedBy } from '../sorted-by.ts';
import { listed } from '../text/printable.ts';
import { canRun, parseWheelName } from '../wheels/wheel-name.ts';
import type { AdvisoriesDocument } from './advisories.ts';
import type { AuditAnswer, AuditStep } from './answer.ts';
import { type Change, type Solve, type Solved, tryChanges } from './changes.ts';
import {
  advisoriesAbout,
  findingsIn,
  type KnownFinding,
  keyOf,
  lackOf,
  notIn,
  type Pinned,
} from './findings.ts';

export type { Solve };

const OLD_DAYS = 30;
const SHOWN = 12;

/** A change that was tried, and the findings that there are with it. */
type Tried = Solved & { keys: ReadonlySet<string> };

/** The packages of a folder or a lock, in place of those that the question resolves to. */
export interface Installed {
  packages: readonly Pinned[];
  /** The command that puts the question's answer in its place; null if there is none. */
  renew: FixOf<'run_command'> | null;
}

/** Answers `audit`; `solve` is what answers `resolve`. */
export async function audit(
  view: CatalogView,
  question: ResolveQuestion,
  source: Pick<PinwheelSource, 'openSet' | 'advisories'>,
  solve: Solve,
  installed: Installed | null = null,
): Promise<Outcome<AuditAnswer>> {
  const outcome = await solve(view, question);
  const resolved = outcome.ok ? outcome.value : null;
  const [target] = resolved ? [resolved.target] : installed ? targetOf(view, question) : [];
  if (!target) return { ok: false, issues: outcome.ok ? [] : outcome.issues };
  const packages = installed?.packages ?? resolved!.packages;
  const document = await advisoriesAbout(view, source, packages);
  if (!document) return { ok: false, issues: [noAdvisories({})] };
  const all = findingsIn(packages, target, document);
  const affecting = all.filter(({ affected }) => affected);
  const pinned = resolved?.packages.filter(({ origin }) => origin !== 'index') ?? [];
  const isPinned = (finding: KnownFinding) => pinned.some(({ name }) => name === finding.name);
  const names = [...new Set(affecting.filter(isPinned).map(({ name }) => name))].sort();
  const solved = affecting.length > 0 ? await tryChanges(view, question, source, solve, target, names) : [];
  if (affecting.length > 0 && installed?.renew && resolved)
    solved.unshift({ change: installed.renew, answer: resolved, without: [] });
  const brought = solved.flatMap(({ answer }) => answer.packages);
  const isWhole = notIn(document, brought).length === 0;
  const ofAll = isWhole ? document : (await advisoriesAbout(view, source, [...packages, ...brought]))!;
  const tried = solved.map((step): Tried => {
    const left = findingsIn(step.answer.packages, step.answer.target, ofAll);
    return { ...step, keys: new Set(left.filter(({ affected }) => affected).map(keyOf)) };
  });
  const index = question.index && 'versionsOf' in question.index ? question.index : null;
  // One without an address lists nothing: it has the files that requirements name.
  const isAsked = Boolean(question.index) && index?.url !== '';
  const findings = [];
  for (const finding of all) {
    const clears = finding.affected ? clearsOf(finding, tried, target) : [];
    const isStuck = clears[0]?.kind === 'advice' && finding.fixed.length > 0;
    if (isStuck && !question.set && !isAsked && isPinned(finding))
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
      ...{ findings, best: bestOf(affecting, tried, ofAll), not_audited },
      diagnostics: [
        ...(resolved?.diagnostics ?? []),
        ...(not_audited.length > 0 ? [remark('warning', 'not_audited', unknown)] : []),
        ...(addDays(day, OLD_DAYS) < question.as_of ? [remark('info', 'old_advisories', old)] : []),
      ],
    },
  };
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

/** What the index has of a fixed version that nothing brings. */
async function lookUp({ name, fixed }: KnownFinding, index: PackageIndex, { runtime }: Target) {
  const files = (await index.versionsOf(name)) ?? [];
  const wheels = files.flatMap(({ filename }) => parseWheelName(filename) ?? []);
  const later = wheels.filter(({ version }) => satisfies(version, [parseSpecifier(`>=${fixed[0]}`)!]));
  return advice(
    later.some((wheel) => canRun(runtime, wheel))
      ? 'The index has a wheel of it for this ABI, but it does not go with this question.'
      : files.length > 0
        ? `The index has no wheel for this ABI (${runtime.abi}) of a fixed version.`
        : `The index does not have ${name}.`,
  );
}

function withHas({ change, answer }: Tried, names: readonly string[]): Change {
  if (change.kind === 'run_command') return change;
  const shown = change.kind === 'take_from_index' ? change.packages : names;
  const has = shown.flatMap((shownName) =>
    answer.packages.flatMap(({ name, version }) => (name === shownName ? { name, version } : [])),
  );
  return { ...change, has };
}

function bestOf(
  findings: readonly KnownFinding[],
  tried: readonly Tried[],
  document: AdvisoriesDocument,
): AuditStep | null {
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
    not_audited: notIn(document, best.answer.packages),
  };
}
