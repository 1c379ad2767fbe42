/** Requests of the registry to an index, limited in hosts, number and time. */

import { isPublicHost } from '../../resolver/public-host.ts';
import { IndexError, type IndexFetch } from '../../resolver/solver/index.ts';
import type { Bindings } from '../env.ts';

/** Per question. Django takes six without a cache, a list of a hundred packages some two hundred. */
const MOST_REQUESTS = 400;
/** After this time, a question starts no more requests. */
const MOST_MS = 20_000;

/**
 * Counts each request for the address that asks, as many as it may send to the registry itself.
 *
 * The operator's index may be on any host. There, only its pages and what they name are requested; other URLs, from its
 * pages or a question, have to be public.
 *
 * @param index with a slash at its end
 * @param named URLs of files that its pages name
 */
export function guardedFetch(
  { RATE_LIMITER, asker }: Bindings,
  index: string,
  named: ReadonlySet<string>,
): IndexFetch {
  const { origin } = new URL(index);
  const redirects = new Set<string>();
  const end = Date.now() + MOST_MS;
  let left = MOST_REQUESTS;
  return async (url, init) => {
    const asked = new URL(url);
    const isPublic = asked.protocol === 'https:' && isPublicHost(asked);
    const isPage = url.startsWith(index) && /^[^/?#]+\/$/.test(url.slice(index.length));
    const isNamed = isPage || named.has(url.replace(/\.metadata$/, '')) || redirects.has(url);
    const isOwn = asked.origin === origin && isNamed;
    if (!isPublic && !isOwn) {
      throw new IndexError('invalid_address', { url, found: url, wanted: 'a public address, by https' });
    }
    if (left-- <= 0) {
      const wanted = `${MOST_REQUESTS} requests for a question at most`;
      throw new IndexError('too_large', { url, found: 'more', wanted });
    }
    if (Date.now() > end) {
      const elapsed = `the question has taken ${MOST_MS / 1000} s`;
      throw new IndexError('timeout', { url, found: elapsed, wanted: 'an answer' });
    }
    if (RATE_LIMITER && asker !== undefined) {
      const { success } = await RATE_LIMITER.limit({ key: `index ${asker}` });
      const elapsed = 'too many requests come from this address';
      if (!success) throw new IndexError('too_often', { url, found: elapsed, wanted: 'an answer' });
    }
    const response = await fetch(url, { ...init, headers: { ...init.headers, 'user-agent': 'pinwheel' } });
    // Where the operator's server sends a request is its own decision.
    const target = isOwn && response.headers.get('location');
    if (target && URL.canParse(target, url)) redirects.add(new URL(target, url).href);
    return response;
  };
}
