/** One GET request and its whole answer, within limits of time and size. */
import { type FetchResponse, type HostSignal, readAtMost } from '../bytes.ts';
import { connectionIssue } from './connection-issue.ts';
import { problemSchema, readJson } from './documents.ts';
import { RegistryError } from './registry-error.ts';

/**
 * Where a client caches what it fetched, for later clients: a `Map`, a folder, KV, localStorage. The content is not trusted:
 * sets are verified by their digest each time. Keys have letters, digits and dashes, so that they can be file names.
 */
export interface ClientCache {
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  set(key: string, text: string): unknown;
}

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;

/** The options that a client gives to `fetch`. */
export interface FetchInit {
  headers: Record<string, string>;
  signal: HostSignal;
}

/** The largest set is some 200 kB, and the catalog as much. */
const MOST_BYTES = 16_000_000;

export interface Reply {
  url: string;
  status: number;
  etag: string | null;
  text: string;
  bytes: Uint8Array;
}

export type Get = (url: string, etag?: string) => Promise<Reply>;

/** A registry, how to ask it, and what is kept of it. */
export interface Registry {
  /** The URL of the registry, with a slash at the end. */
  base: string;
  get: Get;
  cache: ClientCache | null;
}

export function transport(fetch: Fetch, timeoutMs: number): Get {
  return async (url, etag) => {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (etag !== undefined) headers['if-none-match'] = etag;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, { headers, signal });
      const bytes = await readAtMost(response.body, MOST_BYTES);
      if (!bytes) {
        const message = `The registry at ${originOf(url)} sent more than ${MOST_BYTES / 1_000_000} MB for ${pathOf(url)}.`;
        throw new RegistryError('too_large', { url, message });
      }
      const text = new TextDecoder().decode(bytes);
      return { url, status: response.status, etag: response.headers.get('etag'), text, bytes };
    } catch (cause) {
      if (cause instanceof RegistryError) throw cause;
      const [code, reason] = signal.aborted
        ? (['timeout', `no answer within ${timeoutMs / 1000} s`] as const)
        : (['unreachable', connectionIssue(cause)] as const);
      const message = `The registry at ${originOf(url)} could not be reached: ${reason}.`;
      throw new RegistryError(code, {
        url,
        message,
        fix: 'Check the URL, and that the registry is running.',
        cause,
      });
    }
  };
}

export function expectOk({ url, status, text }: Pick<Reply, 'url' | 'status' | 'text'>): string {
  if (status === 200) return text;
  const problem = readJson(problemSchema, text);
  const said = problem.ok ? `: ${problem.document.detail}` : ', not as a registry does.';
  const message = `The registry at ${originOf(url)} answered ${pathOf(url)} with status ${status}${said}`;
  const fix = status >= 500 ? 'Try again in a while.' : undefined;
  throw new RegistryError('unexpected_status', { url, message, fix });
}

/** The error for an invalid document of a kind; `problem` says why. */
export function malformed(url: string, kind: string, problem: string): RegistryError {
  const message = `What ${originOf(url)}${pathOf(url)} sent is not a ${kind}: ${problem}.`;
  return new RegistryError('malformed', { url, message });
}

/** The address of a registry, with a slash at its end: it may have a path. */
export function readAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url && /^https?:$/.test(url.protocol) && url.username + url.password === '') {
    return `${url.origin}${url.pathname.replace(/\/?$/, '/')}`;
  }
  // The rest of the URL may be a password.
  const message = url?.username
    ? 'The URL of the registry contains a user name or a password, which registries do not need.'
    : `${address} is not the URL of a registry.`;
  const fix = 'Write it as in https://registry.example or http://127.0.0.1:8787.';
  throw new RegistryError('invalid_address', { url: address, message, fix });
}

export function originOf(url: string): string {
  return /^[^/]*\/\/[^/]*/.exec(url)?.[0] ?? url;
}

function pathOf(url: string): string {
  return url.slice(originOf(url).length).replace(/\?.*/s, '');
}
