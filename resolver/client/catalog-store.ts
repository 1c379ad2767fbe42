/** The catalog of a registry: fetched when it has changed; a new one has to continue the old one. */
import type { Catalog, Publication } from '../catalog.ts';
import { sha256 } from '../digest.ts';
import type { ClientCache } from './cache.ts';
import { digestOf, type Read, readJson } from './documents.ts';
import { RegistryError } from './registry-error.ts';
import { catalogSchema } from './schemas.ts';
import { checkSigned } from './signed.ts';
import { expectOk, type Get, malformed, originOf } from './transport.ts';

/** A catalog, and its ETag. */
interface CachedCatalog {
  catalog: Catalog;
  etag: string | null;
}

export class CatalogStore {
  readonly #url: string;
  readonly #get: Get;
  readonly #cache: ClientCache | null;
  readonly #checkSigned: ((log: readonly Publication[]) => Promise<void>) | null;
  #held: CachedCatalog | null = null;
  #pending: Promise<Catalog> | null = null;

  constructor(base: string, get: Get, cache: ClientCache | null, logKey: string | null) {
    this.#checkSigned = logKey === null ? null : (log) => checkSigned(base, get, logKey, log);
    this.#url = `${base}v1/catalog`;
    this.#get = get;
    this.#cache = cache;
  }

  /** A catalog that has `revision`; without one, the newest, after asking the registry. */
  async catalog(revision?: number): Promise<Catalog> {
    const held = this.#held ?? (await this.#recall());
    this.#held ??= held;
    const known = this.#held?.catalog;
    if (known && revision !== undefined && revision <= known.log.length) return known;
    this.#pending ??= this.#refresh().finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  async #refresh(): Promise<Catalog> {
    const held = this.#held;
    const reply = await this.#get(this.#url, held?.etag ?? undefined);
    if (reply.status === 304 && held) {
      await this.#checkSigned?.(held.catalog.log);
      return held.catalog;
    }
    const text = expectOk(reply);
    const read = await readCatalog(text);
    if (!read.ok) throw malformed(this.#url, 'catalog', read.problem);
    const { document: value } = read;
    const { etag } = reply;
    if (held) this.#refuseOtherHistory(held.catalog.log, value.log);
    await this.#checkSigned?.(value.log);
    this.#held = { catalog: value, etag };
    if (etag !== null) await this.#cache?.set(await this.#key(), `${etag}\n${text}`);
    return value;
  }

  /** The catalog that an earlier client cached. An invalid one is ignored. */
  async #recall(): Promise<CachedCatalog | null> {
    const kept = await this.#cache?.get(await this.#key());
    const end = typeof kept === 'string' ? kept.indexOf('\n') : -1;
    if (typeof kept !== 'string' || end < 0) return null;
    const read = await readCatalog(kept.slice(end + 1));
    return read.ok ? { catalog: read.document, etag: kept.slice(0, end) } : null;
  }

  /** Derived from the address, which is not a valid file name. */
  async #key(): Promise<string> {
    return `pinwheel-catalog-${(await sha256(this.#url)).slice(0, 32)}`;
  }

  #refuseOtherHistory(before: readonly Publication[], now: readonly Publication[]): void {
    const known = before.at(-1);
    const found = known && now[known.revision - 1]?.digest;
    if (known === undefined || found === known.digest) return;
    const is = found === undefined ? 'is not there' : `is ${found}`;
    const log = `The log of the registry at ${originOf(this.#url)}`;
    const message = `${log} does not continue the one that was seen before: revision ${known.revision} was ${known.digest}, and now ${is}.`;
    const fix = 'Ask those who run the registry what happened to it.';
    throw new RegistryError('history_changed', { url: this.#url, message, fix });
  }
}

async function readCatalog(text: string): Promise<Read<Catalog>> {
  const read = readJson(catalogSchema, text);
  if (!read.ok) return read;
  if (!(await isChain(read.document.log))) return { ok: false, problem: 'its log is broken' };
  return (await isVouchedFor(read.document))
    ? read
    : { ok: false, problem: 'its facts do not match its log' };
}

/** Whether each publication has the digest of the one before it. */
async function isChain(log: readonly Publication[]): Promise<boolean> {
  const digests = await Promise.all(log.map(({ digest: _, ...entry }) => digestOf(entry)));
  return log.every(
    ({ revision, previous, digest }, at) =>
      revision === at + 1 && previous === (log[at - 1]?.digest ?? null) && digest === digests[at],
  );
}

/** Whether the newest publication has the digest of the catalog. */
async function isVouchedFor({ log, ...facts }: Catalog): Promise<boolean> {
  const head = log.at(-1);
  return head === undefined || (await digestOf({ log: log.slice(0, -1), ...facts })) === head.catalog;
}
