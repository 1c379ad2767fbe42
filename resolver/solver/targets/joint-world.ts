/**
 * Joins the worlds of several Pythons: each one's version of a package depends on a shared version. So one run of the
 * solver tells whether they can have the same versions, and for which packages they cannot.
 */
import { parseVersion, type Version } from '../../requirements/version.ts';
import { factsIn, type Incompatibility, type VersionSet } from '../incompatibility.ts';
import { bitsOf, type Listing, versionText } from '../listing.ts';
import type { Dependency, World } from '../pubgrub.ts';
import { type PackageWorld, ROOT, splitKey } from '../world.ts';

type Known = Parameters<World['choose']>[2];

const SHARED = '=';
const SEPARATOR = ' ';

const keyOf = (at: number, key: string) => `${at}${SEPARATOR}${key}`;

function splitJoint(joint: string): { at: number; key: string } {
  const end = joint.indexOf(SEPARATOR);
  return { at: Number(joint.slice(0, end)), key: joint.slice(end + 1) };
}

export class JointWorld implements World {
  readonly #worlds: readonly PackageWorld[];
  readonly #apart: ReadonlySet<string>;
  /** The bit of each version of a package, by its name; local labels do not count. */
  readonly #bits = new Map<string, Map<string, VersionSet>>();
  readonly #shared = new Map<string, readonly VersionSet[]>();

  /** @param apart names of which the worlds may have different versions */
  constructor(worlds: readonly PackageWorld[], apart: ReadonlySet<string>) {
    this.#worlds = worlds;
    this.#apart = apart;
  }

  async dependencies(joint: string, version: VersionSet): Promise<Dependency[] | { unusable: string }> {
    if (joint === ROOT) {
      return this.#worlds.map((_, at) => ({ name: keyOf(at, ROOT), wanted: 1n, requirement: '' }));
    }
    if (joint.startsWith(SHARED)) return [];
    const { at, key } = splitJoint(joint);
    const world = this.#worlds[at]!;
    const own = await world.dependencies(key, version);
    if ('unusable' in own) return own;
    const needed = own.map((dependency) => ({ ...dependency, name: keyOf(at, dependency.name) }));
    const name = this.#sharedName(key);
    if (name === null) return needed;
    const wanted = this.#sharedOf(at, name, version);
    return [...needed, { name: SHARED + name, wanted, requirement: `${name} ${wanted}` }];
  }

  choose(joint: string, allowed: VersionSet, known: Known): VersionSet {
    if (joint === ROOT || joint.startsWith(SHARED)) return allowed;
    const { at, key } = splitJoint(joint);
    const common = this.#common(at, key, allowed, known) || allowed;
    return this.#worlds[at]!.choose(key, common, (other) => known(keyOf(at, other)));
  }

  priority(joint: string, allowed: VersionSet): number {
    if (joint === ROOT || joint.startsWith(SHARED)) return -1;
    const { at, key } = splitJoint(joint);
    return key === ROOT ? -1 : this.#worlds[at]!.priority(key, allowed);
  }

  objection(joint: string, version: VersionSet, decided: Known): Incompatibility | null {
    if (joint === ROOT || joint.startsWith(SHARED)) return null;
    const { at, key } = splitJoint(joint);
    if (key === ROOT) return null;
    const world: World = this.#worlds[at]!;
    const objection = world.objection?.(key, version, (other) => decided(keyOf(at, other)));
    if (!objection) return null;
    const terms = [...objection.terms].map(([inner, term]) => [keyOf(at, inner), term] as const);
    return { ...objection, terms: new Map(terms) };
  }

  decisionsOf(at: number, decisions: ReadonlyMap<string, VersionSet>): Map<string, VersionSet> {
    const own = [...decisions].flatMap(([joint, version]) => {
      const split = splitJoint(joint);
      return split.at === at && !joint.startsWith(SHARED) && joint !== ROOT
        ? [[split.key, version] as const]
        : [];
    });
    return this.#worlds[at]!.needed(new Map(own));
  }

  /** The versions that are compatible with what is known of the package in the other worlds. */
  #common(at: number, key: string, allowed: VersionSet, known: Known): VersionSet {
    const name = this.#sharedName(key);
    if (name === null) return allowed;
    const wantedBy = [
      known(SHARED + name),
      ...this.#worlds.map((_, other) => {
        const versions = other === at ? null : known(keyOf(other, name));
        return versions === null ? null : this.#sharedOf(other, name, versions);
      }),
    ];
    const shared = this.#sharedBits(at, name);
    return wantedBy.reduce((common: VersionSet, wanted) => {
      if (wanted === null) return common;
      const fits = bitsOf(common).filter((bit) => (shared[bit]! & wanted) !== 0n);
      return fits.reduce((bits, bit) => bits | (1n << BigInt(bit)), 0n);
    }, allowed);
  }

  /** The name whose version the worlds should share; null for a node that is not a package, or that may differ. */
  #sharedName(key: string): string | null {
    if (key === ROOT) return null;
    const { name, extra } = splitKey(key);
    return extra === null && !this.#apart.has(name) ? name : null;
  }

  #sharedOf(at: number, name: string, versions: VersionSet): VersionSet {
    const shared = this.#sharedBits(at, name);
    return bitsOf(versions).reduce((bits, bit) => bits | (shared[bit] ?? 0n), 0n);
  }

  /** For each version that a world has of a package, the bit of that version in all worlds. */
  #sharedBits(at: number, name: string): readonly VersionSet[] {
    const key = keyOf(at, name);
    const known = this.#shared.get(key) ?? this.#newBits(name, this.#worlds[at]!.listing(name));
    this.#shared.set(key, known);
    return known;
  }

  #newBits(name: string, listing: Listing): VersionSet[] {
    const bits = this.#bits.get(name) ?? new Map<string, VersionSet>();
    this.#bits.set(name, bits);
    const count = listing.origin === 'index' ? listing.candidates.length : 1;
    return Array.from({ length: count }, (_, at) => {
      const text = versionText(listing, at);
      const version = parseVersion(text);
      const key = version ? publicKey(version) : text;
      const bit = bits.get(key) ?? 1n << BigInt(bits.size);
      bits.set(key, bit);
      return bit;
    });
  }
}

/** A text that is the same for versions that `comparePublic` finds equal. */
function publicKey({ epoch, release, phase, phaseNumber, post, dev }: Version): string {
  const numbers = release.join('.').replace(/(?:\.0)+$/, '');
  return [epoch, numbers, phase, phaseNumber, post, dev].join(' ');
}

/** Packages from a proof: for at least one of them, the worlds cannot share a version. */
export function sharedInProof(proof: Incompatibility): Set<string> {
  const shared = factsIn(proof).flatMap((fact) =>
    fact.kind === 'dependency' && fact.dependency.startsWith(SHARED) ? fact.dependency : [],
  );
  return new Set(shared.map((dependency) => dependency.slice(SHARED.length)));
}
