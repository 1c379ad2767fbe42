import type { Call } from '../env.ts';
import { problem } from '../http/problem.ts';
import { isNotModified, type Reply, reply } from '../http/reply.ts';
import { replyReadily } from '../http/response-cache.ts';
import { currentSnapshot } from '../storage/isolate.ts';
import { deleteWheel, getWheel, headWheel } from '../storage/wheel-objects.ts';
import { type Demand, present } from './demand.ts';
import { contentTypeOf, EXPOSED, immutableHeaders } from './headers.ts';
import { isVerified, verifyingStream } from './integrity.ts';
import { wantedBytes } from './range.ts';

/** Sends a file's bytes, or a range of them. */
export async function sendFile(c: Call, demand: Demand): Promise<Response> {
  const { sha256, filename } = demand;
  const { STORE } = c.env;
  const { method, headers: asked } = c.req.raw;
  const etag = `"${sha256}"`;
  const contentType = contentTypeOf(filename);
  if (isNotModified(asked, etag)) return unchanged(c, etag, contentType);

  const headers = { ...immutableHeaders(etag, contentType), ...OF_FILES };
  if (method === 'GET' && !asked.has('range')) return sendAll(c, demand, headers);

  const object = await present(c, demand, () => headWheel(STORE, sha256));
  if (object instanceof Response) return object;
  if (method === 'HEAD') {
    return new Response(null, { headers: { ...headers, 'content-length': String(object.size) } });
  }
  const wanted = wantedBytes(asked, etag, object.size);
  if (wanted.kind === 'all') return sendAll(c, demand, headers);
  if (wanted.kind === 'unsatisfiable') {
    const problemResponse = problem('range_not_satisfiable', `The file has ${object.size} bytes.`);
    problemResponse.headers.set('content-range', `bytes */${object.size}`);
    return problemResponse;
  }
  const { offset, length } = wanted;
  const part = await present(c, demand, () => getWheel(STORE, sha256, { offset, length }));
  if (part instanceof Response) return part;
  return new Response(part.body, {
    status: 206,
    headers: {
      ...headers,
      'content-length': String(length),
      'content-range': `bytes ${offset}-${offset + length - 1}/${object.size}`,
    },
  });
}

const OF_FILES = { 'access-control-expose-headers': EXPOSED, 'accept-ranges': 'bytes' };

/** Installers request the same files repeatedly. */
function unchanged(c: Call, etag: string, contentType: string): Response {
  const answer: Reply = { body: null, etag, immutable: true, contentType, headers: OF_FILES };
  const snapshot = currentSnapshot(c);
  return snapshot ? replyReadily(c, answer, snapshot, Infinity) : reply(c, answer);
}

async function sendAll(c: Call, demand: Demand, headers: Record<string, string>): Promise<Response> {
  const { sha256 } = demand;
  const { STORE } = c.env;
  const object = await present(c, demand, () => getWheel(STORE, sha256));
  if (object instanceof Response) return object;
  const whole = { ...headers, 'content-length': String(object.size) };
  if (isVerified(object)) return new Response(object.body, { headers: whole });
  const remove = () => c.executionCtx.waitUntil(deleteWheel(STORE, sha256));
  return new Response(verifyingStream(object, sha256, remove), { headers: whole });
}
