/** Bodies of requests: how large they may be, and JSON. */
import type { Context, MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Env } from '../env.ts';
import { problem } from './problem.ts';

/** Enough for the largest number of long requirements. */
const MOST_BYTES = 256 * 1024;
/** A publication may be as large. */
const MOST_DISCARDED = 32 * 1024 * 1024;
const BUFFER_BYTES = 256 * 1024;
export const MOST_BODY = `${MOST_BYTES / 1024} kB`;

/** Reads at least `min` bytes, or to the end: workerd's types lack this option. */
interface Filling {
  read(
    buffer: Uint8Array<ArrayBuffer>,
    options: { min: number },
  ): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>>;
}

/**
 * Puts a limit before a handler that reads its body. A body without a length is read at once: a client decides how
 * small its chunks are, and each that JavaScript reads takes some 30 µs.
 */
export function limitBody(refuse: (c: Context<Env>) => Response | Promise<Response>): MiddlewareHandler<Env> {
  return async (c, next) => {
    const { raw } = c.req;
    const length = raw.headers.get('content-length');
    if (Number(length) > MOST_BYTES) return refuse(c);
    if (raw.body && length === null) {
      const reader: Filling = raw.body.getReader({ mode: 'byob' });
      const reading = reader.read(new Uint8Array(MOST_BYTES + 1), { min: MOST_BYTES + 1 });
      const { value } = await reading.catch(brokenOff);
      if (value && value.length > MOST_BYTES) return refuse(c);
      c.req.raw = new Request(raw, { body: value ?? null });
    }
    return next();
  };
}

/** A body that cannot be read to its end is the client's doing, and no failure to be alarmed about. */
export function brokenOff(cause: unknown): never {
  throw new HTTPException(400, { message: 'The body breaks off, or its chunks cannot be read.', cause });
}

/**
 * Reads the rest of a body that a handler refused without reading it: workerd closes the connection of an unread body
 * without saying so, and the client's next request on it would fail.
 */
export async function discardBody(body: ReadableStream, { bodyUsed, headers }: Request): Promise<void> {
  if (bodyUsed || Number(headers.get('content-length') ?? 0) > MOST_DISCARDED) return;
  try {
    const reader: Filling = body.getReader({ mode: 'byob' });
    // One buffer for all of it: with a new chunk for each read, 30 MB take ten times the CPU.
    let buffer = new Uint8Array(BUFFER_BYTES);
    for (let size = 0; size < MOST_DISCARDED; ) {
      const { done, value } = await reader.read(buffer, { min: BUFFER_BYTES });
      if (done) break;
      size += value.length;
      buffer = new Uint8Array(value.buffer);
    }
  } catch {
    // The body breaks off, so there is no next request.
  }
}

/** The response to a body in a content coding, which workerd gives as it was sent. */
export function refuseCoding({ headers }: Request): Response | undefined {
  const coding = headers.get('content-encoding');
  if (coding === null || /^\s*(identity)?\s*$/i.test(coding)) return undefined;
  const response = problem('unsupported_media_type', 'A body is sent as it is, without a content coding.');
  response.headers.set('accept-encoding', 'identity');
  return response;
}

/** The default types of `curl -d` and `fetch` are accepted, too; the body still has to be JSON. */
const READ = /^\s*(application\/(json|[\w.-]+\+json|x-www-form-urlencoded)|text\/(plain|json))\s*(;|$)/i;

/** The JSON of a body whose size is limited, or the response. */
export async function readJson(request: Request): Promise<{ json: unknown } | Response> {
  const type = request.headers.get('content-type');
  if (type !== null && !READ.test(type)) {
    const response = problem('unsupported_media_type', 'A question is one JSON object: application/json.');
    response.headers.set('accept-post', 'application/json');
    return response;
  }
  try {
    return { json: JSON.parse(await request.text()) };
  } catch {
    const message = 'The body is not valid JSON.';
    const fix = 'Send one JSON object with the content type application/json.';
    return problem('invalid_question', message, [{ code: 'malformed_json', message, fix }]);
  }
}
