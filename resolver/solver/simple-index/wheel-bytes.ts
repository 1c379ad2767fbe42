/** Reads METADATA from a wheel on a server: by a few ranges if the server supports them, else from the whole wheel. */
import { sha256 } from '../../digest.ts';
import { printable } from '../../text/printable.ts';
import { parseWheelName } from '../../wheels/wheel-name.ts';
import { IndexError, type IndexFile, refuse } from '../package-index.ts';
import { sha256In } from './pages.ts';
import type { Get } from './transport.ts';

/** METADATA and the directory of a wheel are at its end; most are smaller than this. */
const TAIL = 65_536;
const MOST_WHEEL = 100_000_000;

export async function metadataInWheel(get: Get, file: IndexFile): Promise<string> {
  return new TextDecoder().decode((await readWheel(get, file)).bytes);
}

export async function modulesInWheel(get: Get, file: IndexFile): Promise<string[]> {
  const { modulesAmong } = await import('../../wheels/files.ts');
  return modulesAmong((await readWheel(get, file)).paths);
}

async function readWheel(get: Get, file: IndexFile): Promise<{ bytes: Uint8Array; paths: string[] }> {
  const { url } = file;
  const start =
    file.size === null ? `bytes=-${TAIL}` : `bytes=${Math.max(0, file.size - TAIL)}-${file.size - 1}`;
  const tail = await ranged(get, url, start);
  if (tail.total === null) await verify(file, tail.bytes);
  const size = tail.total ?? tail.bytes.length;
  const from = size - tail.bytes.length;
  // Imported on demand: few questions need to read zips.
  const { readMetadata } = await import('../../wheels/read-metadata.ts');
  const metadata = await readMetadata(size, async (offset, length) => {
    if (offset >= from) return tail.bytes.slice(offset - from, offset - from + length);
    const part = await ranged(get, url, `bytes=${offset}-${offset + length - 1}`);
    if (part.total !== size || part.bytes.length !== length)
      throw broken(url, 'another range than the one asked for');
    return part.bytes;
  });
  if (!metadata.ok) throw broken(url, `a wheel whose METADATA cannot be read: ${metadata.issue}`);
  return metadata;
}

/** `total` is the length of the whole file; null if the server does not support ranges and sent all of it. */
async function ranged(
  get: Get,
  url: string,
  range: string,
): Promise<{ bytes: Uint8Array; total: number | null }> {
  const reply = await get(url, { range, 'accept-encoding': 'identity' }, MOST_WHEEL);
  if (reply.status === 200) return { bytes: reply.bytes, total: null };
  const total = /^bytes \d+-\d+\/(\d+)$/.exec(reply.headers.get('content-range') ?? '')?.[1];
  if (reply.status === 206 && total !== undefined) return { bytes: reply.bytes, total: Number(total) };
  refuse('unexpected_status', url, String(reply.status), '206 or 200');
}

/** The wheel at a URL. Its hash is in its fragment (`#sha256=…`); without one, the wheel is read to compute it. */
export async function wheelAt(get: Get, address: string): Promise<IndexFile> {
  const [url, fragment = ''] = address.split('#', 2) as [string, string?];
  const filename = lastPart(url);
  if (!parseWheelName(filename)) {
    refuse('malformed', url, printable(filename) || 'no file name', 'a wheel');
  }
  const said = sha256In(fragment);
  const file = { filename, url, upload_time: null, requires_python: null, yanked: false, metadata: null };
  if (said !== null) return { ...file, sha256: said, size: null };
  const { status, bytes } = await get(url, {}, MOST_WHEEL);
  if (status !== 200) refuse('unexpected_status', url, String(status), '200');
  return { ...file, sha256: await sha256(bytes), size: bytes.length };
}

/** Decoded; empty if invalid. */
function lastPart(url: string): string {
  try {
    return decodeURIComponent(url.replace(/\?.*$/s, '').replace(/^.*\//s, ''));
  } catch {
    return '';
  }
}

/** Rejects bytes that do not match the hash. */
export async function verify(
  { url, sha256: wanted }: Pick<IndexFile, 'url' | 'sha256'>,
  bytes: Uint8Array,
): Promise<void> {
  const actual = await sha256(bytes);
  if (wanted !== null && actual !== wanted) refuse('other_bytes', url, actual, wanted);
}

function broken(url: string, actual: string): IndexError {
  return new IndexError('malformed', { url, found: actual, wanted: 'a wheel' });
}
