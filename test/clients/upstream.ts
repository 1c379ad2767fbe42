/** An upstream on this machine: an HTTP server that sends files and ranges, logs what it sent, and misbehaves on request. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen } from '../common/listen.ts';

export interface Sent {
  path: string;
  status: number;
  range: string | undefined;
  /** The bytes of the body that were written to the connection. */
  bytes: number;
}

/** @param bytes those of {@link Upstream.files} at the path */
export type Behaviour = (response: ServerResponse, request: IncomingMessage, bytes: Uint8Array) => void;

export interface Upstream {
  origin: string;
  /** Files by path, which are sent with ranges and ETags. */
  files: Map<string, Uint8Array>;
  /** Other responses by path; what has neither is 404. */
  at: Map<string, Behaviour>;
  /** Faults by path, in order; afterwards, the path works. */
  misbehave(path: string, ...behaviours: Behaviour[]): void;
  log: Sent[];
  /** The paths that were asked for, in order. */
  requests: string[];
  /** The headers of the last request. */
  headers: IncomingMessage['headers'];
  stop(): Promise<void>;
}

export async function startUpstream(): Promise<Upstream> {
  const queues = new Map<string, Behaviour[]>();
  const server = await listen((request, response) => {
    const path = request.url!;
    const { files, at, log, requests } = upstream;
    const entry: Sent = { path, status: 0, range: request.headers.range, bytes: 0 };
    log.push(entry);
    requests.push(path);
    upstream.headers = request.headers;
    response.on('error', () => {});
    count(response, entry);
    const behave = queues.get(path)?.shift() ?? at.get(path) ?? (files.has(path) ? sendFile : status(404));
    behave(response, request, files.get(path) ?? new Uint8Array(0));
  });
  const upstream: Upstream = {
    origin: server.origin,
    files: new Map(),
    at: new Map(),
    misbehave: (path, ...behaviours) => void queues.set(path, behaviours),
    log: [],
    requests: [],
    headers: {},
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

/** Sends these bytes whole, for any request. */
export const file =
  (bytes: Uint8Array): Behaviour =>
  (response) =>
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);

/** Sends the whole file, for any range. */
export const ignoreRange: Behaviour = (response, request, bytes) => file(bytes)(response, request, bytes);

/** Sends a file without its length. */
export const chunked =
  (bytes: Uint8Array): Behaviour =>
  (response) => {
    response.writeHead(200);
    for (let at = 0; at < bytes.length; at += 100_000) response.write(bytes.subarray(at, at + 100_000));
    response.end();
  };

export const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Behaviour =>
  (response) =>
    void response.writeHead(code, headers).end(body);

export const redirect = (location: string, code = 302): Behaviour => status(code, { location });

/** Never responds. */
export const silent: Behaviour = () => {};

/** The first `length` bytes of all, whose number may be announced, and then `next`. */
const first =
  (length: number, next: (response: ServerResponse) => void, announced = true): Behaviour =>
  (response, _, bytes) => {
    response.writeHead(200, { etag: etagOf(bytes), ...(announced && { 'content-length': bytes.length }) });
    response.write(bytes.subarray(0, length), () => next(response));
  };

/** Closes the connection after `length` bytes. */
export const cutAfter = (length: number, announced = true): Behaviour =>
  first(length, (response) => response.destroy(), announced);

/** Sends `length` bytes, and then nothing more. */
export const stallAfter = (length: number): Behaviour => first(length, () => {});

/** Sends one byte at a time, slowly. */
export const dripping =
  (everyMs: number): Behaviour =>
  (response, _, bytes) => {
    response.writeHead(200, { 'content-length': bytes.length });
    let at = 0;
    const drop = setInterval(() => {
      if (at < bytes.length) response.write(bytes.subarray(at, ++at));
      else response.end();
    }, everyMs);
    response.on('close', () => clearInterval(drop));
  };

/** Ten gigabytes, announced or not. */
export const endless =
  (announced: boolean): Behaviour =>
  (response) => {
    const total = 10_000_000_000;
    const piece = new Uint8Array(1_000_000);
    response.writeHead(200, announced ? { 'content-length': total } : {});
    let sent = 0;
    const send = () => {
      while (!response.destroyed && sent < total) {
        sent += piece.length;
        if (!response.write(piece)) return;
      }
    };
    response.on('drain', send);
    send();
  };
