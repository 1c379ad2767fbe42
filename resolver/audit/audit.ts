/** Finds the known vulnerabilities of a closure, and tries what clears them. */
import type { Diagnostic, ResolveAnswer, ResolvedPackage, Target } from '../answer.ts';
import { datedTargets, targetOf } from '../closure/candidates.ts';
import { resolveClosure } from '../closure/closure.ts';
import type { ResolveQuestion } from '../closure/resolve.ts';
import { addDays } from '../compatibility/date.ts';
import { isPackageFlag } from '../compatibility/package-set.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Outcome } from '../issue.ts';
import { noAdvisories } from '../issues/documents.ts';
import { advice, type FixOf, remark } from '../issues/fixes.ts';
import type { PinwheelSource } from '../pinwheel/source.ts';
import { parseRequirement } from '../requirements/requirement.ts';
import { order, sortedBy } from '../sorted-by.ts';
import { listed } from '../text/printable.ts';
import type { AdvisoriesDocument, Advisory, Statement } from './advisories.ts';
import { fixedAfter, isAffected, statementOn } from './affected.ts';
import type { AuditAnswer, AuditFinding, AuditStep } from './answer.ts';
import { severityOf } from './severity.ts';

/** At most this many other targets are tried, because each may have to open a set. */
const MOST_TRIED = 32;
const OLD_DAYS = 30;
const SHOWN = 12;

type Change = FixOf<'date' | 'package_flag' | 'take_from_index'>;

/** A change that was tried: the question resolves, with these packages and findings. */
interface Tried {
  change: Change;
  versions: ReadonlyMap<string, string>;
  keys: ReadonlySet<string>;
}

interface Hit {
  member: ResolvedPackage;
  advisory: Advisory;
  /** That it is without effect. */
  statement: Statement | null;
}
type Solve = (
  view: CatalogView,
  question: ResolveQuestion,
) => Outcome<ResolveAnswer> | Promise<Outcome<ResolveAnswer>>;

/** Answers `audit`; `solve` is what answers `resolve`. */
export async function audit(
  view: CatalogView,
  question: ResolveQuestion,
  source: PinwheelSource,
  solve: Solve,
): Promise<Outcome<AuditAnswer>> {
  const document = await source.advisories?.();
  if (!document) return { ok: false, issues: [noAdvisories({})] };
  const resolved = await solve(view, question);
  if (!resolved.ok) return resolved;
  const answer = resolved.value;
  const { registry, answer_version, target } = answer;
  const all = hitsOf(answer, document, question.as_of);
  const hits = all.filter(({ statement }) => statement === null);
  const tried =
    hits.length === 0 ? [] : await tryChanges(view, question, source, answer, hits, document, solve);
  const findings = all.map((hit) => findingOf(hit, tried));
  return {
    ok: true,
    value: {
      ...{ registry, answer_version, target, advisories: document.source },
      findings: inOrder(findings),
      best: bestOf(hits, tried),
      diagnostics: [...answer.diagnostics, ...remarksOn(answer, document, question.as_of)],
    },
  };
}

/** What was known on a day, of packages that Python imports: libraries are not what PyPI has under their names. */
function hitsOf(
  { packages, target }: Pick<ResolveAnswer, 'packages' | 'target'>,
  { advisories, statements }: AdvisoriesDocument,
  day: string,
): Hit[] {
  const { pyodide } = target.runtime;
  const members = new Map(
    packages.flatMap((member) => (member.kind === 'package' ? [[member.name, member] as const] : [])),
  );
  return advisories.flatMap((advisory) => {
    const member = members.get(advisory.package);
    const holds = advisory.published <= day && (advisory.withdrawn === null || advisory.withdrawn > day);
    if (!member || !holds || !isAffected(advisory, member.version)) return [];
    return { member, advisory, statement: statementOn(statements, advisory, member.version, pyodide) };
  });
}

const keyOf = ({ advisory }: Hit) => `${advisory.package} ${advisory.id}`;

/**
 * Every change that resolves the whole question, the smallest first: a later date of the same runtime, a later package
 * set of the same ABI, packages from the index of the question, another runtime.
 */
async function tryChanges(
  view: CatalogView,
  question: ResolveQuestion,
  source: PinwheelSource,
  answer: ResolveAnswer,
  hits: readonly Hit[],
  document: AdvisoriesDocument,
  solve: Solve,
): Promise<Tried[]> {
  // Nothing is known of other sets in place of one's own.
  if (question.set) return [];
  const here = answer.target;
  // They resolve, so they can be read.
  const requirements = question.requirements.flatMap((text) => {
    const parsed = parseRequirement(text);
    return parsed.ok ? parsed.value : [];
  });
  const tried: Tried[] = [];
  const add = (change: Change, answer: ResolveAnswer) => {
    const versions = new Map(answer.packages.map(({ name, version }) => [name, version]));
    const hits = hitsOf(answer, document, question.as_of).filter(({ statement }) => statement === null);
    const keys = new Set(hits.map(keyOf));
    tried.push({ change, versions, keys });
  };
  const resolvesOn = async (target: Target): Promise<Outcome<ResolveAnswer>> => {
    const { compatibility_date, compatibility_flags } = target;
    const moved = { ...question, compatibility_date, compatibility_flags };
    if (question.index || question.constraints) return solve(view, moved);
    return resolveClosure(view, target, await source.openSet(target.package_set), requirements);
  };
  const places = new Set([placeOf(here)]);
  const tryTargets = async (targets: readonly Target[], changeTo: (target: Target) => Change) => {
    for (const target of targets) {
      if (places.has(placeOf(target)) || places.size > MOST_TRIED) continue;
      places.add(placeOf(target));
      const outcome = await resolvesOn(target);
      if (outcome.ok) add(changeTo(target), outcome.value);
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
    const named = new Set(question.unpin ?? []);
    const pinned = hits.flatMap(({ member: { name, origin } }) =>
      origin === 'set' && !named.has(name) ? name : [],
    );
    for (const name of new Set(pinned)) {
      const unpin = [...named, name];
      const outcome = await solve(view, { ...question, unpin });
      if (outcome.ok) add({ kind: 'take_from_index', packages: [name], newer: [] }, outcome.value);
    }
  }
  if (replaces === null) await tryTargets(after, toDate);
  else await tryFlags(false);
  return tried;
}

const placeOf = ({ runtime, package_set }: Target) => `${runtime.id} ${package_set.flag}`;

function findingOf(hit: Hit, tried: readonly Tried[]): AuditFinding {
  const { member, advisory, statement } = hit;
  const { name, version } = member;
  const { id, aliases, summary, link, published, severity } = advisory;
  const fixed = fixedAfter(advisory, version);
  const key = keyOf(hit);
  const clearing = tried.filter(({ keys }) => !keys.has(key));
  // The nearest of each kind.
  const kinds = new Map(clearing.toReversed().map((step) => [step.change.kind, step]));
  const clears = clearing
    .filter((step) => kinds.get(step.change.kind) === step)
    .map(({ change, versions }) => withHas(change, [name], versions));
  const none =
    fixed.length === 0
      ? 'No fixed version exists.'
      : `Fixed in ${listed(fixed, SHOWN)}, but no later date or package set has it for this question.`;
  return {
    ...{
      name,
      version,
      id,
      aliases,
      severity: severity && severityOf(severity.score),
      score: severity?.score ?? null,
    },
    ...{ vector: severity?.vector ?? null, summary, link, published, fixed },
    clears: statement ? [] : clears.length > 0 ? clears : [advice(none)],
    affected: statement === null,
    statement,
  };
}

function withHas(change: Change, names: readonly string[], versions: Tried['versions']): Change {
  if (change.kind === 'take_from_index') return change;
  const has = names.flatMap((name) => {
    const version = versions.get(name);
    return version === undefined ? [] : { name, version };
  });
  return { ...change, has };
}

function bestOf(hits: readonly Hit[], tried: readonly Tried[]): AuditStep | null {
  const [best] = sortedBy(tried, ({ keys }) => keys.size);
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
function inOrder(findings: readonly AuditFinding[]): AuditFinding[] {
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
  { packages }: ResolveAnswer,
  { names, source }: AdvisoriesDocument,
  day: string,
): Diagnostic[] {
  const known = new Set(names);
  const unknown = packages.flatMap(({ kind, name }) => (kind === 'package' && !known.has(name) ? name : []));
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
