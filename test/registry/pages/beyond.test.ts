/** Pages and badges of packages that no set has, with an index of simple pages. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { OpenApi } from '../../../registry/http/examples.ts';
import { ask, askJson } from '../client.ts';
import { seed } from '../seed.ts';

const INDEX_URL = 'https://index.example/simple/';
/** By project: its file, what that requires, and an older file. */
const FILES: Record<string, [filename: string, requires: string[], older?: string]> = {
  flask: ['flask-3.1.2-py3-none-any.whl', ['blinker', 'jinja2>=3']],
  blinker: ['blinker-1.9.0-py3-none-any.whl', []],
  numpi: ['numpi-1.0-py3-none-any.whl', []],
  toml: ['toml-1.0-py3-none-any.whl', []],
  long: ['long-1.0-py3-none-any.whl', ['a-name-that-is-absent-from-it<7,>=2.1.5']],
  nursery: ['nursery-1.0-py3-none-any.whl', ['trio']],
  selenium: ['selenium-4.50.0-py3-none-any.whl', []],
  trio: ['trio-0.31.0-py3-none-any.whl', []],
  old: ['old-1.0-py3-none-any.whl', ['both<2']],
  new: ['new-1.0-py3-none-any.whl', ['both>=2']],
  both: ['both-2.0-py3-none-any.whl', [], 'both-1.0-py3-none-any.whl'],
  asyncmy: ['asyncmy-0.2.10-cp313-cp313-manylinux_2_17_x86_64.whl', []],
};

beforeAll(() => seed());
beforeEach(() => {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
    const { pathname } = new URL(String(input));
    const [, name = ''] = /^\/(?:simple\/)?([a-z0-9]+)/.exec(pathname)!;
    const [filename, requires, older] = FILES[name] ?? [];
    if (!filename) return new Response(null, { status: 404 });
    if (pathname.endsWith('.metadata')) {
      const [, version] = pathname.split('-');
      const lines = requires!.map((text) => `Requires-Dist: ${text}\n`).join('');
      return new Response(`Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${lines}`);
    }
    const fileOf = (filename: string) => ({
      ...{ filename, url: `https://index.example/${name}/${filename}`, hashes: { sha256: '0'.repeat(64) } },
      ...{ 'core-metadata': true, 'upload-time': '2026-01-02T00:00:00Z', size: 100_000 },
    });
    const files = [filename, older ?? []].flat().map(fileOf);
    const page = { meta: { 'api-version': '1.1' }, name, files, versions: [] };
    return Response.json(page, { headers: { 'content-type': 'application/vnd.pypi.simple.v1+json' } });
  });
});
afterEach(() => vi.restoreAllMocks());

test.each([
  [
    'flask',
    /From an index, not run: index\.example has 3\.1\.2, pure Python; it needs 3 more/,
    'from an index',
  ],
  ['asyncmy', /Not from index\.example: /, 'not in a set'],
  ['nothing-like-it', /Not from index\.example: /, 'not in a set'],
  ['psycopg2', /It cannot run in a Worker/, 'cannot run'],
  // The index has a pure wheel of it.
  ['selenium', /It cannot run in a Worker: it starts a browser/, 'cannot run'],
])('%s is answered from the index, and never works', async (name, says, badge) => {
  const bindings = { ...env, INDEX_URL };
  for (const path of [`/packages/${name}`, `/packages/${name}.md`]) {
    const page = await ask(path, {}, bindings);
    const text = await page.text();
    expect([path, page.status, text.match(says) !== null ? '' : text]).toEqual([path, 200, '']);
  }
  expect(await (await ask(`/badge/${name}.svg`, {}, bindings)).text()).toContain(badge);
  // What the index said is stored for the day: badges do not ask it again.
  vi.mocked(fetch).mockClear();
  expect(await (await ask(`/badge/${name}.svg?again`, {}, bindings)).text()).toContain(badge);
  expect(fetch).not.toHaveBeenCalled();
  const answer = await ask(`/v1/packages/${name}`, {}, bindings);
  const inApi = { 'cannot run': /"because":"cannot_run"/, 'from an index': /"from_index":/ }[badge] ?? says;
  expect([answer.status, await answer.text()]).toEqual([
    name === 'nothing-like-it' ? 404 : 200,
    expect.stringMatching(inApi),
  ]);
});

test('the box of the front page is answered from the index, too', async () => {
  const bindings = { ...env, INDEX_URL };
  const textOf = async (name: string) =>
    (await (await ask(`/?q=${name}`, {}, bindings)).text()).replace(/<[^>]+>/g, '');
  const flask = await textOf('flask');
  expect(flask).toContain('From an index, not run: index.example has 3.1.2, pure Python; it needs 3 more');
  expect(flask).toMatch(
    / --no-deps --target python_modules blinker==1\.9\.0 .*markupsafe==\S+ .*flask==3\.1\.2/,
  );
  const nothing = await textOf('nothing-like-it');
  expect(nothing).toContain('Not from index.example: ');
  expect(nothing).not.toContain('pip install');
});

test('names among others are answered from the index, too', async () => {
  const page = await ask('/resolve?q=flask+numpy+nothing-like-it+numpi+pandass', {}, { ...env, INDEX_URL });
  const text = (await page.text()).replace(/<[^>]+>/g, '');
  expect(text).toContain(
    'In part: numpy 2.4.6 on Python 3.14; an index has flask and numpi, which nobody has run here; no package set has nothing-like-it and pandass',
  );
  expect(text).toContain('from an indexFrom an index, not run: index.example has 3.1.2, pure Python');
  expect(text).toContain('not in a setNot from index.example: ');
  expect(text).toContain('from an indexDid you mean numpy? From an index, not run: index.example has 1.0');
  expect(text).toContain('not in a setDid you mean pandas? Not from index.example: ');
  const older = await ask('/resolve?date=2025-05-01&q=pilow', {}, { ...env, INDEX_URL });
  expect(await older.text()).toMatch(/Perhaps you mean pillow, which \S+ has\. Not from index\.example: /);
  const alone = await ask('/resolve?q=flask', {}, { ...env, INDEX_URL });
  expect([alone.status, await alone.text()]).toEqual([200, expect.stringContaining('an index has flask')]);
});

test('all of an answer can be copied, and asked for again', async () => {
  const bindings = { ...env, INDEX_URL };
  const page = await (
    await ask('/resolve?date=2026-11-01&q=numpy+flask+nothing-like-it', {}, bindings)
  ).text();
  const text = page
    .replace(/<[^>]+>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
  const pins =
    /--extra-index-url https:\/\/index\.example\/simple\/ .* blinker==1\.9\.0 .*flask==3\.1\.2 numpy==2\.4\.6/;
  expect(text).toMatch(pins);
  expect(text).toMatch(/dependencies = \["flask==3\.1\.2", "numpy==2\.4\.6"\]/);
  expect(text).toContain(`url = "${INDEX_URL}"\ndefault = true`);
  expect(text).toMatch(/--extra-index-url \S+\n(\S+\n)*flask==3\.1\.2\nnumpy==2\.4\.6/);
  expect(text.replaceAll('&#39;', "'")).toMatch(
    /\/v1\/resolve\?\S+&requirement=flask&requirement=numpy&index=true&exclude_newer=2026-11-01'/,
  );
  const [, link] = /href="([^"]*)">Permanent link/.exec(page)!;
  expect(link).toMatch(/&amp;requirement=numpy&amp;requirement=flask&amp;requirement=nothing-like-it$/);
  const front = await (await ask('/?q=blinker', {}, bindings)).text();
  expect(front).toMatch(/href="\/\?q=blinker&amp;as_of=[^"]*">Permanent link/);
  expect(/id="_wrangler">.*?<pre>([^<]+)/.exec(front)?.[1]).toContain('compatibility_date');
});

test('what the index has for each alone, and not for all together, is said', async () => {
  const page = await ask('/resolve?q=old+new', {}, { ...env, INDEX_URL });
  const text = (await page.text()).replace(/<[^>]+>/g, '');
  expect(text).toContain('Not known: an index has old and new, but not all of this together');
  expect(text).toContain('The index has each by itself, and not all together.');
  expect(text).not.toMatch(/old==/);
});

test('what needs a version that the question refuses has no lines to copy', async () => {
  const copied = async (question: string) => {
    const page = await ask(`/resolve?q=${encodeURIComponent(question)}`, {}, { ...env, INDEX_URL });
    return / [a-z]+==\S+/.test((await page.text()).replace(/<[^>]+>/g, ''));
  };
  expect([await copied('flask blinker<1'), await copied('flask toml<1')]).toEqual([false, true]);
});

test('a move asks the index what it has for the date that it leads to', async () => {
  const bindings = { ...env, INDEX_URL };
  const page = await (await ask('/compare?from=2026-09-10&to=2026-11-01&q=flask+numpy', {}, bindings)).text();
  const text = page.replace(/<[^>]+>/g, '');
  expect(text).toContain('; not counted: flask (from an index), from 2026-09-10 to 2026-11-01');
  expect(text).toContain(
    'flasknot in a setfrom an indexFrom an index, not run: index.example has 3.1.2, pure Python',
  );
});

test('the version that is asked for counts, and what cannot run among what it needs is said', async () => {
  const bindings = { ...env, INDEX_URL };
  const textOf = async (question: string) => {
    const page = await ask(`/resolve?q=${encodeURIComponent(question)}`, {}, bindings);
    return (await page.text()).replace(/<[^>]+>/g, '');
  };
  expect(await textOf('flask==9 numpy')).toMatch(/Not from index\.example: [^.]*flask[^.]*==9[^\n]* 3\.1\.2/);
  const needs = 'it needs 1 more, 200 kB. trio, which nursery needs, cannot run in a Worker: its event loop';
  expect(await textOf('nursery numpy')).toContain(needs);
  expect(await (await ask('/packages/nursery.md', {}, bindings)).text()).toContain(needs);
});

test('the line for pip takes what is compiled from the set, and the rest from the index', async () => {
  const page = await (await ask('/packages/flask.md', {}, { ...env, INDEX_URL })).text();
  const indexes =
    '--index-url https://pinwheel.test/simple/python_3.14_packages_2026_08_25/ ' +
    `--extra-index-url ${INDEX_URL} --platform pyodide_2026_0_wasm32`;
  expect(page).toContain(`With pip, into python_modules\n\n\`\`\`\npip install ${indexes}`);
  expect(page).toMatch(
    / --no-deps --target python_modules blinker==1\.9\.0 .*markupsafe==\S+ .*flask==3\.1\.2\n/,
  );
});

test('the line for pip can be pasted into the box', async () => {
  const text = (await (await ask('/?q=flask')).text()).replace(/<[^>]+>/g, '');
  const [line] = /pip install --target .* flask/.exec(text)!;
  const moved = await ask(`/?q=${encodeURIComponent(line)}`);
  expect([moved.status, moved.headers.get('location')]).toEqual([302, '/?q=flask']);
});

test('a name that resembles one of a set is asked of the index, and the similar name is said first', async () => {
  const bindings = { ...env, INDEX_URL };
  const textOf = async (path: string) => {
    const answer = await ask(path, {}, bindings);
    return [answer.status, (await answer.text()).replace(/<[^>]+>/g, '')];
  };
  const says = 'From an index, not run: index.example has 1.0';
  expect(await textOf('/badge/numpi.svg')).toEqual([200, expect.stringContaining('from an index')]);
  const page = new RegExp(`Similar names: \\[numpy\\][^]*${says}`);
  expect(await textOf('/packages/numpi.md')).toEqual([200, expect.stringMatching(page)]);
  expect(await textOf('/?q=numpi')).toEqual([200, expect.stringContaining(`Did you mean numpy? ${says}`)]);
  // Rows are found for it: tomli.
  const meant = `Did you mean tomli, tomli-w or tomllib? ${says}`;
  expect(await textOf('/?q=toml')).toEqual([200, expect.stringContaining(meant)]);
  const inApi = await (await ask('/v1/packages/numpi', {}, bindings)).json<{ from_index: object }>();
  expect(inApi).toMatchObject({
    ...{ name: 'numpi', versions: [] },
    from_index: { url: INDEX_URL, version: '1.0', totals: { packages: 1 }, similar: ['numpy'] },
  });
  const { components } = await askJson<OpenApi>('/openapi.json');
  const { example } = components.schemas.PackageFromIndex!;
  expect(Object.keys(example as object)).toEqual(Object.keys(inApi.from_index));
  expect(await textOf('/badge/pandass.svg')).toEqual([200, expect.stringContaining('not in a set')]);
  expect(await textOf('/packages/pandass.md')).toEqual([
    404,
    expect.stringContaining('Similar names: [pandas]'),
  ]);
  expect(await textOf('/v1/packages/pandass')).toEqual([
    404,
    expect.stringContaining('Did you mean pandas? Not from index.example: '),
  ]);
  const extra = await ask('/badge/flask%5Basync%5D.svg', { redirect: 'manual' }, bindings);
  expect([extra.status, extra.headers.get('location')]).toEqual([302, '/badge/flask.svg']);
});

test.each([
  ['os.path', 'the standard library of Python 3.14.2 has it'],
  ['distutils', 'Python 3.12 removed it from the standard library'],
  ['_pyodide', 'Pyodide provides it'],
])('%s is no package, as the API and the page say', async (name, why) => {
  const answer = await ask(`/v1/packages/${name}`, {}, { ...env, INDEX_URL });
  expect(await answer.json()).toMatchObject({ diagnostics: [{ fixes: [{ kind: 'leave_out', why }] }] });
  const page = await ask(`/packages/${name}.md`, {}, { ...env, INDEX_URL });
  expect(await page.text()).not.toContain('Not from ');
  expect(fetch).not.toHaveBeenCalled();
});

test('that the index does not answer is no 404 of the API', async () => {
  vi.mocked(fetch).mockImplementation(async () => new Response(null, { status: 500 }));
  const answer = await ask('/v1/packages/broken', {}, { ...env, INDEX_URL });
  expect([answer.status, await answer.json()]).toMatchObject([
    200,
    { name: 'broken', versions: [], diagnostics: [{ code: 'index_unexpected_status' }] },
  ]);
});

test.each(['flask%5Basync%5D', 'flask==3.1.2', 'Flask%20%3E=3'])(
  'the page of %s is that of what it names',
  async (written) => {
    for (const ending of ['', '.md']) {
      const page = await ask(`/packages/${written}${ending}`, { redirect: 'manual' }, { ...env, INDEX_URL });
      expect([page.status, new URL(page.headers.get('location')!, 'https://pinwheel.test').pathname]).toEqual(
        [302, `/packages/flask${ending}`],
      );
    }
  },
);

test('why the index has none is said whole', async () => {
  const page = await (await ask('/packages/long.md', {}, { ...env, INDEX_URL })).text();
  expect(page).toMatch(/Because long 1\.0 depends on \S*absent[^\n]* and you require long,[^\n]*\.\n/);
});

test('without an index, nothing is asked, and nothing is red', async () => {
  for (const path of ['/packages/flask', '/packages/nothing-like-it.md']) {
    const page = await ask(path);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Not in a set.')]);
  }
  expect(await (await ask('/badge/flask.svg')).text()).not.toContain('#b3261e');
  const row = await (await ask('/resolve?q=flask+numpy')).text();
  expect(row).toContain('If it is pure Python, an index such as PyPI may have it.');
  expect(row).not.toContain('ask with');
  expect(fetch).not.toHaveBeenCalled();
});
