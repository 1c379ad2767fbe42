/** Eight tasks of readers, with the actions that each takes: what is typed and sent, a click, a page that is opened. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { FLAG, fetchPage, open, POLL, QUESTION, urlOf } from '../site.ts';
import { box, WRANGLER } from './upgrade.ts';

const sentences = async (page: Page) =>
  `${await page.locator('h1').textContent()} ${await page.locator('.sentence').allTextContents()}`;

async function ask(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
}

export function tasks(): void {
  describe.each([
    ['a desk', 1280],
    ['a phone', 390],
  ])('at %s', (_, width) => {
    const viewport = { width, height: width === 390 ? 844 : 900 };

    test('can I use these six at a date: one action', async () => {
      const { page, problems } = await open('/', { viewport });
      await ask(page, 'pandas scikit-learn requests psycopg2 uvicorn playwright 2025-06-01');
      expect(await sentences(page)).toContain(
        'In part: requests 2.31.0 on Python 3.12; pandas and scikit-learn are not available on 2025-06-01; ' +
          'psycopg2 and playwright cannot run in a Worker; uvicorn is not needed in a Worker',
      );
      expect(await page.locator('section[aria-labelledby="_closure"] th[scope=row]').count()).toBe(10);
      // The status of a question without an answer is on the console.
      expect(problems.filter((problem) => !problem.includes('422'))).toEqual([]);
    });

    test('the earliest date of two requirements: one action', async () => {
      const { page } = await open('/', { viewport });
      await ask(page, 'numpy>=2 pydantic>=2.10');
      expect(await sentences(page)).toContain('numpy and pydantic are pinned from 2025-09-29 on;');
      const lead = await page.locator('.sentence').boundingBox();
      expect(lead!.y + lead!.height).toBeLessThan(viewport.height);
    });

    test('what breaks of a wrangler file and requirements: two actions', async () => {
      const { page } = await open('/?as_of=2026-11-20', { viewport });
      await ask(page, `${WRANGLER.replace('2025-11-02', '2024-10-01')}fastapi\nlangchain`);
      await Promise.all([page.waitForNavigation(), page.locator('.sentence a').click()]);
      expect(await page.locator('#_answer').textContent()).toContain(
        'All requirements are met up to 2026-09-07, but not later',
      );
      const verdict = (await page.locator('#_answer').boundingBox())!;
      // Its bars leave a phone's browser 660 pixels.
      expect(verdict.y + verdict.height).toBeLessThan(660);
    });

    test.each([
      ['one action', (page: Page) => ask(page, FLAG)],
      [
        'two clicks',
        async (page: Page) => {
          await page.getByRole('link', { name: 'Package sets', exact: true }).click();
          await page.getByRole('link', { name: FLAG, exact: true }).first().click();
        },
      ],
    ])('what is in a set, from where, under which licence: %s', async (_, find) => {
      const { page } = await open('/', { viewport });
      await find(page);
      await page.waitForURL(`**/sets/${FLAG}`);
      const said = (await page.locator('main').textContent())!;
      expect(said).toMatch(/packages.* for Python 3\.13\.2, by Cloudflare for Pyodide 0\.28\.2/);
      expect(said).toContain('Read from workerd, under Apache-2.0.');
    });

    test('which modules of the standard library do not work: one action', async () => {
      const { page } = await open('/', { viewport });
      await page.getByRole('link', { name: 'Standard library', exact: true }).click();
      const limited = page.locator('section[aria-labelledby="_limited"]');
      expect((await limited.boundingBox())!.y).toBeLessThan(viewport.height);
      const newest = limited.locator('tr', { hasText: 'tkinter' }).first().locator('td').first();
      expect(await newest.textContent()).toContain('✕');
    });

    test('an end point of the API, and its answer: two actions', async () => {
      const { page } = await open('/', { viewport });
      await page.getByRole('link', { name: 'API', exact: true }).click();
      await page.locator('.try a[href*="/v1/when"]').first().click();
      expect(JSON.parse((await page.locator('pre').textContent())!)).toHaveProperty('intervals');
    });

    test('the page of a package says first what it gets, and what it is', async () => {
      const { page } = await open('/packages/numpy', { viewport });
      const summary = page.getByText('Fundamental package for array computing in Python');
      const [verdict, about] = [await page.locator('.verdict').boundingBox(), await summary.boundingBox()];
      expect(verdict!.y).toBeLessThan(about!.y);
      expect(about!.y + about!.height).toBeLessThan(viewport.height);
    });

    test('a badge and a feed of a package: one click each', async () => {
      const { page } = await open('/packages/numpy', { viewport });
      await page.getByText('Badge', { exact: true }).click();
      const line = page.getByText('[![Python Workers](');
      expect(await line.isVisible()).toBe(true);
      const [, picture, target] = /\]\((\S+)\)\]\((\S+)\)/.exec((await line.textContent())!)!;
      expect(await (await fetchPage(new URL(picture!).pathname)).text()).toMatch(/^<svg.*listed, /s);
      expect(new URL(target!).pathname).toBe('/packages/numpy');
      const [feed] = await Promise.all([
        page.waitForResponse(/\.atom$/),
        page.getByRole('link', { name: 'Feed', exact: true }).click(),
      ]);
      expect(await feed.text()).toContain('<title>numpy on Python Workers: ');
    });
  });

  test('three rows are seen on a phone without scrolling', async () => {
    const { page } = await open('/', { viewport: { width: 390, height: 844 } });
    const ends = await page
      .locator('.matrix tbody tr')
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().bottom));
    expect(ends.filter((end) => end <= 844).length).toBeGreaterThanOrEqual(3);
  });

  test.each([true, false])(
    'each requirement is changed and removed by itself, with JavaScript: %s',
    async (javaScriptEnabled) => {
      const { page } = await open(`/resolve?${QUESTION}&requirement=pandas&requirement=numpy`, {
        javaScriptEnabled,
      });
      await page.getByLabel('Requirement numpy').fill('numpy>=2');
      await Promise.all([
        page.waitForURL(/q=pandas\+numpy%3E%3D2&date=2025-11-02/),
        page.keyboard.press('Enter'),
      ]);
      // Also if it was changed before.
      await page.getByLabel('Requirement pandas').fill('pandas<9');
      await page.getByRole('button', { name: 'Remove pandas' }).click();
      await page.waitForURL(/q=numpy%3E%3D2&date=2025-11-02/);
      expect(
        await page.locator('section[aria-labelledby="_closure"] th[scope=row]').allTextContents(),
      ).toEqual(['numpy']);
      await page.goto(
        urlOf(
          '/compare?from=2025-11-02&to=2026-11-20&requirement=fastapi&requirement=langchain&as_of=2026-11-20',
        ).href,
      );
      expect(await page.title()).toMatch(/^All requirements are met up to 2026-09-07.*Cloudflare Workers$/);
      await page.getByRole('button', { name: 'Remove langchain' }).click();
      await expect.poll(() => page.locator('#_answer').textContent(), POLL).toContain('met on 2026-11-20');
      expect(
        await page
          .getByLabel(/^Requirement /)
          .evaluateAll((all) => all.map((field) => (field as HTMLInputElement).value)),
      ).toEqual(['fastapi']);
    },
  );

  test.each([
    ['pandas 2025-06-01', '/resolve', '2025-06-01'],
    ['sklearn PIL.Image json', '/resolve', 'pillow'],
    ['from PIL import Image\nimport yaml', '/resolve', 'pyyaml'],
    ['import PIL\nimport yaml', '/resolve', 'pyyaml'],
    ['fastapi 2025-11-02 2026-11-20', '/compare', 'fastapi'],
  ])('%j is answered without scripts', async (text, place, says) => {
    const { page } = await open('/', { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
    await box(page).fill(text);
    const button = page.getByRole('button', { name: 'Answer' });
    // Without a script, Enter begins another line.
    expect((await button.boundingBox())!.width).toBeGreaterThan(44);
    await button.click();
    await page.waitForURL(/\?/);
    expect(await page.locator('nav [aria-current=page]').getAttribute('href')).toBe(place);
    expect(await page.locator('main').textContent()).toContain(says);
  });
}
