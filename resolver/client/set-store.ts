/** The sets of a registry: each fetched once, and verified by its digest wherever it comes from. */
import type { CatalogSet, PackageSet } from '../catalog.ts';
import { type PreparedSet, prepareSet } from '../closure/prepare.ts';
import { canonicalJson, sha256 } from '../digest.ts';
import type { ClientCache } from './cache.ts';
import { digestOf, isPackageSet, parseJson } from './documents.ts';
import { RegistryError } from './registry-error.ts';
import type { Get } from './transport.ts';

/** Sets kept ready, of about a megabyte each. */
const MOST_SETS = 16;

export class SetStore {
  readonly #base: string;
  readonly #get: Get;
  readonly #cache: ClientCache | null;
  /** By digest; the one used last is last. */
  readonly #ready = new Map<string, Promise<PreparedSet>>();

  constructor(base: string, get: Get, cache: ClientCache | null) {
    this.#base = base;
    this.#get = get;
    this.#cache = cache;
  }

  open(head: CatalogSet): Promise<PreparedSet> {
    const { digest } = head;
    const set = this.#ready.get(digest) ?? this.#load(head).then(prepareSet);
    this.#ready.delete(digest);
    this.#ready.set(digest, set);
    if (this.#ready.size > MOST_SETS) this.#ready.delete(this.#ready.keys().next().value!);
    // What failed may go well the next time.
    set.catch(() => this.#ready.delete(digest));
    return set;
  }

  async #load({ flag, digest, revision }: CatalogSet): Promise<PackageSet> {
    const key = `pinwheel-set-${digest}`;
    const kept = await this.#cache?.get(key);
    if (typeof kept === 'string' && (await sha256(kept)) === digest) {
      const set = parseJson(kept);
      if (isPackageSet(set)) return set;
    }
    // The revision that introduced a set makes its URL one that never changes.
    const url = `${this.#base}v1/sets/${encodeURIComponent(flag)}?revision=${revision}`;
    const { status, text } = await this.#get(url);
    if (status !== 200)
      throw new RegistryError('unexpected_status', { url, found: String(status), wanted: '200' });
    const set = documentOf(parseJson(text));
    if (set === null)
      throw new RegistryError('malformed', { url, found: 'another document', wanted: 'a set' });
    const found = await digestOf(set);
    if (found !== digest) {
      throw new RegistryError('digest_mismatch', { url, found: found ?? 'no document', wanted: digest });
    }
    await this.#cache?.set(key, canonicalJson(set));
    return set;
  }
}

/** The document that was published, of which the registry sends all but the kind, and its own index beside. */
function documentOf(value: unknown): PackageSet | null {
  if (typeof value !== 'object' || value === null) return null;
  const { digest: _, package_count: __, ...rest } = value as Record<string, unknown>;
  const set = { kind: 'set', ...rest };
  return isPackageSet(set) ? set : null;
}
