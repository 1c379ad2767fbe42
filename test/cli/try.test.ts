/** What `pinwheel try` sends, and how it compares and shows what comes back. */
import { symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import fc from 'fast-check';
import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { junitXml, tryLines } from '../../cli/commands/try.ts';
import { askAll } from '../../cli/project/try/ask-all.ts';
import { differences, varyingPlaces } from '../../cli/project/try/compare.ts';
import { modulesOf } from '../../cli/project/try/probe.ts';
import type { TriedProject, TriedSide } from '../../cli/project/try/report.ts';
import { readHar, readHttpFile, routesOf } from '../../cli/project/try/requests.ts';
import { casesOf, compareSides } from '../../cli/project/try/try.ts';
import type { WorkerAnswer } from '../../cli/worker/ask.ts';
import { exceptionLine } from '../../cli/worker/said.ts';
import { findWrangler, wranglerJson } from '../../cli/worker/wrangler.ts';
import type { Finding } from '../../resolver/python/index.ts';
import { newFolder, serve, writeFiles } from '../common/own.ts';

const read = (text: string) => readHttpFile('requests.http', text);
const refusalOf = (task: () => unknown) => {
  try {
    task();
  } catch (error) {
    const [issue] = (error as { issues: { message: string; where?: string; problem: string }[] }).issues;
    return { ...issue!, exitCode: (error as { exitCode: number }).exitCode };
  }
  throw new Error('was read');
};

/** A form as it is sent, by lines, and what its reader has. */
const FORM = [
  '--b',
  'Content-Disposition: form-data; name="note"',
  '',
  'one',
  'two',
  '--b',
  'Content-Disposition: form-data; name="file"; filename="a%22b.txt"',
  'Content-Type: text/csv',
  '',
  'x,é',
  '--b--',
];
const FIELDS = [
  ['note', 'one\r\ntwo'],
  ['file', { name: 'a"b.txt', type: 'text/csv', text: 'x,é' }],
];

/** As undici reads it, which takes no line that ends without CR. */
async function formIn({ body, headers }: ReturnType<typeof read>[number]) {
  const form = await new Response(body, { headers: headers.map(([...header]) => header) }).formData();
  const fields = [...form].map(async ([name, value]) => {
    if (typeof value === 'string') return [name, value];
    return [name, { name: value.name, type: value.type, text: await value.text() }];
  });
  return Promise.all(fields);
}

describe('requests.http', () => {
  test('has requests, with names, variables, headers and bodies', () => {
    const text = `# A comment
@host = http://localhost:8787
@items = {{host}}/items

GET {{host}}/

### Search
// Another comment
GET {{items}}
    ?q=one two
    &page=2 HTTP/1.1
Accept: text/html
# Between headers

###
# @name add
POST {{ items }} HTTP/1.1
Content-Type: application/json
Content-Length: 999

{
  "name": "one"
}

### without a method
http://other.test:81/path#fragment
`;
    expect(read(text)).toMatchObject([
      { name: 'GET /', method: 'GET', target: '/', headers: [['Host', 'localhost:8787']], body: null },
      {
        name: 'Search: GET /items?q=one%20two&page=2',
        headers: [
          ['Host', 'localhost:8787'],
          ['Accept', 'text/html'],
        ],
      },
      {
        name: 'add: POST /items',
        headers: [
          ['Host', 'localhost:8787'],
          ['Content-Type', 'application/json'],
        ],
        body: '{\n  "name": "one"\n}',
      },
      { name: 'without a method: GET /path', headers: [['Host', 'other.test:81']] },
    ]);
  });

  test.each(['\n', '\r\n'])(
    'with a multipart body has what a form sends, if its lines end with %j',
    async (end) => {
      const lines = [
        'POST /',
        'Content-Type: multipart/form-data; boundary=b',
        '',
        ...FORM,
        '',
        '### next',
        'GET /',
      ];
      expect(await formIn(read(lines.join(end))[0]!)).toEqual(FIELDS);
    },
  );

  test.each([
    ['GET /\n###\nGET {{nowhere}}/', 'unknown_variable', 3, 'There is no variable nowhere.'],
    ['@a = 1\n\nFETCH it now please', 'no_request_line', 3, 'FETCH it now please is not the first line'],
    ['GET ftp://host/', 'no_request_line', 1, 'GET ftp://host/ is not'],
    ['GET /\nno header', 'no_header', 2, 'no header is not a header.'],
    ['POST /\n\n< ./body.json', 'not_supported', 3, '< ./body.json names a file or a script'],
    ['GET /\n\n> {%\nclient.test()\n%}', 'not_supported', 3, '> {% names a file or a script'],
  ])('that is invalid is refused with its line: %j', (text, problem, line, message) => {
    const refused = refusalOf(() => read(text));
    expect(refused).toMatchObject({ exitCode: 2, problem, where: `requests.http, line ${line}` });
    expect(refused.message).toContain(message);
  });

  test('is refused if it has no request, or too many', () => {
    expect(refusalOf(() => read('# Nothing\n@a = 1\n')).problem).toBe('no_request');
    expect(refusalOf(() => read('GET /\n###\n'.repeat(1001))).problem).toBe('too_many');
  });

  test('never fails in another way', () => {
    const parts = fc.constantFrom(
      'GET /',
      '###',
      '@a=1',
      '{{a}}',
      '\n',
      '\r\n',
      ' ',
      'a: b',
      '< f',
      '// ',
      '?',
      'é',
    );
    const property = fc.property(fc.array(fc.oneof(parts, fc.string()), { maxLength: 12 }), (some) => {
      const text = some.join('');
      try {
        expect(read(text).length).toBeGreaterThan(0);
      } catch (error) {
        if (!('issues' in (error as object))) throw error;
      }
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe('a HAR file', () => {
  const har = (...requests: object[]) =>
    JSON.stringify({ log: { entries: requests.map((request) => ({ request })) } });

  test('has the requests to the origin of the first', () => {
    const text = har(
      {
        method: 'GET',
        url: 'https://app.example/a?b=1',
        headers: [
          { name: ':authority', value: 'app.example' },
          { name: 'Accept', value: '*/*' },
          { name: 'Connection', value: 'keep-alive' },
        ],
      },
      { method: 'GET', url: 'https://cdn.example/x.js', headers: [] },
      {
        method: 'POST',
        url: 'https://app.example/form',
        postData: { text: 'a=b+c', params: [{ name: 'a', value: 'b c' }] },
      },
      { method: 'GET', url: 'wss://app.example/live' },
      { method: 'GET', url: 'data:,x' },
      { method: 'GET /', url: 'https://app.example/' },
      { method: 'POST', url: 'https://app.example/form', postData: { params: [{ name: 'a' }] } },
      { method: 'PUT', url: 'https://app.example/text', postData: { text: 'whole' } },
    );
    const { requests, leftOut } = readHar('app.har', text);
    expect(leftOut).toBe(5);
    expect(requests).toMatchObject([
      {
        name: 'GET /a?b=1',
        headers: [
          ['Host', 'app.example'],
          ['Accept', '*/*'],
        ],
        body: null,
      },
      { name: 'POST /form', body: 'a=b+c' },
      { name: 'PUT /text', body: 'whole' },
    ]);
  });

  test.each([
    ['{', 'no_har'],
    ['{"log": {}}', 'no_har'],
    ['null', 'no_har'],
    [har(), 'no_request'],
    [har({ method: 'GET', url: 'data:,x' }), 'no_request'],
  ])('that is invalid is refused: %s', (text, problem) => {
    expect(refusalOf(() => readHar('app.har', text))).toMatchObject({ exitCode: 2, problem });
  });
});

test('routes of OpenAPI are sent if they need neither a parameter nor a body', () => {
  const operation = { responses: {} };
  const required = [{ name: 'q', in: 'query', required: true }];
  const paths = {
    '/': { get: operation, post: { ...operation, requestBody: { required: true } } },
    '/items/{id}': { get: operation },
    '/search': { get: { ...operation, parameters: required }, delete: operation },
    '/all': { parameters: required, get: operation },
    '/maybe': { get: { ...operation, parameters: [{ name: 'q', in: 'query' }] } },
  };
  const names = routesOf({ paths }).map(({ name }) => name);
  expect(names).toEqual(['GET /', 'DELETE /search', 'GET /maybe']);
  expect(routesOf(null)).toEqual([]);
  expect(routesOf({ paths: { '/': null, '/a': { get: 1 } } })).toEqual([]);
});

test('modules are those of the project, the main one first', () => {
  const paths = ['a.py', 'main.py', 'pack/__init__.py', 'pack/in.py', 'pack/__main__.py', 'data.json']
    .concat(['python_modules/six.py', 'vendor/x.py', 'not-a-module.py', '__init__.py', 'größe.py'])
    .map((path) => ({ path: `/session/metadata/${path}`, file: '' }));
  expect(modulesOf({ main: 'main', files: paths })).toEqual(['main', 'a', 'größe', 'pack', 'pack.in']);
});

test('the workerd of a wrangler on the path is the one beside it', async () => {
  const packages = join(newFolder(), 'node_modules');
  await writeFiles(packages, {
    'wrangler/bin/wrangler.js': '',
    'workerd/package.json': '{"version": "1.20260101.0"}',
  });
  const programs = newFolder();
  await symlink(join(packages, 'wrangler/bin/wrangler.js'), join(programs, 'wrangler'));
  const home = newFolder();
  const on = (PATH: string) => findWrangler(home, { PATH } as unknown as NodeJS.ProcessEnv);
  expect(on(`${home}:${programs}`)).toEqual({
    command: [join(programs, 'wrangler')],
    workerd: { version: '1.20260101.0', manifest: join(packages, 'workerd/package.json') },
  });
  // Commands of the current folder have a relative one.
  const near = findWrangler('.', {} as NodeJS.ProcessEnv);
  expect(near).toHaveProperty('workerd.manifest');
  expect(near).toEqual(findWrangler(process.cwd(), {} as NodeJS.ProcessEnv));
  const alone = newFolder();
  await writeFile(join(alone, 'wrangler'), '');
  expect(on(alone)).toEqual({ command: [join(alone, 'wrangler')], workerd: null });
  // A global one of npm on Windows.
  const prefix = newFolder();
  const manifest = { version: '1.20260101.0', main: 'package.json' };
  const bin = { wrangler: 'bin/wrangler.js' };
  await writeFiles(prefix, {
    'wrangler.cmd': '',
    'node_modules/wrangler/package.json': JSON.stringify({ ...manifest, bin }),
    'node_modules/workerd/package.json': JSON.stringify(manifest),
  });
  expect(on(prefix)).toEqual({
    command: [process.execPath, join(prefix, 'node_modules/wrangler/bin/wrangler.js')],
    workerd: { version: '1.20260101.0', manifest: join(prefix, 'node_modules/workerd/package.json') },
  });
  expect(on(home)).toMatchObject({ problem: expect.stringContaining('path') });
});

test('the Worker of --date has that date, and the flags which that implies', () => {
  const table = { name: 'app', compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'] };
  const made = (date?: string) => wranglerJson([table], '', '/app', '/app/dist', date);
  expect(made()).toMatchObject({ compatibility_date: '2025-11-02' });
  const moved = made('2026-11-01');
  expect(moved.compatibility_date).toBe('2026-11-01');
  expect(moved.compatibility_flags).toContain('python_workflows_implicit_dependencies');
  expect(made().compatibility_flags).not.toContain('python_workflows_implicit_dependencies');
});

function answer(
  body: string | Buffer,
  type = 'application/json',
  more: Partial<WorkerAnswer> = {},
): WorkerAnswer {
  return { status: 200, headers: [['content-type', type]], body: Buffer.from(body as string), ...more };
}
const json = (value: unknown) => answer(JSON.stringify(value));
const placesOf = (from: WorkerAnswer, to: WorkerAnswer, varying?: string[]) =>
  differences(from, to, varying).map(({ place }) => place);

describe('answers', () => {
  test.each([
    ['{"a":1,"b":[1.0]}', '{ "b": [1], "a": 1 }', []],
    ['{"a":{"b":[1,{"c d":2}]}}', '{"a":{"b":[1,{"c d":3}]}}', ['body.a.b[1]["c d"]']],
    ['{"a":1}', '{"b":null}', ['body.a', 'body.b']],
    ['[1,2]', '[1]', ['body']],
    ['9007199254740993', '9007199254740992', ['body']],
    ['{"__proto__":1}', '{"__proto__":2}', ['body.__proto__']],
    ['{"a":{}}', '{"a":[]}', ['body.a']],
    ['no json', 'no json either', ['body, line 1']],
  ])('of JSON are compared by value: %s and %s', (from, to, places) => {
    expect(placesOf(answer(from), answer(to))).toEqual(places);
  });

  test.each([
    ['one\ntwo\nthree', 'one\n2\nthree', ['body, line 2']],
    ['one\nthree', 'one\ntwo\nthree', ['body, from line 2']],
    ['one\nfour', 'one\ntwo\nthree\nfour', ['body, from line 2']],
    ['a\na', 'a\na\na', ['body, from line 3']],
  ])('of text are compared by lines: %j and %j', (from, to, places) => {
    expect(
      placesOf(answer(from, 'text/html; charset=utf-8'), answer(to, 'text/html; charset=utf-8')),
    ).toEqual(places);
  });

  test('of bytes are compared by digest, and so are those that are encoded', () => {
    const [from, to] = ['one', 'two'].map((text) => answer(text, 'image/png'));
    expect(differences(from!, to!)).toEqual([
      { place: 'body', from: '3 bytes, SHA-256 7692c3ad3540bb80…', to: '3 bytes, SHA-256 3fc4ccfe745870e2…' },
    ]);
    const headers = [...answer('').headers, ['content-encoding', 'gzip'] as const];
    expect(placesOf(answer('1', '', { headers }), answer('2', '', { headers }))).toEqual(['body']);
  });

  test('have a status and headers, but for those of the moment', () => {
    const headers = [
      ['date', 'today'] as const,
      ['set-cookie', 'a=1'] as const,
      ['set-cookie', 'b=2'] as const,
    ];
    expect(differences(answer('1'), answer('1', '', { status: 404, headers }))).toEqual([
      { place: 'status', from: '200', to: '404' },
      { place: 'header content-type', from: 'application/json', to: null },
      { place: 'header set-cookie', from: null, to: 'a=1, b=2' },
    ]);
    expect(differences(null, answer('1'))).toEqual([{ place: 'status', from: null, to: '200' }]);
    expect(differences(null, null)).toEqual([]);
  });

  test('are the same if all that differs varies from run to run', () => {
    const [first, second, after] = [1, 2, 3].map((id) => json({ items: [{ id }], name: id < 3 ? 'a' : 'b' }));
    const varying = varyingPlaces([first!, second!]);
    expect(varying).toEqual(['body.items[0].id']);
    expect(placesOf(first!, after!, varying)).toEqual(['body.name']);
    expect(placesOf(first!, json({ items: [], name: 'a' }), ['body.items'])).toEqual([]);
    expect(placesOf(json({ ab: 1 }), json({ ab: 2 }), ['body.a'])).toEqual(['body.ab']);
    // Lines that come and go move all that follow.
    expect(varyingPlaces([answer('a\nb', 'text/plain'), answer('b', 'text/plain')])).toEqual(['body']);
  });

  test('that are nested very deep are compared', () => {
    const deep = (value: number) => answer('[1,'.repeat(50_000) + value + ']'.repeat(50_000));
    expect(differences(deep(1), deep(2))).toHaveLength(1);
  });

  const anyAnswer = fc
    .tuple(
      fc.constantFrom(200, 500),
      fc.jsonValue(),
      fc.string(),
      fc.constantFrom('application/json', 'text/html', 'image/png'),
    )
    .map(([status, value, text, type]) =>
      answer(type === 'text/html' ? text.replaceAll('a', '\n') : JSON.stringify(value), type, { status }),
    );

  test('differ from none of the same, as much in both directions, and nowhere beside where they do', () => {
    const property = fc.property(anyAnswer, anyAnswer, (from, to) => {
      expect(differences(from, from)).toEqual([]);
      expect(placesOf(to, from).sort()).toEqual(placesOf(from, to).sort());
      expect(differences(from, to, varyingPlaces([from, to]))).toEqual([]);
    });
    fc.assert(property, { numRuns: 300 });
    const values = fc.property(fc.jsonValue(), fc.jsonValue(), (from, to) => {
      const isSame = JSON.stringify(sorted(from)) === JSON.stringify(sorted(to));
      expect(differences(json(from), json(to)).length === 0).toBe(isSame);
    });
    fc.assert(values, { numRuns: 300 });
  });
});

/** With the keys of objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)]);
  return { entries };
}

describe('the verdict', () => {
  const names = Array.from({ length: 40 }, (_, at) => `GET /${at}/${'long/'.repeat(12)}`);
  const none = { status: null, size: null };
  const side = (label: string, error: string | null, problem: string | null): TriedSide => ({
    label,
    python: '3.13.2',
    pyodide: '0.29.0',
    package_set: 'python_3.13_packages_2025_10_20',
    vulnerabilities: '5 known in 1 package',
    findings: [],
    issues: [],
    size: 11_000_000,
    bindings: ['kv_namespaces'],
    modules: Array.from({ length: 20 }, (_, at) => ({ name: `package.module${at}`, error })),
    source: 'requests.http',
    requests: names.map((name) => ({ name, ...(problem ? none : { status: 200, size: 1 }), problem })),
    cpu_ms: 1230,
    memory: { bytes: 200_000_000, after: 100 },
  });
  const screen = { columns: 80, colors: pc.createColors(false) };
  const change = { place: 'body.a', from: '1', to: '2' };
  const broken: TriedProject = {
    ok: false,
    ground: "Pinwheel's own start of Pyodide on workerd 1.20261117.1, not Cloudflare's platform",
    limit: 64 << 20,
    memory_limit: 128_000_000,
    sides: [
      side('2025-11-02', null, null),
      side('2026-11-01', 'ValueError: <odd> "text" & more'.repeat(9), 'late'),
    ],
    comparison: {
      answers: names.map((request) => ({ request, differences: [change], left_out: ['body.now'] })),
      same: 0,
      more_cpu: 12,
      more_memory: 0,
    },
  };

  test.each([
    ['of a Worker', { ...broken, sides: broken.sides.slice(0, 1), comparison: null }, 24],
    ['of two, with everything wrong', broken, 55],
  ])('%s is on one screen of 80 columns, and says on which ground', (_, report, most) => {
    const lines = tryLines(report, screen);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.length).toBeLessThanOrEqual(most);
    expect(lines.join(' ')).toContain(
      "Pinwheel's own start of Pyodide on workerd 1.20261117.1, not Cloudflare's platform",
    );
    expect(lines.join(' ')).toContain('without network, kv_namespaces');
  });

  test('counts the requests after which memory was measured', () => {
    const before = side('2025-11-02', null, null);
    const report = {
      ...broken,
      sides: [{ ...before, memory: { ...before.memory!, after: 1 } }],
      comparison: null,
    };
    expect(tryLines(report, screen).join(' ')).toMatch(/after\s1 request\./);
  });

  test('says what changed', () => {
    expect(tryLines(broken, { ...screen, columns: null }).at(-1)).toBe(
      'Moved from 2025-11-02 to 2026-11-01: 0 of 40 answers are the same; start takes 12 % longer; memory is as before; 60 failures.',
    );
    const alike = { ...broken, comparison: { ...broken.comparison!, more_cpu: 0 } };
    expect(tryLines(alike, { ...screen, columns: null }).at(-1)).toContain('start takes as long as before;');
  });

  test('has no answers that are the same if neither side has answered', () => {
    const problem = 'No answer came within 10 s.';
    const late = { answer: null, problem };
    const compared = (...first: { answer: WorkerAnswer | null; problem: string | null }[]) => {
      const requests = first.map((_, at) => ({ name: `GET /${at}`, ...none, problem }));
      const sides = ['2025-11-02', '2026-11-01'].map((date) => ({ ...side(date, null, null), requests }));
      const comparison = compareSides(sides, [[{ asked: first }], [{ asked: first }]])!;
      const report = { ...broken, sides, comparison };
      return [comparison.same, tryLines(report, { ...screen, columns: null }).at(-1)];
    };
    const moved = 'Moved from 2025-11-02 to 2026-11-01: ';
    const alike = 'start takes as long as before; memory is as before; ';
    expect(compared(late)).toEqual([0, `${moved}${alike}2 failures.`]);
    const said = `${moved}1 of 1 answer is the same; ${alike}4 failures.`;
    expect(compared(late, { answer: answer('1'), problem })).toEqual([1, said]);
  });

  test('says what the side that was built is without, and shows its requests', () => {
    const failed: TriedSide = {
      ...side('2025-07-01', null, null),
      requests: names.map((name) => ({ name, ...none, problem: null })),
      ...{ size: null, bindings: [], modules: [], cpu_ms: null, memory: null },
    };
    const report = { ...broken, sides: [failed, side('2025-11-02', null, null)], comparison: null };
    const text = tryLines(report, screen).join(' ').replace(/\s+/g, ' ');
    expect(text).toContain('without network, kv_namespaces. Start is the CPU time');
    expect(text).toContain('after 100 requests');
    expect(text).toContain('and 36 more requests: none → 200');
  });

  test('has an error of the check once, as a failure of each side', () => {
    const at = { path: 'src/entry.py', line: 3, column: 1 };
    const finding = {
      severity: 'error',
      code: 'missing_module',
      message: 'No x.',
      fix: null,
      ...at,
    } as const;
    const sides = ['2025-11-02', '2026-11-01'].map((date) => ({
      ...side(date, null, null),
      findings: [finding as unknown as Finding],
    }));
    const report = { ...broken, sides, comparison: { ...broken.comparison!, answers: [], same: 0 } };
    const text = tryLines(report, screen).join('\n');
    expect(text.split('src/entry.py:3:1\n  error: No x.')).toHaveLength(2);
    expect(text).toMatch(/2 failures\.$/);
    expect(casesOf(report).filter(({ problem }) => problem !== null)).toHaveLength(2);
  });

  test('as JUnit has each case, and no text that breaks its syntax', () => {
    const xml = junitXml(broken);
    const cases = casesOf(broken);
    expect(xml).toContain(
      `tests="${cases.length}" failures="${cases.filter(({ problem }) => problem).length}"`,
    );
    expect(xml.match(/<testcase /g)).toHaveLength(cases.length);
    expect(xml).toContain('ValueError: &#60;odd&#62; &#34;text&#34; &#38; more');
    const odd = { ...broken, sides: [side('a\u0000b', 'first\nlast\u0007', null)], comparison: null };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has none of these.
    expect(junitXml(odd)).not.toMatch(/[\u0000-\u0008]/);
  });
});

test('an exception group is named by its own line, in what workerd logs, too', () => {
  const traceback = `  + Exception Group Traceback (most recent call last):
  |   File "main.py", line 8, in fetch
  |     async with asyncio.TaskGroup() as group:
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | ValueError: one
    +------------------------------------
`;
  for (const logged of [traceback, `PythonError: ${traceback}`])
    expect(exceptionLine(logged)).toBe('ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)');
});

test('a Worker that a signal ends amid a request is no failure of the project', async () => {
  const stopping = new AbortController();
  const reason = new Error('stopped');
  const origin = await serve(() => stopping.abort(reason));
  const folder = newFolder();
  const wrangler = { main: 'index.mjs', compatibility_date: '2025-11-02', compatibility_flags: [] };
  await writeFiles(folder, {
    'wrangler.json': JSON.stringify(wrangler),
    'index.mjs': 'export default { fetch: (_, { ORIGIN }) => fetch(ORIGIN) };',
  });
  const asked = [{ method: 'GET', target: '/', headers: [['host', 'localhost'] as const], body: null }];
  const workerd: string = createRequire(import.meta.url)('workerd').default;
  const network = 'network = (allow = ["local"])';
  const serving = { variables: { ORIGIN: origin }, workerd, outbound: network, signal: stopping.signal };
  await expect(askAll(folder, asked, serving, { seconds: 60, size: 1000 })).rejects.toBe(reason);
});
