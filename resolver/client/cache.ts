/**
 * Where a client caches what it fetched, for later clients: a `Map`, a folder, KV, localStorage. The content is not
 * trusted: sets are verified by their digest each time. Keys consist of letters, digits and dashes, so that they can be
 * file names.
 *
 * @example
 * ```ts
 * import type { ClientCache } from 'pinwheel-py/client';
 *
 * const cache: ClientCache = new Map<string, string>();
 * await cache.set('a key', 'a text');
 * await cache.get('a key'); // → 'a text'
 * ```
 */
export interface ClientCache {
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  set(key: string, text: string): unknown;
}
