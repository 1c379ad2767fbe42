/** When a requirement is satisfied: at which compatibility dates, and with which package flags. */
import type { Diagnostic, Evidence, Runtime } from '../answer.ts';
import { selectRoots } from '../closure/closure.ts';
import { fixesUnknown, meantBy } from '../closure/explain.ts';
import { pinClosure } from '../closure/prepare.ts';
import type { Pin, ResolveSource } from '../closure/source.ts';
import { type FlagChange, findFlagChange } from '../compatibility/flag-change.ts';
import { isPackageFlag, nearestSets } from '../compatibility/package-set.ts';
import { runtimeOf, runtimeOfSet } from '../compatibility/target.ts';
import { ANSWER_VERSION, type CatalogView } from '../compatibility/view.ts';
import { evidenceIn } from '../evidence-level.ts';
import { allOf, type Outcome } from '../issue.ts';
import type { UnmetIssue } from '../issues/closure.ts';
import type { Fix } from '../issues/fix.ts';
import { remark } from '../issues/fixes.ts';
import { knownLacking, leftRemarks } from '../python/known-names.ts';
import { markerEnvironment } from '../requirements/marker.ts';
import { parseRequirement, type Requirement } from '../requirements/requirement.ts';
import { listed, printable } from '../text/printable.ts';
import type { WhenAnswer, WhenFlag } from './answers.ts';
import { abiSpans, flagsOf, type TimeQuestion, targetSpans, workerdFlagsOf } from './targets.ts';
import { compareWritten } from './version-order.ts';

/** When is a requirement satisfied? */
export interface WhenQuestion extends TimeQuestion {
  requirement: string;
}

/**
 * Every interval of compatibility dates in which a requirement is satisfied with the question's flags, up to `as_of`
 * and exact to the day, and every package flag whose set satisfies it. Only the requirement itself counts, not what its
 * package needs. Sets are opened only to find names similar to an unknown one, and for sizes if some are known. An
 * unreadable requirement or question is an outcome with issues; one that no date satisfies is an answer without
 * intervals.
 * @example
 * ```ts
 * import catalog from 'pinwheel-py/data/catalog.json' with { type: 'json' };
 * import { type Catalog, viewCatalog, when } from 'pinwheel-py';
 * const view = viewCatalog(catalog as Catalog);
 * if (!view.ok) throw new Error(view.issues[0]?.message);
 * const pins = new Map([['langchain', [{ flag: 'python_3.13_packages_2025_08_08', version: '0.3.27' }]]]);
 * const source = { readPins: async () => pins, openSet: () => Promise.reject(new Error('no set is needed')) };
 * const answer = await when(view.value, { requirement: 'langchain>=0.3', as_of: '2026-11-20' }, source);
 * answer.ok && [answer.value.first, answer.value.last]; // → ['2025-09-29', '2026-09-07']
 * ```
 */
export async function when(
  view: CatalogView,
  question: WhenQuestion,
  source: ResolveSource,
): Promise<Outcome<WhenAnswer>> {
  const asked = allOf(targetSpans(view, question), parseRequirement(question.requirement));
  if (!asked.ok) return asked;
  const [spans, requirement] = asked.value;
  const { name } = requirement;
  const newest = spans.at(-1)!.value;
  const pins = ((await source.readPins([name])).get(name) ?? []).filter(({ flag }) => view.sets.has(flag));
  const verdicts: Verdict[] = [];
  const hold = probeOf(requirement, pins);
  const probe: Probe = (...place) => {
    const verdict = hold(...place);
    verdicts.push(verdict);
    return verdict;
  };

  const evidenceOf = (flag: string, version: string | null) =>
    version === null ? null : evidenceIn(view, flag)(name);
  const totalsIn = async (flag: string, runtime: Runtime) => {
    if (!view.seenFiles.has(flag)) return null;
    const { openSeen } = await import('../closure/seen.ts');
    const set = await openSeen(view, view.sets.get(flag)!, source);
    const { roots } = selectRoots(flag, set, [requirement], () => markerEnvironment(runtime));
    return pinClosure(set, roots, view)?.totals ?? null;
  };
  const intervals: WhenAnswer['intervals'] = [];
  const flag_intervals: WhenAnswer['flag_intervals'] = [];
  const isPinned = flagsOf(question).some(isPackageFlag);
  for (const { from, to, value } of spans) {
    const { runtime, package_set } = value;
    const { holds } = probe(package_set.flag, runtime);
    if (!holds && isPinned) continue;
    const sets = [...view.sets.values()].filter(({ abi, flag }) => {
      return !holds && abi === runtime.abi && hold(flag, runtime).holds;
    });
    const nearest = nearestSets(view, runtime, sets).map(({ flag }) => flag);
    const [flag, ...others] = holds ? [package_set.flag] : nearest;
    if (flag === undefined) continue;
    const { version } = hold(flag, runtime);
    const totals = await totalsIn(flag, runtime);
    const held = { version, evidence: evidenceOf(flag, version), totals, runtime };
    if (holds) intervals.push({ from, to, package_set, ...held });
    else flag_intervals.push({ from, to, flag, others: others.length, ...held });
  }
  const sizeIn = (flag: string) =>
    new Map(Object.entries(view.seenFiles.get(flag)?.sizes ?? {})).get(name) ?? null;
  const flags = satisfyingFlags(view, question, probe, evidenceOf, sizeIn);
  const diagnostics = remarksOf(requirement, verdicts);
  if (intervals.length === 0) {
    const meaningless = verdicts
      .flatMap(({ issues }) => issues)
      .find(({ code }) => code === 'meaningless_marker');
    if (meaningless && flags.length === 0) return { ok: false, issues: [meaningless] };
    if (flags.length > 0) diagnostics.push(flagsOnly(requirement));
    else {
      const set = pins.length > 0 ? null : await source.openSet(newest.package_set);
      const documents = set ? await source.standardLibrary?.() : null;
      const known = documents && knownLacking(name, documents, newest, view);
      const similar = known ? [known] : set ? fixesUnknown(name, meantBy(name, set)) : [];
      diagnostics.push(nowhere(requirement, pins, similar));
    }
  }
  if (pins.length > 0 && !probe(newest.package_set.flag, newest.runtime).holds) {
    diagnostics.push(...leftRemarks([name], (await source.standardLibrary?.()) ?? null, newest));
  }
  diagnostics.push(
    ...newest.diagnostics.filter(({ code }) => code === 'forecast' || code === 'old_signature'),
  );
  return {
    ok: true,
    value: {
      registry: view.stamp,
      answer_version: ANSWER_VERSION,
      requirement: requirement.text,
      compatibility_flags: [...flagsOf(question)],
      as_of: question.as_of,
      intervals,
      flag_intervals,
      first: intervals[0]?.from ?? null,
      last: intervals.at(-1)?.to ?? null,
      flags,
      diagnostics,
    },
  };
}

function satisfyingFlags(
  view: CatalogView,
  question: TimeQuestion,
  probe: Probe,
  evidenceOf: (flag: string, version: string | null) => Evidence | null,
  sizeIn: (flag: string) => number | null,
): WhenFlag[] {
  const spans = abiSpans(view, question);
  /** How workerd runs each ABI at the last date: the search for flags is expensive, and depends only on the ABI. */
  const changes = new Map<string, FlagChange | null>();
  const satisfying: WhenFlag[] = [];
  for (const set of view.sets.values()) {
    const { flag, abi, released } = set;
    if (!changes.has(abi)) {
      const named = workerdFlagsOf(question);
      changes.set(abi, findFlagChange(view, question.as_of, named, { abi }));
    }
    const change = changes.get(abi);
    const runtime = change ? runtimeOf(change.selected.release) : runtimeOfSet(set);
    const { holds, version } = probe(flag, runtime);
    if (!holds) continue;
    const workerd_flags = change?.flags ?? null;
    const workerd_dates = spans.filter(({ value }) => value === abi).map(({ from, to }) => ({ from, to }));
    const evidence = evidenceOf(flag, version);
    const size = version === null ? null : sizeIn(flag);
    satisfying.push({ flag, version, evidence, size, released, runtime, workerd_flags, workerd_dates });
  }
  return satisfying;
}

const MOST_VERSIONS = 8;

/** The remark on a requirement that no date and no flag satisfies: the existing versions, or similar names. */
export function nowhere(
  { name, text }: Pick<Requirement, 'name' | 'text'>,
  pins: readonly Pick<Pin, 'version'>[],
  similar: Fix[],
): Diagnostic {
  if (pins.length === 0) {
    const beyond: Fix = { kind: 'use_index', requirement: null, packages: [] };
    return remark(
      'warning',
      'unknown_package',
      `No package set has "${name}".`,
      similar.length > 0 ? similar : [beyond],
    );
  }
  const versions = [...new Set(pins.map(({ version }) => version))].sort((a, b) => compareWritten(b, a));
  return remark(
    'warning',
    'version_conflict',
    `No package set pins a version of ${name} that ${printable(text)} allows.`,
    `Package sets pin ${name} ${listed(versions, MOST_VERSIONS, 'older ones')}.`,
  );
}

function flagsOnly({ text }: Requirement): Diagnostic {
  const message = `With these flags, no compatibility date satisfies ${printable(text)}.`;
  return remark('warning', 'no_date', message, 'Name one of the package flags that provide it.');
}

/** The remarks about single targets, once each. An excluding marker is one remark for all of them. */
function remarksOf({ text }: Requirement, verdicts: readonly Verdict[]): Diagnostic[] {
  const said = new Map<string, Diagnostic>();
  for (const { diagnostics } of verdicts) {
    for (const remark of diagnostics) {
      if (remark.code !== 'excluded_by_marker') said.set(remark.message, remark);
    }
  }
  const excluded = verdicts.some(({ holds, version }) => holds && version === null);
  const message = `The marker of ${printable(text)} does not hold everywhere: if no version is given, it asks for nothing.`;
  return [...said.values(), ...(excluded ? [remark('info', 'excluded_by_marker', message)] : [])];
}

/** The outcome of one requirement in one set. */
export interface Verdict {
  holds: boolean;
  /** The pinned version; null if the requirement fails, or its marker excludes it. */
  version: string | null;
  issues: UnmetIssue[];
  diagnostics: Diagnostic[];
}

export type Probe = (packageFlag: string, runtime: Runtime) => Verdict;

/** Compares a requirement with sets, by their pins of its name alone. */
export function probeOf(requirement: Requirement, pins: readonly Pin[]): Probe {
  const versions = new Map(pins.map(({ flag, version }) => [flag, version]));
  const index = new Map([[requirement.name, 0]]);
  return (packageFlag, runtime) => {
    const version = versions.get(packageFlag);
    const set = version === undefined ? { index: new Map(), members: [] } : { index, members: [{ version }] };
    const { roots, issues, diagnostics } = selectRoots(packageFlag, set, [requirement], () =>
      markerEnvironment(runtime),
    );
    const pinned = roots.size > 0 && version !== undefined ? version : null;
    return { holds: issues.length === 0, version: pinned, issues, diagnostics };
  };
}
