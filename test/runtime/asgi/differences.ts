/** Where uvicorn 0.54.0 answers a check otherwise: its answer, and why a Worker's is what it is. */
import { expect } from 'vitest';
import { CHECKS } from './checks.ts';

/** Addresses contain ports of this machine. */
const ANY = expect.anything();

const EXTENSIONS =
  'The specification has extensions as an optional key, and an empty one says the same as none.';
const HOST =
  'A Worker listens on no address of its own: the host that the client asked for is what it knows.';
/** The specification says: "must not actually start sending the response until the first body event". */
const HEAD_FIRST =
  'uvicorn sends the head at once; by the specification a server waits for the first body, so an error before it is a 500.';
const JOINED =
  "The Fetch standard's Headers join repeated headers, which RFC 9110, 5.3, calls equal; cookies stay apart.";
const NOTICED =
  'workerd rejects it while the client still gets a 500; uvicorn, or h11, drops the connection.';
const CONNECT = { type: 'websocket.connect' };
const CLOSED =
  'uvicorn drops the connection (1006). The specification says nothing of it; a close frame says what happened (RFC 6455, 7.4.1).';

const rows: [name: string, uvicorn: unknown, because: string][] = [
  ['scope: the keys of the scope', ANY, EXTENSIONS],
  ['scope: the types in the scope', ANY, EXTENSIONS],
  ['scope: no extension of HTTP is claimed', ['missing'], EXTENSIONS],
  [
    'scope: the versions',
    [{ version: '3.0', spec_version: '2.3' }],
    'From 2.4 on, send raises OSError if the client has left, as it does in a Worker.',
  ],
  ['scope: the address of the client', ANY, 'In front of a Worker is Cloudflare, which names the client.'],
  ['scope: a header: repeated', [['b:1', 'b:2']], JOINED],
  ...['example.com', 'example.com:99', '[2001:db8::1]', '[2001:db8::1]:99'].map(
    (host): [string, unknown, string] => [`scope: the server, by the host ${host}`, ANY, HOST],
  ),
  [
    'responses: the status 418',
    { status: 418, reason: "I'm a Teapot", body: '' },
    'Reasons mean nothing (RFC 9112, 4).',
  ],
  [
    'responses: a header in Latin-1',
    { headers: { 'x-one': ['\xfc'] } },
    'workerd sends every header as UTF-8, so a byte that is no UTF-8 cannot be sent.',
  ],
  [
    'responses: the length of a whole body',
    { headers: {} },
    'workerd knows the length of a body that is whole, and uvicorn sends it chunked.',
  ],
  ['responses: a whole body longer than its length', { status: 200 }, HEAD_FIRST],
  ['responses: a whole body shorter than its length', { status: 200 }, HEAD_FIRST],
  ['errors: an error after the head', { status: 200 }, HEAD_FIRST],
  ['errors: a head without a body', { status: 200 }, HEAD_FIRST],
  ['errors: two heads', { status: 200 }, HEAD_FIRST],
  ...[
    'a head without a status',
    'a header with a line end',
    'a header with a line feed',
    'a name of a header with a space',
    'a status that is none',
  ].map((name): [string, unknown, string] => [`errors: ${name}`, { status: undefined }, NOTICED]),
  [
    'WebSockets: the client is gone without a close',
    [CONNECT, { type: 'websocket.disconnect', code: 1006, reason: '' }],
    'The specification leaves the reason open; workerd has one.',
  ],
  ['WebSockets: a return closes it', [{ code: 1006, reason: '' }], CLOSED],
  ['WebSockets: an error', [{ code: 1006, reason: '' }], CLOSED],
  [
    'WebSockets: after the client has closed, receive says so again',
    [
      CONNECT,
      { type: 'websocket.disconnect', code: 4000, reason: '' },
      { type: 'websocket.disconnect', code: 1005 },
    ],
    'The second answer is the first one: uvicorn has forgotten the code.',
  ],
  [
    'WebSockets: after the client has closed, send fails',
    [CONNECT, { type: 'websocket.disconnect', code: 4000, reason: '' }, 'RuntimeError'],
    'The specification: send raises a subclass of OSError if the client has left.',
  ],
];

/** uvicorn's answers to all checks. */
export function answersOfUvicorn(): Record<string, unknown> {
  const answers = Object.fromEntries(CHECKS.map(({ name, expected }) => [name, expected]));
  for (const [name, uvicorn] of rows) {
    if (!Object.hasOwn(answers, name)) throw new Error(`there is no check ${name}`);
    answers[name] = uvicorn;
  }
  return answers;
}
