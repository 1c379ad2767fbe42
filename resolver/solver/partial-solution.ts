import type { Effort } from './effort.ts';
import { type Incompatibility, resolvent } from './incompatibility.ts';
import { ANY, implies, intersect, negate, type Term, type VersionSet } from './term.ts';

/** What was decided or derived of one package at one step. */
interface Assignment {
  readonly name: string;
  readonly term: Term;
  /** What is known of the package from this step on. */
  readonly known: Term;
  /** The number of decisions before it, itself included. */
  readonly level: number;
  /** What it was derived from; null for a decision. */
  readonly cause: Incompatibility | null;
}

/** Decisions and what follows from them, step by step, so that the newest steps can be taken back. */
export class PartialSolution {
  readonly #steps: Assignment[] = [];
  /** By package, which steps are about it. */
  readonly #places = new Map<string, number[]>();
  /** Incompatibilities that cannot be violated until a backtrack, with the level since which that holds. */
  readonly #met = new Set<Incompatibility>();
  readonly #metAt: { incompatibility: Incompatibility; level: number }[] = [];
  readonly #decided = new Map<string, VersionSet>();
  readonly #open = new Set<string>();
  readonly #effort: Effort;

  constructor(effort: Effort) {
    this.#effort = effort;
  }

  known(name: string): Term {
    const place = this.#places.get(name)?.at(-1);
    return place === undefined ? ANY : this.#steps[place]!.known;
  }

  /** The version of each package, as a set of one. */
  get decisions(): ReadonlyMap<string, VersionSet> {
    return this.#decided;
  }

  /** Packages that have to be installed and have no version yet. */
  get open(): ReadonlySet<string> {
    return this.#open;
  }

  #noteOpen(name: string): void {
    if (this.known(name).positive && !this.#decided.has(name)) this.#open.add(name);
    else this.#open.delete(name);
  }

  decide(name: string, versions: VersionSet): void {
    this.#decided.set(name, versions);
    this.#add(name, { positive: true, versions }, null);
  }

  derive(name: string, term: Term, cause: Incompatibility): void {
    this.#add(name, term, cause);
  }

  #add(name: string, term: Term, cause: Incompatibility | null): void {
    const known = intersect(this.known(name), term);
    const places = this.#places.get(name) ?? [];
    this.#places.set(name, places);
    places.push(this.#steps.push({ name, term, known, level: this.#decided.size, cause }) - 1);
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
      if (cause === null) this.#decided.delete(name);
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

  /**
   * The one term of an incompatibility that is still open, negated; `'contradicted'` if none is, `'met'` where
   * one of them does not hold, and null if the incompatibility says nothing yet.
   */
  consequence(
    incompatibility: Incompatibility,
  ): { name: string; term: Term } | 'contradicted' | 'met' | null {
    this.#effort.spend(1);
    if (this.#met.has(incompatibility)) return 'met';
    this.#effort.spend(incompatibility.terms.size);
    let open: { name: string; term: Term } | null | undefined;
    for (const [name, term] of incompatibility.terms) {
      const known = this.known(name);
      if (implies(known, term)) continue;
      const negated = negate(term);
      if (implies(known, negated)) {
        this.#met.add(incompatibility);
        this.#metAt.push({ incompatibility, level: this.#decided.size });
        return 'met';
      }
      if (open !== undefined) open = null;
      else open = { name, term: negated };
    }
    return open === undefined ? 'contradicted' : open;
  }
}
