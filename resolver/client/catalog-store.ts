/**
 * The facts of a registry: the index that its newest publication names, and, once an older revision is asked for, the
 * whole catalog. Both are verified by the digests of the publication, which has to continue the one seen before.
 */
import type { Diagnostic } from '../answer.ts';
import type { Catalog, CatalogIndex, Publication } from '../catalog.ts';
import { type CatalogView, viewCatalog, viewIndex } from '../compatibility/view.ts';
import { sha256 } from '../digest.ts';
import type { Outcome } from '../issue.ts';
import { unknownRevision } from '../issues/target.ts';
import type { ClientCache } from './cache.ts';
import { digestOf, parseJson, type Read, readDocument, readJson } from './documents.ts';
import { getEntries } from './entries.ts';
import { RegistryError } from './registry-error.ts';
import { catalogSchema, newestSchema } from './schemas.ts';
import { behindLog, checkAge, checkSigned, type LogAhead } from './signed.ts';
import { expectOk, type Get, malformed, originOf } from './transport.ts';

/** A publication, and its facts: the index that it names, or the catalog if it names none. */
export type Newest = { publication: Publication } & (
  | { index: CatalogIndex; catalog: null }
  | { index: null; catalog: Catalog }
);

type Known = Newest & { etag: string | null };
/** `text` is null if the registry sent nothing new. */
type Asked = { newest: Known; text: string | null };

export class CatalogStore {
  readonly #base: string;
  readonly #get: Get;
  readonly #cache: ClientCache | null;
  readonly #logKey: string | null;
  readonly #maxAge: number | null;
  /** About the signature. */
  #remark: Diagnostic | null = null;
  #newest: Known | null = null;
  #isSigned = false;
  #pending: Promise<Newest> | null = null;
  #whole: Catalog | null = null;

  constructor(
    base: string,
    get: Get,
    cache: ClientCache | null,
    logKey: string | null,
    maxAge: number | null = null,
  ) {
    this.#base = base;
    this.#get = get;
    this.#cache = cache;
    this.#logKey = logKey;
    this.#maxAge = maxAge;
  }

  /** The facts at a revision; without one, at the newest, after asking the registry. */
  async view(revision?: number): Promise<Outcome<CatalogView>> {
    const outcome = await this.#view(revision);
    if (!outcome.ok || this.#remark === null) return outcome;
    return { ok: true, value: { ...outcome.value, remarks: [this.#remark] } };
  }

  async #view(revision?: number): Promise<Outcome<CatalogView>> {
    const newest = await this.newest(revision);
    const { publication, index, catalog } = newest;
    if (catalog) return viewCatalog(catalog, revision);
    const { revision: last } = publication;
    if (revision === undefined || revision === last) {
      return { ok: true, value: viewIndex(index, publication) };
    }
    if (revision > last) return { ok: false, issues: [unknownRevision({ revision, newest: last })] };
    return viewCatalog(await this.catalog(), revision);
  }

  /** What is known, if it has `revision`; else the newest, after asking the registry. */
  async newest(revision?: number): Promise<Newest> {
    this.#newest ??= await this.#recall();
    const known = this.#newest;
    const isTrusted = this.#logKey === null || this.#isSigned;
    if (known && isTrusted && revision !== undefined && revision <= known.publication.revision) return known;
    this.#pending ??= this.#refresh().finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  /** The whole catalog, with the log up to what is known or further. */
  async catalog(): Promise<Catalog> {
    const { publication, catalog } = await this.newest(1);
    if (catalog) return catalog;
    const isOf = ({ log }: Catalog) => log[publication.revision - 1]?.digest === publication.digest;
    if (this.#whole && isOf(this.#whole)) return this.#whole;
    const url = `${this.#base}v1/catalog`;
    const key = await keyOf('catalog', url);
    const kept = await this.#cache?.get(key);
    const recalled = typeof kept === 'string' ? await readCatalog(parseJson(kept)) : null;
    if (recalled?.ok && isOf(recalled.document)) {
      this.#whole = recalled.document;
      return this.#whole;
    }
    const text = expectOk(await this.#get(url));
    const read = await readCatalog(parseJson(text));
    if (!read.ok) throw malformed(url, 'catalog', read.problem);
    const whole = read.document;
    if (!isOf(whole)) this.#refuseOtherHistory(publication, whole.log[publication.revision - 1]?.digest);
    this.#whole = whole;
    await this.#cache?.set(key, text);
    return whole;
  }

  get #url(): string {
    return `${this.#base}v1/index`;
  }

  async #refresh(): Promise<Newest> {
    let { newest, text } = await this.#ask(this.#newest);
    if (await this.#logAhead(newest)) {
      // Something was published meanwhile, or a browser's cache is behind, which a request with an ETag bypasses.
      ({ newest, text } = await this.#ask(newest));
      const ahead = await this.#logAhead(newest);
      if (ahead) throw behindLog(ahead, newest.publication);
    }
    this.#newest = newest;
    this.#isSigned = true;
    // Without an ETag too: later logs have to continue this one.
    if (text !== null)
      await this.#cache?.set(await keyOf('index', this.#url), `${newest.etag ?? ''}\n${text}`);
    return newest;
  }

  /** The newest publication, which continues the `known` one. */
  async #ask(known: Known | null): Promise<Asked> {
    const reply = await this.#get(this.#url, known?.etag ?? undefined);
    if (reply.status === 304 && known) return { newest: known, text: null };
    const text = expectOk(reply);
    const read = await readNewest(text);
    if (!read.ok) throw malformed(this.#url, 'catalog', read.problem);
    const { document: newest } = read;
    if (known) {
      const { publication: before } = known;
      const found = await this.#digestAt(before.revision, newest);
      if (found !== before.digest) this.#refuseOtherHistory(before, found);
    }
    return { newest: { ...newest, etag: reply.etag }, text };
  }

  async #logAhead({ publication }: Newest): Promise<LogAhead | null> {
    if (this.#logKey === null) return null;
    return checkSigned(this.#base, this.#get, this.#logKey, publication, (head) => {
      this.#remark = checkAge(this.#base, head, this.#maxAge);
    });
  }

  /** What an earlier client cached. If it is invalid, it is ignored. */
  async #recall(): Promise<Known | null> {
    const kept = await this.#cache?.get(await keyOf('index', this.#url));
    const end = typeof kept === 'string' ? kept.indexOf('\n') : -1;
    if (typeof kept !== 'string' || end < 0) return null;
    const read = await readNewest(kept.slice(end + 1));
    return read.ok ? { ...read.document, etag: kept.slice(0, end) || null } : null;
  }

  /** The digest of an earlier entry of the log that ends with a publication; undefined if it has none. */
  async #digestAt(revision: number, { publication, catalog }: Newest): Promise<string | null | undefined> {
    if (catalog) return catalog.log[revision - 1]?.digest;
    if (revision >= publication.revision) {
      return revision === publication.revision ? publication.digest : undefined;
    }
    const between = await getEntries(this.#base, this.#get, revision + 1, publication.revision - 1);
    let { previous } = publication;
    for (const { entry, url } of between.reverse()) {
      const { digest: _, ...sealed } = entry as unknown as Publication;
      if ((await digestOf(sealed)) !== previous) {
        throw malformed(url, 'part of the log', 'its entries are not those of the newest publication');
      }
      previous = sealed.previous;
    }
    return previous;
  }

  #refuseOtherHistory({ revision, digest }: Publication, found: string | null | undefined): never {
    const is = found === undefined ? 'is not there' : `is ${found}`;
    const log = `The log of the registry at ${originOf(this.#base)}`;
    const message = `${log} does not continue the one that was seen before: revision ${revision} was ${digest}, and now ${is}.`;
    const fix = 'Ask those who run the registry what happened to it.';
    throw new RegistryError('history_changed', { url: this.#url, message, fix });
  }
}

/** Derived from the address, which is not a valid file name. */
async function keyOf(what: 'index' | 'catalog', url: string): Promise<string> {
  return `pinwheel-${what}-${(await sha256(url)).slice(0, 32)}`;
}

/** What `GET /v1/index` sends, if the publication vouches for it. */
async function readNewest(text: string): Promise<Read<Newest>> {
  const read = readJson(newestSchema, text);
  if (!read.ok) return read;
  const { publication, index } = read.document;
  if (!(await isSealed(publication))) return { ok: false, problem: 'its publication has another digest' };
  if (index) {
    return (await digestOf(index)) === publication.index
      ? { ok: true, document: { publication, index, catalog: null } }
      : { ok: false, problem: 'its index is not the one that its publication names' };
  }
  const whole = await readCatalog(read.document.catalog);
  if (!whole.ok) return whole;
  const { document: catalog } = whole;
  return catalog.log.at(-1)?.digest === publication.digest
    ? { ok: true, document: { publication, index: null, catalog } }
    : { ok: false, problem: 'its catalog is not that of its publication' };
}

async function readCatalog(value: unknown): Promise<Read<Catalog>> {
  const read = readDocument(catalogSchema, value);
  if (!read.ok) return read;
  if (!(await isChain(read.document.log))) return { ok: false, problem: 'its log is broken' };
  return (await isVouchedFor(read.document))
    ? read
    : { ok: false, problem: 'its facts do not match its log' };
}

async function isSealed({ digest, ...entry }: Publication): Promise<boolean> {
  return (await digestOf(entry)) === digest;
}

/** Whether each publication has the digest of the one before it. */
async function isChain(log: readonly Publication[]): Promise<boolean> {
  const sealed = await Promise.all(log.map(isSealed));
  return log.every(
    ({ revision, previous }, at) =>
      revision === at + 1 && previous === (log[at - 1]?.digest ?? null) && sealed[at],
  );
}

/** Whether the newest publication has the digest of the catalog. */
async function isVouchedFor({ log, ...facts }: Catalog): Promise<boolean> {
  const head = log.at(-1);
  return head === undefined || (await digestOf({ log: log.slice(0, -1), ...facts })) === head.catalog;
}
