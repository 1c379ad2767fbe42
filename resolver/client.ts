/** A registry as a source of answers: its catalog and its sets, fetched when they are needed, kept and verified. */
import type { ResolveAnswer, Target } from './answer.ts';
import type { Catalog } from './catalog.ts';
import type { ClientCache } from './client/cache.ts';
import { CatalogStore } from './client/catalog-store.ts';
import { isHistory, parseJson } from './client/documents.ts';
import { RegistryError } from './client/registry-error.ts';
import { SetStore } from './client/set-store.ts';
import { type Fetch, type Get, transport } from './client/transport.ts';
import type { Pin } from './closure/explain.ts';
import { type ResolveQuestion, type ResolveSource, resolve } from './closure/resolve.ts';
import { type CatalogView, viewCatalog } from './compatibility/view.ts';
import type { Outcome } from './issue.ts';

export type { ClientCache } from './client/cache.ts';
export { RegistryError, type RegistryErrorCode } from './client/registry-error.ts';
export type { Fetch, FetchInit, FetchResponse } from './client/transport.ts';

// What every host of the client has.
declare const fetch: Fetch;
declare const URL: {
  canParse(text: string): boolean;
  new (
    text: string,
  ): { protocol: string; username: string; password: string; origin: string; pathname: string };
};

/**
 * Which registry, and through what.
 *
 * @example
 * ```ts
 * import type { ClientOptions } from 'pinwheel-py/client';
 *
 * const options: ClientOptions = { registry: 'https://registry.example', timeoutMs: 5_000, cache: new Map() };
 * options.registry; // → 'https://registry.example'
 * ```
 */
export interface ClientOptions {
  /** The registry's URL, such as `https://registry.example`. */
  registry: string;
  /** By default the host's own `fetch`. */
  fetch?: Fetch;
  /** What outlives this client. Without it, each client fetches anew. */
  cache?: ClientCache;
  /** For one request; 30 seconds without it. */
  timeoutMs?: number;
}

/**
 * A question as a registry takes it: today and the newest revision are what is left out.
 *
 * @example
 * ```ts
 * import type { ClientQuestion } from 'pinwheel-py/client';
 *
 * const question: ClientQuestion = {
 *   compatibility_date: '2025-11-02',
 *   compatibility_flags: ['python_workers'],
 *   requirements: ['fastapi'],
 *   revision: 48,
 * };
 * question.as_of; // → undefined
 * ```
 */
export interface ClientQuestion extends Omit<ResolveQuestion, 'as_of'> {
  as_of?: string | undefined;
  revision?: number | undefined;
}

/**
 * What other functions of the resolver take as their source, and what they take as their view.
 *
 * @example
 * ```ts
 * import { resolve } from 'pinwheel-py';
 * import type { Client } from 'pinwheel-py/client';
 *
 * // A view asks the registry once; questions to it then ask for sets only.
 * async function versionsOf(client: Client, names: string[]) {
 *   const view = await client.view();
 *   if (!view.ok) return view;
 *   const target = { compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'] };
 *   const question = { ...target, as_of: '2026-11-20' };
 *   return Promise.all(names.map((name) => resolve(view.value, { ...question, requirements: [name] }, client)));
 * }
 * versionsOf.length; // → 2
 * ```
 */
export interface Client extends ResolveSource {
  /** The catalog as it stands now, or as it stood at a revision. */
  view(revision?: number): Promise<Outcome<CatalogView>>;
  /** Answers here what the registry would answer, with the same bytes. */
  resolve(question: ClientQuestion): Promise<Outcome<ResolveAnswer>>;
}

const TIMEOUT_MS = 30_000;
/** Requests at once where many packages have to be explained. */
const AT_ONCE = 8;

/**
 * A client of a registry. What it fetches it keeps: sets by their digest, which is verified each time, and the
 * catalog by its tag, whose log has to be the one seen before, continued.
 *
 * Throws a {@link RegistryError} where the registry is out of reach or sends what it should not.
 *
 * @example
 * ```ts
 * import catalog from 'pinwheel-py/data/catalog.json' with { type: 'json' };
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { createClient } from 'pinwheel-py/client';
 *
 * // In the place of a registry on the network; leave `fetch` out to ask a real one.
 * const fetch = async (url: string) => {
 *   const { kind: _, ...rest } = set;
 *   return Response.json(url.endsWith('/v1/catalog') ? catalog : rest);
 * };
 * const client = createClient({ registry: 'https://registry.example', fetch, cache: new Map() });
 * const answer = await client.resolve({
 *   compatibility_date: null,
 *   compatibility_flags: [set.flag],
 *   requirements: ['idna'],
 * });
 * answer.ok && answer.value.packages[0]?.version; // → '3.10'
 * ```
 */
export function createClient({
  registry,
  fetch: given,
  cache,
  timeoutMs = TIMEOUT_MS,
}: ClientOptions): Client {
  const base = readAddress(registry);
  const get = transport(given ?? ((url, init) => fetch(url, init)), timeoutMs);
  const catalogs = new CatalogStore(base, get, cache ?? null);
  const sets = new SetStore(base, get, cache ?? null);

  const client: Client = {
    async view(revision) {
      return viewCatalog(await catalogs.catalog(revision), revision);
    },
    async openSet({ flag, digest }) {
      const revisions = await catalogs.catalog(1);
      const head = headOf(revisions, digest) ?? headOf(await catalogs.catalog(), digest);
      if (head) return sets.open(head);
      throw new RegistryError('unknown_set', {
        url: `${base}v1/sets/${flag}`,
        found: 'none',
        wanted: digest,
      });
    },
    async readPins(names) {
      const { sets } = await catalogs.catalog(1);
      const order = new Map(sets.map((set, at) => [set.flag, at]));
      const pins = new Map<string, Pin[]>();
      for (let at = 0; at < names.length; at += AT_ONCE) {
        const some = names.slice(at, at + AT_ONCE);
        const found = await Promise.all(some.map((name) => pinsOf(base, name, get)));
        for (const [index, name] of some.entries()) {
          const known = found[index]!.filter(({ flag }) => order.has(flag));
          if (known.length > 0)
            pins.set(
              name,
              known.sort((a, b) => order.get(a.flag)! - order.get(b.flag)!),
            );
        }
      }
      return pins;
    },
    async resolve({ as_of, revision, ...rest }) {
      const view = await client.view(revision);
      if (!view.ok) return view;
      const today = new Date().toISOString().slice(0, 10);
      return resolve(view.value, { ...rest, as_of: as_of ?? today }, client);
    },
  };
  return client;
}

/** The address with a slash at its end, below which a registry may lie. */
function readAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url && /^https?:$/.test(url.protocol) && url.username + url.password === '') {
    return `${url.origin}${url.pathname.replace(/\/?$/, '/')}`;
  }
  const wanted = 'a URL such as https://registry.example';
  throw new RegistryError('invalid_address', { url: address, found: address, wanted });
}

function headOf({ sets }: Catalog, digest: Target['package_set']['digest']) {
  return sets.find((set) => set.digest === digest);
}

/** Every version of a package, by set; none of one that no set has. */
async function pinsOf(base: string, name: string, get: Get): Promise<Pin[]> {
  const url = `${base}v1/packages/${encodeURIComponent(name)}`;
  const { status, text } = await get(url);
  if (status === 404) return [];
  if (status !== 200)
    throw new RegistryError('unexpected_status', { url, found: String(status), wanted: '200' });
  const value = parseJson(text);
  if (!isHistory(value)) {
    throw new RegistryError('malformed', {
      url,
      found: 'another document',
      wanted: 'the versions of a package',
    });
  }
  return value.versions.map(({ flag, version }) => ({ flag, version }));
}
