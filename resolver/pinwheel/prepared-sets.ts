import type { PackageSet } from '../catalog.ts';
import { type PreparedSet, prepareSet } from '../closure/prepare.ts';

/** Sets kept ready, of about a megabyte each. */
const MOST_SETS = 16;

/** The package sets that were asked for last, made ready once each. */
export class PreparedSets {
  /** By digest; the one used last is last. */
  readonly #ready = new Map<string, Promise<PreparedSet>>();

  open(digest: string, load: () => Promise<PackageSet>): Promise<PreparedSet> {
    const set = this.#ready.get(digest) ?? load().then(prepareSet);
    this.#ready.delete(digest);
    this.#ready.set(digest, set);
    if (this.#ready.size > MOST_SETS) this.#ready.delete(this.#ready.keys().next().value!);
    // What failed may go well the next time.
    set.catch(() => this.#ready.delete(digest));
    return set;
  }
}
