/** Proposes alternatives to requirements that cannot be satisfied. */
import type { Target } from '../answer.ts';
import type { TargetQuestion } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { missingDependency, type UnmetIssue, unknownPackage, versionConflict } from '../issues/closure.ts';
import type { Fix } from '../issues/fix.ts';
import { advice, type Move, requirementFixes } from '../issues/fixes.ts';
import { knownLacking, leftFor } from '../python/known-names.ts';
import { isModuleNamed } from '../requirements/name.ts';
import { type Requirement, withoutVersions } from '../requirements/requirement.ts';
import { parseSpecifier } from '../requirements/specifier.ts';
import { nearNames } from '../text/near-names.ts';
import { series } from '../text/printable.ts';
import { findCandidates, newestTarget } from './candidates.ts';
import { type Pins, resolveClosure } from './closure.ts';
import { metByPins, pinsMeeting } from './meeting.ts';
import type { PreparedSet } from './prepare.ts';
import { MOST_EXPLAINED, type ResolveSource } from './source.ts';

/** Adds similar names and fixes. Other dates and sets are resolved with the whole question before they are proposed. */
export async function explain(
  issues: readonly UnmetIssue[],
  view: CatalogView,
  question: TargetQuestion,
  target: Target,
  set: PreparedSet,
  requirements: readonly Requirement[],
  source: ResolveSource,
): Promise<UnmetIssue[]> {
  const isUnknown = issues.some(({ code }) => code === 'unknown_package');
  const documents = isUnknown ? ((await source.standardLibrary?.()) ?? null) : null;
  const pins = new Map(await source.readPins(issues.map((issue) => issue.package)));
  const known = new Map(
    issues.flatMap(({ code, package: name }) => {
      if (code !== 'unknown_package' || documents === null) return [];
      const fix = knownLacking(name, documents, target, view, pins.get(name));
      return fix ? [[name, fix] as const] : [];
    }),
  );
  const meeting = pinsMeeting(view, pins);
  const met = new Set(requirements);
  /** The others that some set satisfies. */
  const open = new Set<Requirement>();
  let lacksDependency = false;
  for (const { code, index } of issues) {
    const requirement = requirements[index]!;
    if (code === 'missing_dependency') lacksDependency = true;
    else {
      met.delete(requirement);
      // A requirement that no set satisfies does not rule out candidates for the others.
      if (code === 'meaningless_marker' || known.has(requirement.name)) continue;
      if (meeting(requirement).size > 0) open.add(requirement);
    }
  }
  /** No other target helps unless its set satisfies all of them. */
  const able = [...view.sets.values()].filter(({ flag }) =>
    [...open].every((requirement) => meeting(requirement).has(flag)),
  );
  let candidates: Move[] = [];
  if (able.length > 0 && (lacksDependency || open.size > 0)) {
    const names = [...met].map(({ name }) => name);
    const more = names.length > 0 ? await source.readPins(names, able) : [];
    for (const [name, known] of more) pins.set(name, known);
    // The unsatisfied ones first: they are the least likely to be satisfied by another set.
    const possible = [...open, ...met];
    const resolves = async (other: Target) =>
      metByPins(possible, meeting, other) ??
      resolveClosure(view, other, await source.openSet(other.package_set), possible).ok;
    candidates = await findCandidates(view, question, target, possible, open, able, meeting, resolves);
  }

  const isPinned = (name: string) => pins.get(name)?.some(({ flag }) => view.sets.has(flag)) === true;
  /** Whether no set has the package, and nothing else is known of its name. */
  const isNowhere = ({ code, package: name }: UnmetIssue) =>
    code === 'unknown_package' && !known.has(name) && !isPinned(name);
  const latest = issues.some(isNowhere) ? newestTarget(view, question)?.package_set : undefined;
  const latestSet = latest && latest.flag !== set.flag ? await source.openSet(latest) : null;

  return issues.map((issue, at) => {
    if (at >= (source.explained ?? MOST_EXPLAINED) || issue.code === 'meaningless_marker') return issue;
    const name = issue.package;
    const alternatives = candidates.map((candidate): Move => {
      const there = candidate.kind === 'date' ? candidate.package_set : candidate.flag;
      const pin = pins.get(name)?.find(({ flag }) => flag === there);
      return { ...candidate, has: pin ? [{ name, version: pin.version }] : [] };
    });
    if (issue.code === 'missing_dependency') return missingDependency({ ...issue, fixes: alternatives });
    const newest = [...meeting(requirements[issue.index]!).values()].at(-1);
    const available = newest ? { package_set: newest.flag, version: newest.version } : null;
    const elsewhere: readonly Fix[] = available ? alternatives : [];
    if (issue.code === 'version_conflict') {
      const { text: bare } = withoutVersions(requirements[issue.index]!);
      const exact = `==${issue.pinned}`;
      // Some pins are not PEP 440 versions.
      const meant = parseSpecifier(exact) ? [bare, bare + exact] : [bare];
      const fixes = [...elsewhere, ...requirementFixes(name, meant, 'pinned')];
      return versionConflict({ ...issue, fixes, available });
    }
    // A name that another set has is not misspelt.
    const meant = meantBy(name, set, isPinned(name) ? [] : undefined);
    const here = fixesUnknown(name, meant);
    const there = latestSet && here.length === 0 && isNowhere(issue) ? adviceMeant(name, latestSet) : [];
    const left = leftFor(name, documents, target);
    return unknownPackage({
      ...issue,
      ...meant,
      fixes: known.has(name)
        ? [known.get(name)!]
        : [...here, ...there, ...(left ? [left] : []), ...elsewhere],
      available,
    });
  });
}

interface Meant {
  /** The packages that provide a module of that name. */
  providers: string[];
  /** Packages with nearly that name, if there are no providers. */
  near: string[];
}

/** Near spellings are looked for among `names`, by default all of the set. */
export function meantBy(
  name: string,
  { members, index }: Pins,
  names: Iterable<string> = index.keys(),
): Meant {
  const providers = members
    .filter(({ imports }) => imports?.some(isModuleNamed(name)))
    .map((member) => member.name!);
  return { providers, near: providers[0] ? [] : nearNames(name, names) };
}

export function fixesMeant(name: string, { providers, near }: Meant): Fix[] {
  return [...requirementFixes(name, providers, 'module'), ...requirementFixes(name, near, 'similar')];
}

/**
 * The fixes of a name that no set has. One that differs from a package by a number alone, as httpx2 does, is often another
 * project, and no error.
 */
export function fixesUnknown(name: string, meant: Meant): Fix[] {
  const fixes = fixesMeant(name, meant);
  const isNumbered = meant.near.some((other) => withoutNumbers(other) === withoutNumbers(name));
  return isNumbered ? [{ kind: 'use_index', requirement: null, packages: [] }, ...fixes] : fixes;
}

const withoutNumbers = (name: string) => name.replace(/\d/g, '');

/** The packages of another set that a name may mean: for a person to choose, as the set of the question has none of them. */
function adviceMeant(name: string, set: Pins & { flag: string }): Fix[] {
  const { providers, near } = meantBy(name, set);
  const [names, text] =
    providers.length > 0 ? [providers, `The module ${name} comes with`] : [near, 'Perhaps you mean'];
  return names.length > 0 ? [advice(`${text} ${series(names, 'or')}, which ${set.flag} has.`)] : [];
}
