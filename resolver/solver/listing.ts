/** One package as the solver sees it: the versions that a set of bits stands for, and which of them are asked for. */
import type { Member } from '../catalog.ts';
import { type Specifier, satisfies } from '../requirements/specifier.ts';
import { parseVersion, type Version } from '../requirements/version.ts';
import { type Candidate, type Candidates, isPreRelease } from './candidates.ts';
import type { Effort } from './effort.ts';
import type { VersionSet } from './term.ts';

/** The source of a name's versions: each name has one. */
export type Listing =
  | { readonly name: string; readonly origin: 'set'; readonly member: Member }
  | Indexed
  | { readonly name: string; readonly origin: 'none' };

export interface Indexed extends Candidates {
  readonly name: string;
  readonly origin: 'index';
  /** Versions that are left out unless a requirement asks for them. */
  readonly shy: VersionSet;
  /** Those of them that requirements have asked for so far. */
  asked: VersionSet;
  /** Those of them that every requirement may get, because one asks for them. */
  readonly open: VersionSet;
  readonly answers: Map<string, VersionSet>;
  readonly effort: Effort;
}

export function indexed(name: string, candidates: Candidates, open: VersionSet, effort: Effort): Indexed {
  const shy = toBits(candidates.candidates.map((one) => one.shy !== null));
  return { name, origin: 'index', ...candidates, shy, asked: open, open, answers: new Map(), effort };
}

/** The text of a version, by its bit. */
export function versionText(listing: Listing, bit: number): string {
  if (listing.origin === 'index') return listing.candidates[bit]!.version.text;
  return listing.origin === 'set' ? listing.member.version : '';
}

/**
 * The versions that specifiers admit. A pre-release is one of them where they name a pre-release or nothing else will
 * do, and a yanked version where they name exactly that.
 */
export function select(listing: Listing, specifiers: readonly Specifier[]): VersionSet {
  if (listing.origin === 'none') return 0n;
  if (listing.origin === 'set') return satisfies(listing.member.version, specifiers) ? 1n : 0n;
  const key = specifiers.map(({ text }) => text).join();
  let found = listing.answers.get(key);
  if (found === undefined) {
    found = selectCandidates(listing, specifiers);
    listing.answers.set(key, found);
  }
  return found;
}

function selectCandidates(
  { candidates, shy, open, effort }: Indexed,
  specifiers: readonly Specifier[],
): VersionSet {
  effort.spend(candidates.length * (1 + specifiers.length));
  const all = toBits(candidates.map(({ version }) => satisfies(version, specifiers)));
  const plain = all & (~shy | open);
  const hidden = all & shy & ~open;
  if (hidden === 0n) return all;
  const asked = { pre_release: asksForPreReleases(specifiers), yanked: asksExactly(specifiers) };
  const admit = (isAdmitted: (shyness: Candidate['shy']) => boolean) =>
    hidden & toBits(candidates.map((one) => isAdmitted(one.shy)));
  const found = plain | admit((shyness) => shyness !== null && asked[shyness]);
  return found || admit((shyness) => shyness === 'pre_release');
}

/** A set of bits from booleans, the lowest bit first. */
export function toBits(flags: readonly boolean[]): VersionSet {
  if (flags.length === 0) return 0n;
  return BigInt(
    `0b${flags
      .map((flag) => (flag ? '1' : '0'))
      .toReversed()
      .join('')}`,
  );
}

/** The numbers of the bits, ascending. */
export function bitsOf(versions: VersionSet): number[] {
  const digits = versions.toString(2);
  const found: number[] = [];
  for (let at = digits.length - 1; at >= 0; at--) if (digits[at] === '1') found.push(digits.length - 1 - at);
  return found;
}

/** The number of the one bit of a set; of several, the highest. */
export function bitOf(versions: VersionSet): number {
  return versions.toString(2).length - 1;
}

/** The newest of a set that is not empty, as a set of its own. */
export function newest(versions: VersionSet): VersionSet {
  return 1n << BigInt(bitOf(versions));
}

function asksForPreReleases(specifiers: readonly Specifier[]): boolean {
  return specifiers.some(({ operator, written, wildcard }) => {
    const version: Version | null = operator === '!=' || wildcard ? null : parseVersion(written);
    return version !== null && isPreRelease(version);
  });
}

function asksExactly(specifiers: readonly Specifier[]): boolean {
  return specifiers.some(({ operator, wildcard }) => (operator === '==' && !wildcard) || operator === '===');
}
