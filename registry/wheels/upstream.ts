/** Requests a file's bytes from the URL that a set pins. */
import { printable } from '../../resolver/text/printable.ts';
import { isPublicHost } from './address.ts';
import { piecesOf } from './pieces.ts';
import { type UpstreamDeadline, UpstreamError } from './upstream-deadline.ts';

const MOST_REDIRECTS = 3;

/** A file that is being fetched. */
export interface UpstreamBody {
  /** In bytes, if the upstream announces it. */
  length: number | null;
  /**
   * The bytes; each piece is valid until the next one is requested. Throws an {@link UpstreamError} if they break off,
   * take too long, or are too many or too few.
   */
  pieces: AsyncIterable<Uint8Array>;
}

export interface UpstreamLimits {
  mostBytes: number;
  /** Whether files may come from this machine, and over http: for a local registry. */
  isLocal: boolean;
}

/** Opens a pinned URL. It and its redirects must be https and public. Throws an {@link UpstreamError}. */
export async function openUpstream(
  pinned: string,
  clock: UpstreamDeadline,
  { mostBytes, isLocal }: UpstreamLimits,
): Promise<UpstreamBody> {
  const response = await follow(pinned, clock, isLocal);
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel();
    throw failed(`answered ${response.status}`);
  }
  const length = lengthOf(response.headers);
  if (length !== null && length > mostBytes) {
    await response.body.cancel();
    throw failed(`would send ${length} bytes, more than the limit of ${mostBytes}`);
  }
  const pieces = piecesOf(response.body, (read) => clock.waitFor(read));
  return { length, pieces: measured(pieces, length, mostBytes) };
}

async function follow(pinned: string, clock: UpstreamDeadline, isLocal: boolean): Promise<Response> {
  const origin = readUrl(pinned);
  if (!/^https?:$/.test(origin.protocol)) throw failed(`is neither http nor https`);
  if (!isLocal && origin.protocol !== 'https:') throw failed('is not https');
  if (!isLocal && !isPublicHost(origin)) throw failed('leads to a host that is not public');
  let url = origin;
  for (let redirects = 0; ; redirects++) {
    const response = await clock.waitFor(
      fetch(url, {
        redirect: 'manual',
        signal: clock.signal,
        // Wheels are compressed already, and `fetch` has the length of unencoded bytes only.
        headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'pinwheel' },
      }),
    );
    const location = response.headers.get('location');
    if (!REDIRECTS.has(response.status) || location === null) return response;
    await response.body?.cancel();
    if (redirects === MOST_REDIRECTS) throw failed(`redirected more than ${MOST_REDIRECTS} times`);
    url = readUrl(location, url);
    if (!mayLead(url, origin)) throw failed(`redirected to ${printable(url.href)}, which is not allowed`);
  }
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

function mayLead(url: URL, pinned: URL): boolean {
  if (url.username !== '' || url.password !== '') return false;
  return url.origin === pinned.origin || (url.protocol === 'https:' && isPublicHost(url));
}

function readUrl(text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) throw failed(`named ${printable(text)}, which is not a URL`);
  return new URL(text, base);
}

/** The length of the bytes that `fetch` returns, which undoes content codings. */
function lengthOf(headers: Headers): number | null {
  const length = headers.get('content-length');
  const coding = headers.get('content-encoding') ?? 'identity';
  return length !== null && /^\d{1,15}$/.test(length) && coding === 'identity' ? Number(length) : null;
}

async function* measured(
  pieces: AsyncIterable<Uint8Array>,
  length: number | null,
  mostBytes: number,
): AsyncGenerator<Uint8Array> {
  const most = length ?? mostBytes;
  let received = 0;
  for await (const piece of pieces) {
    received += piece.length;
    if (received > most) throw failed(`sent more than ${most} bytes`);
    yield piece;
  }
  if (length !== null && received < length) throw failed(`sent ${received} of ${length} bytes`);
}

const failed = (what: string) => new UpstreamError('upstream_failed', what);
