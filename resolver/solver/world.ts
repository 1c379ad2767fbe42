/** The world of one question: a package set, an index and a runtime. */
import type { Member } from '../catalog.ts';
import type { DirectRequirement } from '../requirements/requirement.ts';
import { sortedBy } from '../sorted-by.ts';
import { applying, type Facts } from './facts.ts';
import type { VersionSet } from './incompatibility.ts';
import {
  bitOf,
  indexed,
  type Listing,
  newest,
  type Selected,
  select,
  selected,
  versionText,
} from './listing.ts';
import { once } from './package-index.ts';
import type { Dependency, World } from './pubgrub.ts';
import type { SolverInput } from './solve-question.ts';

/** The root package, which depends on the requirements of the question. */
export const ROOT = '';

/** A package and one of its extras are two for the solver: `name` and `name[extra]`, always of the same version. */
export function splitKey(key: string): { name: string; extra: string | null } {
  const [name, extra] = key.split('[') as [string, string?];
  return { name, extra: extra?.slice(0, -1) ?? null };
}

/** A requirement of a version that was looked at. */
export type Demand = Dependency & Selected;

export class PackageWorld implements World {
  readonly input: SolverInput;
  readonly #requirements: readonly DirectRequirement[];
  readonly #requested: ReadonlySet<string>;
  /**
   * Null: each requirement on a package admits pre-releases and yanked versions by itself. Otherwise, all requirements of
   * the answer admit them together, and of these names, pre-releases come before older final versions.
   */
  readonly preferred: ReadonlySet<string> | null;
  protected readonly demands = new Map<string, Map<VersionSet, readonly Demand[]>>();
  readonly facts: Facts;
  /** The listings that were looked up, by name. */
  readonly listings = new Map<string, Listing>();
  readonly #looking = new Map<string, Promise<Listing>>();
  readonly #prefetched = new Set<string>();

  constructor(
    input: SolverInput,
    requirements: readonly DirectRequirement[],
    facts: Facts,
    preferred: ReadonlySet<string> | null = null,
  ) {
    this.input = input;
    // A fixed order makes the answer independent of the order of responses.
    this.#requirements = sortedBy(requirements, ({ text }) => text);
    this.#requested = new Set(requirements.map(({ name }) => name));
    this.facts = facts;
    this.preferred = preferred;
  }

  /** Whether a name of the set comes from the index instead. */
  isLoose(name: string): boolean {
    return this.input.asked.unpin.has(name);
  }

  listing(key: string): Listing {
    return this.listings.get(splitKey(key).name)!;
  }

  choose(key: string, allowed: VersionSet, known: (key: string) => VersionSet | null): VersionSet {
    const { name, extra } = splitKey(key);
    const common = extra === null ? allowed : allowed & (known(name) ?? allowed);
    return newest(this.wished(name, common) || allowed);
  }

  /** The versions of a package to try first. */
  protected wished(_name: string, versions: VersionSet): VersionSet {
    return versions;
  }

  /** Single versions come first, then requested packages before dependencies, then those with fewer versions. */
  priority(key: string, allowed: VersionSet): number {
    const { name, extra } = splitKey(key);
    const bits = allowed.toString(2);
    this.facts.effort.spend(1 + (bits.length >> 4));
    const choices = bits.replaceAll('0', '').length;
    const isAsked = this.#requested.has(name);
    const rank = (choices === 1 ? 0 : isAsked ? 2 : 4) + (extra === null ? 0 : 1);
    return rank * 1e6 + Math.min(choices, 1e6 - 1);
  }

  async dependencies(key: string, version: VersionSet): Promise<Dependency[] | { unusable: string }> {
    const known = this.demands.get(key) ?? new Map<VersionSet, readonly Demand[]>();
    this.demands.set(key, known);
    if (key === ROOT) {
      const asked = await this.#lookUp(this.#requirements);
      known.set(version, asked);
      return asked;
    }
    const { name, extra } = splitKey(key);
    const listing = this.listings.get(name)!;
    const needed = await this.#needed(listing, version, extra);
    const demands = 'unusable' in needed ? [] : await this.#lookUp(needed);
    known.set(version, demands);
    if ('unusable' in needed) return needed;
    if (extra === null) return demands;
    const requirement = `${name}==${versionText(listing, bitOf(version))}`;
    return [{ name, wanted: version, requirement }, ...demands];
  }

  /** The requirements of a version, if the solver has looked at it. */
  demandsOf(key: string, version: VersionSet): readonly Demand[] | undefined {
    return this.demands.get(key)?.get(version);
  }

  /**
   * The decided packages and their requirements of `name`, without packages that only `name` leads to; null if one of
   * them is not decided.
   */
  protected asking(name: string, decided: Decided): { others: Set<string>; asking: Demand[] } | null {
    const others = new Set([ROOT]);
    const asking: Demand[] = [];
    for (const key of others) {
      const version = decided(key);
      const demands = version === null ? undefined : this.demandsOf(key, version);
      if (!demands) return null;
      for (const demand of demands) {
        if (splitKey(demand.name).name === name) asking.push(demand);
        else others.add(demand.name);
      }
      const { name: own, extra } = splitKey(key);
      if (extra !== null) others.add(own);
    }
    return { others, asking };
  }

  protected every(key: string): VersionSet {
    const listing = key === ROOT ? null : this.listing(key);
    return listing?.origin === 'index' ? (1n << BigInt(listing.candidates.length)) - 1n : 1n;
  }

  /** The decisions that others need: what is decided so that somebody asks for a version may be superfluous. */
  needed(decisions: ReadonlyMap<string, VersionSet>): Map<string, VersionSet> {
    const { others } = this.asking('\n', (key) => decisions.get(key) ?? null)!;
    return new Map([...decisions].filter(([key]) => others.has(key)));
  }

  /** Names for which an answer asks for pre-releases and has none, though there is a newer one. */
  overlooked(decisions: ReadonlyMap<string, VersionSet>): string[] {
    const asked = [...decisions].flatMap(([key, version]) =>
      this.demandsOf(key, version)!
        .filter((demand) => demand.asksForPreReleases)
        .map((demand) => splitKey(demand.name).name),
    );
    return [...new Set(asked)].filter((name) => {
      const listing = this.listing(name);
      if (listing.origin !== 'index') return false;
      const { asking } = this.asking(name, (key) => decisions.get(key) ?? null)!;
      if (!asking.some((demand) => demand.asksForPreReleases)) return false;
      const all = asking.reduce((common, demand) => common & demand.all, ~listing.yanked);
      return bitOf(all & this.every(name)) > bitOf(decisions.get(name)!);
    });
  }

  async #needed(
    listing: Listing,
    version: VersionSet,
    extra: string | null,
  ): Promise<Needed[] | { unusable: string }> {
    if (listing.origin === 'none') return [];
    if (listing.origin === 'set') return this.#neededByMember(listing.member, extra);
    const needs = await this.facts.needs(listing, version);
    const applied = applying(needs, this.input.environment, extra);
    if ('unusable' in applied) return applied;
    const stray = applied.find(({ name, url }) => url !== null && !this.input.direct.has(name));
    return stray ? { unusable: `requires a URL, which an index may not: ${stray.text}` } : applied;
  }

  /** According to the set; and for names that may come from the index, according to the member's METADATA. */
  async #neededByMember({ name, version, depends }: Member, extra: string | null): Promise<Needed[]> {
    const isOutside = (dependency: string) =>
      this.isLoose(dependency) || !this.input.set.index.has(dependency);
    const plain = depends.filter((dependency) => dependency !== name).map(bare);
    if (extra === null && !depends.some(isOutside)) return plain;
    const needs = await this.facts.needsOfMember(name, version);
    const needed = needs ? applying(needs, this.input.environment, extra) : [];
    if ('unusable' in needed) return extra === null ? plain : [];
    if (extra !== null) return needed;
    return [...plain, ...needed.filter((need) => isOutside(need.name) && depends.includes(need.name))];
  }

  async #lookUp(requirements: readonly Needed[]): Promise<Demand[]> {
    const listings = await Promise.all(requirements.map(({ name }) => this.#list(name)));
    return requirements.flatMap(({ name, extras, specifiers, text }, at) => {
      const listing = listings[at]!;
      const wanted = select(listing, specifiers);
      const selection = selected(listing, specifiers);
      this.#prefetch(listing, selection.plain);
      // The marker is true, and no longer needed.
      const requirement = text.replace(/;.*$/s, '').trim();
      return [name, ...extras.map((extra) => `${name}[${extra}]`)].map((key) => ({
        ...selection,
        name: key,
        wanted,
        requirement,
        isNarrowed: wanted !== selection.all,
      }));
    });
  }

  async #list(name: string): Promise<Listing> {
    const listing = await once(this.#looking, name, () => this.#listingOf(name));
    this.listings.set(name, listing);
    return listing;
  }

  async #listingOf(name: string): Promise<Listing> {
    const { set, direct } = this.input;
    const file = direct.get(name);
    const at = file || this.isLoose(name) ? undefined : set.index.get(name);
    if (at !== undefined) return { name, origin: 'set', member: set.members[at]! };
    const candidates = await this.facts.candidates(name, file);
    if (!candidates) return { name, origin: 'none' };
    const constraints = this.input.constraints.get(name) ?? [];
    return indexed(name, candidates, constraints, this.preferred !== null, this.facts.effort);
  }

  /** Prefetches what is probably needed next. A failure is reported when it is needed. */
  #prefetch(listing: Listing, wanted: VersionSet): void {
    if (listing.origin !== 'index' || wanted === 0n || this.#prefetched.has(listing.name)) return;
    this.#prefetched.add(listing.name);
    const ahead = async () => {
      const needs = await this.facts.needs(listing, newest(wanted));
      const applied = applying(needs, this.input.environment, null);
      if ('unusable' in applied) return;
      await Promise.all(
        applied.map(async ({ name, specifiers }) => {
          const next = await this.#list(name);
          this.#prefetch(next, select(next, specifiers));
        }),
      );
    };
    ahead().catch(() => {});
  }
}

export type Decided = (key: string) => VersionSet | null;

type Needed = Pick<DirectRequirement, 'name' | 'extras' | 'specifiers' | 'text'>;

function bare(name: string): Needed {
  return { name, extras: [], specifiers: [], text: name };
}
