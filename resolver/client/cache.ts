/**
 * Where a client keeps what it fetched, for clients that come after it: a `Map`, a folder, KV, localStorage.
 * Nothing in it is trusted; sets are verified by their digest each time. Keys are of letters, digits and dashes,
 * so that they may be the names of files.
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
