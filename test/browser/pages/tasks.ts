/** Eight tasks of readers, with the actions that each takes: what is typed and sent, a click, a page that is opened. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { FLAG, open } from '../site.ts';
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
      expect((await page.locator('#_answer').boundingBox())!.y).toBeLessThan(viewport.height);
    });

    test('what is in a set, from where, under which licence: one action', async () => {
      const { page } = await open('/', { viewport });
      await ask(page, FLAG);
      expect(page.url()).toContain(`/sets/${FLAG}`);
      expect(await page.locator('main').textContent()).toContain('Read from workerd, under Apache-2.0.');
    });

    test('modules of the standard library: one action', async () => {
      const { page } = await open('/', { viewport });
      await page.getByRole('link', { name: 'Standard library', exact: true }).click();
      expect(await page.locator('main').textContent()).toContain('tkinter');
    });

    test('an end point of the API, and its answer: two actions', async () => {
      const { page } = await open('/', { viewport });
      await page.getByRole('link', { name: 'API', exact: true }).click();
      await page.locator('.try a[href*="/v1/when"]').first().click();
      expect(JSON.parse((await page.locator('pre').textContent())!)).toHaveProperty('intervals');
    });

    test('the page of a package says first what it gets', async () => {
      const { page } = await open('/packages/numpy', { viewport });
      const verdict = await page.locator('.verdict').boundingBox();
      expect(verdict!.y + verdict!.height).toBeLessThan(viewport.height);
    });
  });

  test('three rows are seen on a phone without scrolling', async () => {
    const { page } = await open('/', { viewport: { width: 390, height: 844 } });
    const ends = await page
      .locator('.matrix tbody tr')
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().bottom));
    expect(ends.filter((end) => end <= 844).length).toBeGreaterThanOrEqual(3);
  });

  test.each([
    ['pandas 2025-06-01', '/resolve', '2025-06-01'],
    ['sklearn PIL.Image json', '/resolve', 'pillow'],
    ['from PIL import Image\nimport yaml', '/resolve', 'pyyaml'],
    ['fastapi 2025-11-02 2026-11-20', '/compare', 'fastapi'],
  ])('%j is answered without scripts', async (text, place, says) => {
    const { page } = await open('/', { javaScriptEnabled: false });
    await box(page).fill(text);
    await page.getByRole('button', { name: 'Answer' }).click();
    await page.waitForURL(/\?/);
    expect(await page.locator('nav [aria-current=page]').getAttribute('href')).toBe(place);
    expect(await page.locator('main').textContent()).toContain(says);
  });
}
