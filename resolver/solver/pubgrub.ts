/**
 * PubGrub (Weizenbaum, 2018): decide a version, derive what follows, and learn from each conflict why it came about,
 * so that the same mistake is not made twice. Without an answer, the last learnt incompatibility is the proof.
 */
import {
  ANY,
  dependencyOn,
  type Incompatibility,
  implies,
  intersect,
  negate,
  resolvent,
  type Term,
  type VersionSet,
} from './incompatibility.ts';

export interface Dependency {
  name: string;
  /** The versions that satisfy the requirement. */
  wanted: VersionSet;
  /** The requirement as it is written, for people. */
  requirement: string;
  /** Whether it would admit more versions if others asked for them. */
  isNarrowed?: boolean;
}

/** The packages that the solver chooses from. Packages are any strings, versions the bits of a set. */
export interface World {
  /** The requirements of a version, or why it is not available. */
  dependencies(name: string, version: VersionSet): Promise<Dependency[] | { unusable: string }>;
  /** The version to try first, in view of what is known of other packages. */
  choose(name: string, allowed: VersionSet, known: (name: string) => VersionSet | null): VersionSet;
  /**
   * Terms that must not all be true, of which all are if this version is decided; null if it may be. Not asked again
   * until every package has a version.
   */
  objection?(
    name: string,
    version: VersionSet,
    decided: (name: string) => VersionSet | null,
  ): Incompatibility | null;
  /** Packages of the lowest number are decided first, and of several those whose name is the lowest. */
  priority(name: string, allowed: VersionSet): number;
}

export type Solution =
  | { ok: true; decisions: ReadonlyMap<string, VersionSet> }
  | { ok: false; proof: Incompatibility };

/** Chooses versions for everything that a root package needs, whose only version is the set `1n`. */
export async function solveVersions(world: World, root: string, effort: Effort): Promise<Solution> {
  const known = new Known();
  const partial = new PartialSolution(effort);
  known.add({ terms: new Map([[root, { positive: false, versions: 1n }]]), cause: { kind: 'root' } });
  for (let next: string | null = root; next !== null; ) {
    const proof = propagate(next, known, partial, root);
    if (proof) return { ok: false, proof };
    next = await decide(world, known, partial);
  }
  return { ok: true, decisions: partial.decisions };
}

/** Derives everything that follows from a change of a package, or the proof that there is no answer. */
function propagate(
  start: string,
  known: Known,
  partial: PartialSolution,
  root: string,
): Incompatibility | null {
  const changed = new Set([start]);
  for (const name of changed) {
    changed.delete(name);
    // The newest first: they say most.
    for (const incompatibility of known.about(name).toReversed()) {
      const open = partial.consequence(incompatibility);
      if (open === null) continue;
      if (open !== 'contradicted') {
        partial.derive(open.name, open.term, incompatibility);
        changed.add(open.name);
        continue;
      }
      const { learnt, failed } = partial.learn(incompatibility, root);
      if (failed) return learnt;
      known.add(learnt);
      const { name: next, term } = partial.consequence(learnt) as Open;
      partial.derive(next, term, learnt);
      changed.clear();
      changed.add(next);
      break;
    }
  }
  return null;
}

/** Decides a version for one package, unless it contradicts what is known. Null if all packages have one. */
async function decide(world: World, known: Known, partial: PartialSolution): Promise<string | null> {
  const objectTo = (name: string, version: VersionSet) => {
    const objection = world.objection?.(name, version, (other) => partial.decisions.get(other) ?? null);
    if (objection) known.add(objection);
    return objection != null;
  };
  const first = firstOf(partial, world, known);
  if (first === null) {
    return [...partial.decisions].find(([name, version]) => objectTo(name, version))?.[0] ?? null;
  }
  const { name, allowed } = first;
  const version = world.choose(name, allowed, (other) => {
    const { positive, versions } = partial.known(other);
    return positive ? versions : null;
  });
  if (objectTo(name, version)) return name;
  const dependencies = await world.dependencies(name, version);
  if ('unusable' in dependencies) {
    const cause = { kind: 'unusable', package: name, reason: dependencies.unusable } as const;
    known.add({ terms: new Map([[name, { positive: true, versions: version }]]), cause });
    return name;
  }
  let contradicted = false;
  for (const { name: dependency, wanted, requirement, isNarrowed = false } of dependencies) {
    if (dependency === name && (version & wanted) !== 0n) continue;
    const cause = { kind: 'dependency', dependent: name, dependency, requirement, isNarrowed } as const;
    const { terms } = known.addDependency(version, wanted, cause);
    contradicted ||= [...terms].every(
      ([other, term]) => other === name || implies(partial.known(other), term),
    );
  }
  if (!contradicted) partial.decide(name, version);
  return name;
}

interface Ranked {
  name: string;
  allowed: VersionSet;
  priority: number;
}

/** The package to decide next; null if all have a version. */
function firstOf(partial: PartialSolution, world: World, { ranks }: Known): Ranked | null {
  let first: Ranked | null = null;
  for (const name of partial.open) {
    const allowed = partial.known(name).versions;
    let ranked = ranks.get(name);
    if (ranked?.allowed !== allowed) {
      ranked = { name, allowed, priority: world.priority(name, allowed) };
      ranks.set(name, ranked);
    }
    const order = first === null ? -1 : ranked.priority - first.priority;
    if (order < 0 || (order === 0 && name < first!.name)) first = ranked;
  }
  return first;
}

/** All incompatibilities, by the packages that they are about. */
class Known {
  /** Priorities by package, as long as the same of its versions are allowed. */
  readonly ranks = new Map<string, Ranked>();
  readonly #about = new Map<string, Incompatibility[]>();
  readonly #dependencies = new Map<string, Incompatibility>();

  about(name: string): readonly Incompatibility[] {
    return this.#about.get(name) ?? [];
  }

  add(incompatibility: Incompatibility, inPlaceOf?: Incompatibility): void {
    for (const name of incompatibility.terms.keys()) {
      const list = this.#about.get(name) ?? [];
      this.#about.set(name, list);
      const at = inPlaceOf ? list.indexOf(inPlaceOf) : -1;
      if (at < 0) list.push(incompatibility);
      else list[at] = incompatibility;
    }
  }

  /** Versions that need the same are one incompatibility: what is learnt of one of them is learnt of all. */
  addDependency(
    version: VersionSet,
    wanted: VersionSet,
    cause: Parameters<typeof dependencyOn>[2],
  ): Incompatibility {
    const key = `${cause.dependent}\n${cause.dependency}\n${cause.requirement}`;
    const before = this.#dependencies.get(key);
    const versions = version | (before?.terms.get(cause.dependent)?.versions ?? 0n);
    const incompatibility = dependencyOn(versions, wanted, cause);
    this.add(incompatibility, before);
    this.#dependencies.set(key, incompatibility);
    return incompatibility;
  }
}

/** A term that was decided or derived. */
interface Assignment {
  readonly name: string;
  readonly term: Term;
  /** Everything known of the package from this step on. */
  readonly known: Term;
  /** The number of decisions up to this step. */
  readonly level: number;
  readonly cause: Incompatibility | null;
}

interface Open {
  name: string;
  term: Term;
}

/** Decisions and what follows from them, step by step, so that the newest steps can be taken back. */
export class PartialSolution {
  readonly #steps: Assignment[] = [];
  /** The steps about each package. */
  readonly #places = new Map<string, number[]>();
  /** Incompatibilities that cannot be violated until a backtrack, with the level since which that holds. */
  readonly #met = new Set<Incompatibility>();
  readonly #metAt: { incompatibility: Incompatibility; level: number }[] = [];
  /** The version of each package, as a set of one. */
  readonly decisions = new Map<string, VersionSet>();
  /** Packages that have to be installed and have no version yet. */
  readonly open = new Set<string>();
  readonly #effort: Effort;

  constructor(effort: Effort) {
    this.#effort = effort;
  }

  known(name: string): Term {
    const place = this.#places.get(name)?.at(-1);
    return place === undefined ? ANY : this.#steps[place]!.known;
  }

  #noteOpen(name: string): void {
    if (this.known(name).positive && !this.decisions.has(name)) this.open.add(name);
    else this.open.delete(name);
  }

  decide(name: string, versions: VersionSet): void {
    this.decisions.set(name, versions);
    this.derive(name, { positive: true, versions }, null);
  }

  derive(name: string, term: Term, cause: Incompatibility | null): void {
    const known = intersect(this.known(name), term);
    const places = this.#places.get(name) ?? [];
    this.#places.set(name, places);
    places.push(this.#steps.push({ name, term, known, level: this.decisions.size, cause }) - 1);
    this.#noteOpen(name);
  }

  #backtrack(level: number): void {
    while (this.#metAt.length > 0 && this.#metAt.at(-1)!.level > level) {
      this.#met.delete(this.#metAt.pop()!.incompatibility);
    }
    while (this.#steps.length > 0 && this.#steps.at(-1)!.level > level) {
      const { name, cause } = this.#steps.pop()!;
      const places = this.#places.get(name)!;
      places.pop();
      if (places.length === 0) this.#places.delete(name);
      if (cause === null) this.decisions.delete(name);
      this.#noteOpen(name);
    }
  }

  /**
   * Follows a conflict to its root and takes back the steps that led there. Returns what was learnt, which the
   * remaining steps almost contradict; or the end of the derivation, if no step remains.
   */
  learn(conflict: Incompatibility, root: string): { learnt: Incompatibility; failed: boolean } {
    let learnt = conflict;
    for (;;) {
      this.#effort.spend(learnt.terms.size);
      const [only, ...more] = learnt.terms;
      if (only === undefined || (more.length === 0 && only[0] === root && only[1].positive)) {
        return { learnt, failed: true };
      }
      // The first step at which everything in the incompatibility holds, and the last one before without which
      // that step alone would not have made it so.
      let latest = -1;
      let before = -1;
      for (const [name, term] of learnt.terms) {
        const place = this.#first(name, ({ known }) => implies(known, term));
        before = Math.max(before, Math.min(place, latest));
        latest = Math.max(place, latest);
      }
      const step = this.#steps[latest]!;
      const term = learnt.terms.get(step.name)!;
      if (!implies(step.term, term)) {
        const helper = this.#first(step.name, ({ known }) => implies(intersect(known, step.term), term));
        before = Math.max(before, helper);
      }
      // Backtracks at most to the level of the root.
      const level = Math.max(1, before < 0 ? 1 : this.#steps[before]!.level);
      if (step.cause === null || level < step.level) {
        this.#backtrack(level);
        return { learnt, failed: false };
      }
      learnt = resolvent(learnt, step.cause, step.name);
    }
  }

  /** The first step from which a term about a package is true. */
  #first(name: string, isTrue: (step: Assignment) => boolean): number {
    const places = this.#places.get(name)!;
    let low = 0;
    for (let high = places.length - 1; low < high; ) {
      const middle = (low + high) >> 1;
      if (isTrue(this.#steps[places[middle]!]!)) high = middle;
      else low = middle + 1;
    }
    return places[low]!;
  }

  /** The one open term, negated; `'contradicted'` if all terms hold, and null if nothing follows. */
  consequence(incompatibility: Incompatibility): Open | 'contradicted' | null {
    this.#effort.spend(1);
    if (this.#met.has(incompatibility)) return null;
    this.#effort.spend(incompatibility.terms.size);
    let open: Open | null | undefined;
    for (const [name, term] of incompatibility.terms) {
      const known = this.known(name);
      if (implies(known, term)) continue;
      const negated = negate(term);
      if (implies(known, negated)) {
        this.#met.add(incompatibility);
        this.#metAt.push({ incompatibility, level: this.decisions.size });
        return null;
      }
      if (open !== undefined) open = null;
      else open = { name, term: negated };
    }
    return open === undefined ? 'contradicted' : open;
  }
}

/** Some seconds. Two hundred requirements of real projects take less than a hundredth of it. */
const MOST_STEPS = 30_000_000;

class TooMuchEffort extends Error {}

/** Null if it takes too many steps. */
export async function patiently<Value>(work: () => Promise<Value>): Promise<Value | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TooMuchEffort) return null;
    throw error;
  }
}

/**
 * Limits the steps of a question over all attempts, which are comparisons of versions and terms evaluated: the problem
 * is NP-complete, and a hostile index can exploit that.
 */
export class Effort {
  #left: number;

  constructor(most = MOST_STEPS) {
    this.#left = most;
  }

  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new TooMuchEffort();
  }
}
