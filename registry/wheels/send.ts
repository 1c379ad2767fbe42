/** Sends files, ranges of them, and METADATA from R2, after fetching what is not stored yet. */
import { sha256 as digestOf } from '../../resolver/digest.ts';
import { printable } from '../../resolver/text/printable.ts';
import { isWheel } from '../../resolver/wheels/read-metadata.ts';
import type { Call } from '../env.ts';
import { problem } from '../http/problem.ts';
import { FOREVER, isNotModified, type Reply, reply, replyReadily } from '../http/reply.ts';
import { currentSnapshot } from '../storage/isolate.ts';
import { deleteWheel, getWheel, headWheel, readStoredMetadata } from '../storage/wheels.ts';
import { isVerified, verifyingStream } from './integrity.ts';
import { type Demand, present } from './pull.ts';

const EXPOSED = 'Accept-Ranges, Content-Length, Content-Range, ETag';

const OF_FILES = { 'access-control-expose-headers': EXPOSED, 'accept-ranges': 'bytes' };

/** METADATA is UTF-8 by its specification. */
const METADATA_TYPE = 'text/plain; charset=utf-8';

const CONTENT_TYPES: readonly [suffix: string, contentType: string][] = [
  ['.tar.gz', 'application/gzip'],
  ['.tgz', 'application/gzip'],
  ['.tar', 'application/x-tar'],
  ['.zip', 'application/zip'],
];

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
    const refused = problem('range_not_satisfiable', `The file has ${object.size} bytes.`);
    refused.headers.set('content-range', `bytes */${object.size}`);
    return refused;
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

/** Sends a wheel's METADATA (PEP 658), which has its requirements. */
export async function sendMetadata(c: Call, demand: Demand): Promise<Response> {
  const { sha256, filename } = demand;
  if (!isWheel(filename)) {
    return problem('no_metadata', `${printable(filename)} is not a wheel: only wheels have METADATA.`);
  }
  const stored = await present(c, demand, () => readStoredMetadata(c.env.STORE, sha256));
  if (stored instanceof Response) return stored;
  const { metadata } = stored;
  if (!metadata.ok) {
    return problem('unreadable_wheel', `${printable(filename)}: ${printable(metadata.issue)}.`);
  }
  const etag = `"${await digestOf(metadata.bytes)}"`;
  const headers = immutableHeaders(etag, METADATA_TYPE);
  if (isNotModified(c.req.raw.headers, etag)) return new Response(null, { status: 304, headers });
  return new Response(metadata.bytes, {
    headers: { ...headers, 'content-length': String(metadata.bytes.length) },
  });
}

/** Headers of content-addressed bytes, which must not be transformed. */
function immutableHeaders(etag: string, contentType: string): Record<string, string> {
  return {
    'content-type': contentType,
    'cache-control': FOREVER,
    etag,
    'access-control-allow-origin': '*',
    'access-control-expose-headers': EXPOSED,
  };
}

/**
 * The content type of a file. There is none for wheels, and PyPI and jsDelivr send them as plain bytes. Some browsers
 * and proxies open or rename `application/zip`.
 */
function contentTypeOf(filename: string): string {
  const known = CONTENT_TYPES.find(([suffix]) => filename.endsWith(suffix));
  return known?.[1] ?? 'application/octet-stream';
}

/** The bytes of a file that a request asks for (RFC 9110, section 14). */
type Wanted =
  | { kind: 'all' }
  | { kind: 'part'; offset: number; length: number }
  /** A range past the end. */
  | { kind: 'unsatisfiable' };

const ALL: Wanted = { kind: 'all' };

/**
 * Reads `Range` and `If-Range`. Ignores other units, invalid ranges, and ranges of another version than that of `etag`,
 * by strong comparison.
 */
export function wantedBytes(headers: Headers, etag: string, size: number): Wanted {
  const range = headers.get('range');
  if (range === null) return ALL;
  const only = headers.get('if-range');
  if (only !== null && only.trim() !== etag) return ALL;
  const set = /^\s*bytes\s*=(.*)$/i.exec(range)?.[1];
  if (set === undefined) return ALL;
  const specs = set.split(',').map((spec) => /^\s*(\d*)-(\d*)\s*$/.exec(spec));
  if (!specs.every((spec) => spec !== null)) return ALL;
  // Wheels need no multiple ranges: all is sent, as RFC 9110 allows.
  if (specs.length > 1) return ALL;
  const [spec] = specs;
  return rangeOf(spec![1]!, spec![2]!, size);
}

function rangeOf(first: string, last: string, size: number): Wanted {
  if (first === '' && last === '') return ALL;
  if (first === '') return partOf(Math.max(0, size - Number(last)), size - 1, size);
  if (last !== '' && Number(last) < Number(first)) return ALL;
  return partOf(Number(first), last === '' ? size - 1 : Math.min(Number(last), size - 1), size);
}

function partOf(first: number, last: number, size: number): Wanted {
  if (first >= size) return { kind: 'unsatisfiable' };
  return { kind: 'part', offset: first, length: last - first + 1 };
}
