/** The world in which requirements admit pre-releases and yanked versions together: loaded where they may matter. */
import type { Incompatibility, Term, VersionSet } from './incompatibility.ts';
import { bitOf, type Listing, newest, versionText } from './listing.ts';
import { type Decided, type Demand, PackageWorld, splitKey } from './world.ts';

export class OpenWorld extends PackageWorld {
  declare readonly preferred: ReadonlySet<string>;
  /** Whether a version was tried that a plain world may have left out. */
  admitted = false;

  protected override wished(name: string, versions: VersionSet): VersionSet {
    const listing = this.listings.get(name);
    if (listing?.origin !== 'index') return versions;
    const unyanked = versions & ~listing.yanked;
    return (this.preferred.has(name) ? unyanked : unyanked & ~listing.preReleases) || unyanked || versions;
  }

  override priority(key: string, allowed: VersionSet): number {
    const { name } = splitKey(key);
    // Packages that may ask for pre-releases and yanked versions have to be decided first.
    const isLast = !this.preferred.has(name) && this.#leftOut(this.listings.get(name), allowed) === allowed;
    return super.priority(key, allowed) + (isLast ? 6e6 : 0);
  }

  /** The pre-releases and yanked versions among `versions`, which count only if a requirement asks for them. */
  #leftOut(listing: Listing | undefined, versions: VersionSet): VersionSet {
    return listing?.origin === 'index' ? versions & (listing.preReleases | listing.yanked) : 0n;
  }

  /**
   * Why a pre-release or a yanked version may not be chosen. It may be if requirements of the answer ask for it, and a
   * pre-release also if they admit nothing else; those that are there only because of the package itself do not count.
   * Who asks in other answers is not known in advance: so what is told is which decisions have to change for that.
   */
  objection(key: string, version: VersionSet, decided: Decided): Incompatibility | null {
    const listing = this.listings.get(splitKey(key).name);
    if (listing?.origin !== 'index' || this.#leftOut(listing, version) === 0n) return null;
    const askers = this.asking(listing.name, decided);
    if (!askers) {
      this.admitted = true;
      return null;
    }
    const { others, asking } = askers;
    const { preReleases, yanked } = listing;
    const isPinned = asking.some(({ pins }) => pins);
    const final = asking.reduce((common, { all }) => common & all, this.every(key) & ~preReleases);
    const isUnasked =
      (version & preReleases) !== 0n && final !== 0n && !asking.some((demand) => demand.asksForPreReleases);
    if (!isUnasked && ((version & yanked) === 0n || isPinned)) {
      this.admitted = true;
      return null;
    }
    const best = isUnasked ? newest(final) : 0n;
    const mayAsk = (demand: Demand) =>
      isUnasked ? demand.asksForPreReleases || (demand.all & best) === 0n : demand.pins;
    const terms = new Map<string, Term>([
      [key, { positive: true, versions: isUnasked ? preReleases : yanked }],
    ]);
    for (const other of others) {
      const isQuiet = (demand: Demand) =>
        splitKey(demand.name).name === listing.name ? !mayAsk(demand) : others.has(demand.name);
      const quiet = [...this.demands.get(other)!].filter(([, demands]) => demands.every(isQuiet));
      const rest = quiet.reduce((versions, [quietVersions]) => versions & ~quietVersions, this.every(other));
      if (rest !== 0n) terms.set(other, { positive: false, versions: rest });
    }
    this.facts.effort.spend(others.size);
    const reason = isUnasked
      ? `is a pre-release, which nothing asks for in place of ${versionText(listing, bitOf(best))}`
      : 'was yanked, and nothing asks for exactly that version';
    const names = [...terms.keys()].slice(1);
    const unless = names.length === 0 ? '' : ` (other versions of ${names.join(', ')} might)`;
    return { terms, cause: { kind: 'unusable', package: key, reason: reason + unless } };
  }
}
