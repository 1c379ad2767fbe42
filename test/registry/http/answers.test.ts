/** HTTP to the letter: methods, kinds of bodies, invalid addresses, and the headers of every answer. */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Problem } from '../../../registry/http/problem.ts';
import { ask, askJson, post } from '../client.ts';
import { atNoon, timePasses } from '../clock.ts';
import { dataLog, seed } from '../seed.ts';

beforeAll(() => seed());

const FLAG = 'python_3.13_packages_2025_08_08';
const QUESTION = {
  compatibility_date: '2025-11-02',
  compatibility_flags: ['python_workers'],
  requirements: ['six'],
};
const BROWSER = { headers: { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' } };

const body = (text: BodyInit, type?: string) => ({
  method: 'POST',
  body: typeof text === 'string' ? new TextEncoder().encode(text) : text,
  headers: type === undefined ? {} : { 'content-type': type },
});

const FORM = 'application/x-www-form-urlencoded';
const PARTS = 'multipart/form-data; boundary=';
const PART = 'Content-Disposition: form-data; name="requirement"\r\n\r\nsix';
const OTHER = PART.replace('requirement', 'x');
const parts = (boundary: string, texts: string) => {
  const separated = texts.replaceAll(/(?<!^)(?=Content-Disposition)/g, `\r\n--${boundary}\r\n`);
  return body(`--${boundary}\r\n${separated}\r\n--${boundary}--`, `${PARTS}${boundary}`);
};

describe.each(['/v1/resolve', '/v1/compare'])('a body for %s', (path) => {
  const question = path === '/v1/resolve' ? QUESTION : { from: '2025-11-02', to: '2026-11-01' };

  test.each([
    [undefined],
    ['application/json; charset=utf-8'],
    ['application/ld+json'],
    ['application/x-www-form-urlencoded'],
    ['text/plain;charset=UTF-8'],
  ])('of the content type %s is accepted', async (type) => {
    const response = await ask(path, body(JSON.stringify(question), type));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(await (await ask(path, post(question))).text());
  });

  test.each([['image/png'], ['multipart/form-data; boundary=x'], ['application/xml'], ['nonsense'], ['']])(
    'of the content type %j is rejected',
    async (type) => {
      const response = await ask(path, body(JSON.stringify(question), type));
      expect([response.status, response.headers.get('accept-post')]).toEqual([415, 'application/json']);
      expect(await response.json()).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    },
  );

  test.each([
    ['none', { method: 'POST' }],
    ['an empty one', body('')],
    ['a form', body('requirements=six', 'application/x-www-form-urlencoded')],
    ['bytes that are not UTF-8', body(new Uint8Array([0x22, 0xff, 0x22]), 'application/json')],
    ['one that nests', body('['.repeat(100_000), 'application/json')],
    ['one that nests and ends', body('['.repeat(100_000) + ']'.repeat(100_000), 'application/json')],
    ['another prototype', body('{"__proto__":{"requirements":[]}}', 'application/json')],
  ])('%s is rejected by name', async (_, init) => {
    const response = await ask(path, init);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ status: 400, code: 'invalid_question' });
  });
});

describe('a body', () => {
  const compressed = (coding: string) => ({
    ...post(QUESTION),
    headers: { 'content-type': 'application/json', 'content-encoding': coding },
  });

  test.each(['gzip', 'br', 'gzip, identity', 'nonsense'])('in the coding %j is rejected', async (coding) => {
    for (const path of ['/v1/resolve', '/v1/publications', '/resolve']) {
      const response = await ask(path, compressed(coding));
      expect([path, response.status, response.headers.get('accept-encoding')]).toEqual([
        path,
        415,
        'identity',
      ]);
      expect(await response.json()).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    }
  });

  test.each(['identity', ' Identity ', ''])('in the coding %j is read', async (coding) => {
    expect((await ask('/v1/resolve', compressed(coding))).status).toBe(200);
  });

  test.each([
    ['/v1/resolve', 400],
    ['/resolve', 415],
    ['/nowhere', 404],
  ])('in many chunks is read by %s in a few steps', async (path, status) => {
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    const written = (async () => {
      for (let at = 0; at < 1_000; at++) await writer.write(new Uint8Array([0x20]));
      await writer.close();
    })();
    const reads = [
      vi.spyOn(ReadableStreamDefaultReader.prototype, 'read'),
      vi.spyOn(ReadableStreamBYOBReader.prototype, 'read'),
    ];
    const headers = { 'content-type': 'application/json' };
    expect((await ask(path, { method: 'POST', body: readable, headers })).status).toBe(status);
    await written;
    const steps = reads.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    expect(steps).toBeGreaterThan(0);
    expect(steps).toBeLessThan(5);
    vi.restoreAllMocks();
  });

  test('that breaks off does not change the response to a request that needs none', async () => {
    const broken = () =>
      new ReadableStream({
        pull(controller) {
          controller.error(new Error('the client is gone'));
        },
      });
    for (const [path, status] of [
      ['/nowhere', 404],
      ['/v1/sets', 405],
      ['/v1/publications', 401],
    ] as const) {
      const response = await ask(path, { method: 'POST', body: broken() });
      expect([path, response.status, response.headers.get('x-content-type-options')]).toEqual([
        path,
        status,
        'nosniff',
      ]);
    }
  });
});

describe('the forms of pages', () => {
  test.each([
    ['JSON', post(QUESTION), 415],
    ['a body without a content type', body('requirements=six'), 415],
    ['a form of parts that has none', body('nothing', 'multipart/form-data; boundary=x'), 400],
    ['a form of parts without their boundary', body('nothing', 'multipart/form-data'), 400],
    ['a form of four thousand parts', parts('b', OTHER.repeat(4_000)), 400],
    [
      'a form of parts with a long header',
      parts('b', OTHER.replace('\r\n', `\r\nX: ${'x'.repeat(110_000)}\r\n`)),
      400,
    ],
    ['a form of parts with a long boundary', parts('b'.repeat(71), PART), 400],
    ['a form of too many lines', body(`requirements=${'%0a%0c'.repeat(5_000)}`, FORM), 400],
    ['a form of too many requirements', body(`requirements=${'six%0a'.repeat(1_001)}`, FORM), 400],
    [
      'a form of long requirements',
      body(`requirements=${`six${'!=1,'.repeat(50)}!=2%0a`.repeat(250)}`, FORM),
      400,
    ],
    ['a form of too many flags', body(`flags=${'x,'.repeat(101)}`, FORM), 400],
  ])('refuses %s', async (_, init, status) => {
    for (const path of ['/resolve', '/compare']) {
      const response = await ask(path, init);
      expect([path, response.status]).toEqual([path, status]);
      expect(await response.text()).toContain('role="alert"');
    }
  });

  test.each([
    ['a short boundary', parts('b', PART), 303],
    ['the longest boundary', parts('b'.repeat(70), PART), 303],
    [
      'a quoted boundary',
      { ...parts('b', PART), headers: { 'content-type': `${PARTS}"b"; charset=utf-8` } },
      303,
    ],
    ['a thousand parts', parts('b', PART.repeat(1_000)), 200],
  ])('reads a form of parts with %s', async (_, init, status) => {
    const response = await ask('/resolve', init);
    expect(response.status).toBe(status);
    expect((response.headers.get('location') ?? (await response.text())).includes('requirement=six')).toBe(
      true,
    );
  });

  test('do not repeat requirements that are too many', async () => {
    const response = await ask('/resolve', body(`requirements=${'x%0a'.repeat(9_000)}`, FORM));
    const text = await response.text();
    expect(text).toContain('There are 9000 requirements, but at most 1000 are allowed.');
    expect(text.length).toBeLessThan(50_000);
  });

  test('reads a form of sixty thousand fields', async () => {
    const fields = Array.from({ length: 60_000 }, (_, at) => at.toString(36)).join('&');
    const response = await ask(
      '/resolve',
      body(fields.slice(0, 250_000), 'application/x-www-form-urlencoded'),
    );
    expect(response.status).toBe(303);
  });
});

describe('an address', () => {
  const of = (length: number) => `/flags?${'x='.padEnd(length - 1, 'x')}`;

  test('with a query of 16 kB is read, and a longer one is refused', async () => {
    expect((await ask(of(16_384))).status).toBe(200);
    const response = await ask(of(16_385));
    expect(response.status).toBe(414);
    expect(await response.json()).toMatchObject({ status: 414, code: 'address_too_long' });
  });

  test('is not repeated by each line of a page in Markdown', async () => {
    const [short, long] = await Promise.all(
      ['x', 'x'.repeat(10_000)].map(async (x) => (await ask(`/stdlib.md?${x}`)).text()),
    );
    expect(long!.length - short!.length).toBeLessThan(100_000);
  });
});

describe('another method', () => {
  test.each([
    ['DELETE', '/v1/resolve', 'GET, HEAD, POST, OPTIONS'],
    ['PUT', '/', 'GET, HEAD, POST, OPTIONS'],
    ['POST', '/v1/sets', 'GET, HEAD, OPTIONS'],
    ['POST', `/v1/sets/${FLAG}/packages/numpy`, 'GET, HEAD, OPTIONS'],
    ['PATCH', `/simple/${FLAG}/numpy/`, 'GET, HEAD, OPTIONS'],
    ['DELETE', `/wheels/${'0'.repeat(64)}/x.whl`, 'GET, HEAD, POST, OPTIONS'],
    ['POST', '/packages', 'GET, HEAD, OPTIONS'],
    ['POST', '/openapi.json', 'GET, HEAD, OPTIONS'],
  ])('%s %s', async (method, path, allow) => {
    const response = await ask(path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
    expect(await response.json()).toMatchObject({ status: 405, code: 'method_not_allowed' });
    const options = await ask(path, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, allow]);
  });

  test('of an invalid address is not found', async () => {
    expect((await ask('/nowhere', { method: 'DELETE' })).status).toBe(404);
  });
});

describe('addresses', () => {
  test('that do not exist are pages for browsers, and problems for other clients', async () => {
    for (const path of ['/nowhere', '/v1/nothing', '/v2/resolve', '/a/b/c/d', '/assets/none.css']) {
      const page = await ask(path, BROWSER);
      expect([page.status, page.headers.get('content-type'), page.headers.get('vary')], path).toEqual([
        404,
        'text/html; charset=utf-8',
        'Accept',
      ]);
      for (const accept of ['*/*', 'application/json', 'application/problem+json, text/html;q=0.5', '']) {
        const problem = await ask(path, { headers: { accept } });
        expect(await problem.json<Problem>(), accept).toMatchObject({ status: 404, code: 'not_found' });
      }
    }
  });

  test.each([
    ['/packages/', '/packages'],
    ['/packages/numpy//', '/packages/numpy'],
    ['/packages/Pydantic_Core?as_of=2026-11-20', '/packages/pydantic-core?as_of=2026-11-20'],
    ['/v1/sets/?revision=3', '/v1/sets?revision=3'],
    ['/v1/resolve/?date=2025-11-02&flag=a%0d%0ab', '/v1/resolve?date=2025-11-02&flag=a%0d%0ab'],
    ['/v1/packages/a%0d%0aset-cookie:x/', '/v1/packages/a%0d%0aset-cookie:x'],
    ['/simple', '/simple/'],
    [`/simple/${FLAG}?format=x`, `/simple/${FLAG}/?format=x`],
    // micropip requests this from an index whose address ends in a slash.
    [`/simple/${FLAG}//numpy/`, `/simple/${FLAG}/numpy/`],
  ])('%s redirects to %s', async (path, location) => {
    const response = await ask(path);
    expect([response.status, response.headers.get('location')]).toEqual([301, location]);
  });

  test('a question that is posted to a path with a slash is redirected', async () => {
    const response = await ask('/v1/resolve/', post(QUESTION));
    expect([response.status, response.headers.get('location')]).toEqual([308, '/v1/resolve']);
  });

  test.each(['//evil.example/', '/\\evil.example/', '//packages/', '/nowhere/'])(
    '%s does not redirect',
    async (path) => {
      const response = await ask(`https://pinwheel.test${path}`);
      expect([response.status, response.headers.get('location')]).toEqual([404, null]);
    },
  );
});

test.each([
  ['/patched.md', 'Off Emscripten the wheel does what the project’s does.'],
  ['/runtimes.md', 'No workerd known here does so: it selects by date and flags alone.'],
])('%s has the sentences of its page whole', async (path, sentence) => {
  expect((await (await ask(path)).text()).replace(/\s+/g, ' ')).toContain(sentence);
});

test.each(['/packages/numpi.md', '/packages/none.atom', '/sets/none.md', '/packages/numpi'])(
  '%s does not exist for a request that takes any version either',
  async (path) => {
    expect((await ask(path, { headers: { 'if-none-match': '*' } })).status).toBe(404);
  },
);

test.each(['/packages/numpy.md', '/badge/numpy.svg', '/packages/numpy'])(
  '%s is not modified for a request that has any version',
  async (path) => {
    expect((await ask(path, { headers: { 'if-none-match': '*' } })).status).toBe(304);
  },
);

describe('If-Match', () => {
  const asked = async (path: string, ifMatch: string, init: RequestInit = {}) =>
    ask(path, { ...init, headers: { ...init.headers, 'if-match': ifMatch } });

  // The second time, the answer is a cached one.
  test.each(['/v1/sets', '/v1/sets', '/packages/numpy', '/simple/', '/healthz', '/badge/numpy.svg'])(
    '%s is sent only if it has one of these ETags',
    async (path) => {
      const etag = (await ask(path)).headers.get('etag');
      const expected = etag === null ? 412 : 200;
      expect((await asked(path, `"other", ${etag}`)).status).toBe(expected);
      expect((await asked(path, '*')).status).toBe(200);
      for (const other of ['"other"', `W/${etag}`, '']) {
        const response = await asked(path, other);
        expect([response.status, response.headers.get('x-content-type-options')]).toEqual([412, 'nosniff']);
        expect(await response.json()).toMatchObject({ code: 'precondition_failed' });
      }
    },
  );

  test('comes before If-None-Match, and does not change errors and questions that are posted', async () => {
    const etag = (await ask('/v1/sets')).headers.get('etag')!;
    const headers = { 'if-none-match': etag };
    expect((await asked('/v1/sets', etag, { headers })).status).toBe(304);
    expect((await asked('/v1/sets', '"other"', { headers })).status).toBe(412);
    expect((await asked('/v1/sets', '"other"', { method: 'HEAD' })).status).toBe(412);
    expect((await asked('/v1/sets/none', '"other"')).status).toBe(404);
    expect((await asked('/v1/resolve', '"other"', post(QUESTION))).status).toBe(200);
  });
});

describe('a page as Markdown, a feed of a package, a badge, and the calendar', () => {
  const MARKDOWN = 'text/markdown; charset=utf-8';

  test.each([
    ...['/index.md', '/runtimes.md', '/sets.md', `/sets/${FLAG}.md`, '/packages/polars.md'],
    ...['/packages/polars.atom', '/badge/polars.svg', '/calendar.ics'],
  ])('%s is about the day and the revision of its address', async (path) => {
    const textOf = async (query: string) => (await ask(`${path}${query}`)).text();
    const [now, ...others] = await Promise.all(
      ['', '?as_of=2026-01-15', '?as_of=2029-01-15', '?revision=40&as_of=2026-11-20'].map(textOf),
    );
    expect(new Set([now, ...others]).size).toBeGreaterThan(2);
    for (const query of ['?as_of=tomorrow', '?revision=x', '?revision=99999', '?as_of=1&as_of=2']) {
      const response = await ask(`${path}${query}`);
      expect([query, response.status]).toEqual([query, query === '?revision=99999' ? 404 : 400]);
      const kind = path.endsWith('.md') && path !== '/index.md' ? MARKDOWN : 'application/problem+json';
      expect(response.headers.get('content-type')).toBe(kind);
    }
  });

  test.each([
    ['?q=fastapi%202025-11-02', '/resolve.md?q=fastapi%202025-11-02', 'fastapi'],
    ['?q=fastapi%202025-11-02%202026-11-01', '/compare.md?q=fastapi%202025-11-02%202026-11-01', 'fastapi'],
    ['?q=%20polars&as_of=2026-11-20', '/packages/polars.md?as_of=2026-11-20', '# polars'],
    ['?q=no/such', '/resolve.md?q=no/such', 'A file or folder is not accepted as a requirement'],
    ['?q=nodejs_compat%20six', '/resolve.md?q=nodejs_compat%20six', '# ○ Pinned: six'],
    [`?q=${FLAG}`, `/sets/${FLAG}.md`, FLAG],
    [`?q=${FLAG}%20six`, `/resolve.md?q=${FLAG}%20six`, 'six 1.'],
  ])('of the front page leads to the answer: %s', async (query, to, answer) => {
    const { status, headers } = await ask(`/index.md${query}`, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([302, to]);
    const answered = await ask(to);
    expect(await answered.text()).toContain(answer);
  });

  test.each(['sklearn', 'sklearn.linear_model', 'Sklearn.svm'])(
    'of a module is that of its package: %s',
    async (name) => {
      for (const ending of ['', '.md']) {
        const { status, headers } = await ask(`/packages/${name}${ending}`, { redirect: 'manual' });
        expect([status, headers.get('location')]).toEqual([302, `/packages/scikit-learn${ending}`]);
      }
      expect((await ask(`/badge/${name}.svg`, { redirect: 'manual' })).status).toBe(302);
      expect(await (await ask(`/?q=${name}`)).text()).toMatch(/id="_verdict">In the package set/);
      const refused = await ask(`/v1/packages/${name}`);
      expect(JSON.stringify(await refused.json())).toContain('scikit-learn');
    },
  );

  test('a page names that of its own question', async () => {
    const page = await (await ask('/resolve?date=2025-11-02&flag=python_workers&requirement=six')).text();
    expect(page).toContain('href="/resolve.md?date=2025-11-02&amp;flag=python_workers&amp;requirement=six"');
    const posted = await ask('/resolve', {
      method: 'POST',
      body: new URLSearchParams({ date: '2025-11-02', requirements: 'six' }),
    });
    expect(await posted.text()).not.toContain('text/markdown');
  });

  test('a badge of an import name keeps the day', async () => {
    const { status, headers } = await ask('/badge/yaml.svg?as_of=2026-01-15', { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([302, '/badge/pyyaml.svg?as_of=2026-01-15']);
  });
});

test.each(['/', '/rows.json', '/packages/numpy', '/packages/numpy.md', '/badge/numpy.svg', '/runtimes'])(
  '%s about a given day calls it today on that day only',
  async (path) => {
    onTestFinished(() => void vi.useRealTimers());
    atNoon();
    const address = `${path}?as_of=${new Date().toISOString().slice(0, 10)}`;
    const first = await ask(address);
    timePasses(86_400_000);
    const next = await ask(address, { headers: { 'if-none-match': first.headers.get('etag')! } });
    expect(next.status).toBe(200);
    expect(await next.text()).not.toBe(await first.text());
  },
);

const FILE = `/wheels/${'0'.repeat(64)}/x.whl`;
const paths: [path: string, init?: RequestInit][] = [
  ...`/v1/resolve?date=2025-11-02&flag=python_workers&requirement=six /v1/resolve?date=nonsense /v1/sets/
    /healthz /openapi.json /simple/ /simple/${FLAG}/numpy/ ${FILE} /nowhere / /packages/no-such-package
    /packages?revision=x /compare /compare.md /flags.md?revision=x /changes.atom /llms.txt /calendar.ics
    /badge/numpy.svg /log/key /log/checkpoint /log/tile/0/000 /v1/documents/${'0'.repeat(64)}`
    .split(/\s+/)
    .map((path): [string] => [path]),
  ['/v1/resolve', post(QUESTION)],
  ['/v1/resolve', { method: 'OPTIONS' }],
  ['/v1/resolve', { method: 'DELETE' }],
  ['/v1/sets', { method: 'HEAD' }],
  ['/nowhere', BROWSER],
  ['/v1/publications', post({})],
];

test.each(paths)('headers: %s %j', async (path, init) => {
  for (const origin of ['https://pinwheel.test', 'http://pinwheel.test']) {
    // Thrice, so that what is kept ready is among them.
    for (const _ of [1, 2, 3]) {
      const { headers } = await ask(`${origin}${path}`, { redirect: 'manual', ...init });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
      expect(headers.get('strict-transport-security')).toBe(
        origin.startsWith('https:') ? 'max-age=31536000' : null,
      );
    }
  }
});

test('the description of the API has an ETag and may be read by any page', async () => {
  const first = await ask('/openapi.json');
  const etag = first.headers.get('etag')!;
  expect(first.headers.get('access-control-allow-origin')).toBe('*');
  expect((await ask('/openapi.json', { headers: { 'if-none-match': etag } })).status).toBe(304);
  const { paths } = await first.json<{ paths: Record<string, Record<string, Described>> }>();
  const described = paths['/v1/resolve']!.get!.parameters.map(({ name }) => name);
  expect(described).toEqual(expect.arrayContaining(['revision', 'answer_version', 'as_of']));
  interface Described {
    parameters: { name: string }[];
  }
});

test('/simple/ lists the indexes, the newest first', async () => {
  const sets = dataLog.filter(({ kind }) => kind === 'set').map(({ name: subject }) => subject);
  const headers = { accept: 'application/vnd.pypi.simple.v1+json' };
  const root = await askJson<{ projects: []; _indexes: { name: string; url: string }[] }>('/simple/', {
    headers,
  });
  expect(root).toMatchObject({ meta: { 'api-version': '1.1' }, projects: [] });
  expect(root._indexes.map(({ name }) => name)).toEqual(sets.toReversed());
  const html = await (await ask('/simple/')).text();
  const links = [...html.matchAll(/<a href="([^"]+)"/g)].map(([, path]) => path!);
  expect(links.map((path) => new URL(path, env.PUBLIC_URL).href)).toEqual(
    root._indexes.map(({ url }) => url),
  );
  for (const path of links.slice(0, 3)) expect((await ask(path)).status).toBe(200);
});
