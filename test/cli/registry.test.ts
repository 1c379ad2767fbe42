/** The command line against a registry: a real one, and ones that misbehave. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { registryAnswers } from '../../cli/answers/registry.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { installPinwheel, type Pinwheel, TARGET } from './pinwheel.ts';

let pinwheel: Pinwheel;
beforeAll(async () => {
  pinwheel = await installPinwheel();
});
afterAll(() => pinwheel.remove());

describe('a real registry', () => {
  let registry: LocalRegistry;
  let url: string;
  beforeAll(async () => {
    registry = await startLocalRegistry({ port: 0 });
    url = registry.url.origin;
  });
  afterAll(() => registry.stop());

  /** More than fit into a URL. */
  const many = Array.from({ length: 400 }, () => 'typing_extensions>=4');

  test.each<string[]>([
    ['resolve', 'fastapi', ...TARGET, '--json'],
    ['resolve', 'fastapi', ...TARGET],
    ['resolve', 'Jinja2>=3', 'httpx[http2]', 'numpy; python_version < "3"', ...TARGET, '--json'],
    ['resolve', ...many, ...TARGET, '--json'],
    ['resolve', 'fastapi', ...TARGET, '--format', 'requirements'],
    ['resolve', 'numpy', 'ssl', '--flag', 'python_3.13_packages_2025_09_22', '--format', 'requirements'],
    ['resolve', 'numpy', '--flag', 'python_3.12_packages_2025_03_01', '--json'],
    ['resolve', 'httpx', '--flag', 'python_3.14_packages_2026_11_20', '--json'],
    ['packages', 'httpx', '--flag', 'python_3.14_packages_2026_11_20', '--json'],
    ['target', '--flag', 'python_3.14_packages_2026_11_20'],
    ['target', ...TARGET, '--json'],
    ['target', ...TARGET],
    ['target', ...TARGET, '--flag', 'python_workers_development', '--experimental', '--json'],
    ['packages', ...TARGET, '--json'],
    ['packages', 'py', ...TARGET, '--json'],
    ['packages', 'py', ...TARGET],
  ])('prints the same bytes as without one: %s %s', async (...args) => {
    const carried = await pinwheel.run(args);
    expect(carried.code).toBe(0);
    expect(await pinwheel.run([...args, '--registry', url])).toEqual(carried);
  });

  test.each<string[]>([
    ['resolve', 'fastapii', 'numpy>=99', 'polars', ...TARGET],
    ['resolve', 'numpy=1', 'pip @ file:///etc/passwd', ...TARGET],
    ['resolve', ...many, 'fastapii', ...TARGET],
    ['target', '--date', '2025-9-1', '--flag', 'python_wrkers', '--as-of', '2026-11-20'],
    ['target', '--as-of', '2026-11-20'],
    ['packages', 'pydentic', ...TARGET],
  ])('explains as without one: %s %s', async (...args) => {
    const carried = await pinwheel.run(args);
    expect(carried.code).toBe(1);
    expect(await pinwheel.run([...args, '--registry', url])).toEqual(carried);
  });

  test('has the same lock, with wheels from the registry', async () => {
    for (const requirement of ['fastapi', 'numpy; python_version < "3"']) {
      const args = ['resolve', requirement, ...TARGET, '--format', 'pyodide-lock'];
      const carried = JSON.parse((await pinwheel.run(args)).stdout);
      const served = JSON.parse((await pinwheel.run([...args, '--registry', url])).stdout);
      expect(Object.keys(served.packages)).toEqual(Object.keys(carried.packages));
      for (const [name, locked] of Object.entries<{ file_name: string; sha256: string }>(served.packages)) {
        expect(locked.file_name).toContain(`${url}/wheels/${locked.sha256}/`);
        expect({ ...locked, file_name: '' }).toEqual({ ...carried.packages[name], file_name: '' });
      }
      expect(served.info).toEqual(carried.info);
    }
  });

  test('replays a revision', async () => {
    const newest = JSON.parse((await pinwheel.run(['target', ...TARGET, '--json'])).stdout).registry.revision;
    const args = ['target', ...TARGET, '--json', '--revision', String(newest - 1)];
    expect(await pinwheel.run([...args, '--registry', url])).toEqual(await pinwheel.run(args));
    const unknown = await pinwheel.run([
      'target',
      ...TARGET,
      '--registry',
      url,
      '--revision',
      String(newest + 1),
    ]);
    expect(unknown).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`error: No such revision: ${newest + 1}`),
    });
  });

  test('is not at every URL of its host', async () => {
    const { code, stderr } = await pinwheel.run(['target', ...TARGET, '--registry', `${url}/elsewhere`]);
    expect(code).toBe(3);
    expect(stderr).toContain(`The registry at ${url} answered /elsewhere/v1/target with status 404`);
  });
});

describe('what is no registry', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function serve(listener: RequestListener): Promise<string> {
    server = createServer(listener);
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server!.address() as AddressInfo).port}`;
  }

  const problem = (code: string, errors?: object[]) =>
    JSON.stringify({ type: 'about:blank', title: '', status: 422, code, detail: 'The detail.', errors });

  test.each<[what: string, status: number, body: string, code: number, says: string]>([
    ['a page', 200, '<!doctype html>', 3, 'sent is no answer of a registry.'],
    ['other JSON', 200, '{"registry": {"revision": 1}}', 3, 'sent is no answer of a registry.'],
    ['null', 200, 'null', 3, 'sent is no answer of a registry.'],
    ['nothing', 200, '', 3, 'sent is no answer of a registry.'],
    [
      'an error page',
      502,
      '<h1>Bad gateway</h1>',
      3,
      'with status 502, and nothing that a registry would say.',
    ],
    ['an unavailable store', 503, problem('storage_unavailable'), 3, 'with status 503: The detail.'],
    ['a wrong path', 404, problem('not_found'), 3, 'with status 404: The detail.'],
    ['a refusal without a list', 404, problem('unknown_revision'), 1, 'error: The detail.\n'],
    [
      'a refusal with a list',
      422,
      problem('unanswerable_question', [
        { code: 'a', message: 'One\x1b[2J\nerror: forged', fix: 'Do this.' },
        { code: 'b', message: 'Two.', fix: null },
      ]),
      1,
      'error: One\\u{1b}[2J\n  error: forged\n  fix: Do this.\nerror: Two.\n',
    ],
  ])('%s', async (_, status, body, code, says) => {
    const url = await serve((_request, response) => response.writeHead(status).end(body));
    const ended = await pinwheel.run(['resolve', 'fastapi', ...TARGET, '--registry', url]);
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(says) });
  });

  test('a port where nobody listens', async () => {
    const url = await serve(() => {});
    await new Promise((resolve) => server!.close(resolve));
    const { code, stdout, stderr } = await pinwheel.run(['target', ...TARGET, '--registry', url]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr.replace(url, 'URL')).toMatchInlineSnapshot(`
      "error: The registry at URL could not be reached: the connection was refused.
        fix: Check the URL and whether the registry runs, or leave out --registry to ask the data that pinwheel carries.
      "
    `);
  });

  test('a connection that breaks off', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 1000 }).write('{');
      response.destroy();
    });
    const { code, stderr } = await pinwheel.run(['target', ...TARGET, '--registry', url]);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringContaining('the connection broke off'),
    });
  });

  const question = {
    compatibility_date: '2025-11-02',
    compatibility_flags: ['python_workers'],
    as_of: null,
    revision: null,
    experimental: false,
  };

  test('an answer that never comes, or never ends', async () => {
    const silent = registryAnswers(await serve(() => {}), { timeoutMs: 50 });
    await expect(silent.target(question)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('no answer within 0.05 s'),
    });
    const url = await serve((_request, response) => {
      const more = () => response.write(' '.repeat(10_000), more);
      response.writeHead(200);
      more();
    });
    await expect(registryAnswers(url, { bytes: 1_000_000 }).target(question)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('sent more than 1 MB for /v1/target'),
    });
  });

  test('questions go out as the API has them', async () => {
    const seen: { method: string | undefined; url: string | undefined; body: string }[] = [];
    const url = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      seen.push({ method: request.method, url: request.url, body });
      response.writeHead(404).end();
    });
    const answers = registryAnswers(`${url}/below`);
    const full = { ...question, as_of: '2026-11-20', revision: 3, experimental: true };
    const long = Array.from({ length: 1_000 }, () => 'numpy');
    await expect(answers.resolve(full, ['a>=1', 'b & c'])).rejects.toMatchObject({ exitCode: 3 });
    await expect(answers.resolve(full, long)).rejects.toMatchObject({ exitCode: 3 });
    await expect(answers.resolve({ ...question, compatibility_date: null }, long)).rejects.toThrow();
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /below/v1/resolve?date=2025-11-02&flag=python_workers&as_of=2026-11-20&experimental=true&revision=3' +
        '&requirement=a%3E%3D1&requirement=b+%26+c',
      'POST /below/v1/resolve',
      'POST /below/v1/resolve',
    ]);
    expect(JSON.parse(seen[1]!.body)).toEqual({ ...full, requirements: long });
    const { as_of: _a, revision: _r, ...rest } = question;
    expect(JSON.parse(seen[2]!.body)).toEqual({ ...rest, compatibility_date: null, requirements: long });
  });
});
