/** A client of an ASGI server: its steps and answers are data, so that servers can be compared. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';

/** A step of `projects/asgi/src/application.py`, with what it takes. */
export type Step = readonly [name: string, ...values: unknown[]];

export interface Asked {
  method?: string;
  path?: string;
  headers?: Record<string, string | string[]>;
  /** Parts are sent chunked, unless the headers have a content-length. */
  body?: string | readonly string[];
}

export interface Answer {
  status: number | undefined;
  reason: string | undefined;
  headers: Record<string, string[]>;
  /** A byte a character. */
  body: string;
  /** Whether it ended before its end. */
  aborted: boolean;
}

let asked = 0;
export const newName = () => `check-${++asked}`;

/** Text in UTF-8, a byte a character, as Node sends headers. */
export const utf8 = (text: string) => Buffer.from(text).toString('latin1');

/** A header is ASCII. */
const headersOf = (name: string, steps: readonly Step[]) => ({
  'x-name': name,
  'x-steps': JSON.stringify(steps).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  ),
});

export async function ask(
  origin: string,
  name: string,
  steps: readonly Step[],
  asked: Asked,
): Promise<Answer> {
  const { method = 'GET', path = '/', headers = {}, body } = asked;
  const sent = request(new URL(origin), {
    method,
    path,
    agent: false,
    headers: { ...headersOf(name, steps), ...headers },
  });
  for (const part of typeof body === 'string' ? [body] : (body ?? [])) sent.write(part, 'latin1');
  sent.end();
  try {
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return await read(response);
  } catch {
    // The connection was closed before its head.
    return { status: undefined, reason: undefined, headers: {}, body: '', aborted: true };
  }
}

async function read(response: IncomingMessage): Promise<Answer> {
  const { statusCode: status, statusMessage: reason } = response;
  const headers: Record<string, string[]> = {};
  for (let at = 0; at < response.rawHeaders.length; at += 2) {
    const key = response.rawHeaders[at]!.toLowerCase();
    headers[key] = [...(headers[key] ?? []), response.rawHeaders[at + 1]!];
  }
  let body = '';
  try {
    for await (const chunk of response.setEncoding('latin1')) body += chunk;
    return { status, reason, headers, body, aborted: false };
  } catch {
    return { status, reason, headers, body, aborted: true };
  }
}

/** What the application saw of a request, once it has returned. */
export async function logOf(origin: string, name: string): Promise<unknown> {
  for (;;) {
    const { body } = await ask(origin, '', [], { path: `/log/${name}` });
    if (body !== 'null') return JSON.parse(body);
    await setTimeout(50);
  }
}

const HANDSHAKE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
};

/** The answer to a handshake, after which the client is gone without a close frame. */
export async function shake(
  origin: string,
  name: string,
  steps: readonly Step[],
  more: Asked,
): Promise<Answer> {
  const headers = { ...HANDSHAKE, ...headersOf(name, steps), ...more.headers };
  const sent = request(new URL(origin), { path: more.path ?? '/', agent: false, headers });
  sent.end();
  return new Promise((resolve, reject) => {
    sent.on('error', reject).on('response', (response) => resolve(read(response)));
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      // Nothing follows of this message.
      response.push(null);
      resolve(read(response));
    });
  });
}

/** What a client does with an open WebSocket: sends, waits for a message or the close, or closes. */
export type Action =
  | readonly ['send', string | Uint8Array]
  | readonly ['next']
  | readonly ['close', number?, string?];

/** The messages, bytes in an array; a close as its code and reason. */
export async function talk(
  origin: string,
  name: string,
  steps: readonly Step[],
  actions: readonly Action[],
  { path = '/', headers = {}, protocols = [] as string[] } = {},
): Promise<unknown[]> {
  const all = { ...headersOf(name, steps), ...headers };
  // As Node takes them, whose types are those of browsers here.
  const init = { protocols, headers: all } as unknown as string[];
  const socket = new WebSocket(`${origin.replace('http', 'ws')}${path}`, init);
  socket.binaryType = 'arraybuffer';
  const events: unknown[] = [];
  let wake = () => {};
  const push = (event: unknown) => {
    events.push(event);
    wake();
  };
  socket.addEventListener('message', ({ data }) =>
    push(typeof data === 'string' ? data : [...new Uint8Array(data as ArrayBuffer)]),
  );
  socket.addEventListener('close', ({ code, reason }) => push({ code, reason }));
  const opened = await new Promise<boolean>((resolve) => {
    socket.addEventListener('open', () => resolve(true));
    socket.addEventListener('error', () => resolve(false));
  });
  if (!opened) return ['refused'];
  const results: unknown[] = [];
  for (const [kind, ...values] of actions) {
    if (kind === 'send') socket.send(values[0] as string);
    else if (kind === 'close') socket.close(...(values as [number?, string?]));
    else {
      while (events.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      results.push(events.shift());
    }
  }
  if (socket.readyState < WebSocket.CLOSING) socket.close();
  return results;
}
