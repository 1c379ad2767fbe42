/** The world of one question: a package set, an index and a runtime. */
import type { Member } from '../catalog.ts';
import type { DirectRequirement } from '../requirements/requirement.ts';
import type { Facts } from './facts.ts';
import { bitOf, indexed, type Listing, newest, select, versionText } from './listing.ts';
import type { Dependency, World } from './pubgrub.ts';
import type { SolverInput } from './solver-input.ts';
import type { VersionSet } from './term.ts';
import { applying } from './wheel-needs.ts';

/** The root package, which depends on the requirements of the question. */
export const ROOT = '';

/** A package and one of its extras are two for the solver: `name` and `name[extra]`, always of the same version. */
export function splitKey(key: string): { name: string; extra: string | null } {
  const [name, extra] = key.split('[') as [string, string?];
  return { name, extra: extra?.slice(0, -1) ?? null };
}

export class PackageWorld implements World {
  readonly input: SolverInput;
  readonly #requirements: readonly DirectRequirement[];
  /** Normally excluded versions that every requirement may get, by name. */
  readonly open: ReadonlyMap<string, VersionSet>;
  readonly facts: Facts;
  /** All that were looked up, by name. */
  readonly listings = new Map<string, Listing>();
  readonly #looking = new Map<string, Promise<Listing>>();
  readonly #prefetched = new Set<string>();

  constructor(
    input: SolverInput,
    requirements: readonly DirectRequirement[],
    facts: Facts,
    open: ReadonlyMap<string, VersionSet>,
  ) {
    this.input = input;
    // In a fixed order, independent of the order of responses.
    this.#requirements = requirements.toSorted((a, b) => (a.text < b.text ? -1 : 1));
    this.facts = facts;
    this.open = open;
  }

  /** Normally excluded versions that a requirement asked for. */
  asked(): ReadonlyMap<string, VersionSet> {
    const found = [...this.listings.values()].flatMap((one) =>
      one.origin === 'index' && one.asked !== 0n ? [[one.name, one.asked] as const] : [],
    );
    return new Map(found);
  }

  /** Whether another attempt with these may succeed. */
  get askedForMore(): boolean {
    return [...this.asked()].some(([name, asked]) => asked !== (this.open.get(name) ?? 0n));
  }

  listing(key: string): Listing {
    return this.listings.get(splitKey(key).name)!;
  }

  choose(key: string, allowed: VersionSet, known: (key: string) => VersionSet | null): VersionSet {
    const { name, extra } = splitKey(key);
    const common = extra === null ? allowed : allowed & (known(name) ?? allowed);
    return newest(common || allowed);
  }

  /**
   * Packages with a single version come first, then requested ones before dependencies, then those with fewer versions.
   */
  priority(key: string, allowed: VersionSet): number {
    const { name, extra } = splitKey(key);
    const bits = allowed.toString(2);
    this.facts.effort.spend(1 + (bits.length >> 4));
    const choices = bits.replaceAll('0', '').length;
    const isAsked = this.#requirements.some((one) => one.name === name);
    const rank = (choices === 1 ? 0 : isAsked ? 2 : 4) + (extra === null ? 0 : 1);
    return rank * 1e6 + Math.min(choices, 1e6 - 1);
  }

  async dependencies(key: string, version: VersionSet): Promise<Dependency[] | { unusable: string }> {
    if (key === ROOT) return this.#lookUp(this.#requirements);
    const { name, extra } = splitKey(key);
    const listing = this.listings.get(name)!;
    const needed = await this.#needed(listing, version, extra);
    if ('unusable' in needed) return needed;
    const dependencies = await this.#lookUp(needed);
    if (extra === null) return dependencies;
    const requirement = `${name}==${versionText(listing, bitOf(version))}`;
    return [{ name, wanted: version, requirement }, ...dependencies];
  }

  async #needed(
    listing: Listing,
    version: VersionSet,
    extra: string | null,
  ): Promise<Needed[] | { unusable: string }> {
    if (listing.origin === 'none') return [];
    if (listing.origin === 'set') return this.#neededByMember(listing.member, extra);
    const needs = await this.facts.needs(listing, version);
    if (needs.unusable !== null) return { unusable: needs.unusable };
    const found = applying(needs, this.input.environment, extra);
    if ('unusable' in found) return found;
    const stray = found.find(({ name, url }) => url !== null && !this.input.direct.has(name));
    return stray ? { unusable: `requires a URL, which an index may not: ${stray.text}` } : found;
  }

  /**
   * A member's dependencies according to the set; and for names that may come from the index, according to its
   * METADATA.
   */
  async #neededByMember({ name, version, depends }: Member, extra: string | null): Promise<Needed[]> {
    const isOutside = (one: string) => this.input.unpin.has(one) || !this.input.set.index.has(one);
    const plain = depends.filter((one) => one !== name).map(bare);
    if (extra === null && !depends.some(isOutside)) return plain;
    const needs = await this.facts.needsOfMember(name, version);
    const found = needs ? applying(needs, this.input.environment, extra) : [];
    if ('unusable' in found) return extra === null ? plain : [];
    if (extra !== null) return found;
    return [...plain, ...found.filter((one) => isOutside(one.name) && depends.includes(one.name))];
  }

  async #lookUp(requirements: readonly Needed[]): Promise<Dependency[]> {
    const listings = await Promise.all(requirements.map(({ name }) => this.#list(name)));
    return requirements.flatMap(({ name, extras, specifiers, text }, at) => {
      const listing = listings[at]!;
      const wanted = select(listing, specifiers);
      if (listing.origin === 'index') listing.asked |= wanted & listing.shy;
      this.#prefetch(listing, wanted);
      // Its marker is true, and no longer needed.
      const requirement = text.replace(/;.*$/s, '').trim();
      return [name, ...extras.map((extra) => `${name}[${extra}]`)].map((key) => ({
        name: key,
        wanted,
        requirement,
      }));
    });
  }

  async #list(name: string): Promise<Listing> {
    const looking = this.#looking.get(name) ?? this.#listingOf(name);
    this.#looking.set(name, looking);
    const listing = await looking;
    this.listings.set(name, listing);
    return listing;
  }

  async #listingOf(name: string): Promise<Listing> {
    const { set, unpin, direct } = this.input;
    const file = direct.get(name);
    const at = file || unpin.has(name) ? undefined : set.index.get(name);
    if (at !== undefined) return { name, origin: 'set', member: set.members[at]! };
    const candidates = await this.facts.candidates(name, file);
    return candidates
      ? indexed(name, candidates, this.open.get(name) ?? 0n, this.facts.effort)
      : { name, origin: 'none' };
  }

  /** Prefetches what is probably needed next. A failure is reported when it is needed. */
  #prefetch(listing: Listing, wanted: VersionSet): void {
    if (listing.origin !== 'index' || wanted === 0n || this.#prefetched.has(listing.name)) return;
    this.#prefetched.add(listing.name);
    const ahead = async () => {
      const needs = await this.facts.needs(listing, newest(wanted));
      const found = applying(needs, this.input.environment, null);
      if (needs.unusable !== null || 'unusable' in found) return;
      await Promise.all(
        found.map(async ({ name, specifiers }) => {
          const next = await this.#list(name);
          this.#prefetch(next, select(next, specifiers));
        }),
      );
    };
    ahead().catch(() => {});
  }
}

type Needed = Pick<DirectRequirement, 'name' | 'extras' | 'specifiers' | 'text'>;

function bare(name: string): Needed {
  return { name, extras: [], specifiers: [], text: name };
}
