import type { PackageSet } from '../catalog.ts';
import { type PreparedSet, prepareSet } from '../closure/prepare.ts';

/** The number of prepared sets that are cached, about a megabyte each. */
const MOST_SETS = 16;

/** A cache of prepared package sets, the most recently used ones. */
export class PreparedSets {
  /** By digest; the most recently used one is last. */
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
