/** Every page is complete, logs nothing, loads only from this origin, fits, and is accessible. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { HOSTILE_FLAG, HOSTILE_NAME } from '../hostile-set.ts';
import {
  brokenDates,
  FLAG,
  fetchPage,
  open,
  openInTab,
  overflowOf,
  PINWHEEL_FLAG,
  previewOf,
  QUESTION,
  seriousIssues,
  textsOutside,
  urlOf,
} from '../site.ts';

const PAGES: [what: string, path: string, status: number][] = [
  ['the front page', '/', 200],
  ['a closure', `/resolve?${QUESTION}&requirement=fastapi`, 200],
  ['the form', '/resolve', 200],
  ['a refused closure', `/resolve?${QUESTION}&requirement=polars&requirement=${'x'.repeat(90)}%3E3`, 422],
  ['a filtered set', `/sets/${FLAG}?kind=compiled&as_of=2026-11-20`, 200],
  ['no package', `/sets/${FLAG}?query=nump7y`, 200],
  ['an invalid filter', `/sets/${FLAG}?kind=heavy`, 400],
  ['a package', '/packages/numpy?as_of=2026-11-20', 200],
  ['a patched package', `/packages/httpx?flag=${PINWHEEL_FLAG}&as_of=2026-11-20`, 200],
  ['the patched wheels', '/patched', 200],
  ['a set with patched wheels', `/sets/${PINWHEEL_FLAG}?as_of=2026-11-20`, 200],
  [
    'a closure with a patched wheel',
    `/resolve?flag=${PINWHEEL_FLAG}&as_of=2026-11-20&requirement=httpx`,
    200,
  ],
  ['a hostile package', `/packages/${encodeURIComponent(HOSTILE_NAME)}?flag=${HOSTILE_FLAG}`, 200],
  ['an unknown package', '/packages/nump7y', 404],
  ['the runtimes', '/runtimes?as_of=2029-01-01', 200],
  ['the sets', '/sets', 200],
  ['evidence', '/evidence', 200],
  ['vulnerabilities', '/security', 200],
  ['a package that was tested', '/packages/numpy?flag=python_3.13_packages_2025_10_20', 200],
  ['a set', `/sets/${FLAG}`, 200],
  ['a hostile set', `/sets/${HOSTILE_FLAG}`, 200],
  ['an unknown set', '/sets/python_3.13_packages_2025_08_09', 404],
  ['the flags', '/flags', 200],
  ['a comparison', '/compare?from=2025-11-02&to=2026-11-01&requirement=fastapi&as_of=2026-11-20', 200],
  ['a comparison of sets', `/compare?from=${FLAG}&to=${PINWHEEL_FLAG}&as_of=2026-11-20`, 200],
  ['a refused comparison', '/compare?from=2025-9-1&to=python_3.13_packages_2025_08_09', 400],
  ['the standard library', '/stdlib', 200],
  ['the API', '/api', 200],
];

/** Width of a sheet within its margins, in CSS pixels. */
const A4_WIDTH = 688;

/** Colours are all that the scheme changes. */
async function expectLegibleInTheDark(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(background).toBe('rgb(20, 23, 27)');
  expect(await seriousIssues(page, ['color-contrast'])).toEqual([]);
}

/** Such as `/packages/ 404`: one page of a kind represents the others. */
const kindOf = ([, path, status]: (typeof PAGES)[number]) => `${/^\/[^/?]*\/?/.exec(path)} ${status}`;

export function aPageOfEachKind(): void {
  const kinds = PAGES.map(kindOf);
  test.each(PAGES.filter((_, at) => kinds.indexOf(kinds[at]!) === at))(
    '%s is complete, logs nothing, is accessible, and fits',
    expectWhole,
  );
}

async function expectWhole(_: string, path: string, status: number): Promise<void> {
  const { page, response, problems } = await openInTab(1280, path);
  expect(response.status()).toBe(status);
  const { title, description, image } = await previewOf(page);
  expect([title, description]).toEqual([await page.title(), expect.stringMatching(/^.{20,300}$/su)]);
  expect(title).toContain('Cloudflare');
  const canonical = page.locator('link[rel=canonical]');
  const { origin, pathname } = new URL(page.url());
  expect(image).toBe(status === 200 ? `${origin}/preview.png` : null);
  expect(await canonical.evaluateAll((all) => all.map((link) => link.getAttribute('href')))).toEqual(
    status === 200 ? [origin + pathname] : [],
  );
  expect(await overflowOf(page)).toBe(0);
  expect(await page.locator('main').textContent()).not.toMatch(/\bundefined\b|\[object|\bNaN\b/);
  expect(await seriousIssues(page)).toEqual([]);
  // Of WCAG 2.2, which axe leaves out by default.
  expect(await seriousIssues(page, ['target-size'])).toEqual([]);
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await overflowOf(page)).toBe(0);
  expect(await textsOutside(page)).toEqual([]);
  await expectLegibleInTheDark(page);
  expect(await brokenDates(page)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 800 });
  expect(await brokenDates(page)).toEqual([]);
  expect(problems).toEqual([]);
}

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };
const unescaped = (html: string) => html.replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity);

export function everyPage(): void {
  test.each(PAGES)('%s is complete, logs nothing, is accessible, and fits', expectWhole);

  test('only the day of the clock is called today', async () => {
    for (const [, path] of [...PAGES, ['', '/?as_of=2026-11-20'] as const]) {
      if (!path.includes('as_of=')) continue;
      const { page } = await openInTab(1280, path);
      const said = await page.evaluate(() => {
        for (const form of document.querySelectorAll('main form')) form.remove();
        return `${document.title} ${document.querySelector('main')!.textContent}`;
      });
      expect([path, said.match(/.{0,40}\btoday\b.{0,20}/i)]).toEqual([path, null]);
    }
  });

  test('every link leads to a page, and every fragment to an element', async () => {
    const ids = new Map<string, Set<string>>();
    const textOf = async (path: string) => {
      const response = await fetchPage(path);
      const text = await response.text();
      expect([path, response.status < 400 || path.startsWith('/v1/') ? null : response.status]).toEqual([
        path,
        null,
      ]);
      const written = [...text.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => unescaped(id!));
      const named = [...text.matchAll(/\saria-labelledby="([^"]*)"/g)].flatMap(([, names]) =>
        names!.split(' '),
      );
      expect([path, named.filter((id) => !written.includes(id))]).toEqual([path, []]);
      ids.set(path, new Set(written));
      return text;
    };
    /** A few of the links of each kind. */
    const followed = new Map<string, number>();
    const lost: string[] = [];
    for (const [, path, status] of PAGES) {
      if (status !== 200) continue;
      const links = [...(await textOf(path)).matchAll(/\shref="([^"]*)"/g)];
      for (const href of new Set(links.map(([, href]) => href!.replaceAll('&amp;', '&')))) {
        const { origin, pathname, search, searchParams, hash } = new URL(href, urlOf(path));
        if (origin !== urlOf('/').origin || /^\/(?:wheels|v1)\//.test(pathname)) continue;
        const target = pathname + search;
        const [, room] = pathname.split('/');
        const kind = `${path} ${room} ${[...searchParams.keys()]} ${hash === ''}`;
        const times = (followed.get(kind) ?? 0) + 1;
        followed.set(kind, times);
        if (times > 2 && !ids.has(target)) continue;
        if (!ids.has(target)) await textOf(target);
        if (hash !== '' && !ids.get(target)!.has(decodeURIComponent(hash.slice(1)))) lost.push(href);
      }
    }
    expect(lost).toEqual([]);
  });

  test('the footer links to the repository of package.json', async () => {
    const { page } = await open('/flags');
    const { default: manifest } = await import('../../../package.json', { with: { type: 'json' } });
    const source = page.locator('footer').getByRole('link', { name: 'Source', exact: true });
    expect(await source.getAttribute('href')).toBe(
      manifest.repository.replace('github:', 'https://github.com/'),
    );
  });

  test.each([
    '/',
    '/packages/numpy?as_of=2026-11-20',
    `/sets/${FLAG}`,
    `/resolve?${QUESTION}&requirement=fastapi`,
    '/compare?from=2025-11-02&to=2026-11-01&requirement=fastapi&as_of=2026-11-20',
    '/runtimes',
  ])('%s prints on A4, in black on white, without controls', async (path) => {
    const { page } = await open(path, { viewport: { width: A4_WIDTH, height: 1000 }, colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await overflowOf(page)).toBe(0);
    const [ink, paper] = await page.evaluate(() => {
      const { color, backgroundColor } = getComputedStyle(document.body);
      return [color, backgroundColor];
    });
    expect([ink, paper]).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
    for (const what of ['button', 'input', 'textarea', 'select', 'nav']) {
      expect([what, await page.locator(`${what}:visible`).count()]).toEqual([what, 0]);
    }
    const pictures = await page
      .locator('main svg:visible')
      .evaluateAll((all) => all.map((element) => element.getBoundingClientRect().right));
    expect(Math.max(0, ...pictures)).toBeLessThanOrEqual(A4_WIDTH);
    // Chromium draws it, so that nothing in the stylesheet is in its way.
    expect((await page.pdf({ format: 'A4', preferCSSPageSize: true })).length).toBeGreaterThan(1000);
  });

  test('the keyboard reaches the content and the navigation, which marks the current page', async () => {
    const { page } = await open('/flags');
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
    const places = await page
      .locator('nav a')
      .evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
    for (const place of places) {
      await page.goto(new URL(place, page.url()).href);
      expect(await page.locator('nav [aria-current=page]').getAttribute('href')).toBe(place);
    }
    const outline = await page.getByRole('link', { name: 'Pinwheel' }).evaluate((link) => {
      link.focus({ focusVisible: true } as FocusOptions);
      return getComputedStyle(link).outlineStyle;
    });
    expect(outline).toBe('solid');
  });

  test.each([
    `/packages/${encodeURIComponent(HOSTILE_NAME)}?flag=${HOSTILE_FLAG}`,
    `/sets/${HOSTILE_FLAG}`,
    `/compare?from=${FLAG}&to=${HOSTILE_FLAG}`,
    '/changes.atom',
  ])('hostile names are escaped and visible in %s', async (path) => {
    const { page, problems } = await open(path);
    expect(problems).toEqual([]);
    expect(await page.locator(':is(main, feed) :is(img, b, script)').count()).toBe(0);
    const content = await page.content();
    expect(content).toContain('\\u{202e}');
    for (const character of ['\u202e', '\u0007']) expect(content).not.toContain(character);
    expect(await page.locator('a[href^="javascript:" i]').count()).toBe(0);
  });
}
