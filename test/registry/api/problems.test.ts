import { beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '../../../registry/http/problem.ts';
import { ask, askJson, post } from '../client.ts';
import { dataLog, seed } from '../seed.ts';

beforeAll(() => seed());

const DAY = 'as_of=2026-11-20';

const PYTHON = 'flag=python_workers';
/** Each row: the question, and words of the problem. What is wrong otherwise, the tests of the resolver ask. */
const rows: [name: string, query: string, ...says: string[]][] = [
  ['a short date', `date=2025-9-1&${PYTHON}`, 'Invalid compatibility date: 2025-9-1'],
  [
    'an unknown flag',
    `date=2026-01-01&${PYTHON}&flag=python_worker_314`,
    ...['No such compatibility flag: python_worker_314', 'python_workers_314'],
  ],
  ['no Python flag', 'date=2026-01-01', 'The python_workers compatibility flag is required to use Python.'],
];

describe.each(['/v1/target', '/v1/resolve'])('dates and flags of %s', (path) => {
  test.each(rows)('%s', async (name, query, ...says) => {
    const status = name === 'no Python flag' ? 422 : 400;
    const response = await ask(`${path}?${query}&${DAY}`);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const problem = await response.json<Problem>();
    expect(problem.status).toBe(status);
    const told = problem.errors!.map(({ message, fix }) => `${message} ${fix}`).join('\n');
    for (const words of says) expect(told).toContain(words);
  });

  test('an impossible day is accepted as workerd accepts it, with a warning', async () => {
    const response = await ask(`${path}?date=2025-02-30&flag=python_workers&${DAY}`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('"severity":"warning","code":"impossible_day"');
  });

  test('with the opt-in an experimental flag is accepted', async () => {
    const query = `date=2026-01-01&flag=python_workers_development&experimental=true&${DAY}`;
    expect((await ask(`${path}?${query}`)).status).toBe(200);
  });

  test.each(['0', '-1', '1.5', 'x', '99999', '9'.repeat(40)])('revision %s', async (revision) => {
    const response = await ask(`${path}?date=2026-01-01&flag=python_workers&revision=${revision}&${DAY}`);
    expect([400, 404]).toContain(response.status);
  });
});

const AT = `date=2025-11-02&flag=python_workers&${DAY}`;

describe('requirements', () => {
  test.each([
    ['fastapi>=1', 422, 'fastapi>=1 cannot be satisfied: '],
    ['pip @ file:///etc/passwd', 400, 'file:///etc/passwd'],
  ])('%j: %i', async (requirement, status, says) => {
    const response = await ask(`/v1/resolve?${AT}&requirement=${encodeURIComponent(requirement)}`);
    expect(response.status).toBe(status);
    const { errors } = await response.json<Problem>();
    expect(errors).toMatchObject([{ message: expect.stringContaining(says) }]);
  });

  test.each([
    ['/v1/resolve', 'requirements=numpy', 'Did you mean requirement?'],
    [
      '/v1/target',
      'requirement=numpy',
      'There are date, flag, as_of, revision, experimental, answer_version.',
    ],
    ['/v1/sets', 'flag=python_workers', 'There are revision, answer_version.'],
    ['/healthz', 'x=1', 'There is only strict.'],
    ['/v1/log', 'revisions=1', 'Leave it out.'],
  ])('a parameter that %s does not have: %s', async (path, query, fix) => {
    const problem = await askJson<Problem>(`${path}?${query}`);
    expect(problem).toMatchObject({ status: 400, errors: [{ code: 'invalid_parameter', fix }] });
  });

  test('ten thousand requirements, a body of 1 MB, malformed JSON', async () => {
    const question = { compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'] };
    const many = await ask('/v1/resolve', post({ ...question, requirements: Array(10_000).fill('numpy') }));
    expect(many.status).toBe(400);
    const large = await ask('/v1/resolve', post({ ...question, requirements: ['x'.repeat(1_000_000)] }));
    expect(large.status).toBe(413);
    const lengthless = await ask('/v1/resolve', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Response('x'.repeat(1_000_000)).body!,
    });
    expect(lengthless.status).toBe(413);
    for (const body of ['{', '[]', 'null', '{"requirements": "numpy"}', '']) {
      const response = await ask('/v1/resolve', post(body));
      expect([response.status, response.headers.get('content-type')], body).toEqual([
        400,
        'application/problem+json',
      ]);
    }
  });
});

describe('a problem is bounded', () => {
  const question = { compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'] };
  const typos = Array.from({ length: 100 }, (_, at) => `no-such-thing-${at}`);

  const asking = (requirements: unknown[]) => ({ ...question, requirements });
  const unknown = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, 1]));

  test.each<[string, object, number, code: string, more?: number]>([
    ['a hundred requirements', asking(typos), 422, 'unknown_package', 80],
    ['a hundred numbers', asking(Array(100).fill(1)), 400, 'invalid_parameter', 80],
    ['too many numbers', asking(Array(99_999).fill(1)), 400, 'too_many_requirements'],
    ['long requirements', asking(Array(250).fill(`six${',!=1'.repeat(50)}`)), 400, 'too_many_requirements'],
    [
      'too many flags',
      { compatibility_flags: Array(60_000).fill(''), requirements: [] },
      400,
      'too_many_flags',
    ],
    ['unknown keys', { requirements: [], ...unknown }, 400, 'invalid_parameter'],
  ])('%s', async (_, body, status, code, more) => {
    const text = await (await ask('/v1/resolve', post(body))).text();
    const problem = JSON.parse(text) as Problem;
    expect([problem.status, problem.errors!.at(-1)!.code, problem.more_errors]).toEqual([status, code, more]);
    expect(problem.errors!.length).toBe(more === undefined ? 1 : 20);
    expect(text.length).toBeLessThan(20_000);
    if (more !== undefined) expect(problem.detail).toMatch(/And 80 more\.$/);
  });

  test('on a page too', async () => {
    const query = new URLSearchParams({ date: '2025-11-02', requirements: typos.join('\n') });
    const text = await (await ask(`/resolve?${query}`)).text();
    const [, rows = ''] = /<table class="answer-rows">(.*?)<\/table>(.*)/s.exec(text)!;
    expect(rows.split('not in a set').length - 1).toBe(20);
    expect(text).toContain('And 80 more: ');
    expect(text.length).toBeLessThan(60_000);
  });

  test('of which another set has all packages are one entry, with what it has of each', async () => {
    const query = new URLSearchParams({ date: '2025-11-02', requirements: 'pandas\npillow\nshapely' });
    const text = await (await ask(`/resolve?${query}`)).text();
    expect(text.split('class="notice error"').length - 1).toBe(1);
    expect(text).toMatch(/: pandas [\d.]+, pillow [\d.]+, shapely [\d.]+</);
  });
});

test.each([
  ['a way up', '..%2f..%2f'],
  ['a NUL', '%00'],
  ['no UTF-8', '%ff'],
  ['10 kB', 'a'.repeat(10_000)],
  ['a Cyrillic look-alike', 'рydantic'],
  ['a right-to-left mark', 'num%E2%80%AEpy'],
  ['a lone percent sign', '%'],
])('hostile paths: %s', async (_name, name) => {
  const flag = 'python_3.13_packages_2025_08_08';
  for (const path of [
    `/v1/packages/${name}`,
    `/v1/sets/${name}`,
    `/v1/sets/${flag}/packages/${name}`,
    `/v1/sets/${name}/pyodide-lock.json`,
    `/v1/sets/${flag}/files/${name}`,
    `/v1/flags/${name}`,
    `/v1/log/${name}`,
    `/wheels/${name}/${name}`,
    `/${name}`,
  ]) {
    const response = await ask(path);
    expect([400, 404], path.slice(0, 80)).toContain(response.status);
  }
});

test('other people’s hosts never come back in an answer', async () => {
  const headers = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'gopher',
    forwarded: 'host=evil.example',
  };
  const set = dataLog.findLast((entry) => entry.kind === 'set')!.name;
  for (const path of [
    `/v1/sets/${set}/pyodide-lock.json`,
    `/v1/resolve?${AT}&requirement=numpy`,
    '/openapi.json',
    '/packages',
    '/packages/numpy',
    `/sets/${set}`,
    '/compare',
    '/api',
    '/changes.atom',
    '/nowhere',
  ]) {
    for (const url of [path, `https://evil.example${path}`]) {
      const response = await ask(url, { headers });
      const everything = `${await response.text()}\n${JSON.stringify([...response.headers])}`;
      expect(everything, path).not.toMatch(/evil\.example|gopher/);
    }
  }
});
