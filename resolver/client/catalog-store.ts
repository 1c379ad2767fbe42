/**
 * The one door by which clients get the facts of a registry: the index of its newest publication, and for older revisions
 * the whole catalog. The log covers both; it has to continue what was seen, and to be signed if a key is given or known.
 */

import type { Diagnostic } from '../answer.ts';
import { base64, decode } from '../bytes.ts';
import type { Catalog, LogEntry, NewestIndex, Publication } from '../catalog.ts';
import { type CatalogView, viewCatalog, viewIndex } from '../compatibility/view.ts';
import { sha256 } from '../digest.ts';
import type { Outcome } from '../issue.ts';
import { unknownRevision } from '../issues/target.ts';
import { catalogAt, catalogDocument, newestProblem, peaksAfter, readPeaks } from '../log/entries.ts';
import type { Peaks } from '../log/merkle.ts';
import { readEntryBundle, TILE_WIDTH, tilePath } from '../log/tiles.ts';
import {
  catalogSchema,
  logEntrySchema,
  newestSchema,
  parseJson,
  type Read,
  readDocument,
  readJson,
} from './documents.ts';
import { mismatch } from './mismatch.ts';
import { RegistryError } from './registry-error.ts';
import { checkAge, expectSigned, keepHead, type LogHead, savedHead } from './signed.ts';
import { expectOk, malformed, originOf, type Registry } from './transport.ts';

interface Known {
  newest: NewestIndex;
  /** The peaks of the log that ends with it. */
  peaks: Peaks;
  etag: string | null;
}

export class CatalogStore {
  readonly #registry: Registry;
  readonly #givenKey: string | null;
  /** The newest that this client has asked for, or recalled. */
  #known: Known | null = null;
  /** The signed head that an earlier client has seen; undefined before it is recalled. */
  #saved: LogHead | null | undefined;
  #pending: Promise<NewestIndex> | null = null;
  #whole: Catalog | null = null;
  readonly #maxAge: number | null;
  /** About the signature. */
  #remark: Diagnostic | null = null;

  constructor(registry: Registry, logKey: string | null, maxAge: number | null = null) {
    this.#registry = registry;
    this.#givenKey = logKey;
    this.#maxAge = maxAge;
  }

  /** The facts at a revision; without one, at the newest, after asking the registry. */
  async view(revision?: number): Promise<Outcome<CatalogView>> {
    const outcome = await this.#view(revision);
    if (!outcome.ok || this.#remark === null) return outcome;
    return { ok: true, value: { ...outcome.value, remarks: [this.#remark] } };
  }

  async #view(revision?: number): Promise<Outcome<CatalogView>> {
    const { publication, index } = await this.newest(revision);
    const { revision: last, root } = publication;
    if (revision === undefined || revision === last) {
      return { ok: true, value: viewIndex(index, { revision: last, digest: root }) };
    }
    if (revision > last) return { ok: false, issues: [unknownRevision({ revision, newest: last })] };
    return viewCatalog(await this.catalog(), revision);
  }

  /** The known index if it reaches `revision`; otherwise the newest, after asking the registry. */
  async newest(revision?: number): Promise<NewestIndex> {
    this.#known ??= await this.#recall();
    const newest = this.#known?.newest;
    if (newest && revision !== undefined && revision <= newest.publication.revision) return newest;
    this.#pending ??= this.#refresh().finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  /** The key of a log that has to be signed: the given key, or that of the head that was seen before. */
  async logKey(): Promise<string | null> {
    return this.#givenKey ?? (await this.#savedHead())?.key ?? null;
  }

  /** The whole catalog, with the log up to what is known. */
  async catalog(): Promise<Catalog> {
    const { publication, index } = await this.newest(1);
    if (this.#whole?.log.at(-1)?.root === publication.root) return this.#whole;
    const url = `${this.#registry.base}v1/catalog`;
    const key = await keyOf('catalog', url);
    const kept = await this.#registry.cache?.get(key);
    const recalled = typeof kept === 'string' ? await readCatalog(kept, publication, index.catalog) : null;
    if (recalled?.ok) {
      this.#whole = recalled.document;
      return this.#whole;
    }
    const text = expectOk(await this.#registry.get(url));
    const read = await readCatalog(text, publication, index.catalog);
    if (!read.ok) throw malformed(url, 'catalog', read.problem);
    this.#whole = read.document;
    await this.#registry.cache?.set(key, text);
    return read.document;
  }

  get #url(): string {
    return `${this.#registry.base}v1/index`;
  }

  async #refresh(): Promise<NewestIndex> {
    const known = this.#known;
    const reply = await this.#registry.get(this.#url, known?.etag ?? undefined);
    if (reply.status === 304 && known) return known.newest;
    const text = expectOk(reply);
    const read = await readNewest(text);
    if (!read.ok) throw malformed(this.#url, 'catalog', read.problem);
    const next = { ...read.document, etag: reply.etag };
    const saved = await this.#savedHead();
    const seen = known && { ...known.newest.publication, peaks: known.peaks };
    await this.#expectSigned(next, known?.newest.checkpoint ?? null);
    for (const head of [seen, saved]) if (head) await this.#expectContinued(head, next);
    this.#known = next;
    // Without an ETag too: later logs have to continue this one.
    await this.#registry.cache?.set(await keyOf('index', this.#url), `${next.etag ?? ''}\n${text}`);
    return next.newest;
  }

  async #expectSigned({ newest, peaks }: Known, before: string | null): Promise<void> {
    const key = await this.logKey();
    // Without a key, a registry that has signed goes on to do so.
    if (key === null && (before === null || newest.checkpoint !== null)) return;
    const head = await expectSigned(this.#url, key, newest, peaks, this.#givenKey !== null);
    this.#saved = head;
    this.#checkAge(head);
    const { base, cache } = this.#registry;
    if (cache) await keepHead(base, cache, head);
  }

  /** Commands look at the checkpoint themselves, with the key that was seen before. */
  #checkAge(head: LogHead): void {
    if (this.#givenKey !== null) this.#remark = checkAge(this.#registry.base, head, this.#maxAge);
  }

  async #savedHead(): Promise<LogHead | null> {
    const { base, cache } = this.#registry;
    this.#saved ??= cache && (await savedHead(base, cache));
    return this.#saved;
  }

  /** The index that an earlier client cached, unless it is invalid, or not signed though it has to be. */
  async #recall(): Promise<Known | null> {
    const kept = await this.#registry.cache?.get(await keyOf('index', this.#url));
    const end = typeof kept === 'string' ? kept.indexOf('\n') : -1;
    if (typeof kept !== 'string' || end < 0) return null;
    const read = await readNewest(kept.slice(end + 1));
    if (!read.ok) return null;
    const known = { ...read.document, etag: kept.slice(0, end) || null };
    const key = await this.logKey();
    if (key === null) return known;
    try {
      this.#checkAge(await expectSigned(this.#url, key, known.newest, known.peaks, false));
      return known;
    } catch {
      // The registry may have signed since.
      return null;
    }
  }

  /** Throws a {@link RegistryError} if a log goes back behind a head, or forks from it. */
  async #expectContinued(
    { revision, root, peaks }: Pick<LogHead, 'revision' | 'root' | 'peaks'>,
    { newest: { publication, before } }: Known,
  ): Promise<void> {
    const { revision: newest } = publication;
    if (revision > newest) this.#refuse(revision, root, 'is not there');
    if (revision === newest) {
      if (root !== publication.root) this.#refuse(revision, root, `is ${publication.root}`);
      return;
    }
    let grown = peaks;
    for (const entry of await getEntries(this.#registry, revision + 1, newest - 1)) {
      grown = await peaksAfter(grown, entry);
    }
    if (grown.map(base64).join() !== before.join()) this.#refuse(revision, root, 'is another');
  }

  #refuse(revision: number, root: string, actual: string): never {
    const log = `The log of the registry at ${originOf(this.#registry.base)}`;
    const message = `${log} does not continue the one that was seen before: revision ${revision} was ${root}, and now ${actual}.`;
    const fix = 'Ask those who run the registry what happened to it.';
    throw new RegistryError('history_changed', { url: this.#url, message, fix });
  }
}

/** Derived from the address, which is not a valid file name. */
async function keyOf(what: 'index' | 'catalog', url: string): Promise<string> {
  return `pinwheel-${what}-${(await sha256(url)).slice(0, 32)}`;
}

/** The response of `GET /v1/index`, if its parts belong together. */
async function readNewest(text: string): Promise<Read<Omit<Known, 'etag'>>> {
  const read = readJson(newestSchema, text);
  if (!read.ok) return read;
  const { document: newest } = read;
  const problem = await newestProblem(newest);
  if (problem !== null) return { ok: false, problem };
  const before = readPeaks(newest.before, newest.publication.revision - 1)!;
  return { ok: true, document: { newest, peaks: await peaksAfter(before, newest.publication) } };
}

/** The response of `GET /v1/catalog`, up to a publication whose index has its digest. */
async function readCatalog(text: string, publication: Publication, digest: string): Promise<Read<Catalog>> {
  const read = readDocument(catalogSchema, parseJson(text));
  if (!read.ok) return read;
  // The catalog may have grown since the publication was read.
  const catalog = catalogAt(read.document, publication.revision);
  return catalog.log.length === publication.revision && (await sha256(catalogDocument(catalog))) === digest
    ? { ok: true, document: { ...catalog, log: catalog.log.with(-1, publication) } }
    : { ok: false, problem: 'it is not the one that the newest publication leads to' };
}

/** The entries from one revision to another, both included. They are not proven. */
async function getEntries({ base, get }: Registry, first: number, last: number): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  const from = Math.floor((first - 1) / TILE_WIDTH);
  for (let index = from; first <= last && index * TILE_WIDTH < last; index++) {
    const width = Math.min(TILE_WIDTH, last - index * TILE_WIDTH);
    const url = `${base}log/${tilePath({ level: 'entries', index, width })}`;
    const reply = await get(url);
    expectOk(reply);
    const bundle = readEntryBundle(reply.bytes);
    const parsed = bundle?.map((bytes) => parseJson(decode(bytes) ?? ''));
    if (parsed?.length !== width || parsed.some((entry) => mismatch(logEntrySchema, entry) !== null)) {
      throw malformed(url, `bundle of ${width} entries`, 'its bytes are others');
    }
    entries.push(...(parsed as LogEntry[]));
  }
  return entries.slice(first - 1 - from * TILE_WIDTH);
}
