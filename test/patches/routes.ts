/** What the test server answers, by the first part of the path. */
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { basicAuth, digestAuth } from './auth.ts';
import { chatCompletions } from './fake-openai.ts';
import type { Exchange } from './server.ts';

type Route = (exchange: Exchange, parts: string[]) => void | Promise<void>;

const encoders: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};
export const PLAIN = 'Grüße, plain text. '.repeat(200);

const routes: Record<string, Route> = {
  /** What arrived, as JSON. */
  echo({ response, arrival }) {
    const { body, ...rest } = arrival;
    json(response, { ...rest, body: body.toString('base64') });
  },

  status({ response, arrival }, [status = '200']) {
    response.writeHead(Number(status), { 'x-route': 'status', etag: '"tag"' });
    response.end(
      ['204', '304'].includes(status) || arrival.method === 'HEAD' ? undefined : `status ${status}`,
    );
  },

  bytes({ response }, [size = '0']) {
    response.end(Buffer.alloc(Number(size), 'x'));
  },

  /** The path's rest is the charset of a text. */
  text({ response }, [charset = 'utf-8']) {
    response.writeHead(200, { 'content-type': `text/plain; charset=${charset}` });
    response.end(Buffer.from('naïve café', charset === 'latin-1' ? 'latin1' : 'utf8'));
  },

  json({ response }) {
    json(response, { name: 'pinwheel', list: [1, 2, 3], nothing: null });
  },

  headers({ response }) {
    response.writeHead(200, 'Quite Fine', [
      ...['X-Twice', 'one', 'X-Twice', 'two', 'X-Latin', Buffer.from('é', 'utf8').toString('latin1')],
      ...['Cache-Control', 'no-store', 'Content-Type', 'text/plain'],
    ]);
    response.end('headers');
  },

  /** Three cookies, one of them with a comma in its date. */
  'set-cookies'({ response }) {
    response.writeHead(200, [
      ...['Set-Cookie', 'first=1; Path=/'],
      ...['Set-Cookie', 'second=two words; Path=/; Expires=Wed, 21 Oct 2037 07:28:00 GMT'],
      ...['Set-Cookie', 'third="3"; Path=/; HttpOnly'],
    ]);
    response.end('cookies');
  },

  /** `/redirect/3` goes to `/redirect/2`…, `/redirect/0` is the end. */
  redirect({ response, arrival }, [left = '0']) {
    if (left === '0') return void json(response, { method: arrival.method, body: arrival.body.toString() });
    const next = left === 'loop' ? 'loop' : String(Number(left) - 1);
    response.writeHead(302, { location: `/redirect/${next}`, 'set-cookie': `hop${left}=${left}; Path=/` });
    response.end(`to ${next}`);
  },

  'redirect-to'({ response, url }) {
    const status = Number(url.searchParams.get('status') ?? 302);
    response.writeHead(status, { location: url.searchParams.get('to')! });
    response.end('elsewhere');
  },

  encoded({ response, arrival, url }, [coding = 'gzip']) {
    const body = coding
      .split('+')
      .reduce<Uint8Array>((bytes, each) => encoders[each]!(bytes), Buffer.from(PLAIN));
    const headers = {
      'content-encoding': coding.replaceAll('+', ', '),
      'content-type': 'text/plain; charset=utf-8',
    };
    const framing = url.searchParams.has('chunked') ? {} : { 'content-length': body.length };
    response.writeHead(200, { ...headers, ...framing });
    response.end(arrival.method === 'HEAD' ? undefined : body);
  },

  'bad-gzip'({ response }) {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end('this is no gzip');
  },

  /** Sends a chunk, and each further one when `/open/KEY-N` has been asked for. */
  async gated({ response, url, gates }, [count = '3']) {
    response.writeHead(200, { 'content-type': 'text/plain' });
    for (let index = 0; index < Number(count); index++) {
      if (index > 0) await gates.wait(`${url.searchParams.get('key')}-${index}`);
      response.write(`chunk ${index}\n`);
    }
    response.end();
  },

  open({ response, gates }, [name = '']) {
    gates.open(name);
    response.end('open');
  },

  /** Waits for the end of the exchange with this `?key=`: `finished` or `broken off`. */
  async ended({ response, gates }, [key]) {
    response.end(await gates.wait(`ended ${key}`));
  },

  /** Waits until a request with this `?key=` has arrived. */
  async arrived({ response, gates }, [key]) {
    response.end(await gates.wait(`arrived ${key}`));
  },

  /** Waits until the exchange with this `?key=` has brought bytes: how many so far. */
  async 'received-by'({ response, gates }, [key]) {
    response.end(await gates.wait(`received ${key}`));
  },

  /** Answers before the body has been read, and reads none of it. */
  'early-answer'({ response }) {
    response.writeHead(413);
    response.end('too large');
  },

  never() {},

  /** The head and one chunk, then silence. */
  'never-ending'({ response }) {
    response.write('a beginning');
  },

  /** Silence before the head, ended by `/open/KEY`. */
  async late({ response, url, gates }) {
    await gates.wait(url.searchParams.get('key')!);
    response.end('late');
  },

  reset({ request }) {
    request.socket.resetAndDestroy();
  },

  close({ request }) {
    request.socket.destroy();
  },

  'reset-in-body'({ request, response }) {
    response.writeHead(200, { 'content-length': 100_000 });
    response.write('some bytes', () => setTimeout(() => request.socket.resetAndDestroy(), 50));
  },

  'close-in-chunks'({ request, response }) {
    response.write('some bytes', () => request.socket.end());
  },

  'short-body'({ request }) {
    request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes.');
  },

  garbage({ request }) {
    request.socket.end('This is not HTTP.\r\n\r\n');
  },

  v1: chatCompletions,
  'basic-auth': basicAuth,
  'digest-auth': digestAuth,

  /** Events with comments, several lines of data, and a character that is cut in two. */
  async events({ response, url, gates }) {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const text = Buffer.from('event: note\nid: 2\ndata: Grüße\ndata: zwei\n\n');
    response.write(': a comment\n\ndata: one\n\n');
    if (url.searchParams.has('key')) await gates.wait(url.searchParams.get('key')!);
    response.write(text.subarray(0, 26));
    await new Promise((resolve) => setTimeout(resolve, 20));
    response.write(text.subarray(26));
    response.end('data: [DONE]\n\n');
  },

  /** `size` bytes in chunks, for measuring. */
  async stream({ response }, [size = '0']) {
    const chunk = Buffer.alloc(65_536, 'y');
    for (let left = Number(size); left > 0; left -= chunk.length) {
      const written = response.write(left < chunk.length ? chunk.subarray(0, left) : chunk);
      if (!written) await new Promise((resolve) => response.once('drain', resolve));
    }
    response.end();
  },
};

export async function answer(exchange: Exchange): Promise<void> {
  const [, name = '', ...parts] = exchange.url.pathname.split('/');
  const early = name === 'early-answer';
  if (!early) await exchange.received;
  const route = routes[name] ?? routes.echo!;
  await route(exchange, parts.map(decodeURIComponent));
}

export function json(response: Exchange['response'], value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
