import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Catalog, PackageSet } from '../../../resolver/catalog.ts';
import { newestOf } from '../../../resolver/publication.ts';
import { root } from '../../../scripts/root.ts';
import { TARGET, usePinwheel, wranglerToml } from '../../cli/pinwheel.ts';
import { closedOrigin } from '../../closed-origin.ts';
import { ending, serve } from '../../common/own.ts';
import { sharedRegistry } from '../../common/registry.ts';

const pinwheel = await usePinwheel();

describe('a real registry', () => {
  let url: string;
  beforeAll(async () => {
    url = (await sharedRegistry()).origin;
  });

  /** Too many for a URL. */
  const many = Array.from({ length: 400 }, () => 'typing_extensions>=4');

  test.each<string[]>([
    ['resolve', 'fastapi', ...TARGET, '--json'],
    ['resolve', 'fastapi', ...TARGET],
    ['resolve', 'Jinja2>=3', 'httpx[http2]', 'numpy; python_version < "3"', ...TARGET, '--json'],
    ['resolve', ...many, ...TARGET, '--json'],
    ['resolve', 'fastapi', '--flag', 'python_3.13_packages_2026_09_16', '--format', 'requirements'],
    ['packages', 'httpx', '--flag', 'python_3.14_packages_2026_11_20', '--json'],
    ['target', ...TARGET],
    ['target', ...TARGET, '--flag', 'python_workers_development', '--experimental', '--json'],
    ['packages', 'py', ...TARGET, '--json'],
    ['when', 'polars>=1', '--as-of', '2026-11-20', '--json'],
    ['diff', '--from', '2025-09-28', '--to', '2025-09-29'],
    ['when', 'numpy<2; python_version < "3.13"', '--flag', 'python_workers', '--json'],
    ['diff', '--from', 'python_3.12_packages_2025_03_01', '--to', '2026-11-01', '--json'],
    ['diff', '--from', '2025-11-02', '--to', '2026-11-01', ...many, '--as-of', '2026-11-20', '--json'],
    ['why', 'numpy', 'fastapi', ...TARGET, '--json'],
  ])('prints the same bytes as without one: %s %s', async (...args) => {
    const bundled = await pinwheel.run(args);
    const asked = await pinwheel.run([...args, '--registry', url]);
    // The command that is proposed asks the registry, too.
    const stdout = asked.stdout.replace(new RegExp(`^(Next: .*) --registry ${url}(?= |$)`, 'm'), '$1');
    expect({ ...asked, stdout }).toEqual(bundled);
    expect(bundled.stdout).not.toBe('');
  });

  test.each<string[]>([
    ['check', '--json'],
    ['diff', '--to', '2026-09-08', '--json'],
    ['diff', '--to', '2026-09-08'],
  ])('prints the same bytes of a project: %s', async (...args) => {
    const cwd = await pinwheel.folderWith({
      'wrangler.toml': wranglerToml(),
      'requirements.txt': 'langchain\nsix\nstripe\nnumpy<2\n',
      'src/entry.py': 'import polars, yaml, langchain, curses, missing\nfrom app import store\n',
      'src/app/store.py': 'import threading\nthreading.Thread(target=print).start()\n',
    });
    const asked = [...args, '--as-of', '2026-11-20'];
    const bundled = await pinwheel.run(asked, { cwd });
    expect(bundled.code).toBe(1);
    expect(await pinwheel.run([...asked, '--registry', url], { cwd })).toEqual(bundled);
  });

  test('sends over HTTP what --json prints', async () => {
    for (const [path, ...args] of [
      ['/v1/when?requirement=polars', 'when', 'polars'],
      [
        '/v1/compare?from=2025-11-02&to=2026-11-01&requirement=six',
        ...'diff --from 2025-11-02 --to 2026-11-01 six'.split(' '),
      ],
    ]) {
      const body = await (await fetch(`${url}${path}&as_of=2026-11-20`)).text();
      expect((await pinwheel.run([...args, '--as-of', '2026-11-20', '--json'])).stdout).toBe(`${body}\n`);
    }
  });

  test('answers the README’s request like the command', async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const [, address] = /^curl '(.*)'$/m.exec(readme)!;
    const [, words] = /^\$ npx pinwheel (.*)$/m.exec(readme)!;
    const { pathname, search } = new URL(address!);
    const { stdout } = await pinwheel.run([...words!.split(' '), '--json']);
    expect(await (await fetch(url + pathname + search)).json()).toEqual(JSON.parse(stdout));
  });

  test.each<string[]>([
    ['resolve', 'fastapii', 'numpy>=99', 'polars', ...TARGET],
    ['resolve', 'numpy=1', 'pip @ file:///etc/passwd', ...TARGET],
    ['resolve', ...many, 'fastapii', ...TARGET],
    ['target', '--date', '2025-9-1', '--flag', 'python_wrkers', '--as-of', '2026-11-20'],
    ['packages', 'pydentic', ...TARGET],
    ['when', 'numpy=1'],
    ['diff', '--from', '2025-9-1', '--to', '2026-11-01'],
    ['why', 'polars', 'fastapi', ...TARGET],
    ['resolve', 'fastapi', ...TARGET, '--format', 'requirements'],
  ])('explains as without one: %s %s', async (...args) => {
    const bundled = await pinwheel.run(args);
    expect([1, 2]).toContain(bundled.code);
    expect(await pinwheel.run([...args, '--registry', url])).toEqual(bundled);
  });

  test('has the same lock, with wheels from the registry', async () => {
    for (const requirement of ['fastapi', 'numpy; python_version < "3"']) {
      const args = ['resolve', requirement, ...TARGET, '--format', 'pyodide-lock'];
      const bundled = JSON.parse((await pinwheel.run(args)).stdout);
      const served = JSON.parse((await pinwheel.run([...args, '--registry', url])).stdout);
      expect(Object.keys(served.packages)).toEqual(Object.keys(bundled.packages));
      for (const [name, locked] of Object.entries<{ file_name: string; sha256: string }>(served.packages)) {
        expect(locked.file_name).toContain(`${url}/wheels/${locked.sha256}/`);
        expect({ ...locked, file_name: '' }).toEqual({ ...bundled.packages[name], file_name: '' });
      }
      expect(served.info).toEqual(bundled.info);
    }
  });

  test('replays a revision', async () => {
    const newest = JSON.parse((await pinwheel.run(['target', ...TARGET, '--json'])).stdout).registry.revision;
    const args = ['target', ...TARGET, '--json', '--revision', String(newest - 1)];
    expect(await pinwheel.run([...args, '--registry', url])).toEqual(await pinwheel.run(args));
    const unknown = ['target', ...TARGET, '--registry', url, '--revision', String(newest + 1)];
    expect(await pinwheel.run(unknown)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`error: No such revision: ${newest + 1}`),
    });
  });

  test('is not found at other paths of its host', async () => {
    const { code, stderr } = await pinwheel.run(['target', ...TARGET, '--registry', `${url}/elsewhere`]);
    expect(code).toBe(3);
    expect(stderr).toContain(`The registry at ${url} answered /elsewhere/v1/index with status 404`);
  });
});

describe('what is not a registry', () => {
  const problem = (code: string) =>
    JSON.stringify({ type: 'about:blank', title: '', status: 422, code, detail: 'The\x1b[2J detail.' });

  test.each<[what: string, status: number, body: string, says: string]>([
    ['a page', 200, '<!doctype html>', '/v1/index sent is not a catalog: it is not JSON.'],
    [
      'other JSON',
      200,
      '{"registry": {"revision": 1}}',
      '/v1/index sent is not a catalog: publication is missing.',
    ],
    ['null', 200, 'null', 'sent is not a catalog: the document is not an object.'],
    ['nothing', 200, '', 'sent is not a catalog: it is not JSON.'],
    ['an error page', 502, '<h1>Bad gateway</h1>', 'with status 502, not as a registry does.'],
    ['an unavailable store', 503, problem('storage_unavailable'), 'with status 503: The\\u{1b}[2J detail.'],
    ['a wrong path', 404, problem('not_found'), 'with status 404: The\\u{1b}[2J detail.'],
  ])('%s', async (_, status, body, says) => {
    const url = await serve((_request, response) => response.writeHead(status).end(body));
    const ended = await pinwheel.run(['resolve', 'fastapi', ...TARGET, '--registry', url]);
    expect(ended).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining(says) });
    expect(ended.stderr).toContain('or leave out --registry to use the bundled data.');
  });

  test.each<[path: string, format: string, spoil: (catalog: Catalog, set: PackageSet) => void]>([
    ['sets[3].digest is missing', 'pylock', ({ sets }) => Reflect.deleteProperty(sets[3]!, 'digest')],
    [
      'packages[2].depends is missing',
      'pylock',
      (_, set) => Reflect.deleteProperty(set.packages[2]!, 'depends'),
    ],
    [
      'packages[2].version is not',
      'requirements',
      (_, set) => Object.assign(set.packages[2]!, { version: '1\nevil' }),
    ],
    ['flags[0].enable is not a string', 'json', ({ flags }) => Object.assign(flags[0]!, { enable: 1 })],
  ])('a registry of which %s, for %s', async (says, format, spoil) => {
    const read = async (path: string) => JSON.parse(await readFile(join(root, 'data', path), 'utf8'));
    const catalog: Catalog = await read('catalog.json');
    const set: PackageSet = await read('sets/python_3.13_packages_2025_08_08.json');
    spoil(catalog, set);
    const newest = await newestOf(catalog);
    const url = await serve(({ url: path }, response) =>
      response.end(JSON.stringify(path === '/v1/index' ? newest : set)),
    );
    const args = ['resolve', 'fastapi', ...TARGET, '--registry', url, '--format', format];
    // A cached file would be used instead.
    const ended = await pinwheel.run(args, { env: { XDG_CACHE_HOME: await pinwheel.folderWith({}) } });
    expect(ended).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining(says) });
  });

  test('a port without a listener', async () => {
    const url = ending(await closedOrigin()).origin;
    const { code, stdout, stderr } = await pinwheel.run(['target', ...TARGET, '--registry', url]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr.replace(url, 'URL')).toMatchInlineSnapshot(`
      "error: The registry at URL could not be reached: the connection was refused.
        fix: Check the URL, and that the registry is running, or leave out --registry to use the bundled data.
      "
    `);
  });
});

test('a revision is explained by what was known then', async () => {
  const catalog: Catalog = JSON.parse(await readFile(join(root, 'data/catalog.json'), 'utf8'));
  const { revision } = catalog.sets.find(({ flag }) => flag === 'python_3.13_packages_2025_08_08')!;
  const later = catalog.sets.filter((set) => set.revision > revision).map(({ flag }) => flag);
  const project = await pinwheel.folderWith({ 'entry.py': 'import polars', 'requirements.txt': 'bs5' });
  const said = async (args: string[]) => {
    const { stdout, stderr } = await pinwheel.run([...args, ...TARGET], { cwd: project });
    return stdout + stderr;
  };
  for (const args of [['check'], ['resolve', 'polars>=1']]) {
    const now = await said(args);
    const then = await said([...args, '--revision', String(revision)]);
    expect(later.filter((flag) => now.includes(flag))).not.toEqual([]);
    expect(later.filter((flag) => then.includes(flag))).toEqual([]);
  }
});
