/** An upstream on this machine that sends files and ranges, and logs what it sent. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen } from '../../common/listen.ts';

export interface Sent {
  path: string;
  status: number;
  range: string | undefined;
  /** The bytes of the body that were written to the connection. */
  bytes: number;
}

export type Behaviour = (response: ServerResponse, request: IncomingMessage, bytes: Uint8Array) => void;

export interface Upstream {
  origin: string;
  /** Files by path. */
  files: Map<string, Uint8Array>;
  /** Faults by path, in order; afterwards, the path works. */
  misbehave(path: string, ...behaviours: Behaviour[]): void;
  log: Sent[];
  stop(): Promise<void>;
}

export async function startUpstream(): Promise<Upstream> {
  const queues = new Map<string, Behaviour[]>();
  const server = await listen((request, response) => {
    const path = request.url!;
    const { range } = request.headers as { range?: string };
    const entry: Sent = { path, status: 0, range, bytes: 0 };
    upstream.log.push(entry);
    count(response, entry);
    const bytes = upstream.files.get(path);
    const behave = queues.get(path)?.shift();
    if (behave) behave(response, request, bytes ?? new Uint8Array(0));
    else if (bytes) sendFile(response, request, bytes);
    else response.writeHead(404).end();
  });
  const upstream: Upstream = {
    origin: server.origin,
    files: new Map(),
    misbehave: (path, ...behaviours) => void queues.set(path, behaviours),
    log: [],
    stop: server.stop,
  };
  return upstream;
}

/** Logs the status and the bytes of a response as they are written. */
function count(response: ServerResponse, entry: Sent): void {
  for (const method of ['write', 'end'] as const) {
    const original = response[method].bind(response) as (...args: unknown[]) => never;
    response[method] = (...args: unknown[]) => {
      if (args[0] instanceof Uint8Array) entry.bytes += args[0].length;
      entry.status = response.statusCode;
      return original(...args);
    };
  }
}

const etagOf = (bytes: Uint8Array) => `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"`;

/** A correct response, with ranges and ETags. */
export const sendFile: Behaviour = (response, request, bytes) => {
  const { range } = request.headers;
  const etag = etagOf(bytes);
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  const headers = { etag, 'accept-ranges': 'bytes' };
  if (start === 0) {
    response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(bytes);
  } else if (start >= bytes.length) {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${bytes.length}` }).end();
  } else {
    const rest = bytes.subarray(start);
    const contentRange = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
    response
      .writeHead(206, { ...headers, 'content-length': rest.length, 'content-range': contentRange })
      .end(rest);
  }
};

/** The first `length` bytes of all, and then `next`. */
const first =
  (length: number, next: (response: ServerResponse) => void): Behaviour =>
  (response, _, bytes) => {
    response.writeHead(200, { 'content-length': bytes.length, etag: etagOf(bytes) });
    response.write(bytes.subarray(0, length), () => next(response));
  };

/** Closes the connection after `length` bytes. */
export const cutAfter = (length: number): Behaviour => first(length, (response) => response.destroy());

/** Sends `length` bytes, and then nothing more. */
export const stallAfter = (length: number): Behaviour => first(length, () => {});

/** Never responds. */
export const silent: Behaviour = () => {};

export const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Behaviour =>
  (response) =>
    void response.writeHead(code, headers).end(body);

export const redirect = (location: string): Behaviour => status(302, { location });

/** Sends other bytes, for any request. */
export const send =
  (other: Uint8Array): Behaviour =>
  (response) =>
    void response.writeHead(200, { 'content-length': other.length }).end(other);

/** Sends the whole file, for any range. */
export const ignoreRange: Behaviour = (response, _, bytes) =>
  void response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
