/** One package as the solver sees it: the versions that a set of bits stands for, and which of them are asked for. */
import type { Member } from '../catalog.ts';
import { type Specifier, satisfies } from '../requirements/specifier.ts';
import { parseVersion, type Version } from '../requirements/version.ts';
import { type Candidates, isPreRelease } from './candidates.ts';
import type { VersionSet } from './incompatibility.ts';
import type { Effort } from './pubgrub.ts';

/** The source of a name's versions: each name has one. */
export type Listing =
  | { readonly name: string; readonly origin: 'set'; readonly member: Member }
  | Indexed
  | { readonly name: string; readonly origin: 'none' };

export interface Indexed extends Candidates {
  readonly name: string;
  readonly origin: 'index';
  /** Versions that are left out unless requirements ask for them, beside constraints, which may ask too. */
  readonly preReleases: VersionSet;
  readonly yanked: VersionSet;
  /** Whether these count, because the solver asks who wants them. */
  readonly open: boolean;
  readonly answers: Map<string, Selected>;
  readonly effort: Effort;
}

/** The versions that specifiers admit. */
export interface Selected {
  readonly all: VersionSet;
  /** The versions that the specifiers admit even if nothing else asks for them. */
  readonly plain: VersionSet;
  /** Whether they name a pre-release, so that pre-releases of the package count. */
  readonly asksForPreReleases: boolean;
  /** Whether they name one version, so that it counts if it was yanked. */
  readonly pins: boolean;
}

export function indexed(
  name: string,
  listed: Candidates,
  constraints: readonly Specifier[],
  open: boolean,
  effort: Effort,
): Indexed {
  const { candidates } = listed;
  const preReleases = namesPreRelease(constraints)
    ? 0n
    : toBits(candidates.map(({ version }) => isPreRelease(version)));
  const yanked = namesOne(constraints) ? 0n : toBits(candidates.map(({ shy }) => shy === 'yanked'));
  return { name, origin: 'index', ...listed, preReleases, yanked, open, answers: new Map(), effort };
}

export function versionText(listing: Listing, bit: number): string {
  if (listing.origin === 'index') return listing.candidates[bit]!.version.text;
  return listing.origin === 'set' ? listing.member.version : '';
}

export function selected(listing: Listing, specifiers: readonly Specifier[]): Selected {
  if (listing.origin !== 'index') {
    const isFit = listing.origin === 'set' && satisfies(listing.member.version, specifiers);
    const all = isFit ? 1n : 0n;
    return { all, plain: all, asksForPreReleases: false, pins: false };
  }
  const key = specifiers.map(({ text }) => text).join();
  const selection = listing.answers.get(key) ?? selectedOf(listing, specifiers);
  listing.answers.set(key, selection);
  return selection;
}

function selectedOf(
  { candidates, preReleases, yanked, effort }: Indexed,
  specifiers: readonly Specifier[],
): Selected {
  effort.spend(candidates.length * (1 + specifiers.length));
  const all = toBits(candidates.map(({ version }) => satisfies(version, specifiers)));
  const asksForPreReleases = namesPreRelease(specifiers);
  const pins = namesOne(specifiers);
  // Without a final version, even a yanked one, pre-releases count.
  const final = asksForPreReleases ? all : all & ~preReleases || all;
  return { all, plain: pins ? final : final & ~yanked, asksForPreReleases, pins };
}

/** The versions that a requirement may get in this run of the solver. */
export function select(listing: Listing, specifiers: readonly Specifier[]): VersionSet {
  const { all, plain } = selected(listing, specifiers);
  return listing.origin === 'index' && listing.open ? all : plain;
}

/** A set of bits from booleans, the lowest bit first. */
export function toBits(flags: readonly boolean[]): VersionSet {
  if (flags.length === 0) return 0n;
  const digits = flags.map((flag) => (flag ? '1' : '0')).toReversed();
  return BigInt(`0b${digits.join('')}`);
}

/** The numbers of the bits, ascending. */
export function bitsOf(versions: VersionSet): number[] {
  const digits = versions.toString(2);
  const bits: number[] = [];
  for (let at = digits.length - 1; at >= 0; at--) if (digits[at] === '1') bits.push(digits.length - 1 - at);
  return bits;
}

/** The number of the one bit of a set; of several, the highest. */
export function bitOf(versions: VersionSet): number {
  return versions.toString(2).length - 1;
}

/** The newest of a set that is not empty, as a set of its own. */
export function newest(versions: VersionSet): VersionSet {
  return 1n << BigInt(bitOf(versions));
}

function namesPreRelease(specifiers: readonly Specifier[]): boolean {
  return specifiers.some(({ operator, written, wildcard }) => {
    const version: Version | null = operator === '!=' || wildcard ? null : parseVersion(written);
    return version !== null && isPreRelease(version);
  });
}

function namesOne(specifiers: readonly Specifier[]): boolean {
  return specifiers.some(({ operator, wildcard }) => (operator === '==' && !wildcard) || operator === '===');
}
