/** Checks of an ASGI server, each with the answer of a built Worker. */
import {
  type Action,
  type Answer,
  type Asked,
  ask,
  logOf,
  newName,
  type Step,
  shake,
  talk,
  utf8,
} from './client.ts';

interface Check {
  name: string;
  run(origin: string): Promise<unknown>;
  expected: unknown;
}

/** Under a new name, by which the application can be asked afterwards. */
const check = (
  name: string,
  expected: unknown,
  run: (origin: string, own: string) => Promise<unknown>,
): Check => ({ name, expected, run: (origin) => run(origin, newName()) });

/** A check of what the application sees, which its answer says. */
const sees = (name: string, steps: readonly Step[], expected: unknown, asked: Asked = {}): Check =>
  check(name, expected, async (origin, own) => {
    const { status, body } = await ask(origin, own, [...steps, ['answer']], asked);
    return status === 200 ? JSON.parse(body) : status;
  });

type Expected = Partial<Omit<Answer, 'headers'>> & { headers?: Record<string, string[] | undefined> };

/** A check of the fields and headers of the client's answer that `expected` names. */
const gets = (name: string, steps: readonly Step[], expected: Expected, asked: Asked = {}): Check =>
  check(name, expected, async (origin, own) => picked(await ask(origin, own, steps, asked), expected));

function picked(answer: Answer, { headers, ...rest }: Expected): Expected {
  const some = Object.fromEntries(Object.keys(rest).map((key) => [key, answer[key as keyof Answer]]));
  if (headers === undefined) return some;
  return {
    ...some,
    headers: Object.fromEntries(Object.keys(headers).map((key) => [key, answer.headers[key]])),
  };
}

/** A check of what the application sees after its answer. */
const logs = (name: string, steps: readonly Step[], expected: unknown, asked: Asked = {}): Check =>
  check(name, expected, async (origin, own) => {
    await ask(origin, own, steps, asked);
    return logOf(origin, own);
  });

const talks = (name: string, steps: readonly Step[], actions: readonly Action[], expected: unknown): Check =>
  check(name, expected, (origin, own) => talk(origin, own, steps, actions));

const talkLogs = (
  name: string,
  steps: readonly Step[],
  actions: readonly Action[],
  expected: unknown,
  options = {},
): Check =>
  check(name, expected, async (origin, own) => {
    await talk(origin, own, steps, actions, options);
    return logOf(origin, own);
  });

/** The scope of a WebSocket, which is sent over it. */
const socketSees = (name: string, steps: readonly Step[], expected: unknown, options = {}): Check =>
  talkLogs(name, [...steps, ['receive'], SEND({ type: 'websocket.accept' })], [['next']], expected, options);

const shakes = (name: string, steps: readonly Step[], expected: Expected, asked: Asked = {}): Check =>
  check(name, expected, async (origin, own) => picked(await shake(origin, own, steps, asked), expected));

const SEND = (...messages: object[]): Step => ['send', ...messages];
const START = (status = 200, headers: string[][] = []) => ({
  type: 'http.response.start',
  status,
  headers: headers.map((pair) => pair.map((part) => `b:${part}`)),
});
const BODY = (text: string, more_body?: boolean) => ({
  type: 'http.response.body',
  body: `b:${text}`,
  ...(more_body === undefined ? {} : { more_body }),
});
const TRY = (message: object): Step => ['try', message];
const length = (size: number) => ['content-length', String(size)];
const REQUEST = { type: 'http.request', body: 'b:', more_body: false };
const GONE = { type: 'http.disconnect' };

const path = (asked: string, decoded: string): Check =>
  sees(`the path ${asked}`, [['scope', 'path', 'raw_path']], [decoded, `b:${asked}`], { path: asked });
const query = (asked: string, expected: string): Check =>
  sees(`the query of ${asked}`, [['scope', 'query_string']], [`b:${expected}`], { path: asked });
const header = (name: string, key: string, values: string | string[], expected: string[]): Check =>
  sees(`a header: ${name}`, [['header', key]], [expected.map((value) => `b:${value}`)], {
    headers: { [key]: values },
  });

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'REPORT', 'PURGE'];
const KEYS = [
  ...[
    'asgi',
    'client',
    'extensions',
    'headers',
    'http_version',
    'method',
    'path',
    'query_string',
    'raw_path',
  ],
  ...['root_path', 'scheme', 'server', 'state', 'type'],
];

const SCOPE: Check[] = [
  sees('the keys of the scope', [['keys']], [KEYS]),
  sees(
    'the types in the scope',
    [['types']],
    [
      {
        type: 'str',
        asgi: 'dict',
        http_version: 'str',
        method: 'str',
        scheme: 'str',
        path: 'str',
        raw_path: 'bytes',
        query_string: 'bytes',
        root_path: 'str',
        headers: 'list',
        server: 'tuple',
        client: 'tuple',
        extensions: 'dict',
        state: 'dict',
      },
      ['bytes'],
    ],
    { headers: { 'cf-connecting-ip': '192.0.2.1' } },
  ),
  sees(
    'the kind, the scheme and the root path',
    [['scope', 'type', 'scheme', 'root_path', 'http_version']],
    ['http', 'http', '', '1.1'],
  ),
  sees('the versions', [['scope', 'asgi']], [{ version: '3.0', spec_version: '2.4' }]),
  sees('no extension of HTTP is claimed', [['scope', 'extensions']], [{}]),
  sees('the address of the client', [['scope', 'client']], [['192.0.2.1', 0]], {
    headers: { 'cf-connecting-ip': '192.0.2.1' },
  }),
  ...METHODS.map((method) => sees(`the method ${method}`, [['scope', 'method']], [method], { method })),
  path('/', '/'),
  path('/a/b', '/a/b'),
  path('/a/b/', '/a/b/'),
  path('/a%20b', '/a b'),
  path('/%C3%BC', '/ü'),
  path('/%c3%bc', '/ü'),
  path('/a%2Fb', '/a/b'),
  path('/100%25', '/100%'),
  path('/a+b', '/a+b'),
  path('/a;b=c,d', '/a;b=c,d'),
  path('//double', '//double'),
  path('/%FF', '/\ufffd'),
  path('/a%3Fb', '/a?b'),
  path("/~-_.!$&'()*=:@", "/~-_.!$&'()*=:@"),
  path('/a/../b', '/a/../b'),
  query('/', ''),
  query('/?', ''),
  query('/?a=1&b=2', 'a=1&b=2'),
  query('/?a=%20&b=%C3%BC', 'a=%20&b=%C3%BC'),
  query('/?a=b?c', 'a=b?c'),
  query('/?a+b', 'a+b'),
  query('/?a=/b//c', 'a=/b//c'),
  query('/?&&=', '&&='),
  header('its name in lower case', 'x-one', '1', ['1']),
  header('empty', 'x-one', '', ['']),
  header('white space around its value', 'x-one', '  a b  ', ['a b']),
  header('8 kB', 'x-one', 'x'.repeat(8192), ['x'.repeat(8192)]),
  header('UTF-8', 'x-one', utf8('ü'), [utf8('ü')]),
  header('a list with commas', 'accept', 'a, b;q=0.5', ['a, b;q=0.5']),
  header('repeated', 'x-one', ['1', '2'], ['1, 2']),
  header('cookies', 'cookie', 'a=1; b=2', ['a=1; b=2']),
  header('authorization', 'authorization', 'Basic YTpi', ['Basic YTpi']),
  header('accept-encoding', 'accept-encoding', 'gzip, br', ['gzip, br']),
  header('host', 'host', 'example.com:99', ['example.com:99']),
  ...(
    [
      ['example.com', ['example.com', 80]],
      ['example.com:99', ['example.com', 99]],
      ['[2001:db8::1]', ['2001:db8::1', 80]],
      ['[2001:db8::1]:99', ['2001:db8::1', 99]],
    ] as const
  ).map(([host, server]) =>
    sees(`the server, by the host ${host}`, [['scope', 'server']], [server], { headers: { host } }),
  ),
];

const chunked = { 'transfer-encoding': 'chunked' };
const text = (body: string | string[], more: Asked = {}): Asked => ({ method: 'POST', body, ...more });
const BYTES = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
const BODIES: Check[] = [
  sees('no body', [['receive']], [REQUEST]),
  sees('POST without a body', [['receive']], [REQUEST], {
    method: 'POST',
    headers: { 'content-length': '0' },
  }),
  sees(
    'a body',
    [['body']],
    [[294, 3, 1, 'http.request']],
    text('abc', { headers: { 'content-length': '3' } }),
  ),
  sees(
    'a body of a stated length ends with its last part',
    [['receive']],
    [{ ...REQUEST, body: 'b:abc' }],
    text('abc', { headers: { 'content-length': '3' } }),
  ),
  sees('a chunked body', [['body']], [[294, 3, 1, 'http.request']], text(['abc'])),
  sees('an empty chunked body', [['body']], [[0, 0, 0, 'http.request']], text([])),
  sees('all bytes', [['body']], [[32640, 256, 1, 'http.request']], text(BYTES)),
  sees('a body of GET', [['body']], [[294, 3, 1, 'http.request']], { body: 'abc', headers: chunked }),
  sees('a body of DELETE', [['body']], [[294, 3, 1, 'http.request']], {
    ...text('abc', { headers: chunked }),
    method: 'DELETE',
  }),
  {
    name: 'a body of 1 MB comes in parts',
    expected: [97 << 20, 1 << 20, true, 'http.request'],
    run: async (origin) => {
      const { body } = await ask(origin, newName(), [['body'], ['answer']], text('a'.repeat(1 << 20)));
      const [[sum, size, parts, last]] = JSON.parse(body);
      return [sum, size, parts > 1, last];
    },
  },
  sees('an encoded body is not decoded', [['body']], [[294, 3, 1, 'http.request']], {
    ...text('abc'),
    headers: { 'content-encoding': 'gzip' },
  }),
  sees('expect: 100-continue', [['body']], [[294, 3, 1, 'http.request']], {
    ...text('abc'),
    headers: { expect: '100-continue' },
  }),
  gets('a body that nothing reads', [SEND(START(), BODY('x'))], { status: 200, body: 'x' }, text('abc')),
  gets(
    'a body that is read after the head was sent',
    [SEND(START()), ['body'], SEND(BODY('x'))],
    { body: 'x' },
    text('abc'),
  ),
  sees(
    'its length',
    [['header', 'content-length']],
    [['b:3']],
    text('abc', { headers: { 'content-length': '3' } }),
  ),
  sees(
    'its type',
    [['header', 'content-type']],
    [['b:text/x; a=b']],
    text('abc', { headers: { 'content-type': 'text/x; a=b' } }),
  ),
  logs(
    'after the response, the client is gone',
    [['receive'], SEND(START(), BODY('x')), ['receive', 2]],
    [REQUEST, GONE, GONE],
  ),
  logs('also if the body was not read', [SEND(START(), BODY('x')), ['receive']], [GONE], text('abc')),
];

const status = (code: number, reason: string): Check =>
  gets(`the status ${code}`, [SEND(START(code), BODY(''))], { status: code, reason, body: '' });
const RESPONSES: Check[] = [
  status(200, 'OK'),
  status(201, 'Created'),
  status(204, 'No Content'),
  status(206, 'Partial Content'),
  status(302, 'Found'),
  status(304, 'Not Modified'),
  status(404, 'Not Found'),
  status(418, "I'm a teapot"),
  status(451, 'Unavailable For Legal Reasons'),
  status(500, 'Internal Server Error'),
  status(503, 'Service Unavailable'),
  gets('a body', [SEND(START(), BODY('text'))], { body: 'text' }),
  gets('all bytes', [SEND(START(), BODY(BYTES))], { body: BYTES }),
  gets('no body', [SEND(START(), { type: 'http.response.body' })], { status: 200, body: '' }),
  gets('parts', [SEND(START(), BODY('a', true), BODY('b', true), BODY('c'))], { body: 'abc' }),
  gets('empty parts', [SEND(START(), BODY('', true), BODY('a', true), BODY('', true), BODY(''))], {
    body: 'a',
  }),
  gets('1,000 parts', [SEND(START()), ['many', BODY('ab', true), 1000], SEND(BODY(''))], {
    body: 'ab'.repeat(1000),
  }),
  gets('1 MB', [SEND(START()), ['large', { type: 'http.response.body' }, 'body', 1 << 20]], {
    body: 'x'.repeat(1 << 20),
  }),
  gets('a bytearray', [SEND(START()), ['buffer', 'bytearray']], { body: 'content' }),
  gets('a memoryview', [SEND(START()), ['buffer', 'memoryview']], { body: 'content' }),
  gets('no headers', [SEND({ type: 'http.response.start', status: 200 }, BODY('a'))], {
    status: 200,
    body: 'a',
  }),
  gets('headers of a generator', [['lazy'], SEND(BODY(''))], { headers: { 'x-a': ['1'], 'x-b': ['1'] } }),
  gets('a header', [SEND(START(200, [['x-one', '1']]), BODY(''))], { headers: { 'x-one': ['1'] } }),
  gets('an empty header', [SEND(START(200, [['x-one', '']]), BODY(''))], { headers: { 'x-one': [''] } }),
  gets('the name of a header in capitals', [SEND(START(200, [['X-One', '1']]), BODY(''))], {
    headers: { 'x-one': ['1'] },
  }),
  gets(
    'cookies',
    [
      SEND(
        START(200, [
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2; Path=/'],
        ]),
        BODY(''),
      ),
    ],
    {
      headers: { 'set-cookie': ['a=1', 'b=2; Path=/'] },
    },
  ),
  gets('a header in UTF-8', [SEND(START(200, [['x-one', utf8('ü')]]), BODY(''))], {
    headers: { 'x-one': [utf8('ü')] },
  }),
  gets('a header in Latin-1', [SEND(START(200, [['x-one', '\xfc']]), BODY(''))], {
    headers: { 'x-one': [utf8('ü')] },
  }),
  gets(
    'a header twice',
    [
      SEND(
        START(200, [
          ['x-one', '1'],
          ['x-one', '2'],
        ]),
        BODY(''),
      ),
    ],
    { headers: { 'x-one': ['1', '2'] } },
  ),
  gets('a redirection is not followed', [SEND(START(307, [['location', '/b']]), BODY(''))], {
    status: 307,
    headers: { location: ['/b'] },
  }),
  gets('no type is added', [SEND(START(), BODY('text'))], { headers: { 'content-type': undefined } }),
  gets('the length of a whole body', [SEND(START(), BODY('text'))], { headers: { 'content-length': ['4'] } }),
  gets('a stated length', [SEND(START(200, [length(4)]), BODY('text'))], {
    body: 'text',
    headers: { 'content-length': ['4'] },
  }),
  gets(
    'a stated length of a streamed body',
    [SEND(START(200, [length(4)]), BODY('te', true), BODY('xt', true), BODY(''))],
    {
      body: 'text',
      headers: { 'content-length': ['4'], 'transfer-encoding': undefined },
    },
  ),
  gets(
    'a stated length of a body that is whole before its end',
    [SEND(START(200, [length(4)]), BODY('text', true), BODY(''))],
    {
      body: 'text',
      headers: { 'content-length': ['4'] },
    },
  ),
  gets('a streamed body without a length', [SEND(START(), BODY('te', true), BODY('xt'))], {
    body: 'text',
    headers: { 'content-length': undefined, 'transfer-encoding': ['chunked'] },
  }),
  gets('a whole body longer than its length', [SEND(START(200, [length(2)]), BODY('text'))], { status: 500 }),
  gets('a whole body shorter than its length', [SEND(START(200, [length(9)]), BODY('text'))], {
    status: 500,
  }),
  gets(
    'a streamed body longer than its length',
    [SEND(START(200, [length(4)]), BODY('te', true), BODY('xt!'))],
    { aborted: true },
  ),
  gets(
    'a streamed body shorter than its length',
    [SEND(START(200, [length(9)]), BODY('te', true), BODY('xt'))],
    { aborted: true },
  ),
  gets('an encoded body', [SEND(START(200, [['content-encoding', 'gzip']]), BODY('\x1f\x8b'))], {
    body: '\x1f\x8b',
    headers: { 'content-encoding': ['gzip'] },
  }),
  gets(
    'an encoded body that is streamed',
    [SEND(START(200, [['content-encoding', 'br']]), BODY('\x1f', true), BODY('\x8b'))],
    {
      body: '\x1f\x8b',
      headers: { 'content-encoding': ['br'] },
    },
  ),
  gets('HEAD', [SEND(START(), BODY('text'))], { status: 200, body: '' }, { method: 'HEAD' }),
  gets(
    'HEAD with a length',
    [SEND(START(200, [length(4)]), BODY('text'))],
    { body: '', headers: { 'content-length': ['4'] } },
    { method: 'HEAD' },
  ),
  gets(
    'HEAD of a streamed body with a length',
    [SEND(START(200, [length(4)]), BODY('te', true), BODY('xt', true), BODY(''))],
    {
      status: 200,
      body: '',
      headers: { 'content-length': ['4'] },
    },
    { method: 'HEAD' },
  ),
  gets(
    'HEAD of a streamed body',
    [SEND(START(), BODY('te', true), BODY('xt'))],
    { status: 200, body: '', aborted: false },
    { method: 'HEAD' },
  ),
  gets(
    'HEAD whose length is wrong',
    [SEND(START(200, [length(9)]), BODY(''))],
    { status: 200, headers: { 'content-length': ['9'] } },
    { method: 'HEAD' },
  ),
  logs('304 with a streamed body ends', [SEND(START(304), BODY('', true), BODY('')), ['receive']], [GONE]),
  gets('304 with a length', [SEND(START(304, [length(4)]), BODY(''))], {
    status: 304,
    body: '',
    aborted: false,
  }),
  {
    name: 'parts are sent at once',
    expected: 'a',
    run: async (origin) => {
      const headers = {
        'x-steps': JSON.stringify([SEND(START(), BODY('a', true)), ['until_gone', BODY('', true)]]),
      };
      const controller = new AbortController();
      const { body } = await fetch(origin, { headers, signal: controller.signal });
      const { value } = await body!.getReader().read();
      controller.abort();
      return Buffer.from(value!).toString();
    },
  },
];

const fails = (name: string, ...steps: Step[]): Check => gets(name, steps, { status: 500 });
const ERRORS: Check[] = [
  fails('an error before the response', ['raise']),
  fails('an error after the head', SEND(START()), ['raise']),
  fails('no response'),
  fails('a head without a body', SEND(START())),
  fails('a body without a head', SEND(BODY('a'))),
  fails('two heads', SEND(START(), START())),
  fails('an unknown message', SEND({ type: 'http.unknown' })),
  fails('a message of another protocol', SEND({ type: 'websocket.accept' })),
  fails('a message without a type', SEND({ status: 200 })),
  fails('a head without a status', SEND({ type: 'http.response.start' })),
  fails('a header with a line end', SEND(START(200, [['x-one', '1\r\nx-two: 2']]), BODY(''))),
  fails('a header with a line feed', SEND(START(200, [['x-one', '1\nx-two: 2']]), BODY(''))),
  fails('a name of a header with a space', SEND(START(200, [['x one', '1']]), BODY(''))),
  fails('a status that is none', SEND(START(99), BODY(''))),
  gets('an error after a part', [SEND(START(), BODY('a', true)), ['raise']], { aborted: true }),
  gets('a response without an end', [SEND(START(), BODY('a', true))], { aborted: true }),
  gets('an error after the response', [SEND(START(), BODY('a')), ['raise']], {
    status: 200,
    body: 'a',
    aborted: false,
  }),
  logs('a body after the end', [SEND(START(), BODY('a')), TRY(BODY('b'))], ['RuntimeError']),
  logs('a head after the end', [SEND(START(), BODY('a')), TRY(START())], ['RuntimeError']),
  logs(
    'a head after a part',
    [SEND(START(), BODY('a', true)), TRY(START()), SEND(BODY(''))],
    ['RuntimeError'],
  ),
  logs(
    'an unknown message amid the response',
    [SEND(START(), BODY('a', true)), TRY({ type: 'x' }), SEND(BODY(''))],
    ['RuntimeError'],
  ),
];

const ACCEPT = { type: 'websocket.accept' };
const ACCEPTED: Step = SEND(ACCEPT);
const TEXT = (value: string) => ({ type: 'websocket.send', text: value });
const CLOSE = (code?: number, reason?: string) => ({
  type: 'websocket.close',
  ...(code === undefined ? {} : { code }),
  ...(reason === undefined ? {} : { reason }),
});
const CONNECT = { type: 'websocket.connect' };
const NEXT: Action = ['next'];
const ECHO: Step[] = [['receive'], ACCEPTED, ['echo']];
const DENIAL = 'websocket.http.response';
const closes = (name: string, step: object | null, expected: object): Check =>
  talks(name, [['receive'], ACCEPTED, ...(step === null ? [] : [SEND(step)])], [NEXT], [expected]);
const closed = (name: string, action: Action, expected: object): Check =>
  talkLogs(name, ECHO, [action], [CONNECT, { type: 'websocket.disconnect', ...expected }]);
const SOCKET_KEYS = KEYS.filter((key) => key !== 'method')
  .concat('subprotocols')
  .sort();

/** As workerd words it. */
const LOST = 'WebSocket disconnected without sending Close frame.';

const SOCKETS: Check[] = [
  socketSees('the keys of the scope', [['keys']], [SOCKET_KEYS, CONNECT]),
  socketSees(
    'the kind and the scheme',
    [['scope', 'type', 'scheme', 'method']],
    ['websocket', 'ws', 'missing', CONNECT],
  ),
  socketSees(
    'the path',
    [['scope', 'path', 'raw_path', 'query_string']],
    ['/ü', 'b:/%C3%BC', 'b:a=%20', CONNECT],
    {
      path: '/%C3%BC?a=%20',
    },
  ),
  socketSees('the versions', [['scope', 'asgi']], [{ version: '3.0', spec_version: '2.4' }, CONNECT]),
  socketSees('the extension for rejecting', [['scope', 'extensions']], [{ [DENIAL]: {} }, CONNECT]),
  socketSees('no protocol is asked for', [['scope', 'subprotocols']], [[], CONNECT]),
  socketSees('protocols are asked for', [['scope', 'subprotocols']], [['a', 'b'], CONNECT], {
    protocols: ['a', 'b'],
  }),
  socketSees('a header', [['header', 'x-one']], [['b:1'], CONNECT], { headers: { 'x-one': '1' } }),
  socketSees('the state of the lifespan', [['state']], [{ number: 1, shared: [] }, CONNECT]),
  shakes('an accepted handshake', [['receive'], ACCEPTED], {
    status: 101,
    headers: { 'sec-websocket-protocol': undefined },
  }),
  shakes(
    'its protocol',
    [['receive'], SEND({ ...ACCEPT, subprotocol: 'b' })],
    { headers: { 'sec-websocket-protocol': ['b'] } },
    {
      headers: { 'sec-websocket-protocol': 'a, b' },
    },
  ),
  shakes(
    'its headers',
    [
      ['receive'],
      SEND({
        ...ACCEPT,
        headers: [
          ['b:x-one', 'b:1'],
          ['b:set-cookie', 'b:a=1'],
        ],
      }),
    ],
    {
      headers: { 'x-one': ['1'], 'set-cookie': ['a=1'] },
    },
  ),
  shakes('a rejected handshake', [['receive'], SEND(CLOSE())], { status: 403, body: '' }),
  shakes(
    'a handshake that is rejected with a response',
    [
      ['receive'],
      SEND(
        { ...START(401, [['x-one', '1']]), type: `${DENIAL}.start` },
        { ...BODY('no'), type: `${DENIAL}.body` },
      ),
    ],
    { status: 401, body: 'no', headers: { 'x-one': ['1'] } },
  ),
  shakes(
    'a handshake that is rejected with a streamed response',
    [
      ['receive'],
      SEND(
        { ...START(401), type: `${DENIAL}.start` },
        { ...BODY('n', true), type: `${DENIAL}.body` },
        { ...BODY('o'), type: `${DENIAL}.body` },
      ),
    ],
    { status: 401, body: 'no' },
  ),
  shakes('an error before the handshake', [['raise']], { status: 500 }),
  shakes('an application that returns before the handshake', [['receive']], { status: 500 }),
  shakes('a message before the handshake', [['receive'], SEND(TEXT('a'))], { status: 500 }),
  shakes('an unknown message before the handshake', [['receive'], SEND({ type: 'x' })], { status: 500 }),
  shakes('a message of HTTP', [['receive'], SEND(START())], { status: 500 }),
  talks('text', ECHO, [['send', 'aü€😀'], NEXT], ['aü€😀']),
  talks('empty text', ECHO, [['send', ''], NEXT], ['']),
  talks('bytes', ECHO, [['send', new Uint8Array([0, 255])], NEXT], [[0, 255]]),
  talks('no bytes', ECHO, [['send', new Uint8Array()], NEXT], [[]]),
  talks('100,000 characters', ECHO, [['send', 'x'.repeat(100_000)], NEXT], ['x'.repeat(100_000)]),
  talks(
    'the order of messages',
    ECHO,
    [['send', '1'], ['send', '2'], ['send', '3'], NEXT, NEXT, NEXT],
    ['1', '2', '3'],
  ),
  talks(
    'messages that nobody asked for',
    [['receive'], ACCEPTED, SEND(TEXT('a'), TEXT('b')), ['echo']],
    [NEXT, NEXT],
    ['a', 'b'],
  ),
  talks(
    '100 messages',
    [['receive'], ACCEPTED, ['many', TEXT('a'), 100], SEND(CLOSE())],
    Array(101).fill(NEXT),
    [...Array(100).fill('a'), { code: 1000, reason: '' }],
  ),
  talks(
    'bytes beside an empty text',
    [['receive'], ACCEPTED, SEND({ type: 'websocket.send', text: null, bytes: 'b:a' }), ['echo']],
    [NEXT],
    [[97]],
  ),
  talkLogs(
    'the message of a text',
    ECHO,
    [['send', 'a'], NEXT],
    [
      CONNECT,
      { type: 'websocket.receive', text: 'a' },
      { type: 'websocket.disconnect', code: 1005, reason: '' },
    ],
  ),
  talks(
    'it is accepted before connect is received',
    [ACCEPTED, SEND(TEXT('a')), ['receive'], ['echo']],
    [NEXT],
    ['a'],
  ),
  talkLogs(
    'it is accepted while a message is waited for',
    [['together']],
    [['send', 'a']],
    [{ type: 'websocket.receive', text: 'a' }],
  ),
  closes('a return closes it', null, { code: 1000, reason: '' }),
  closes('a close', CLOSE(), { code: 1000, reason: '' }),
  ...[1000, 1001, 1003, 1008, 1011, 1012, 3000, 4999].map((code) =>
    closes(`a close with ${code}`, CLOSE(code, 'why ü'), { code, reason: 'why ü' }),
  ),
  closes('a close without a reason', { ...CLOSE(4000), reason: null }, { code: 4000, reason: '' }),
  talks('an error', [['receive'], ACCEPTED, ['raise']], [NEXT], [{ code: 1011, reason: '' }]),
  closed('the client closes', ['close', 4000, 'why ü'], { code: 4000, reason: 'why ü' }),
  closed('the client closes without a code', ['close'], { code: 1005, reason: '' }),
  closed('the client closes with 1000', ['close', 1000, ''], { code: 1000, reason: '' }),
  check(
    'the client is gone without a close',
    [CONNECT, { type: 'websocket.disconnect', code: 1006, reason: LOST }],
    async (origin, own) => {
      await shake(origin, own, ECHO, {});
      return logOf(origin, own);
    },
  ),
  talkLogs(
    'after the client has closed, receive says so again',
    [['receive'], ACCEPTED, ['echo'], ['receive']],
    [['close', 4000]],
    [
      CONNECT,
      { type: 'websocket.disconnect', code: 4000, reason: '' },
      { type: 'websocket.disconnect', code: 4000, reason: '' },
    ],
  ),
  talkLogs(
    'after the client has closed, send fails',
    [['receive'], ACCEPTED, ['echo'], TRY(TEXT('a'))],
    [['close', 4000]],
    [CONNECT, { type: 'websocket.disconnect', code: 4000, reason: '' }, 'OSError'],
  ),
  ...(
    [
      ['a second accept', [ACCEPT], ACCEPT],
      ['an accept after a close', [ACCEPT, CLOSE()], ACCEPT],
      ['a message after a close', [ACCEPT, CLOSE()], TEXT('a')],
      ['a second close', [ACCEPT, CLOSE()], CLOSE()],
      ['an unknown message', [ACCEPT], { type: 'x' }],
      ['a response after an accept', [ACCEPT], { ...START(401), type: `${DENIAL}.start` }],
      ['an accept after a rejection', [CLOSE()], ACCEPT],
    ] as const
  ).map(([name, before, message]) =>
    talkLogs(
      `${name} is an error`,
      [['receive'], SEND(...before), TRY(message)],
      [],
      [CONNECT, 'RuntimeError'],
    ),
  ),
];

const lifespan = {
  type: 'lifespan',
  asgi: { version: '3.0', spec_version: '2.0' },
  event: { type: 'lifespan.startup' },
};
const LIFESPANS: Check[] = [
  sees('one lifespan, with its scope and its event', [['lifespans']], [lifespan]),
  sees('its state', [['state']], [{ number: 1, shared: [] }]),
  sees(
    'a request has a copy of the state',
    [['state'], ['state']],
    [
      { number: 1, shared: [] },
      { number: 1, shared: [], mine: true },
    ],
  ),
  sees('which no other request sees', [['state']], [{ number: 1, shared: [] }]),
];

const groups = {
  scope: SCOPE,
  bodies: BODIES,
  responses: RESPONSES,
  errors: ERRORS,
  WebSockets: SOCKETS,
  lifespan: LIFESPANS,
};
export const CHECKS = Object.entries(groups).flatMap(([group, checks]) =>
  checks.map((check) => ({ ...check, name: `${group}: ${check.name}` })),
);
