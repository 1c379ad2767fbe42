/** Turns the solver's versions into an answer: packages in load order, with their origin and reasons. */
import type { AskedIndex, ClosureTotals, Diagnostic, ResolvedPackage } from '../answer.ts';
import { loadOrder } from '../closure/prepare.ts';
import type { Issue } from '../issue.ts';
import type { Solved } from './attempt.ts';
import type { Derivation } from './derivation.ts';
import type { VersionSet } from './incompatibility.ts';
import { bitOf, type Listing } from './listing.ts';
import { type PackageWorld, ROOT, splitKey } from './world.ts';

/** The packages to install. With `registry` and `target` added, this is an answer like those of `resolve`. */
export interface SolveAnswer {
  /** In load order: dependencies first. */
  packages: SolvedPackage[];
  totals: ClosureTotals;
  /** The index state that the answer depends on; null without an index. */
  index: AskedIndex | null;
  diagnostics: Diagnostic[];
}

/** An answer, or issues, with a derivation if the requirements contradict each other. */
export type SolveOutcome =
  | { ok: true; value: SolveAnswer }
  | { ok: false; issues: Issue[]; derivation: Derivation | null };
/** The outcome of requirements without an answer. */
export type Unsolved = Extract<SolveOutcome, { ok: false }>;

/** One package of an answer, and where it comes from. The URLs of a wheel from an index are that index's. */
export interface SolvedPackage extends ResolvedPackage {
  /** `file` is a wheel that a requirement or a source names. */
  origin: 'set' | 'index' | 'file';
  wheel: ResolvedPackage['wheel'] & {
    /** The index that lists the file; null for one that no index lists. */
    index: string | null;
    /** When the index took the file in, as RFC 3339; null if it does not say, and for a wheel of the set. */
    upload_time: string | null;
  };
}

/** Packages in load order: each comes after what it depends on, cycles apart. */
export function packagesOf({ decisions, world }: Solved, requested: ReadonlySet<string>): SolvedPackage[] {
  const depends = new Map<string, Set<string>>();
  for (const [key, version] of decisions) {
    if (key === ROOT) continue;
    const { name } = splitKey(key);
    const own = depends.get(name) ?? new Set();
    depends.set(name, own);
    for (const dependency of world.demandsOf(key, version)!) own.add(splitKey(dependency.name).name);
    own.delete(name);
  }
  const sorted = [...depends].map(([name, own]) => [name, { name, depends: [...own].sort() }] as const);
  const order = loadOrder(new Map(sorted));
  const requiredBy = new Map(order.map(({ name }) => [name, [] as string[]]));
  for (const { name, depends } of order) for (const other of depends) requiredBy.get(other)!.push(name);
  return order.map(({ name, depends }) => ({
    ...pinned(world.listing(name), decisions.get(name)!, world),
    requested: requested.has(name),
    required_by: requiredBy.get(name)!,
    depends,
    // Only the question knows which set it is.
    evidence: null,
  }));
}

function pinned(
  listing: Listing,
  versions: VersionSet,
  { input: { set, index, direct } }: PackageWorld,
): Pick<SolvedPackage, 'name' | 'version' | 'kind' | 'origin' | 'wheel'> {
  if (listing.origin === 'index') {
    const { version, file } = listing.candidates[bitOf(versions)]!;
    const { filename, url, size, upload_time } = file;
    const from = direct.has(listing.name) ? null : file.index === undefined ? index!.url : file.index;
    const wheel = {
      filename,
      url,
      upstream_url: url,
      sha256: file.sha256!,
      size,
      patched: null,
      index: from,
      upload_time,
    };
    const origin = from === null ? 'file' : 'index';
    return { name: listing.name, version: version.text, kind: 'package', origin, wheel };
  }
  const { name, version, kind, wheel } = set.pinned(set.index.get(listing.name)!);
  return { name, version, kind, origin: 'set', wheel: { ...wheel, index: null, upload_time: null } };
}
