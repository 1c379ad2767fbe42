/** The JavaScript side of the bridge: Python handles a request or response in one call instead of many. */
import * as sockets from 'cloudflare:sockets';
import * as workers from 'cloudflare:workers';
import { readableTraceback } from '../traceback.ts';
import { loop, running } from './event.ts';
import { http, initOf, splitHeaders } from './http.ts';
import { whileAlive } from './lifetime.ts';

export const bridge = {
  ...http,
  workers,
  sockets,
  loop,
  openSocket,

  importModule: (name: string): Promise<unknown> => import(name),

  /** A step of a Workflow, which tries it again if it fails, but for the error of this name. */
  step: (run: (...given: unknown[]) => Promise<unknown>) => async (context: unknown) => {
    try {
      return await run(context);
    } catch (error) {
      const { type, message } = error as Error & { type?: string };
      if (type !== 'NonRetryableError') throw error;
      throw Object.assign(new Error(message), { name: type });
    }
  },

  /** A response with a streamed body; `length` is its length, if known. */
  stream(status: number, statusText: string | undefined, headers: string, length: number | undefined) {
    const { readable, writable } =
      length === undefined ? new IdentityTransformStream() : new FixedLengthStream(length);
    const writer = writable.getWriter();
    whileAlive(() => writer.closed).catch((error) => writer.abort(error).catch(() => {}));
    return {
      response: new Response(readable, initOf(status, statusText, headers)),
      write: (bytes: Uint8Array) => writer.write(bytes),
      close: () => writer.close(),
      abort: (reason: string) => writer.abort(new Error(reason)),
    };
  },

  /** Logs a traceback once, and not each of its lines. */
  report: (traceback: string) => console.error(readableTraceback(traceback)),
};

declare class IdentityTransformStream extends TransformStream<Uint8Array, Uint8Array> {}
declare class FixedLengthStream extends IdentityTransformStream {
  constructor(length: number);
}

/** A WebSocket for Python: a response for the client, and one event at a time. */

interface ServerSocket extends WebSocket {
  accept(): void;
}
declare const WebSocketPair: new () => { 0: WebSocket; 1: ServerSocket };

type Event =
  | { type: 'text'; data: string }
  | { type: 'bytes'; data: Uint8Array }
  | { type: 'close'; code: number; reason: string };

/** The close code of a peer that disconnects without one (RFC 6455, 7.1.5). */
const ABNORMAL = 1006;
const INTERNAL_ERROR = 1011;

function openSocket(lines: string, protocol: string | undefined) {
  const { 0: client, 1: server } = new WebSocketPair();
  const waiting: ((event: Event) => void)[] = [];
  const events: Event[] = [];
  const push = (event: Event) => {
    const next = waiting.shift();
    if (next) next(event);
    else events.push(event);
  };
  server.binaryType = 'arraybuffer';
  server.accept();
  server.addEventListener('message', ({ data }) =>
    push(typeof data === 'string' ? { type: 'text', data } : { type: 'bytes', data: new Uint8Array(data) }),
  );
  const event = running();
  const closed = new Promise<void>((resolve) => {
    const close = (code: number, reason: string) => {
      push({ type: 'close', code, reason });
      event?.leave();
      resolve();
    };
    server.addEventListener('close', ({ code, reason }) => close(code, reason));
    server.addEventListener('error', () => close(ABNORMAL, ''));
  });
  whileAlive(() => closed).catch((error) => server.close(INTERNAL_ERROR, error.message));
  const headers = new Headers(splitHeaders(lines));
  if (protocol !== undefined) headers.set('sec-websocket-protocol', protocol);
  return {
    response: new Response(null, { status: 101, headers, webSocket: client } as ResponseInit),
    receive: () =>
      new Promise<Event>((resolve) => {
        const event = events.shift();
        if (event) resolve(event);
        else waiting.push(resolve);
      }),
    transmit: (data: string | Uint8Array<ArrayBuffer>) => server.send(data),
    close: (code: number, reason: string) => server.close(code, reason),
  };
}
