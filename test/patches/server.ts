/**
 * An HTTP server on loopback, for clients of HTTP. It records exactly what arrives, responds by routes.ts and, for
 * WebSockets, by websocket/, and misbehaves on purpose. It has two origins, for redirects from one to the other.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { beforeAll } from 'vitest';
import { closedOrigin } from '../closed-origin.ts';
import { ending } from '../common/own.ts';
import { startFull } from './full-listener.ts';
import { Gates } from './gates.ts';
import { answer } from './routes.ts';
import { upgrade } from './websocket/upgrade.ts';

/** A request as it arrived. */
export interface Arrival {
  method: string;
  /** Path and query, as on the wire. */
  url: string;
  /** In the order and spelling in which they arrived. */
  headers: [name: string, value: string][];
  body: Buffer;
}

/** The input of a route. */
export interface RequestContext {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  arrival: Arrival;
  /** Resolves when the whole body has arrived. */
  received: Promise<void>;
  gates: Gates;
}

export interface ServedFile {
  type: string;
  content: string | Uint8Array;
}

export interface TestServer {
  /** `http://127.0.0.1:PORT` */
  origin: string;
  other: string;
  /** A port on which nothing listens. */
  closed: string;
  /** An address that accepts no more connections, and sends nothing. */
  full: string;
  arrivals: Arrival[];
  /** Connections that are open. */
  connections(): number;
  close(): Promise<void>;
}

/** A server for the tests of a file or of a `describe`. */
export function useServer(): TestServer {
  const server = {} as TestServer;
  beforeAll(async () => void Object.assign(server, ending(await startServer())));
  return server;
}

/** @param files other files that it serves, by path, with their types, for clients on a page of this origin */
export async function startServer(files: ReadonlyMap<string, ServedFile> = new Map()): Promise<TestServer> {
  const arrivals: Arrival[] = [];
  const gates = new Gates();
  const sockets = new Set<Socket>();
  const start = async (): Promise<[Server, string]> => {
    const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      response.sendDate = false;
      const file = files.get(request.url!);
      if (file) return void response.setHeader('content-type', file.type).end(file.content);
      const context = receive(request, response, gates);
      arrivals.push(context.arrival);
      answer(context).catch((error: Error) => response.destroy(error));
    });
    server.on('upgrade', (request, socket, head) => {
      const arrival = record(request);
      arrivals.push(arrival);
      upgrade(request, socket, head, arrival, gates);
    });
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    });
    return [server, await listen(server)];
  };
  const [first, origin] = await start();
  const [second, other] = await start();
  const full = await startFull();
  const closed = await closedOrigin();
  return {
    origin,
    other,
    closed: closed.origin,
    full: full.origin,
    arrivals,
    connections: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([end(first), end(second), full.close(), closed.close()]);
    },
  };
}

function record(request: IncomingMessage): Arrival {
  const headers: Arrival['headers'] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    headers.push([request.rawHeaders[i]!, request.rawHeaders[i + 1]!]);
  }
  return { method: request.method!, url: request.url!, headers, body: Buffer.alloc(0) };
}

function receive(request: IncomingMessage, response: ServerResponse, gates: Gates): RequestContext {
  const url = new URL(request.url!, 'http://server');
  const arrival = record(request);
  const key = url.searchParams.get('key');
  if (key) gates.open(`arrived ${key}`);
  const received = new Promise<void>((resolve) => {
    if (url.searchParams.has('unread')) return resolve();
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (key) gates.open(`received ${key}`, String(length));
    });
    request.on('end', () => {
      arrival.body = Buffer.concat(chunks);
      resolve();
    });
    request.on('error', () => resolve());
  });
  response.on('close', () => {
    if (key) gates.open(`ended ${key}`, response.writableFinished ? 'finished' : 'broken off');
  });
  return { request, response, url, arrival, received, gates };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function end(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
