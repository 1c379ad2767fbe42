/** One request for a file or the rest of one, with redirects and deadlines. */
import { connectionIssue } from '../../resolver/client/connection-issue.ts';
import { problemSchema, readJson } from '../../resolver/client/documents.ts';
import type { UpstreamProblem } from '../../resolver/public-host.ts';
import type { Credentials } from '../common/credentials.ts';
import { CommandError } from '../common/failure.ts';

export interface TransferLimits {
  /** The deadline for the first byte. A registry that has to download the file first takes up to a minute. */
  answerMs: number;
  /** In each period of this length, at least {@link LEAST_BYTES} have to arrive. */
  stallMs: number;
  /** Why a redirect is not followed, as the end of a sentence about its URL; by default it leads to https. */
  guard?: UpstreamProblem;
  /** Ends the transfer with its reason. */
  signal?: AbortSignal | undefined;
}

export interface Piece {
  offset: number;
  total: number | null;
  /** Throws a {@link TransferError} if the connection breaks or stalls. */
  chunks: AsyncIterable<Uint8Array>;
  close(): void;
}

/** Thrown if a transfer fails. The message continues a sentence that begins with the URL. */
export class TransferError extends Error {
  readonly transient: boolean;

  constructor(message: string, transient: boolean, options?: ErrorOptions) {
    super(message, options);
    this.transient = transient;
  }
}

/** Thrown if a server cannot be reached, or breaks off. */
export class Unreachable extends TransferError {}

const LEAST_BYTES = 1_000;
const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Beside 500 and more: request timeout, too many requests. */
const TRANSIENT = new Set([408, 429]);
/** The fields that are read from a problem document. */
const MOST_EXPLANATION = 10_000;

/**
 * Requests a file from `offset` on; the reply may begin at 0. Null if it has to be requested whole. If it has changed
 * since, its pinned digest says so.
 */
export async function openTransfer(
  pinned: URL,
  offset: number,
  credentials: Credentials,
  limits: TransferLimits,
): Promise<Piece | null> {
  const controller = new AbortController();
  const signal = limits.signal ? AbortSignal.any([controller.signal, limits.signal]) : controller.signal;
  // Not retried: it has waited long enough.
  const late = new Unreachable(`did not answer within ${limits.answerMs / 1000} s`, false);
  const clock = setTimeout(() => controller.abort(late), limits.answerMs);
  try {
    // Archives are compressed already, and lengths and ranges count the bytes as sent.
    const headers: Record<string, string> = { accept: '*/*', 'accept-encoding': 'identity' };
    if (offset > 0) headers.range = `bytes=${offset}-`;
    const request = { headers, signal, redirect: 'manual' } as const;
    const response = await follow(pinned, request, credentials, limits.guard);
    return await pieceOf(response, offset, { controller, signal }, limits);
  } catch (error) {
    throw issueOf(error, signal);
  } finally {
    clearTimeout(clock);
  }
}

async function follow(
  pinned: URL,
  request: RequestInit & { headers: Record<string, string> },
  credentials: Credentials,
  guard: UpstreamProblem = () => null,
): Promise<Response> {
  let url = pinned;
  for (let redirects = 0; ; redirects++) {
    const authorization = credentials.for(url);
    const headers = { ...request.headers, ...(authorization && { authorization }) };
    const response = await fetch(url, { ...request, headers });
    const location = response.headers.get('location');
    if (!REDIRECTS.has(response.status) || location === null) return response;
    await response.body?.cancel();
    if (redirects === MOST_REDIRECTS) throw new TransferError('redirects again and again', false);
    const next = URL.canParse(location, url) ? new URL(location, url) : null;
    if (!next || !mayLead(next, pinned)) {
      const where = next ? next.origin : 'what is not a URL';
      throw new TransferError(`redirects to ${where}, which is neither https nor its own origin`, false);
    }
    const problem = guard(next);
    if (problem !== null) throw new TransferError(`redirects to ${next.origin}, which ${problem}`, false);
    url = next;
  }
}

/** Whether a redirect may be followed: to https, or to the origin of the first request. */
export function mayLead(url: URL, pinned: URL): boolean {
  if (url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || url.origin === pinned.origin;
}

/** The ways to stop a transfer from here; the signal is also that of the caller. */
interface Stop {
  controller: AbortController;
  signal: AbortSignal;
}

async function pieceOf(
  response: Response,
  asked: number,
  stop: Stop,
  limits: TransferLimits,
): Promise<Piece | null> {
  const { status, headers, body } = response;
  const plain = (headers.get('content-encoding') ?? 'identity') === 'identity';
  const range = /^bytes (\d{1,15})-\d{1,15}\/(?:(\d{1,15})|\*)$/.exec(headers.get('content-range') ?? '');
  const fits = status === 206 && plain && Number(range?.[1]) === asked;
  if (asked > 0 && (status === 416 || (status === 206 && !fits))) {
    await body?.cancel();
    return null;
  }
  if ((status !== 200 && !fits) || !body) throw await transferError(response);
  const length = plain ? /^\d{1,15}$/.exec(headers.get('content-length') ?? '')?.[0] : undefined;
  const stated = fits ? range![2] : length;
  return {
    offset: fits ? asked : 0,
    total: stated === undefined ? null : Number(stated),
    // Locked at once: fetch cancels a body that nobody reads yet when its response is garbage collected.
    chunks: watched(body.values(), stop, limits),
    close: () => stop.controller.abort(),
  };
}

async function* watched(
  body: AsyncIterable<Uint8Array>,
  { controller, signal }: Stop,
  { stallMs }: TransferLimits,
): AsyncGenerator<Uint8Array, void, undefined> {
  let received = 0;
  let before = 0;
  const clock = setInterval(() => {
    if (received - before < LEAST_BYTES) {
      controller.abort(new TransferError(`stalled for ${stallMs / 1000} s`, true));
    }
    before = received;
  }, stallMs);
  try {
    for await (const chunk of body) {
      received += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw issueOf(error, signal);
  } finally {
    clearInterval(clock);
  }
}

/** The error of a server that does not send the file. A registry gives the reason. */
async function transferError(response: Response): Promise<TransferError> {
  const { status } = response;
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MOST_EXPLANATION) break;
  }
  const detail = detailOf(text);
  return new TransferError(
    `answers with status ${status}${detail === null ? '' : `: ${detail}`}`,
    status >= 500 || TRANSIENT.has(status),
  );
}

function detailOf(text: string): string | null {
  const read = readJson(problemSchema, text);
  return read.ok ? read.document.detail.replace(/\.$/, '') : null;
}

function issueOf(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return signal.reason;
  // Offline, the substitute for fetch throws a CommandError.
  if (error instanceof TransferError || error instanceof CommandError) return error;
  return new Unreachable(`cannot be reached: ${connectionIssue(error)}`, true, { cause: error });
}
