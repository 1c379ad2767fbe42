/** The sets of a registry. Each is fetched once, and verified by its digest, cached or not. */
import type { CatalogSet, PackageSet } from '../catalog.ts';
import { type PreparedSet, PreparedSets } from '../closure/prepare.ts';
import { canonicalJson, sha256 } from '../digest.ts';
import { digestOf, parseJson, type Read, readDocument, readJson } from './documents.ts';
import { RegistryError } from './registry-error.ts';
import { packageSetSchema } from './schemas.ts';
import { type ClientCache, expectOk, type Get, malformed } from './transport.ts';

export class SetStore {
  readonly #base: string;
  readonly #get: Get;
  readonly #cache: ClientCache | null;
  readonly #ready = new PreparedSets();

  constructor(base: string, get: Get, cache: ClientCache | null) {
    this.#base = base;
    this.#get = get;
    this.#cache = cache;
  }

  open(head: CatalogSet): Promise<PreparedSet> {
    return this.#ready.open(head.digest, () => this.#load(head));
  }

  async #load({ flag, digest, revision }: CatalogSet): Promise<PackageSet> {
    const key = `pinwheel-set-${digest}`;
    const kept = await this.#cache?.get(key);
    if (typeof kept === 'string' && (await sha256(kept)) === digest) {
      const read = readJson(packageSetSchema, kept);
      if (read.ok) return read.document;
    }
    // With the revision that introduced the set, the URL's content never changes.
    const url = `${this.#base}v1/sets/${encodeURIComponent(flag)}?revision=${revision}`;
    const read = documentOf(parseJson(expectOk(await this.#get(url))));
    if (!read.ok) throw malformed(url, 'package set', read.problem);
    const { document: set } = read;
    const found = await digestOf(set);
    if (found !== digest) {
      const message = `${url} did not send the package set that its digest names: expected ${digest}, found ${found ?? 'no document'}.`;
      throw new RegistryError('digest_mismatch', { url, message });
    }
    await this.#cache?.set(key, canonicalJson(set));
    return set;
  }
}

/** The published document. The registry sends it without `kind`, and with further members. */
function documentOf(value: unknown): Read<PackageSet> {
  if (value === undefined) return { ok: false, problem: 'it is not JSON' };
  const { digest: _, package_count: __, yanked: ___, ...rest } = { ...(value as Record<string, unknown>) };
  return readDocument(packageSetSchema, { kind: 'set', ...rest });
}
