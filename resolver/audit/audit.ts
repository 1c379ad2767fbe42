/** Finds the known vulnerabilities of a closure, and tries what clears them. */
import type { Diagnostic, ResolvedPackage, Target } from '../answer.ts';
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
import { rememberAffected } from './affected.ts';
import type { AuditAnswer, AuditFinding, AuditStep } from './answer.ts';
import { type Change, type Solve, type Solved, tryChanges } from './changes.ts';
import {
  advisoriesAbout,
  type Hit,
  hitsOf,
  inOrder,
  keyOf,
  knownIn,
  knownOf,
  notIn,
  pinnedIn,
} from './findings.ts';

const OLD_DAYS = 30;
const SHOWN = 12;

/** A change that was tried: the question resolves, with these packages and findings. */
interface Tried extends Pick<Solved, 'change' | 'without'> {
  versions: ReadonlyMap<string, string>;
  keys: ReadonlySet<string>;
  notAudited: readonly string[];
}

/** The packages of a folder or a lock, in place of those that the question resolves to. */
export interface Installed {
  packages: readonly Pick<ResolvedPackage, 'name' | 'version'>[];
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
  const pinned = installed
    ? installed.packages.map(({ name, version }) => ({ name, version, fromSet: false }))
    : pinnedIn(resolved!);
  const document = await advisoriesAbout(view, source, pinned);
  if (!document) return { ok: false, issues: [noAdvisories({})] };
  const isHit = rememberAffected();
  const all = hitsOf(pinned, target, document, question.as_of, isHit);
  const hits = all.filter(({ statement }) => statement === null);
  const solved: Solved[] = [];
  if (hits.length > 0) {
    if (installed?.renew && resolved) solved.push({ change: installed.renew, answer: resolved, without: [] });
    solved.push(...(await tryChanges(view, question, source, solve, { here: target, hits })));
  }
  const brought = solved.flatMap(({ answer }) => pinnedIn(answer));
  const isWhole = notIn(document, brought).length === 0;
  const ofAll = isWhole ? document : (await advisoriesAbout(view, source, [...pinned, ...brought]))!;
  const tried = solved.map(({ change, answer, without }): Tried => {
    const { packages, target } = answer;
    const versions = new Map(packages.map(({ name, version }) => [name, version]));
    const keys = new Set(knownIn(packages, target, ofAll, isHit));
    return { change, versions, keys, without, notAudited: notIn(ofAll, pinnedIn(answer)) };
  });
  const notAudited = notIn(document, pinned);
  const index = question.index && 'versionsOf' in question.index ? question.index : null;
  // One without an address lists nothing: it has the files that requirements name.
  const isAsked = Boolean(question.index) && index?.url !== '';
  const findings = all.map((hit) => findingOf(hit, tried, !question.set && !installed && !isAsked));
  for (const finding of index && isAsked ? findings : []) await lookUp(finding, index!, target);
  return {
    ok: true,
    value: {
      ...{ registry: view.stamp, answer_version: ANSWER_VERSION, target, advisories: document.source },
      findings: inOrder(findings),
      best: bestOf(hits, tried),
      not_audited: notAudited,
      diagnostics: [
        ...(resolved?.diagnostics ?? []),
        ...remarksOn(notAudited, document.source.day, question.as_of),
      ],
    },
  };
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
      ? 'No fixed version exists.'
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

/** Adds to a finding that nothing clears what the index has of a fixed version. */
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
    introduces: [...best.keys].flatMap((key) => (known.has(key) ? [] : key.split(' ')[1]!)),
    not_audited: [...best.notAudited],
  };
}

function remarksOn(notAudited: readonly string[], read: string, day: string): Diagnostic[] {
  const unknown = `No advisories about ${listed(notAudited, SHOWN)} are at hand: whether there are any is not known here. A registry has those about packages beyond the sets.`;
  const old = `The advisories are those of ${read}: later ones are not known here.`;
  return [
    ...(notAudited.length > 0 ? [remark('warning', 'not_audited', unknown, null)] : []),
    ...(addDays(read, OLD_DAYS) < day ? [remark('info', 'old_advisories', old)] : []),
  ];
}
