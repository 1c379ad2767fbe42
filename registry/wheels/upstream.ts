/** Requests a file's bytes from the URL that a set pins. */

import { isLoopback, type UpstreamProblem } from '../../resolver/public-host.ts';
import { printable } from '../../resolver/text/printable.ts';
import { piecesOf } from './integrity.ts';

const MOST_REDIRECTS = 3;

/** A file that is being fetched. */
export interface UpstreamBody {
  /** Length in bytes, if the upstream announces it. */
  length: number | null;
  /**
   * The bytes; each piece is valid until the next one is requested. Throws an {@link UpstreamError} if they break off,
   * take too long, or are too many or too few.
   */
  pieces: AsyncIterable<Uint8Array>;
}

export interface UpstreamLimits {
  mostBytes: number;
  guard: UpstreamProblem;
  /** Whether a pinned URL may be of this machine, too, and over http: for a local registry. */
  isLocal: boolean;
}

/** Opens a pinned URL. The guard has to admit it and its redirects. Throws an {@link UpstreamError}. */
export async function openUpstream(
  pinned: string,
  clock: UpstreamDeadline,
  { mostBytes, guard, isLocal }: UpstreamLimits,
): Promise<UpstreamBody> {
  const own = isLocal && isLoopback(pinned) ? new URL(pinned).origin : null;
  const problemOf = (url: URL) => (url.origin === own && url.username === '' ? null : guard(url));
  const response = await follow(pinned, clock, problemOf);
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

async function follow(
  pinned: string,
  clock: UpstreamDeadline,
  problemOf: (url: URL) => string | null,
): Promise<Response> {
  let url = readUrl(pinned);
  const problem = problemOf(url);
  if (problem !== null) throw failed(problem);
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
    const problem = problemOf(url);
    if (problem !== null) throw failed(`redirected to ${printable(url.href)}, which ${problem}`);
  }
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

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

export interface PullLimits {
  /** Size of the largest file. */
  bytes: number;
  /** Time for the whole file, with redirects and other URLs. */
  totalMs: number;
  /** Time between two pieces. */
  stallMs: number;
}

/** workerd continues work for 30 s after the client has disconnected; the rest is for R2 and D1. */
export const LIMITS: PullLimits = { bytes: 256 * 1024 * 1024, totalMs: 25_000, stallMs: 15_000 };

/** Thrown for an upstream's errors, with a message for clients. */
export class UpstreamError extends Error {
  readonly code: 'upstream_failed' | 'upstream_timeout';

  constructor(code: UpstreamError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Two time limits on one upstream: one for everything, and one for each wait. */
export class UpstreamDeadline {
  readonly #controller = new AbortController();
  readonly #limits: PullLimits;
  readonly #total: ReturnType<typeof setTimeout>;

  /** `deadline` is the end of everything, in milliseconds since the epoch. */
  constructor(limits: PullLimits, deadline: number) {
    this.#limits = limits;
    this.#total = setTimeout(
      () => this.#expire(`was not done after ${limits.totalMs / 1000} s`),
      Math.max(0, deadline - Date.now()),
    );
  }

  /** Aborts with an {@link UpstreamError} at either limit. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Waits for the upstream. Turns other failures into an {@link UpstreamError}, too. */
  async waitFor<Value>(work: Promise<Value>): Promise<Value> {
    const stall = setTimeout(
      () => this.#expire(`sent nothing for ${this.#limits.stallMs / 1000} s`),
      this.#limits.stallMs,
    );
    try {
      return await work;
    } catch (error) {
      this.signal.throwIfAborted();
      throw new UpstreamError('upstream_failed', `failed: ${reasonOf(error)}`, { cause: error });
    } finally {
      clearTimeout(stall);
    }
  }

  stop(): void {
    clearTimeout(this.#total);
  }

  #expire(why: string): void {
    this.#controller.abort(new UpstreamError('upstream_timeout', why));
  }
}

/** workerd's message for a failed connection is only a number in its log. */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return message.startsWith('internal error') ? 'the connection could not be made, or broke' : message;
}
