/** GET requests to an index, with safe redirects and limits of time, size and number. */

import { type FetchResponse, type HostSignal, readAtMost } from '../../bytes.ts';
import { connectionIssue } from '../../client/connection-issue.ts';
import { isPublicHost } from '../../public-host.ts';
import { IndexError, refuse } from '../package-index.ts';

/** The part of a response that is used. */
export interface IndexResponse extends FetchResponse {
  /** In browsers, the type of a redirect is `opaqueredirect`. */
  readonly type: string;
  readonly url: string;
}

/** The part of `fetch` that is used. */
export type IndexFetch = (
  url: string,
  init: { headers: Record<string, string>; signal: HostSignal; redirect: 'manual' | 'follow' },
) => Promise<IndexResponse>;

const MOST_REDIRECTS = 5;
/** Concurrent requests. Browsers allow six to a host, and HTTP/2 a hundred. */
const AT_ONCE = 16;
/** The limit of one index over its whole life. */
const MOST_REQUESTS = 10_000;

export interface Reply {
  status: number;
  /** The URL after redirects. */
  url: string;
  headers: IndexResponse['headers'];
  bytes: Uint8Array;
}

export type Get = (url: string, headers: Record<string, string>, mostBytes: number) => Promise<Reply>;

export function transport(fetch: IndexFetch, timeoutMs: number): Get {
  let requests = 0;
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (url, headers, mostBytes) => {
    if (++requests > MOST_REQUESTS) {
      refuse('too_large', url, 'no end of requests', `${MOST_REQUESTS} at most`);
    }
    if (running === AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await follow(fetch, url, headers, signal, mostBytes);
    } catch (cause) {
      if (cause instanceof IndexError) throw cause;
      const [code, outcome] = signal.aborted
        ? (['timeout', `no whole answer within ${timeoutMs / 1000} s`] as const)
        : (['unreachable', connectionIssue(cause)] as const);
      throw new IndexError(code, { url, found: outcome, wanted: 'an answer', cause });
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

async function follow(
  fetch: IndexFetch,
  asked: string,
  headers: Record<string, string>,
  signal: HostSignal,
  mostBytes: number,
): Promise<Reply> {
  let url = asked;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    let response = await fetch(url, { headers, signal, redirect: 'manual' });
    if (response.type === 'opaqueredirect') {
      // Browsers hide redirects; only the final URL can be checked.
      response = await fetch(url, { headers, signal, redirect: 'follow' });
      checkRedirect(asked, url, response.url);
      url = response.url;
    }
    const { status } = response;
    if (status < 300 || status > 399 || status === 304) {
      const bytes = await readAtMost(response.body, mostBytes);
      if (!bytes) refuse('too_large', asked, 'more', `${mostBytes / 1_000_000} MB at most`);
      return { status, url, headers: response.headers, bytes };
    }
    await response.body?.getReader().cancel();
    const location = response.headers.get('location') ?? '';
    if (location === '' || !URL.canParse(location, url)) {
      refuse('redirect', asked, 'a redirect to nowhere', 'a URL in it');
    }
    const target = new URL(location, url).href;
    checkRedirect(asked, url, target);
    url = target;
  }
  const amount = `more than ${MOST_REDIRECTS} redirects`;
  refuse('redirect', asked, amount, 'an answer');
}

/** Rejects redirects from https to http, to other protocols, and from a public host to a private network. */
function checkRedirect(asked: string, from: string, to: string): void {
  const [start, end] = [new URL(from), new URL(to)];
  const isDowngrade = start.protocol === 'https:' && end.protocol !== 'https:';
  const isInvalid = !/^https?:$/.test(end.protocol) || end.username + end.password !== '';
  const isInward = !isPublicHost(end) && start.host !== end.host && isPublicHost(start);
  if (!isDowngrade && !isInvalid && !isInward) return;
  refuse('redirect', asked, `a redirect to ${end.protocol}//${end.host}`, 'a public address, by https');
}
