/** Fetches a file from PyPI, for machines without pip. */
import { sha256 } from '../import/digest.ts';
import type { Upstream } from './manifest.ts';

/** Time limits for the listing, short in case there is no network, and for the file. */
const LISTING_MS = 10_000;
const FILE_MS = 60_000;
const MOST_LISTING = 16 * 2 ** 20;
const MOST_FILE = 64 * 2 ** 20;

interface Listing {
  urls?: { url?: unknown; digests?: { sha256?: unknown } }[];
}

/**
 * The bytes of a release's file, found by its SHA-256 in PyPI's JSON API.
 * @throws if PyPI cannot be reached, does not list the file, or sends other bytes
 */
export async function fetchFromPypi(
  name: string,
  { version, filename, sha256: pinned }: Upstream,
  index = new URL('https://pypi.org/'),
): Promise<Uint8Array> {
  const listing = await get(new URL(`pypi/${name}/${version}/json`, index), MOST_LISTING, LISTING_MS);
  const { urls = [] }: Listing = JSON.parse(new TextDecoder().decode(listing));
  const url = urls.find(({ digests }) => digests?.sha256 === pinned)?.url;
  if (typeof url !== 'string')
    throw new Error(`${index.host} lists no ${filename} with the SHA-256 ${pinned}`);
  const file = new URL(url);
  if (file.protocol !== 'https:' && file.origin !== index.origin) {
    throw new Error(`${index.host} names ${url}, which is not https`);
  }
  const bytes = await get(file, MOST_FILE, FILE_MS);
  const actual = sha256(bytes);
  if (actual !== pinned) throw new Error(`${file.host} sent ${filename} with the SHA-256 ${actual}`);
  return bytes;
}

async function get(url: URL, mostBytes: number, patienceMs: number): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) }).catch((error: Error) => {
    const { message } = (error.cause as Error | undefined) ?? error;
    throw new Error(`${url.host} cannot be reached: ${message}`, { cause: error });
  });
  if (!response.ok) throw new Error(`${url.host} answers ${url.pathname} with status ${response.status}`);
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > mostBytes)
      throw new Error(`${url.host} sends more than ${mostBytes} bytes as ${url.pathname}`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
