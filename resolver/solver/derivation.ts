/** Why there is no answer, as data: facts and conclusions. `report.ts` renders it as prose. */
import { parseDirectRequirement } from '../requirements/requirement.ts';
import { satisfies } from '../requirements/specifier.ts';
import type { LeftOut } from './candidates.ts';
import type { Fact, Incompatibility, VersionSet } from './incompatibility.ts';
import { bitsOf, type Listing, toBits, versionText } from './listing.ts';
import { urlsOf } from './package-index.ts';
import { type PackageWorld, ROOT, splitKey } from './world.ts';

/**
 * Why requirements cannot be satisfied: each step is a fact, or follows from two earlier steps. The last step says
 * that the requirements cannot be satisfied.
 */
export type Derivation = readonly DerivationStep[];

/** A step of a derivation: claims that cannot all be true, and why. */
export interface DerivationStep {
  claims: Claim[];
  because:
    | { kind: 'conflict'; steps: [number, number] }
    | { kind: 'requirement'; requirement: string; unmet: Unmet | null }
    | { kind: 'dependency'; name: string; versions: string; requirement: string; unmet: Unmet | null }
    | { kind: 'unusable'; name: string; versions: string; reason: string };
}

/** The claim that a package is installed in one of some versions, or that it is in none of them. */
export interface Claim {
  /** With an extra, as in `uvicorn[standard]`. Empty for the question itself. */
  name: string;
  /** As specifiers, several ranges with `or` between them; empty for all of them. */
  versions: string;
  installed: boolean;
}

/**
 * Why no version of a package satisfies a requirement: the set pins another, the package is unknown, or the versions
 * that would satisfy it are left out.
 */
export type Unmet =
  | { kind: 'pinned'; set: string; version: string }
  | { kind: 'unknown'; set: string; indexes: readonly string[] }
  | {
      kind: 'no_version';
      /** None for the one version that a requirement names by its URL. */
      indexes: readonly string[];
      /** The newest eligible version; null if there is none. */
      newest: string | null;
      /** Versions that would otherwise satisfy it, the newest first; at most five. */
      left_out: { version: string; reason: LeftOut['reason'] | 'pre_release' | 'yanked'; detail: string }[];
    };

/** The requirements of all steps that nothing satisfies. */
export function unmetIn(derivation: Derivation): { requirement: string; name: string; unmet: Unmet }[] {
  return derivation.flatMap(({ because }) => {
    if (!('unmet' in because) || because.unmet === null) return [];
    const { requirement, unmet } = because;
    const parsed = parseDirectRequirement(requirement);
    return parsed.ok ? [{ requirement, name: parsed.value.name, unmet }] : [];
  });
}

/** The steps of a proof, each once, in an order in which each comes after what it follows from. */
export function derivationOf(proof: Incompatibility, world: PackageWorld): DerivationStep[] {
  const steps: DerivationStep[] = [];
  const places = new Map<Incompatibility, number>();
  const stack = [proof];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    if (places.has(top)) {
      stack.pop();
      continue;
    }
    const { cause } = top;
    if (cause.kind === 'conflict') {
      const missing = [cause.satisfier, cause.incompatibility].filter((parent) => !places.has(parent));
      if (missing.length > 0) {
        stack.push(...missing);
        continue;
      }
    }
    stack.pop();
    let because: DerivationStep['because'];
    if (cause.kind === 'conflict') {
      const steps: [number, number] = [places.get(cause.incompatibility)!, places.get(cause.satisfier)!];
      because = { kind: 'conflict', steps };
    } else because = factOf(cause, top, world);
    const told = [...top.terms.keys()].map((name) => (name === ROOT ? 1 : sizeOf(world.listing(name))));
    world.facts.effort.spend(told.reduce((sum, size) => sum + size, 0));
    const claims = [...top.terms].map(([name, { positive, versions }]) => ({
      name,
      versions: name === ROOT ? '' : describe(world.listing(name), versions),
      installed: positive,
    }));
    places.set(top, steps.push({ claims, because }) - 1);
  }
  return steps;
}

function factOf(cause: Fact, { terms }: Incompatibility, world: PackageWorld): DerivationStep['because'] {
  // The root is a formal step, which the prose leaves out.
  if (cause.kind === 'root') return { kind: 'requirement', requirement: '', unmet: null };
  const name = cause.kind === 'unusable' ? cause.package : cause.dependent;
  const versions = name === ROOT ? '' : describe(world.listing(name), terms.get(name)!.versions);
  if (cause.kind === 'unusable') return { kind: 'unusable', name, versions, reason: cause.reason };
  const { dependency, requirement } = cause;
  const unmet = terms.has(dependency) || dependency === name ? null : unmetOf(dependency, requirement, world);
  if (name === ROOT) return { kind: 'requirement', requirement, unmet };
  return { kind: 'dependency', name, versions, requirement, unmet };
}

export function unmetOf(key: string, requirement: string, world: PackageWorld): Unmet {
  const { set, index } = world.input;
  const listing = world.listing(key);
  if (listing.origin === 'set') return { kind: 'pinned', set: set.flag, version: listing.member.version };
  if (listing.origin === 'none') {
    // The set says nothing about a loose name.
    const isLoose = world.isLoose(splitKey(key).name);
    return { kind: 'unknown', set: isLoose ? '' : set.flag, indexes: urlsOf(index) };
  }
  const parsed = parseDirectRequirement(requirement);
  const specifiers = parsed.ok ? parsed.value.specifiers : [];
  const { name } = splitKey(key);
  const shy = listing.candidates.flatMap(({ version, file, shy }) =>
    shy === null ? [] : [{ version, file, reason: shy }],
  );
  const left_out = [...listing.leftOut, ...shy]
    .filter(({ version }) => satisfies(version, specifiers))
    .reverse()
    .slice(0, 5)
    .map(({ version, reason, file }) => ({
      version: version.text,
      reason,
      detail:
        (reason === 'too_new' ? file.upload_time : reason === 'python' ? file.requires_python : null) ?? name,
    }));
  // All files of a name come from one index.
  const asked = (listing.candidates[0] ?? listing.leftOut[0])?.file.index;
  return {
    kind: 'no_version',
    indexes: world.input.direct.has(name) ? [] : asked ? [asked] : urlsOf(index),
    newest: listing.candidates.at(-1)?.version.text ?? null,
    left_out,
  };
}

const sizeOf = (listing: Listing) => (listing.origin === 'index' ? listing.candidates.length : 1);

/** Versions as specifiers: what is left out anyway does not break a range. */
export function describe(listing: Listing, versions: VersionSet): string {
  if (listing.origin !== 'index') return `==${versionText(listing, 0)}`;
  const { candidates, preReleases, yanked, open } = listing;
  const leftOut = open ? 0n : preReleases | yanked;
  const counted = toBits(candidates.map(() => true)) & ~(leftOut & ~versions);
  if (counted === versions) return candidates.length === 1 ? `==${candidates[0]!.version.text}` : '';
  const order = bitsOf(counted);
  const digits = versions.toString(2);
  const ranges: [first: number, last: number][] = [];
  for (const [at, bit] of order.entries()) {
    if (digits.at(-1 - bit) !== '1') continue;
    const range = ranges.at(-1);
    if (range && range[1] === at - 1) range[1] = at;
    else ranges.push([at, at]);
  }
  const text = (at: number) => candidates[order[at]!]!.version.text;
  const shown = ranges.slice(-3).map(([first, last]) => {
    if (first === last) return `==${text(first)}`;
    if (last === order.length - 1) return `>=${text(first)}`;
    return first === 0 ? `<=${text(last)}` : `>=${text(first)},<=${text(last)}`;
  });
  return [...(ranges.length > 3 ? [`${ranges.length - 3} older ranges`] : []), ...shown].join(' or ');
}
