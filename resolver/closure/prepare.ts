import type { ClosureTotals, ResolveAnswer, ResolvedPackage, Target } from '../answer.ts';
import type { Member, MemberKind, PackageSet, Patched, Source } from '../catalog.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { LISTED } from '../evidence-level.ts';
import { LARGEST_WORKER } from './sizes.ts';

/** The part of a resolved package that is the same in every closure. */
export type PinnedPackage = Readonly<
  Pick<ResolvedPackage, 'name' | 'version' | 'kind' | 'depends' | 'wheel'>
>;

/**
 * A package set that is indexed for look-ups: members in load order, dependencies as indexes. A closure is then a walk
 * over integers, and load order a scan.
 */
export interface PreparedSet {
  flag: string;
  /** Undefined for members alone. */
  source: Source | undefined;
  /** In load order: a member comes after all it depends on (within a cycle, in a fixed order). */
  members: readonly Member[];
  /** The part of an answer about a member, by its index. */
  pinned: (member: number) => PinnedPackage;
  /** For each member, the indexes of the members it depends on, in its own order, without itself. */
  edges: readonly (readonly number[])[];
  /** Canonical name to index. */
  index: ReadonlyMap<string, number>;
  /** For each member, the names it depends on that the set does not hold. */
  dangling: readonly (readonly string[])[];
  /** For each member, whether the set has its whole closure. */
  whole: readonly boolean[];
  /** The digest of the document from which sizes are. */
  seen?: string;
}

/**
 * Indexes a set for look-ups. Do it once for each set, and keep the result.
 * @example
 * ```ts
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type PackageSet, prepareSet } from 'pinwheel-py';
 * const { index } = prepareSet(set as PackageSet);
 * // In load order: numpy comes before what needs it.
 * index.get('numpy')! < index.get('pandas')!; // → true
 * ```
 */
export function prepareSet(
  set: Pick<PackageSet, 'flag' | 'packages'> & Partial<Pick<PackageSet, 'source'>>,
): PreparedSet {
  const members = loadOrder(new Map(set.packages.map((member) => [member.name, member])));
  const index = new Map(members.map((member, at) => [member.name, at]));
  const edges: number[][] = [];
  const dangling: string[][] = [];
  for (const { name, depends } of members) {
    const needed: number[] = [];
    const missing: string[] = [];
    for (const dependency of depends) {
      const at = index.get(dependency);
      if (at === undefined) {
        if (!missing.includes(dependency)) missing.push(dependency);
      } else if (dependency !== name && !needed.includes(at)) needed.push(at);
    }
    edges.push(needed);
    dangling.push(missing);
  }
  let whole: boolean[] | undefined;
  return {
    flag: set.flag,
    source: set.source,
    members,
    pinned: pinnedIn(members),
    edges,
    index,
    dangling,
    get whole() {
      whole ??= wholeIn({ members, edges, dangling }, () => true);
      return whole;
    },
  };
}

/**
 * Whether each member has its whole closure: without one that is missing, its dependents are incomplete. In load order one
 * pass is enough; cycles need further passes.
 * @param isThere whether the file of a member is there
 */
export function wholeIn(
  { members, edges, dangling }: Pick<PreparedSet, 'members' | 'edges' | 'dangling'>,
  isThere: (member: Member) => boolean,
): boolean[] {
  const whole = members.map((member, at) => dangling[at]!.length === 0 && isThere(member));
  let changed = whole.includes(false);
  while (changed) {
    changed = false;
    for (const [at, needed] of edges.entries()) {
      if (!whole[at] || needed.every((dependency) => whole[dependency])) continue;
      whole[at] = false;
      changed = true;
    }
  }
  return whole;
}

/**
 * Where a wheel is served, as a path from the registry's root.
 * @example
 * ```ts
 * import { wheelPath } from 'pinwheel-py';
 * wheelPath({ sha256: 'c0ffee', filename: 'a+b-1.0-py3-none-any.whl' }); // → '/wheels/c0ffee/a%2Bb-1.0-py3-none-any.whl'
 * ```
 */
export function wheelPath({ sha256, filename }: { sha256: string; filename: string }): string {
  return `/wheels/${sha256}/${encodeURIComponent(filename)}`;
}

/** The part of an answer about each member, made when it is asked for first: a closure has few of its set. */
export function pinnedIn(members: readonly Member[]): PreparedSet['pinned'] {
  const known: PinnedPackage[] = [];
  return (member) => {
    known[member] ??= pinnedPackage(members[member]!);
    return known[member];
  };
}

function pinnedPackage(member: Member): PinnedPackage {
  const { name, version, kind, depends, filename, url: upstream_url, sha256, size, patched } = member;
  const wheel = { filename, url: wheelPath(member), upstream_url, sha256, size, patched: ordered(patched) };
  return { name, version, kind, depends, wheel };
}

/** Restores the order of the schema: answers are compared by bytes, and stored sets may have another order. */
function ordered(patched: Patched | null): Patched | null {
  if (patched?.by !== 'pinwheel') return patched;
  const { by, patch, release, upstream, recipe } = patched;
  return { by, patch, release, upstream: { filename: upstream.filename, sha256: upstream.sha256 }, recipe };
}

export interface Closure {
  /** Ascending, that is, in load order. */
  members: number[];
  /** For each of `members`, the members of the closure that depend on it. */
  requiredBy: number[][];
}

/** Everything that `roots` need, cycles included. */
export function walk({ edges }: Pick<PreparedSet, 'edges'>, roots: Iterable<number>): Closure {
  // By member of the set; a hole if it is not reached.
  const dependents: (number[] | undefined)[] = Array(edges.length);
  const reached: number[] = [];
  const reach = (member: number) => {
    if (dependents[member]) return;
    dependents[member] = [];
    reached.push(member);
  };
  for (const root of roots) reach(root);
  for (let at = 0; at < reached.length; at++) {
    for (const dependency of edges[reached[at]!]!) reach(dependency);
  }

  // Faster than sorting the reached members.
  const members: number[] = [];
  const requiredBy: number[][] = [];
  for (let member = 0; members.length < reached.length; member++) {
    const by = dependents[member];
    if (!by) continue;
    members.push(member);
    requiredBy.push(by);
    for (const dependency of edges[member]!) dependents[dependency]!.push(member);
  }
  return { members, requiredBy };
}

export type PinnedClosure = Pick<ResolveAnswer, 'packages' | 'totals'>;

/** Closures by the requested members of a target's set, by index; null if the set lacks a dependency. */
export type PinClosure = (
  set: PreparedSet,
  roots: ReadonlyMap<number, unknown>,
  view: Pick<CatalogView, 'evidence' | 'levels'>,
  target: Target,
) => PinnedClosure | null;

export function pinClosure(
  set: PreparedSet,
  roots: ReadonlyMap<number, unknown>,
  view: Pick<CatalogView, 'levels'>,
): PinnedClosure | null {
  const levels = view.levels.get(set.flag);
  for (const root of roots.keys()) if (!set.whole[root]) return null;
  const { members, requiredBy } = walk(set, roots.keys());
  const packages = members.map((index, at): ResolvedPackage => {
    const { name, version, kind, depends, wheel } = set.pinned(index);
    const required_by = requiredBy[at]!.map((parent) => set.members[parent]!.name);
    const evidence = levels?.get(name) ?? LISTED;
    return { name, version, kind, requested: roots.has(index), required_by, depends, wheel, evidence };
  });
  return { packages, totals: totalsOf(packages) };
}

/** The sizes of a closure's files, as far as they are known. */
export function totalsOf(
  packages: readonly { kind: MemberKind; wheel: { size: number | null } }[],
): ClosureTotals {
  let [size, vendored, unknown_sizes] = [0, 0, 0];
  for (const { kind, wheel } of packages) {
    if (wheel.size === null) unknown_sizes++;
    size += wheel.size ?? 0;
    if (kind === 'package') vendored += wheel.size ?? 0;
  }
  const known =
    unknown_sizes > 0
      ? { size: null, left_at_most: null }
      : { size, left_at_most: LARGEST_WORKER - vendored };
  return { packages: packages.length, ...known, unknown_sizes };
}

/**
 * Depth-first post-order from the names in alphabetical order: dependencies first, and the same order for
 * every closure of the set, in whichever order it was requested. Iterative, because chains may be deeper than the
 * stack.
 * @param byName names that it lacks are left out
 */
export function loadOrder<Item extends { depends: readonly string[] }>(
  byName: ReadonlyMap<string, Item>,
): Item[] {
  const ordered: Item[] = [];
  const seen = new Set<Item>();
  /** Items that wait for the next of their dependencies. */
  const stack: { item: Item; next: number }[] = [];
  const enter = (item: Item | undefined) => {
    if (!item || seen.has(item)) return;
    seen.add(item);
    if (item.depends.length === 0) ordered.push(item);
    else stack.push({ item, next: 0 });
  };
  for (const root of [...byName.keys()].sort()) {
    enter(byName.get(root));
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const { depends } = top.item;
      if (top.next < depends.length) enter(byName.get(depends[top.next++]!));
      else ordered.push(stack.pop()!.item);
    }
  }
  return ordered;
}

/** The number of prepared sets that are cached, about a megabyte each. */
const MOST_SETS = 16;

/** A cache of prepared package sets, the most recently used ones. */
export class PreparedSets {
  /** Prepared sets by digest; the most recently used one is last. */
  readonly #ready = new Map<string, Promise<PreparedSet>>();

  open(digest: string, load: () => Promise<PackageSet>): Promise<PreparedSet> {
    const set = this.#ready.get(digest) ?? load().then(prepareSet);
    this.#ready.delete(digest);
    this.#ready.set(digest, set);
    if (this.#ready.size > MOST_SETS) this.#ready.delete(this.#ready.keys().next().value!);
    // A failure is not cached.
    set.catch(() => this.#ready.delete(digest));
    return set;
  }
}
