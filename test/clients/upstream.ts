/** An upstream on this machine: an HTTP server that serves files, and misbehaves on request. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen } from '../common/listen.ts';

export type Behaviour = (response: ServerResponse, request: IncomingMessage) => void;

export interface Upstream {
  origin: string;
  /** Responses by path; others are 404. */
  at: Map<string, Behaviour>;
  /** The paths that were asked for, in order. */
  requests: string[];
  /** The headers of the last request. */
  headers: IncomingMessage['headers'];
  stop(): Promise<void>;
}

export async function startUpstream(): Promise<Upstream> {
  const at = new Map<string, Behaviour>();
  const server = await listen((request, response) => {
    const path = request.url!;
    upstream.requests.push(path);
    upstream.headers = request.headers;
    response.on('error', () => {});
    (at.get(path) ?? status(404))(response, request);
  });
  const upstream: Upstream = {
    origin: server.origin,
    at,
    requests: [],
    headers: {},
    stop: server.stop,
  };
  return upstream;
}

/** Sends a file correctly. */
export const file =
  (bytes: Uint8Array): Behaviour =>
  (response) =>
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);

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
    response.writeHead(code, headers).end(body);

export const redirect = (location: string, code = 302): Behaviour => status(code, { location });

/** Closes the connection before the announced end, or without an end if there was no length. */
export const broken =
  (bytes: Uint8Array, after: number, announced: boolean): Behaviour =>
  (response) => {
    response.writeHead(200, announced ? { 'content-length': bytes.length } : {});
    response.write(bytes.subarray(0, after), () => response.destroy());
  };

/** Sends the first half, and then nothing more. */
export const stalled =
  (bytes: Uint8Array): Behaviour =>
  (response) =>
    response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, bytes.length / 2));

/** Sends one byte at a time, slowly. */
export const dripping =
  (bytes: Uint8Array, everyMs: number): Behaviour =>
  (response) => {
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
