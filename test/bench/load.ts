/**
 * A load generator on raw sockets: many requests at once over kept-alive connections of HTTP/1.1, no pipelining.
 * Those on npm spend more time on a request than the server they are to measure.
 */
import { connect, type Socket } from 'node:net';

export interface Load {
  /** Requests a second. */
  rate: number;
  requests: number;
  /** Responses with another status than 200; for conditional requests, than 304. */
  refused: number;
  bytes: number;
}

const CONNECTIONS = 32;

/** Sends GETs of `paths`, in turn, for `seconds`. */
export async function load(
  origin: URL,
  paths: readonly string[],
  seconds: number,
  headers: Record<string, string> = {},
): Promise<Load> {
  const lines = Object.entries({ host: origin.host, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const requests = paths.map((path) => Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`));
  const expected = 'if-none-match' in headers ? 304 : 200;
  const total = { requests: 0, refused: 0, bytes: 0 };
  let next = 0;
  const started = performance.now();
  const until = started + seconds * 1000;
  const take = () => (performance.now() < until ? requests[next++ % requests.length] : undefined);
  await Promise.all(Array.from({ length: CONNECTIONS }, () => runConnection(origin, take, expected, total)));
  return { ...total, rate: (total.requests * 1000) / (performance.now() - started) };
}

/** The load, all of which was served. */
export async function served(running: Promise<Load>): Promise<Load> {
  const result = await running;
  if (result.refused > 0) throw new Error(`${result.refused} of ${result.requests} requests were refused`);
  return result;
}

function runConnection(
  origin: URL,
  take: () => Buffer | undefined,
  expected: number,
  total: { requests: number; refused: number; bytes: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(Number(origin.port), origin.hostname);
    socket.setNoDelay(true);
    /** Bytes of the response under way that are still to come; null before its head has been read. */
    let missing: number | null = null;
    let head = Buffer.alloc(0);
    const send = () => {
      const request = take();
      if (request) socket.write(request);
      else socket.end(resolve);
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      total.bytes += chunk.length;
      let body = chunk.length;
      if (missing === null) {
        head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        const text = head.toString('latin1', 0, end);
        const status = Number(text.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3));
        if (status !== expected) total.refused++;
        const length = status === 304 ? 0 : /\ncontent-length: *(\d+)/i.exec(text)?.[1];
        if (length === undefined) return void reject(new Error(`a response without a length: ${text}`));
        missing = Number(length);
        body = head.length - end - 4;
      }
      missing -= body;
      if (missing > 0) return;
      missing = null;
      head = Buffer.alloc(0);
      total.requests++;
      send();
    });
  });
}
