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

export function openSocket(headers: string[]) {
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
  server.addEventListener('close', ({ code, reason }) => push({ type: 'close', code, reason }));
  server.addEventListener('error', () => push({ type: 'close', code: ABNORMAL, reason: '' }));
  const init = new Headers();
  for (let at = 0; at < headers.length; at += 2) init.append(headers[at]!, headers[at + 1]!);
  return {
    response: new Response(null, { status: 101, headers: init, webSocket: client } as ResponseInit),
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
