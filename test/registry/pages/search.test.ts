/** The answer of the front page to what people type: requirements, and modules of the standard library. */
import { beforeAll, expect, test } from 'vitest';
import type { WhenAnswer } from '../../../resolver/index.ts';
import { ask } from '../client.ts';
import { seed } from '../seed.ts';

beforeAll(() => seed());

const AT = '2026-11-20';

/** Such as `no`, `numpi` and the verdict. */
async function search(query: string) {
  const page = await (await ask(`/?as_of=${AT}&q=${encodeURIComponent(query)}`)).text();
  const textOf = (pattern: RegExp) => {
    const text = pattern.exec(page)![1]!.replace(/<[^>]+>/g, '');
    return text.replaceAll('&gt;', '>').replaceAll('&lt;', '<');
  };
  return {
    is: /id="_card"[^>]* data-is="(\w+)"/.exec(page)![1],
    title: textOf(/<a id="_link"[^>]*>(.*?)<\/a>/s),
    verdict: textOf(/<p id="_verdict">(.*?)<\/p>/s),
    // What is hidden is empty.
    lines: [...page.matchAll(/<figure>.*?<pre[^>]*>(.*?)<\/pre>/gs)].flatMap(([, text]) => text || []),
  };
}

/** The mark and the heading of the answer to a question. */
async function answer(query: string) {
  const page = await (await ask(`/?as_of=${AT}&q=${encodeURIComponent(query)}`)).text();
  const [heading] = /<h1 id="_answer"[^>]*>.*?<\/h1>/s.exec(page) ?? [''];
  return {
    is: /<span class="badge (\w+)"/.exec(heading)?.[1],
    text: heading
      .replace(/<[^>]+>/g, '')
      .replaceAll('&gt;', '>')
      .replaceAll('&lt;', '<'),
    page: page
      .replace(/<[^>]+>/g, '')
      .replaceAll('&gt;', '>')
      .replaceAll('&lt;', '<'),
  };
}

test('the name alone is searched for in a line of code', async () => {
  const { title, lines } = await search('from cloudflare import Cloudflare');
  expect(title).toBe('No package set has cloudflare');
  expect(lines).toEqual([expect.stringMatching(/ cloudflare$/)]);
});

test.each([
  ['toml', 'Did you mean tomli, '],
  ['opencv', 'Did you mean opencv-python?'],
])('what only begins like %s is meant perhaps, and is not the answer', async (query, meant) => {
  const { is, title, verdict, lines } = await search(query);
  expect([is, title, lines]).toEqual(['none', `No package set has ${query}`, []]);
  expect(verdict).toContain(meant);
});

test('a name with versions is a question', async () => {
  const none = await answer('numpy>=99');
  expect(none).toMatchObject({ is: 'no', text: '✕ No: numpy>=99 is not available on 2026-11-20' });
  expect(none.page).toContain('numpy 2.4.6');
  expect((await answer('numpy<2')).page).toContain('Use the compatibility date 2025-09-28');
  expect(await answer('PIL >= 12')).toMatchObject({ is: 'listed' });
  expect((await answer('numpy=2')).page).toContain('Write == ');
  expect(await answer('nunpy>=2')).toMatchObject({ is: 'none' });
  // A set has 0.3.73.
  const older = await answer('langchain-core>=1');
  expect(older.text).toBe('? Not known: no package set has langchain-core>=1');
  expect(older.page).toContain('langchain-core>=1not in a set');
});

test('many names that no set has are unknown, and those that another set has are not', async () => {
  const names = Array.from({ length: 25 }, (_, at) => `nobody-has-${at}`);
  const unknown = await answer(names.join(' '));
  expect([unknown.is, unknown.text]).toEqual([
    'none',
    '? Not known: no package set has nobody-has-0, nobody-has-1, nobody-has-2 and 22 more',
  ]);
  expect(unknown.page).toContain(
    'And 5 more: nobody-has-20, nobody-has-21, nobody-has-22, nobody-has-23, nob',
  );
  const gone = await answer([...names, 'tenacity'].join(' '));
  expect([gone.is, gone.text]).toEqual([
    'no',
    '✕ No: tenacity is not available on 2026-11-20; no package set has nobody-has-0, nobody-has-1, nobody-has-2 and 22 more',
  ]);
});

test('what the set lacks is a link to the page of its package, if another set has it', async () => {
  const query = encodeURIComponent('numpy pyjwt scipy<1 nunpy');
  const page = await (await ask(`/?as_of=${AT}&q=${query}`)).text();
  const rows = [...page.matchAll(/<th scope="row">((?:(?!<\/th>).)*)<\/th><td[^>]*><span class="no">/g)];
  expect(rows.map(([, name]) => name)).toEqual([
    '<a href="/packages/pyjwt">pyjwt</a>',
    '<a href="/packages/scipy">scipy&lt;1</a>',
  ]);
});

test('a module of the standard library that Pyodide lacks is no package that an index may have', async () => {
  const { is, text, page } = await answer('json tkinter tkinter.ttk numpy');
  expect([is, text]).toEqual([
    'part',
    '◐ In part: numpy 2.4.6 on Python 3.14; tkinter cannot run in a Worker',
  ]);
  expect(page).toContain('The standard library of Python 3.14.2 has it, and Pyodide 314.0.6 does not.');
  expect(page).not.toContain('An index may have it');
  expect(await (await ask('/badge/tkinter.svg')).text()).toContain('cannot run');
});

test.each([
  'numpy>=2.4',
  'numpy==2.3.1',
  'langchain<0.2',
  'pandas>=3',
  'polars~=1.0',
  'fastapi[standard]>=0.100',
])('the answer to %s agrees with /v1/when', async (requirement) => {
  const { is } = await answer(requirement);
  const asked = `/v1/when?requirement=${encodeURIComponent(requirement)}&as_of=${AT}`;
  const { last } = (await (await ask(asked)).json()) as WhenAnswer;
  expect(is).toMatch(last === AT ? /yes|listed/ : 'no');
});

test.each([
  ['urllib.request', 'yes', /^A module of the standard library: it comes with Python/],
  ['import http.client', 'yes', /^A module/],
  ['os.path', 'yes', /^A module/],
  ['unittest.mock', 'yes', /^A module/],
  ['xml.etree.ElementTree', 'yes', /^A module/],
  ['importlib.metadata', 'yes', /^A module/],
  ['concurrent.futures', 'flag', /works in part: it cannot start a thread; it cannot start a process/],
  [
    'asyncio.windows_events',
    'no',
    /^A module of the standard library that the Python of Workers does not have/,
  ],
])('%s is a module, at /stdlib and /packages too', async (query, is, verdict) => {
  expect(await search(query)).toMatchObject({ is, verdict: expect.stringMatching(verdict) });
  const name = query.replace('import ', '');
  expect((await search(query)).title).toBe(name);
  const moved = await ask(`/stdlib?query=${name}`);
  expect([moved.status, moved.headers.get('location')]).toEqual([302, `/?q=${name}`]);
  if (name === 'importlib.metadata') return;
  expect(await (await ask(`/packages/${name}`)).text()).toContain('A module of the standard library');
});

test.each(['/?q=', '/packages/'])('%s leads a package flag to its set', async (path) => {
  const flag = 'python_3.12_packages_2025_03_01';
  const moved = await ask(`${path}${flag}`);
  expect([moved.status, moved.headers.get('location')]).toEqual([302, `/sets/${flag}`]);
});

test.each([
  ['pip install flask', 'flask'],
  ['uv add "numpy"', 'numpy'],
  ['$ pip install -U flask', 'flask'],
])('%s searches for %s', async (text, name) => {
  for (const [path, place] of [
    ['/', `/?as_of=${AT}&q=${name}`],
    ['/index.md', `/packages/${name}.md?as_of=${AT}`],
  ]) {
    const moved = await ask(`${path}?as_of=${AT}&q=${encodeURIComponent(text)}`);
    expect([moved.status, moved.headers.get('location')]).toEqual([302, place]);
  }
});

test('the Markdown of a name with extras is that of the package', async () => {
  const moved = await ask('/index.md?q=fastapi%5Bstandard%5D');
  expect([moved.status, moved.headers.get('location')]).toEqual([302, '/packages/fastapi.md']);
});

test('a move takes names of modules, as an answer at a date does', async () => {
  const { text, page } = await answer('fastapi sklearn json PIL.Image workers 2026-09-07 2026-11-20');
  expect(text).toMatch(/^◐ All requirements are met on 2026-11-20/);
  for (const part of ['scikit-learn', 'pillow', '✓ provided', 'Package or flag'])
    expect(page).toContain(part);
});

test('the Markdown of the front page has the dates of its columns', async () => {
  const markdown = await (await ask(`/index.md?as_of=${AT}`)).text();
  const columns = [
    'Python 3.14, since 2026-09-08',
    'Python 3.13, until 2026-09-07',
    'Python 3.12, until 2025-09-28',
  ];
  expect(markdown).toContain(`| Package | ${columns.join(' | ')} |`);
});

test('what is asked from the front page of another day is asked of that day', async () => {
  const page = await (await ask('/?as_of=2026-01-15')).text();
  const [, name, value] = /<input type="hidden" name="(.*?)" value="(.*?)"/.exec(page)!;
  const body = new URLSearchParams({ q: 'numpy six', [name!]: value! });
  const moved = await ask('/', { method: 'POST', body });
  expect([moved.status, moved.headers.get('location')]).toEqual([303, '/?q=numpy+six&as_of=2026-01-15']);
  expect(await (await ask('/')).text()).not.toContain('name="as_of"');
});

test.each([
  'name = "x"\n[vars]\nAPI_TOKEN = "s3cr3t"',
  'API_KEY=sk-s3cr3t\nnumpy',
  '[[package]]\nname = "six"\nsource = { registry = "https://user:s3cr3t@pypi.example/simple" }',
  'numpy\nfoo @ https://user:s3cr3t@host.example/foo.whl',
])('posted text stays out of the address if a line of it is not a requirement: %j', async (q) => {
  for (const path of ['/', '/resolve', '/compare']) {
    const { status, headers } = await ask(path, { method: 'POST', body: new URLSearchParams({ q }) });
    expect([path, status, headers.get('location')]).toEqual([path, 400, null]);
  }
});

test('the address of an answer at a date is that of a move, if its box has two', async () => {
  const page = await ask(`/resolve.md?q=numpy+2025-11-02+2026-11-01&as_of=${AT}`);
  expect(await page.text()).toContain('All requirements are still met on 2026-11-01');
});

test('a module of a namespace is not that of another package of it', async () => {
  const titleOf = async (query: string) =>
    /<a id="_link"[^>]*>(.*?)<\/a>/s.exec(await (await ask(`/?q=${query}&as_of=${AT}`)).text())![1];
  expect(await titleOf('google.protobuf.message')).toBe('protobuf');
  expect(await titleOf('google.cloud.storage')).toBe('No package set has google.cloud.storage');
  const { text } = await answer('numpy google.cloud.storage google.protobuf.message');
  expect(text).toMatch(
    /^◐ In part: numpy \S+ and protobuf \S+ on .*; no package set has google\.cloud\.storage$/,
  );
});

test.each([
  ['no_python_workers_314', /^Python 3\.13 and \d+ packages on /],
  ['python_workers_20250116', /^Python 3\.14 and \d+ packages on /],
  ['no_python_workers', /^$/],
])('%s alone is about a Python Worker with that flag', async (flag, text) => {
  expect((await answer(flag)).text).toMatch(text);
});

test('what cannot be read is said beside what is pinned', async () => {
  const { text, page } = await answer('numpy 日本');
  expect(text).toBe('◐ In part: numpy 2.4.6 on Python 3.14; a requirement cannot be read');
  expect(page).toContain('not read');
  for (const query of ['numpy\nsix @ https://a.example/six.whl', 'numpy ./six']) {
    expect([query, await answer(query)]).toMatchObject([
      query,
      { text, page: expect.stringContaining('not read') },
    ]);
  }
  expect(page).not.toContain('\\u{a}');
  const others = await answer('numpy uvicorn flask ^2');
  expect(others.text).toBe(
    '◐ In part: numpy 2.4.6 on Python 3.14; a requirement cannot be read; ' +
      'uvicorn is not needed in a Worker; no package set has flask',
  );
  expect((await answer('flask ^2')).text).toBe(
    '✕ No: a requirement cannot be read; no package set has flask',
  );
});

test('modules of the runtime are told apart by who provides them', async () => {
  expect((await answer('js json workers')).text).toBe(
    '◐ In part: js: Pyodide provides it; json: the standard library of Python 3.14.2 has it; ' +
      'workers: it is a module of Workers&#39; SDK',
  );
  expect((await answer('cgi telnetlib')).text).toBe(
    '✕ No: cgi and telnetlib: they left the standard library after Python 3.12',
  );
  expect((await answer('asgi workers')).text).toBe(
    '◐ In part: asgi and workers: they are modules of Workers&#39; SDK',
  );
});

test('a module that other sets have as a package, and that the runtime has, is no failure', async () => {
  const { is, text, page } = await answer('sqlite3 ssl');
  expect([is, text]).toEqual([
    'yes',
    '✓ Yes: sqlite3 and ssl: the standard library of Python 3.14.2 has them',
  ]);
  expect(page).not.toContain('No requirements were given');
  expect((await answer('ssl numpy')).text).toBe('○ Pinned: numpy 2.4.6 on Python 3.14');
});

test('a module that can be imported, and cannot do all, is no yes', async () => {
  const { is, text, page } = await answer('socket 2025-11-02');
  expect([is, text]).toEqual(['part', '◐ In part: socket: the standard library of Python 3.13.2 has it']);
  expect(page).toContain('has it. It cannot open a connection; it cannot listen on a port.');
  expect((await answer('threading numpy')).page).toContain('threading◐ provided');
});

test('a module that a set had and Python has now is no loss', async () => {
  const { text, page } = await answer('numpy sqlite3 2026-09-07 2026-11-20');
  expect(text).toMatch(/^◐ All requirements are still met on 2026-11-20/);
  expect(page).toContain('sqlite31.0.0✓ provided');
  expect((await answer('sqlite3 2026-09-07')).page).not.toContain('not met');
  expect((await answer('langchain 2026-09-07')).page).toContain('From 2026-09-08 on, langchain is not met');
});

test.each([
  [
    'requests==2.31.0 numpy<2',
    'requests==2.31.0 and numpy<2 are pinned together from the first date to 2025-09-28.',
  ],
  ['langchain numpy>=2 flask', 'langchain and numpy>=2 are pinned together from 2025-09-29 to 2026-09-07.'],
  ['pandas langchain', `No date up to ${AT} has both.`],
  ['pandas six requests langchain', `No date up to ${AT} has all four.`],
  [
    'fastapi six requests langchain flask',
    'The other four are pinned together from the first date to 2026-09-07.',
  ],
  [
    'pandas scikit-learn requests psycopg2 2025-06-01',
    'pandas, scikit-learn and requests are pinned together from 2026-09-08 on.',
  ],
  ['pandas 2025-06-01', 'pandas is pinned from 2026-09-08 on.'],
])('when all of %s are pinned is said, if the date does not pin them', async (query, says) => {
  expect((await answer(query)).page).toContain(says);
});

test('a requirement that its marker leaves out says nothing of the others', async () => {
  const excluded = 'requests ; python_version < "3.9"';
  expect((await answer(excluded)).text).toMatch(/ Python 3\.14 needs none of these packages$/);
  const { is, text } = await answer(`${excluded}\nfastapi==0.116.1`);
  expect([is, text]).toEqual(['no', `✕ No: fastapi==0.116.1 is not available on ${AT}`]);
});

test('a sentence of many kinds of problems is said whole', async () => {
  const { text } = await answer(
    'numpy scikit-learn statsmodels psycopg2 mysqlclient pyodbc uvicorn gunicorn cgi flask langchain',
  );
  expect(text).toMatch(/; cgi: it left the standard library after Python 3\.12; .*no package set has flask$/);
  expect(text).toContain('uvicorn and gunicorn are not needed in a Worker; ');
  expect((await answer('flask django starlette-x y-z numpy')).text).toMatch(/ has flask, .* and 1 more$/);
});

test('a module that left the standard library is lost, and no package that an index may have', async () => {
  const left = 'It left the standard library after Python 3.12. Replace it, or choose a compatibility date';
  const { is, text, page } = await answer('cgi json numpy 2026-10-01');
  expect([is, text]).toEqual([
    'part',
    '◐ In part: numpy 2.4.6 on Python 3.14; cgi: it left the standard library after Python 3.12',
  ]);
  expect(page).toContain(`cgi✕ not in this Python${left}`);
  expect(page).not.toContain('an index such as PyPI');
  const moved = await answer('cgi numpy json 2025-06-01 2026-10-01');
  expect(moved.text).toBe('✕ All requirements are met up to 2025-09-28, but not later');
  expect(moved.page).toContain(`cgi✓ provided✕ removed${left}`);
  expect(moved.page).toContain('json✓ provided✓ provided');
  expect((await answer('audioop 2025-06-01 2025-11-02')).page).toContain('audioop-lts✓ provided✕ removed');
  expect((await answer('annotationlib six 2025-06-01 2026-10-01')).page).toContain(
    'annotationlibnot there✓ provided',
  );
});

test('a misspelt module is told from a package', async () => {
  expect(await search('urllib.requst')).toMatchObject({
    title: 'No package set has urllib.requst',
    verdict: expect.stringMatching(/^Did you mean urllib\.request\?/),
    lines: [],
  });
});

test.each([
  ['python 3.13', 'Python 3.13 and ', ['no_python_workers_314']],
  ['pyodide 0.28', 'Python 3.13 and ', ['no_python_workers_314']],
  ['python==3.14', 'Python 3.14 and ', []],
  ['numpy python 3.14 2026-01-01', ' on Python 3.14', ['python_workers_314']],
])('%s asks for that runtime, whose flags can be changed', async (query, says, flags) => {
  const page = await (await ask(`/?as_of=${AT}&q=${encodeURIComponent(query)}`)).text();
  expect(page).toContain(says);
  expect(page).toMatch(new RegExp(`name="flags" value="${['python_workers', ...flags].join(' ')}"`));
});

test.each([
  [
    'pyodide 0.27 pandas',
    'Pyodide of workerd: &quot;0.27&quot; is not one of 0.26.0a2, 0.28.2, 314.0.4, 314.0.6.',
  ],
  ['numpy python 3.15', 'Python of workerd: &quot;3.15&quot; is not one of 3.12.1, 3.13.2, 3.14.2.'],
])('%s names a runtime that no workerd has, and no package', async (query, says) => {
  const response = await ask(`/?as_of=${AT}&q=${encodeURIComponent(query)}`);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(says);
});
