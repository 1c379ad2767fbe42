/** Answers from a registry: its catalog and its sets, fetched when they are needed, kept and verified. */
import type { AdvisoriesDocument } from './audit/advisories.ts';
import type { CatalogSet, NewestIndex, PackageSet } from './catalog.ts';
import { CatalogStore } from './client/catalog-store.ts';
import {
  advisoriesDocumentSchema,
  packageHistorySchema,
  packageSetSchema,
  parseJson,
  type Read,
  readDocument,
  readJson,
  standardLibraryDocumentsSchema,
} from './client/documents.ts';
import { RegistryError } from './client/registry-error.ts';
import {
  type ClientCache,
  expectOk,
  type Fetch,
  type Get,
  malformed,
  originOf,
  type Registry,
  readAddress,
  transport,
} from './client/transport.ts';
import { type PreparedSet, PreparedSets } from './closure/prepare.ts';
import type { Pin, PinwheelSource, StandardLibraryDocuments } from './closure/source.ts';
import { canonicalJson, digestOf, sha256 } from './digest.ts';
import { createPinwheel, type Pinwheel, type RareAnswers } from './pinwheel/pinwheel.ts';

export type { FetchResponse } from './bytes.ts';
export { RegistryError, type RegistryErrorCode } from './client/registry-error.ts';
export type { ClientCache, Fetch, FetchInit } from './client/transport.ts';
export type { Pinwheel } from './pinwheel/pinwheel.ts';
export { ResolveError } from './pinwheel/pinwheel.ts';

// A global of every host of the client.
declare const fetch: Fetch;

/** The registry, and how to reach it. */
export interface ClientOptions extends RareAnswers {
  /** The registry's URL, such as `https://registry.example`. */
  registry: string;
  /** By default the host's own `fetch`. */
  fetch?: Fetch;
  /** A cache that outlives this client. Without it, each client fetches again. */
  cache?: ClientCache;
  /**
   * The key of the registry's log, as at its `/log/key`, obtained in a way that you trust. Everything that the registry
   * sends has to be in the log that it has signed, but for the facts of standard libraries. Questions about all sets
   * (`when`, and what is proposed) then read every set once.
   */
  logKey?: string;
  /** Refuses a newest signature older than so many days; otherwise, answers tell from 30 on. Both need `logKey`. */
  maxAge?: number;
  /** Milliseconds for one request; 30,000 by default. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
/** How many requests run at once if many packages have to be explained. */
const AT_ONCE = 8;
/** A set is fetched instead of more names: it is larger, but kept, and a registry limits how often one may ask. */
const NAMES_OF_A_SET = 4;

/**
 * Answers questions from a registry's catalog and package sets, with the bytes that the registry would answer with. Caches
 * what it fetches: sets by their digest, which is verified each time, and the index of the newest publication by its tag;
 * the log has to continue the one seen before, and to be signed, if a key is given or the cache has one. Throws a
 * {@link RegistryError} if the registry cannot be reached, or sends an invalid response.
 * @example
 * ```ts
 * import { createClient } from 'pinwheel-py/client';
 * const pinwheel = createClient({ registry: 'https://registry.example', cache: new Map() });
 * const ask = (requirements: string[]) => pinwheel.resolve({ compatibility_date: '2025-11-02', requirements });
 * ask.length; // → 1
 * ```
 */
export function createClient({
  registry,
  fetch: given,
  cache,
  logKey,
  maxAge,
  timeoutMs = TIMEOUT_MS,
  ...rare
}: ClientOptions): Pinwheel {
  if (maxAge !== undefined && logKey === undefined) throw new TypeError('maxAge needs logKey');
  const base = readAddress(registry);
  const get = transport(given ?? ((url, init) => fetch(url, init)), timeoutMs);
  const registered = { base, get, cache: cache ?? null };
  const catalogs = new CatalogStore(registered, logKey ?? null, maxAge ?? null);
  const sets = new PreparedSets();
  const openSet = (head: CatalogSet) => sets.open(head.digest, () => load(registered, head));
  let library: Promise<StandardLibraryDocuments> | null = null;

  const source: PinwheelSource = {
    view: (revision) => catalogs.view(revision),
    async openSet({ flag, digest }) {
      const known = ({ index }: NewestIndex) => index.sets.find((set) => set.digest === digest);
      const head = known(await catalogs.newest(1)) ?? known(await catalogs.newest());
      if (head) return openSet(head);
      const message = `The registry at ${originOf(base)} has no package set ${flag} with the digest ${digest}.`;
      throw new RegistryError('unknown_set', { url: `${base}v1/sets/${flag}`, message });
    },
    async readPins(names, among) {
      const known = (await catalogs.newest(1)).index.sets;
      const flags = among && new Set(among.map(({ flag }) => flag));
      const wanted = flags ? known.filter(({ flag }) => flags.has(flag)) : known;
      const once = [...new Set(names)];
      const readSets = () => together(wanted, async (head) => pinsIn(await openSet(head), once));
      // The log does not prove what a registry answers about a name.
      if ((await catalogs.logKey()) !== null) return pinsByName(once, await readSets());
      if (once.length > NAMES_OF_A_SET * wanted.length) {
        // A set that this client cannot read may be of a later version; names can still be asked for.
        const read = await readSets().catch(() => null);
        if (read) return pinsByName(once, read);
      }
      const order = new Map(known.map((set, at) => [set.flag, at]));
      const pinLists = await together(once, (name) => pinsOf(base, name, get));
      const pins = new Map<string, Pin[]>();
      for (const [index, name] of once.entries()) {
        const ofName = pinLists[index]!.filter(({ flag }) => order.has(flag));
        ofName.sort((a, b) => order.get(a.flag)! - order.get(b.flag)!);
        if (ofName.length > 0) pins.set(name, ofName);
      }
      return pins;
    },
    standardLibrary() {
      library ??= standardLibraryOf(base, get).catch((error: unknown) => {
        library = null;
        throw error;
      });
      return library;
    },
    advisories: ({ document }) => advisoriesOf(registered, document),
  };
  return createPinwheel(source, rare);
}

async function together<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return results;
}

function pinsIn({ flag, index, members }: PreparedSet, names: readonly string[]): Map<string, Pin> {
  const pins = new Map<string, Pin>();
  for (const name of names) {
    const at = index.get(name);
    if (at !== undefined) pins.set(name, { flag, version: members[at]!.version });
  }
  return pins;
}

/** The pins of several sets, without the names that none has. */
function pinsByName(names: readonly string[], sets: readonly Map<string, Pin>[]): Map<string, Pin[]> {
  const pinned = names.map((name) => [name, sets.flatMap((pins) => pins.get(name) ?? [])] as const);
  return new Map(pinned.filter(([, pins]) => pins.length > 0));
}

/** Every version of a package, by set; empty if no set has it. */
async function pinsOf(base: string, name: string, get: Get): Promise<Pin[]> {
  const url = `${base}v1/packages/${encodeURIComponent(name)}`;
  const reply = await get(url);
  if (reply.status === 404) return [];
  const read = readJson(packageHistorySchema, expectOk(reply));
  if (!read.ok) throw malformed(url, 'list of the versions of a package', read.problem);
  return read.document.versions.map(({ flag, version }) => ({ flag, version }));
}

async function standardLibraryOf(base: string, get: Get): Promise<StandardLibraryDocuments> {
  const url = `${base}v1/standard-library`;
  const read = readJson(standardLibraryDocumentsSchema, expectOk(await get(url)));
  if (!read.ok) throw malformed(url, 'description of the standard library', read.problem);
  return read.document;
}

async function load(
  { base, get, cache }: Registry,
  { flag, digest, revision }: CatalogSet,
): Promise<PackageSet> {
  const key = `pinwheel-set-${digest}`;
  const kept = await cache?.get(key);
  if (typeof kept === 'string' && (await sha256(kept)) === digest) {
    const read = readJson(packageSetSchema, kept);
    if (read.ok) return read.document;
  }
  // With the revision that introduced the set, the URL's content never changes.
  const url = `${base}v1/sets/${encodeURIComponent(flag)}?revision=${revision}`;
  const read = documentOf(parseJson(expectOk(await get(url))));
  if (!read.ok) throw malformed(url, 'package set', read.problem);
  const { document: set } = read;
  const actual = await digestOf(set);
  if (actual !== digest) {
    const message = `${url} did not send the package set that its digest names: expected ${digest}, found ${actual ?? 'no document'}.`;
    throw new RegistryError('digest_mismatch', { url, message });
  }
  await cache?.set(key, canonicalJson(set));
  return set;
}

async function advisoriesOf({ base, get, cache }: Registry, digest: string): Promise<AdvisoriesDocument> {
  const key = `pinwheel-advisories-${digest}`;
  const url = `${base}v1/documents/${digest}`;
  const kept = await cache?.get(key);
  const isKept = typeof kept === 'string' && (await sha256(kept)) === digest;
  const text = isKept ? kept : expectOk(await get(url));
  if ((await sha256(text)) !== digest) {
    const message = `${url} did not send the document that its digest names.`;
    throw new RegistryError('digest_mismatch', { url, message });
  }
  const read = readJson(advisoriesDocumentSchema, text);
  if (!read.ok) throw malformed(url, 'document about vulnerabilities', read.problem);
  if (!isKept) await cache?.set(key, text);
  return read.document;
}

/** The published document. The registry sends it without `kind`, and with further members. */
function documentOf(value: unknown): Read<PackageSet> {
  if (value === undefined) return { ok: false, problem: 'it is not JSON' };
  const { digest: _, package_count: __, yanked: ___, ...rest } = { ...(value as Record<string, unknown>) };
  return readDocument(packageSetSchema, { kind: 'set', ...rest });
}
