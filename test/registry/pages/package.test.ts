/** The texts of a package's page. */
import { beforeAll, expect, test } from 'vitest';
import { ask } from '../client.ts';
import { dataLog, seed } from '../seed.ts';

beforeAll(() => seed());

test.each([
  ['httpx', 'The current openai, anthropic, huggingface-hub, langsmith may require httpx2.'],
  ['openai', 'The current openai may require httpx2.'],
  ['idna', null],
])('the page of %s says of httpx2: %s', async (name, who) => {
  const page = await (await ask(`/packages/${name}?flag=python_3.13_packages_2025_08_08`)).text();
  expect(page).toContain(`<h1>${name} `);
  if (who === null) expect(page).not.toContain('httpx2');
  else expect(page).toMatch(new RegExp(`${who} httpx2 is another package than httpx: .* httpx2-jsfetch`));
});

test('the page of patched wheels says no more of clients and Workers than is known', async () => {
  const page = (await (await ask('/patched')).text()).replace(/<[^>]+>/g, '');
  expect(page).toContain(
    'huggingface-hub, langsmith may require httpx2. httpx2 is another package than httpx:',
  );
  expect(page).toContain('sockets, which Python in a Worker cannot open before 3.14.');
});

test('what was seen of a package is said once', async () => {
  const page = (await (await ask('/packages/numpy')).text()).replace(/<[^>]+>/g, '');
  expect(page).toContain('What was seen○ Listed: not run here yet.');
  const ran = await (await ask('/packages/starlette.md?flag=python_3.13_packages_2025_10_20')).text();
  expect(ran).toMatch(
    /Imported on Pyodide 0\.29\.0 in npm’s Pyodide in Node, on 2026-11-26\. \[All evidence/,
  );
  expect(ran).toContain("**Smoke line**\n\nModuleNotFoundError: No module named 'anyio'");
});

test.each([
  ['pyyaml', 'yaml', 'import yaml'],
  ['pillow', 'PIL', 'import PIL'],
  ['sympy', 'sympy', null],
  ['tiktoken', 'tiktoken', null],
])('%s is imported as %s', async (name, module, hint) => {
  const page = await (await ask(`/packages/${name}.md`)).text();
  expect(page).toContain(`In the Worker\n\n\`\`\`\nimport ${module}\n`);
  const row = await (await ask(`/?q=${name}`)).text();
  const [shown = null] = /\bimport \w+(?=<)/.exec(row.slice(row.indexOf('<tbody>'))) ?? [];
  expect(shown).toBe(hint);
});

test.each([
  '/packages/sqlite3',
  '/packages/sqlite3?flag=python_3.13_packages_2025_08_08',
  '/packages/libopenssl?flag=python_3.13_packages_2025_08_08',
])('%s, which no Worker vendors, has no lines that vendor it', async (path) => {
  const page = await (await ask(path)).text();
  const [how] = /<section aria-labelledby="_add">.*?<\/section>/s.exec(page)!;
  expect(how).not.toMatch(/vendor|python_modules|tool\.uv|compatibility_date/);
  expect(how).toContain('With its dependencies, from the API');
});

const VENDORED =
  /Delivery: the Worker(?:'|&#39;)s own <code>python_modules<\/code>, where <code>pinwheel vendor<\/code> puts them/;
const WITH_WORKERD = /Delivery: with workerd\./;

test.each([
  ['/sets/python_3.13_packages_2025_08_08?kind=package', VENDORED, WITH_WORKERD],
  ['/packages/numpy?flag=python_3.13_packages_2025_08_08', VENDORED, WITH_WORKERD],
  ['/packages/numpy?flag=python_3.13_packages_2025_07_04', VENDORED, VENDORED],
  [
    '/packages/ssl?flag=python_3.13_packages_2025_07_04',
    /Delivery: with the runtime/,
    /Delivery: with the runtime/,
  ],
])('%s says how it reaches the Worker, now and before June 2026', async (path, now, then) => {
  const { revision } = dataLog.findLast(({ day: published }) => published < '2026-06-01')!;
  expect(await (await ask(path)).text()).toMatch(now);
  const before = await (await ask(`${path}&revision=${revision}`)).text();
  expect(before).toMatch(then);
});

test.each([
  ['python_3.12_packages_2025_03_01', '2025-03-01', '0.27.3', '2025-02-26: The tag 0.27.3 of '],
  ['python_3.14_packages_2026_08_25', '2026-08-25', '314.0.6', '2026-08-25: The npm package was first seen'],
])('%s has the day of its flag, %s, and Pyodide %s its own', async (flag, dated, pyodide, day) => {
  const page = await (await ask(`/sets/${flag}`)).text();
  expect(page).toContain(`<dt>Dated</dt><dd>${dated}</dd>`);
  expect(page).toContain(`<dt>Pyodide ${pyodide}</dt><dd>${day}`);
  const { sets } = (await (await ask('/v1/sets')).json()) as { sets: Record<string, unknown>[] };
  const [released, source] = day.split(': ');
  expect(sets.find((set) => set.flag === flag)).toMatchObject({
    released: dated,
    pyodide_released: { day: released, source: expect.stringMatching(`^${source}`) },
  });
});

const EACH = /[Ee]ach (?:file of a package|wheel) is under the licence of its own project/;

test.each([
  ['/sets/python_3.13_packages_2025_08_08', /Read from workerd, under Apache-2\.0\./],
  ['/sets/python_3.13_packages_2025_09_22', /Read from Pyodide’s lock file, under MPL-2\.0\./],
  [
    '/sets/python_3.14_packages_2026_11_20',
    /lock files, which are under MPL-2\.0; Pinwheel’s own files are under MIT\./,
  ],
  ['/packages/numpy?flag=python_3.13_packages_2025_08_08', /Read from workerd, under Apache-2\.0\./],
  ['/sets', /lock files \(MPL-2\.0\), from workerd \(Apache-2\.0\)/],
  ['/api', /lock files \(MPL-2\.0\), from workerd \(Apache-2\.0\)/],
])('%s says under which licence its data is', async (path, read) => {
  const page = await (await ask(path)).text();
  expect(page).toMatch(read);
  expect(page).toMatch(EACH);
});

test.each([
  ['polars', 200, 'This page shows the newest set that does, python_3.12_packages_2025_06_04.'],
  ['psycopg', 400, 'set compatibility date in the future.*2026-08-17'],
])('the page of %s on a day before its newest set was released', async (name, status, text) => {
  const page = await ask(`/packages/${name}?as_of=2026-01-15`);
  expect(page.status).toBe(status);
  expect(await page.text()).toMatch(new RegExp(text));
});

test('a page of a set has the date of its lines everywhere, and no remark on a date that is left out', async () => {
  for (const path of [
    '/sets/python_3.14_packages_2026_08_25',
    '/packages/idna?flag=python_3.14_packages_2026_08_25',
  ]) {
    const page = (await (await ask(path)).text()).replace(/<\/?span[^>]*>/g, '');
    expect(page).toContain('&quot;compatibility_date&quot;: &quot;2026-08-25&quot;');
    expect(page).not.toContain('No date is given');
  }
  // Its lines name the flag that makes workerd run its Pyodide.
  const other = await (await ask('/sets/python_3.13_packages_2025_08_08')).text();
  expect(other).toContain('&quot;python_workers_20250116&quot;');
  expect(other).not.toContain('To make workerd run');
});

test.each([
  ['pyodide', 'Pyodide provides it'],
  ['pyodide.ffi', 'Pyodide provides it'],
  ['pyodide.http', 'Pyodide provides it'],
  ['playwright.sync_api', 'It cannot run in a Worker'],
  ['os.path', 'it comes with Python'],
])('the page of %s says who has the module', async (name, text) => {
  expect(await (await ask(`/packages/${name}`)).text()).toContain(text);
});

test('an address that is no page is in no part of the site', async () => {
  const page = await (await ask('/no/such/address', { headers: { accept: 'text/html' } })).text();
  expect(page).toContain('This registry has no page /no/such/address.');
  expect(page).toContain('<a href="/">Search all packages</a>');
  expect(page).not.toContain('aria-current');
});

test('the resolve page lists every error that the API lists', async () => {
  const query = 'date=2025-9-1&flag=python_wrokers&requirement=fastapi%3D1';
  const { errors } = await (await ask(`/v1/resolve?${query}`)).json<{ errors: unknown[] }>();
  const page = await (await ask(`/resolve?${query}`)).text();
  expect(errors).toHaveLength(4);
  expect(page.match(/<li class="notice error">/g)).toHaveLength(errors.length);
});

const MOVE = '2025-11-02 to 2026-11-20';

test.each([
  ['requirement=fastapi', MOVE, 'All requirements are still met on 2026-11-20; 5 flags may affect your code'],
  ['requirement=polars', MOVE, 'All requirements are met on 2026-11-20; 5 flags may affect your code'],
  ['', MOVE, 'Nothing changes up to 2025-12-15; flags may affect your code later'],
  [
    'requirement=flask',
    MOVE,
    'Nothing changes up to 2025-12-15; flags may affect your code later; not counted: flask',
  ],
  ['requirement=fastapi', '2025-11-02 to 2025-11-20', 'Nothing changes up to 2025-12-15'],
  [
    'requirement=fastapi',
    '2025-11-02 to 2026-01-01',
    'All requirements are still met on 2026-01-01; 1 flag may affect your code',
  ],
  [
    'requirement=numpy<2',
    '2025-06-01 to 2026-01-01',
    'All requirements are met up to 2025-09-28, but not later',
  ],
  [
    'requirement=numpy>=2',
    '2024-10-01 to 2025-06-01',
    'All requirements are met on 2026-11-20, but not on 2025-06-01',
  ],
])('the upgrade of %s, %s, says: %s', async (asked, move, text) => {
  const [from, to] = move.split(' to ');
  const query = `from=${from}&to=${to}&as_of=2026-11-20&${asked.replace(/[<>]/, encodeURIComponent)}`;
  const page = await (await ask(`/compare?${query}`)).text();
  const [heading] = /<h1 id="_answer".*?<\/h1>/s.exec(page)!;
  expect(heading.replace(/<[^>]+>/g, '')).toMatch(new RegExp(`. ${text}$`));
  if (move !== MOVE) return;
  expect(page.includes('The newest date at which all requirements are met')).toBe(
    /fastapi|polars/.test(asked),
  );
  expect(page).toContain('workers-runtime-sdk with the Worker, as pywrangler does.');
});

test('a requirement that only the later date has is now there', async () => {
  const page = await (await ask('/compare?from=2025-06-01&to=2026-11-20&requirement=pandas')).text();
  const [row] = /<tr><th scope="row"><code>pandas<.*?<\/tr>/s.exec(page)!;
  expect(row).toContain('not there');
  expect(row).toContain('<td>now there</td>');
});

test('the newest date of a move that only flags change is not said to have other versions', async () => {
  const move = 'from=2025-11-02&to=2026-11-20&as_of=2026-11-20';
  const page = await (await ask(`/compare?${move}&requirement=langchain`)).text();
  expect(page).toMatch(/>The newest date at which all requirements are met<.*2026-09-07/s);
  const others = await (await ask(`/compare?${move}&requirement=langchain&requirement=flask`)).text();
  expect(others).toContain('>The newest date at which all others are met<');
});

test('a link to an answer has a preview of that answer', async () => {
  const page = await (await ask('/?q=six%202025-11-02')).text();
  const [, address] = /<meta property="og:url" content="([^"]+)"/.exec(page)!;
  expect(address).toBe('https://pinwheel.test/?q=six%202025-11-02');
  expect(page).toMatch(/<meta property="og:title" content="Pinned: six /);
});

test('the resolve page groups many requirements that fail by their reasons', async () => {
  const failing = ['numpy==1.25', 'pydantic==1', 'fastapi==0.1', 'idna==1', 'jinja2==1', 'aiohttp==1'];
  const texts = [...failing, 'uvicorn', 'gunicorn', 'torch', 'psycopg2', 'flask'];
  const query = texts.map((text) => `&requirement=${encodeURIComponent(text)}`).join('');
  const page = await (await ask(`/resolve?date=2025-11-02&flag=python_workers${query}`)).text();
  const entries = page.match(/<li class="notice error"><p>.*?<\/p>/g)!;
  expect(
    entries.filter((entry) => /\d requirements/.test(entry)).map((entry) => entry.replace(/<[^>]+>/g, '')),
  ).toEqual([
    expect.stringContaining(
      '6 requirements differ from the pins of python_3.13_packages_2025_08_08: numpy==2.3.1',
    ),
  ]);
  // Names that no set has have a row each.
  for (const [name, why] of [
    ['uvicorn', 'not needed'],
    ['gunicorn', 'not needed'],
    ['torch', 'cannot run'],
    ['psycopg2', 'cannot run'],
  ]) {
    expect(page).toMatch(
      new RegExp(`<tr><th scope="row">${name}</th><td[^>]*><span[^>]*><span[^>]*>.</span> ${why}<`),
    );
  }
  expect(page).toContain(
    '<a href="/packages/flask">flask</a></th><td><span class="none">not in a set</span></td>' +
      '<td>If it is pure Python, an index such as PyPI may have it.</td>',
  );
});

test('names that go on after an unknown one come before other words', async () => {
  const page = await (await ask('/packages/opencv?as_of=2026-11-20')).text();
  expect(page).toContain('Similar names: <a href="/packages/opencv-python">');
  const set = 'python_3.14_packages_2026_08_25';
  for (const path of [`/v1/sets/${set}/packages/OpenCV`, `/simple/${set}/opencv/`]) {
    expect(await (await ask(path)).text(), path).toContain('Did you mean opencv-python?');
  }
});

test.each([
  ['flask', 'none', 'index such as PyPI', 'pip install'],
  ['numpi', 'none', 'Did you mean numpy?', null],
  ['playwright', 'no', 'Use the REST API of Browser Rendering.', null],
  ['torch', 'no', 'Use Workers AI', null],
  ['uvicorn', 'none', 'Hand the application to asgi.fetch', null],
  ['js', 'yes', 'Pyodide provides it.', null],
  ['_cloudflare_compat_flags', 'yes', 'A module, not a package: workerd provides it.', null],
  ['workers', 'yes', 'Vendor workers-runtime-sdk', null],
])('a search for %s is answered by what is known: %s', async (name, is, says, line) => {
  const page = await (await ask(`/?as_of=2026-11-20&q=${name}`)).text();
  const [card] = /<section id="_card".*?<\/section>/s.exec(page)!;
  expect(card).toContain(`data-is="${is}"`);
  expect(card).toContain(says);
  expect(card.includes('pip install')).toBe(line !== null);
  if (line !== null) expect(card).toContain(`href="/packages/${name}"`);
  const own = await (await ask(`/packages/${name}?as_of=2026-11-20`)).text();
  if (is !== 'none' || line !== null) expect(own).toContain(says);
  expect(own.includes('pip install')).toBe(line !== null);
  const resolved = await (
    await ask(`/resolve?date=2026-11-20&flag=python_workers&requirement=${name}`)
  ).text();
  const marks: Record<string, string> = { flask: 'none', numpi: 'none', js: 'yes', workers: 'part' };
  if (/^[a-z]/.test(name))
    expect(/<h1 [^>]*>.*?<span class="(\w+)">/s.exec(resolved)![1]).toBe(marks[name] ?? 'no');
});
