/** Opens a simple index (PEP 503, 691, 700, 714) by `fetch`, for the solver. */
import { decode } from '../../bytes.ts';
import { cacheKey, type IndexFile, once, type PackageIndex, refuse } from '../package-index.ts';
import { readHtmlPage, readJsonPage } from './pages.ts';
import { type Get, type IndexFetch, type Reply, transport } from './transport.ts';
import { metadataInWheel, modulesInWheel, verify, wheelAt } from './wheel-bytes.ts';

export type { IndexFetch, IndexResponse } from './transport.ts';

declare const fetch: IndexFetch;

/** The index, and how to reach it. */
export interface IndexOptions {
  /** The root of the index, such as `https://pypi.org/simple/`. */
  url: string;
  /** By default the host's own `fetch`. */
  fetch?: IndexFetch;
  /** Milliseconds for one request; 30,000 by default. */
  timeoutMs?: number;
  /** Most bytes of a response; by default 32 MB for a page, and 100 MB for a wheel if the server has no ranges. */
  mostBytes?: number;
}

const TIMEOUT_MS = 30_000;
/** In bytes. PyPI's largest page has 20 MB. */
const MOST_PAGE = 32_000_000;
const MOST_METADATA = 2_000_000;
const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
const ACCEPT = `${JSON_TYPE}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1`;

/**
 * An index on the network. Requests pages as JSON, and accepts HTML. Reads METADATA from the file next to a wheel if
 * the index serves it, otherwise from the wheel, by ranges. Everything is fetched once and cached.
 *
 * The methods throw an `IndexError` if the index cannot be reached, or sends an invalid response.
 * @example
 * ```ts
 * import { openIndex } from 'pinwheel-py/solver';
 * // In the place of the network; leave `fetch` out to ask a real index.
 * const fetch = async () => Response.json({ meta: { 'api-version': '1.1' }, name: 'shout', files: [] });
 * const index = openIndex({ url: 'https://index.example/simple/', fetch });
 * await index.versionsOf('shout'); // → []
 * ```
 */
export function openIndex(options: IndexOptions): PackageIndex {
  const { url, fetch: given, timeoutMs = TIMEOUT_MS, mostBytes = Number.POSITIVE_INFINITY } = options;
  const base = readAddress(url);
  const ask = transport(given ?? ((address, init) => fetch(address, init)), timeoutMs);
  const get: Get = (address, headers, most) => ask(address, headers, Math.min(most, mostBytes));
  const pages = new Map<string, Promise<IndexFile[] | null>>();
  const metadata = new Map<string, Promise<string>>();
  return {
    url: base,
    versionsOf: (name) => once(pages, name, () => readPage(get, `${base}${name}/`, name)),
    metadataOf: (file) => once(metadata, cacheKey(file), () => readMetadataOf(get, file)),
    fileAt: async (address) => {
      if (/^https?:/i.test(address)) return wheelAt(get, address);
      return refuse('invalid_address', address, 'a URL of another kind', 'a wheel on the web');
    },
    modulesOf: (file) => modulesInWheel(get, file),
  };
}

/** The address with a slash at its end. */
function readAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url && /^https?:$/.test(url.protocol) && url.username + url.password === '') {
    return `${url.origin}${url.pathname.replace(/\/?$/, '/')}`;
  }
  const wanted = 'a URL such as https://pypi.org/simple/';
  refuse('invalid_address', address, address, wanted);
}

async function readPage(get: Get, url: string, name: string): Promise<IndexFile[] | null> {
  const reply = await get(url, { accept: ACCEPT }, MOST_PAGE);
  if (reply.status === 404) return null;
  if (reply.status !== 200) {
    refuse('unexpected_status', url, String(reply.status), '200 or 404');
  }
  const type = (reply.headers.get('content-type') ?? '').replace(/;.*$/s, '').trim().toLowerCase();
  const body = textOf(reply, url);
  if (/^(?:application\/(?:.*\+)?json)$/.test(type)) return readJsonPage(body, name, reply.url);
  if (/html$/.test(type)) return readHtmlPage(body, name, reply.url);
  refuse('malformed', url, type || 'no content type', 'a page of JSON or HTML');
}

async function readMetadataOf(get: Get, file: IndexFile): Promise<string> {
  if (file.metadata === null) return metadataInWheel(get, file);
  const url = `${file.url}.metadata`;
  const reply = await get(url, {}, MOST_METADATA);
  // Some mirrors list METADATA that they do not have.
  if (reply.status === 404) return metadataInWheel(get, file);
  if (reply.status !== 200) {
    refuse('unexpected_status', url, String(reply.status), '200');
  }
  await verify({ url, sha256: file.metadata.sha256 }, reply.bytes);
  return textOf(reply, url);
}

function textOf({ bytes }: Reply, url: string): string {
  const text = decode(bytes);
  if (text !== null) return text;
  refuse('malformed', url, 'bytes that are not UTF-8', 'text');
}
