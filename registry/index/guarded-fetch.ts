/** Requests of the registry to an index, limited in hosts, number and time. */
import { IndexError } from '../../resolver/solver/index-error.ts';
import type { IndexFetch } from '../../resolver/solver/simple-index/open-index.ts';
import { isPublicHost } from '../wheels/address.ts';

/** Per question. Django takes six without a cache, a list of a hundred packages some two hundred. */
const MOST_REQUESTS = 400;
/** After this time, a question starts no more requests. */
const MOST_MS = 20_000;

/** `index` is the operator's, and may be on any host. Other URLs, from its pages or a question, have to be public. */
export function guardedFetch(index: string): IndexFetch {
  const { origin } = new URL(index);
  const end = Date.now() + MOST_MS;
  let left = MOST_REQUESTS;
  return async (url, init) => {
    const { href, protocol } = new URL(url);
    if (new URL(href).origin !== origin && !(protocol === 'https:' && isPublicHost(new URL(href)))) {
      throw new IndexError('invalid_address', { url, found: url, wanted: 'a public address, by https' });
    }
    if (left-- === 0) {
      const wanted = `${MOST_REQUESTS} at most`;
      throw new IndexError('too_large', { url, found: 'more requests than a question may make', wanted });
    }
    if (Date.now() > end) {
      const found = `the question has taken ${MOST_MS / 1000} s`;
      throw new IndexError('timeout', { url, found, wanted: 'an answer' });
    }
    return fetch(url, { ...init, headers: { ...init.headers, 'user-agent': 'pinwheel' } });
  };
}
