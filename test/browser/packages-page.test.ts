/** The page of packages in a real browser, on the real Worker with the real data. */
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { launchChromium } from './chromium.ts';
import { HOSTILE_FLAG, HOSTILE_NAME, plantHostileSet } from './hostile-set.ts';

/** A small set, and the date that gives it. */
const FLAG = 'python_3.13_packages_2025_08_08';
const QUESTION = '/packages?date=2025-11-02&flag=python_workers&as_of=2026-11-20';

let registry: LocalRegistry;
let browser: Browser;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  [registry, browser] = await Promise.all([startLocalRegistry({ port: 0 }), launchChromium()]);
  await plantHostileSet(registry.miniflare);
});
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});
afterAll(async () => {
  await browser?.close();
  await registry?.stop();
});

async function open(path: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options);
  contexts.push(context);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => void complaints.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:' && origin !== registry.url.origin) complaints.push(`request: ${request.url()}`);
  });
  const response = (await page.goto(new URL(path, registry.url).href))!;
  return { page, response, complaints };
}

const rows = (page: Page) => page.locator('tbody tr:visible');
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe.each([360, 1400])('at a width of %i', (width) => {
  const viewport = { width, height: 800 };

  describe.each(['light', 'dark'] as const)('and in %s colours', (colorScheme) => {
    test('the page loads whole, in silence, from this origin alone, and fits', async () => {
      const { page, response, complaints } = await open('/', { viewport, colorScheme });
      expect(response.status()).toBe(200);
      expect(new URL(page.url()).pathname).toBe('/packages');
      expect(await rows(page).count()).toBeGreaterThan(50);
      expect(await overflow(page)).toBe(0);
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(background).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(20, 23, 27)');
      expect(complaints).toEqual([]);
    });

    test.each([
      ['an answer', QUESTION],
      ['an answer with remarks', `/packages?date=2026-11-20&as_of=2028-11-20&flag=${FLAG}`],
      ['a refusal', '/packages?date=2025-9-1&flag=python_wrokers'],
      ['an empty result', `${QUESTION}&query=nump7y`],
    ])('axe finds nothing serious in %s', async (_, path) => {
      const { page } = await open(path, { viewport, colorScheme, bypassCSP: true });
      const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
      await page.addScriptTag({ content: await readFile(axe, 'utf8') });
      const found = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run();
        return violations.map(({ id, impact, nodes }) => ({ id, impact, at: nodes.map(({ html }) => html) }));
      });
      expect(found.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    });
  });

  test('hostile names are inert, visible, and fit', async () => {
    const { page, complaints } = await open(`/packages?flag=${HOSTILE_FLAG}`, { viewport });
    expect(complaints).toEqual([]);
    expect(await page.locator('tbody :is(img, script, b)').count()).toBe(0);
    const text = await page.locator('tbody').textContent();
    expect(text).toContain(HOSTILE_NAME.replace('\u202e', '\\u{202e}').replace('\u0007', '\\u{7}'));
    expect(await page.content()).not.toContain('\u202e');
    expect(await page.content()).not.toContain('\u0007');
    expect(await overflow(page)).toBe(0);
    const file = page.getByRole('link', { name: 'file of' });
    expect(await file.getAttribute('href')).toMatch(/^\/wheels\/[0-9a-f]{64}\/[^/"<>]+$/);
  });
});

describe('the filter', () => {
  test('works by keyboard alone, by package and by import name', async () => {
    const { page } = await open(QUESTION);
    const all = await rows(page).count();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    for (let presses = 0; presses < 30; presses++) {
      if ((await page.evaluate(() => document.activeElement?.id)) === '_query') break;
      await page.keyboard.press('Tab');
    }
    const focused = page.locator('#_query:focus');
    expect(await focused.evaluate((field) => getComputedStyle(field).outlineStyle)).toBe('solid');

    await page.keyboard.type('Pydantic_C');
    expect(await rows(page).locator('th').allTextContents()).toEqual(['pydantic-core']);
    expect(await page.locator('output').textContent()).toBe(`1 of ${all} packages`);

    await page.keyboard.press('Control+A');
    await page.keyboard.type('yaml');
    expect(await rows(page).locator('th').allTextContents()).toContain('pyyaml');

    await page.keyboard.type('zzz');
    expect(await rows(page).count()).toBe(0);
    expect(await page.getByText('Nothing in this set matches the filter.').isVisible()).toBe(true);

    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    expect(await rows(page).count()).toBe(all);

    await page.keyboard.type('numpy');
    await Promise.all([page.waitForURL(/query=numpy/), page.keyboard.press('Enter')]);
    expect(await rows(page).locator('th').allTextContents()).toContain('numpy');
  });

  test('works without JavaScript, and a link to what it leaves out still shows it', async () => {
    const { page } = await open(`${QUESTION}&kind=package`, { javaScriptEnabled: false });
    await page.getByLabel('Package or import name').fill('fastapi');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.waitForURL(/query=fastapi/);
    expect(await rows(page).locator('th').allTextContents()).toEqual(['fastapi']);
    expect(await page.getByLabel('Kind').inputValue()).toBe('package');
    await rows(page).getByRole('link', { name: 'starlette' }).click();
    expect(await rows(page).locator('th').allTextContents()).toEqual(['fastapi', 'starlette']);
  });

  test('suggests what is nearly the same', async () => {
    const { page } = await open(`${QUESTION}&query=nump7y`);
    expect(await rows(page).count()).toBe(0);
    await page.getByRole('link', { name: 'numpy', exact: true }).click();
    expect(await rows(page).locator('th').allTextContents()).toEqual(['numpy']);
  });
});

describe.each([true, false])('with JavaScript: %s', (javaScriptEnabled) => {
  test('the form switches to another set', async () => {
    const { page, complaints } = await open(QUESTION, { javaScriptEnabled });
    expect(await page.locator('caption').textContent()).toContain(FLAG);
    const other = 'python_3.12_packages_2025_03_01';
    await page.getByLabel('Package set').selectOption(other);
    await page.getByRole('button', { name: 'Show packages' }).click();
    await page.waitForURL(new RegExp(`flag=${other}`));
    expect(await page.locator('caption').textContent()).toContain(other);
    expect(await rows(page).count()).toBe(340);
    expect(await page.getByLabel('Package set').inputValue()).toBe(other);
    expect(await page.getByLabel('Compatibility date', { exact: true }).inputValue()).toBe('2025-11-02');
    expect(await page.getByLabel('As of').inputValue()).toBe('2026-11-20');
    expect(complaints).toEqual([]);

    await page.getByRole('link', { name: 'Ask at its own date' }).click();
    await page.waitForURL(`**/packages?flag=${other}`);
    expect(await page.getByLabel('Compatibility date', { exact: true }).inputValue()).toBe('2025-03-01');
  });

  test('a bad date is refused with workerd’s sentence, and the form stays filled', async () => {
    const { page, response } = await open('/packages?date=2025-9-1&flags=python_workers&query=num', {
      javaScriptEnabled,
    });
    expect(response.status()).toBe(400);
    expect(response.headers()['cache-control']).toBe('no-store');
    expect(await page.getByRole('alert').textContent()).toMatch(
      /Invalid compatibility date: 2025-9-1What to do: Write it as 2025-09-01\./,
    );
    expect(await page.getByLabel('Compatibility date', { exact: true }).inputValue()).toBe('2025-9-1');
    expect(await page.getByLabel('Compatibility flags').inputValue()).toBe('python_workers');
    await page.getByLabel('Compatibility date', { exact: true }).fill('2025-09-01');
    await page.getByRole('button', { name: 'Show packages' }).click();
    await page.waitForURL(/date=2025-09-01/);
    expect(await rows(page).count()).toBeGreaterThan(0);
  });
});

test('flags may be pasted as a wrangler file has them', async () => {
  const { page } = await open(QUESTION);
  await page.getByLabel('Compatibility flags').fill('["python_workers", "no_python_workers_20250116"]');
  await page.getByRole('button', { name: 'Show packages' }).click();
  await page.waitForURL(/no_python_workers_20250116/);
  expect(await page.locator('#_answer').textContent()).toContain('Python 3.12');
});

test('the lines to copy are copied, and ask the API the same question', async () => {
  const { page } = await open(QUESTION, { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.getByRole('button', { name: 'Copy' }).last().click();
  const lines = await page.evaluate(() => navigator.clipboard.readText());
  const [target, set] = [...lines.matchAll(/^curl '([^']+)'$/gm)].map(([, url]) => url!);
  const answers = await Promise.all([target!, set!].map(async (url) => (await fetch(url)).json()));
  expect(answers[0]).toMatchObject({ compatibility_date: '2025-11-02', package_set: { flag: FLAG } });
  expect(answers[1]).toMatchObject({ flag: FLAG });
  expect(await page.locator('pre').first().textContent()).toBe(
    'compatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]',
  );
});

describe('on the wire', () => {
  const fetchPage = (path: string, init?: RequestInit) => fetch(new URL(path, registry.url), init);

  test.each([
    ['/packages?flags=python_workflows', 422],
    ['/packages?flag=python_nothing', 400],
    ['/packages?revision=999999', 404],
    ['/packages?revision=x', 400],
    ['/packages?date=2025-01-01&date=2025-01-02', 400],
    [`/packages?query=${'x'.repeat(101)}`, 400],
  ])('%s is a page of status %i', async (path, status) => {
    const response = await fetchPage(path);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).toContain('role="alert"');
  });

  test('a page that one has is not sent again; its files are kept for ever', async () => {
    const first = await fetchPage(QUESTION);
    const etag = first.headers.get('etag')!;
    expect((await fetchPage(QUESTION, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const files = [...(await first.text()).matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
    expect(files).toHaveLength(2);
    for (const path of files) {
      const file = await fetchPage(path);
      expect(file.headers.get('cache-control')).toContain('immutable');
      expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    }
    const script = await (await fetchPage(files.find((path) => path.endsWith('.js'))!)).text();
    expect(script.length).toBeLessThan(2000);
    const older = await fetchPage('/assets/00000000.css');
    expect(older.headers.get('cache-control')).not.toContain('immutable');
  });

  test('the largest set takes less than 100 kB', async () => {
    const { sets } = (await (await fetchPage('/v1/sets')).json()) as {
      sets: { flag: string; package_count: number }[];
    };
    const largest = sets.reduce((a, b) => (b.package_count > a.package_count ? b : a));
    const html = await (await fetchPage(`/packages?flag=${largest.flag}`)).text();
    expect(html.split('<tr ').length - 1).toBe(largest.package_count);
    expect(gzipSync(html).length).toBeLessThan(100_000);
  });

  test('the names under which a request claims to have come are in no link', async () => {
    const headers = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'gopher',
    };
    const html = await new Promise<string>((resolve, reject) => {
      get(new URL(QUESTION, registry.url), { headers }, async (response) => {
        resolve(Buffer.concat(await response.toArray()).toString());
      }).on('error', reject);
    });
    expect(html).toContain(`curl &#39;${registry.url.origin}/v1/target`);
    expect(html).not.toMatch(/evil|gopher/);
  });
});
