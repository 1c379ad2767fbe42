import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { FLAG, fetchPage, open, QUESTION, visibleRows } from '../site.ts';

const PACKAGES = `/packages?${QUESTION}`;

/** The form is folded while there is an answer. */
async function unfoldForm(page: Page): Promise<void> {
  await page.getByText('Change the date, the flags or the set').click();
}

export function packagesPage(): void {
  describe('the filter of packages', () => {
    test('every page shows the same number of packages of a set', async () => {
      const question = 'date=2026-11-20&as_of=2026-11-20';
      const counted: (string | undefined)[] = [];
      for (const [path, selector] of [
        ['/?as_of=2026-11-20', '#_verdict'],
        [`/packages?${question}`, 'output'],
        [`/packages?${question}`, '#_target'],
        [`/resolve?${question}`, 'h1'],
        ['/sets/python_3.14_packages_2026_08_25', 'h1 + p'],
        ['/sets', 'tr:has([href$="python_3.14_packages_2026_08_25"]) td:nth-child(2)'],
      ] as const) {
        const { page } = await open(path);
        const text = (await page.locator(selector).textContent())!;
        counted.push(/(\d+)(?: packages|$)/.exec(text)?.[1]);
      }
      const { page } = await open(`/packages?${question}&kind=package`);
      const rows = await visibleRows(page).count();
      expect(counted).toEqual(counted.map(() => String(rows)));
    });

    test('works without JavaScript, and a link to a hidden row shows it', async () => {
      const { page } = await open(`${PACKAGES}&kind=package`, { javaScriptEnabled: false });
      await page.getByLabel('Package or import name').fill('fastapi');
      await page.getByRole('button', { name: 'Filter' }).click();
      await page.waitForURL(/query=fastapi/);
      expect(await visibleRows(page).locator('th').allTextContents()).toEqual(['fastapi']);
      expect(await page.getByLabel('Kind').inputValue()).toBe('package');
      await visibleRows(page).getByRole('link', { name: 'starlette' }).click();
      expect(await visibleRows(page).locator('th').allTextContents()).toEqual(['fastapi', 'starlette']);
    });

    test.each([1280, 390])('%i px wide, the first screen shows packages', async (width) => {
      const height = 800;
      const { page } = await open(PACKAGES, { viewport: { width, height } });
      const first = (await visibleRows(page).first().boundingBox())!;
      expect(first.y + first.height).toBeLessThan(height);
    });

    test('without JavaScript, empty fields are removed from the address', async () => {
      const { page } = await open('/packages', { javaScriptEnabled: false });
      await page.getByLabel('Package or import name').fill('numpy');
      await page.getByRole('button', { name: 'Filter' }).click();
      await page.waitForURL(/query=numpy/);
      const url = new URL(page.url());
      expect([...url.searchParams.values()]).not.toContain('');
      expect(url.hash).toBe('#_packages');
      const { status, headers } = await fetchPage('/?q=', { redirect: 'manual' });
      expect([status, headers.get('location')]).toEqual([303, '/']);
    });

    test('the field and the columns do not move while rows are filtered', async () => {
      const { page } = await open(PACKAGES, { viewport: { width: 1280, height: 700 } });
      const query = page.getByLabel('Package or import name');
      await query.evaluate((field) => field.scrollIntoView());
      const places = () =>
        page.evaluate(() => {
          const left = [...document.querySelectorAll('thead th')].map((th) => th.getBoundingClientRect().x);
          return [document.getElementById('_query')!.getBoundingClientRect().y, ...left];
        });
      const before = await places();
      await query.fill('numpy');
      expect(await visibleRows(page).count()).toBe(1);
      expect(await places()).toEqual(before);
    });

    test('suggests similar names', async () => {
      const { page } = await open(`${PACKAGES}&query=nump7y`);
      expect(await visibleRows(page).count()).toBe(0);
      await page.getByRole('link', { name: 'numpy', exact: true }).click();
      expect(await visibleRows(page).locator('th').allTextContents()).toEqual(['numpy']);
    });
  });

  describe.each([true, false])('the form of packages with JavaScript: %s', (javaScriptEnabled) => {
    test('the form switches to another set', async () => {
      const { page, problems } = await open(PACKAGES, { javaScriptEnabled });
      expect(await page.locator('caption').textContent()).toContain(FLAG);
      const other = 'python_3.12_packages_2025_03_01';
      await unfoldForm(page);
      await page.getByLabel('Package set', { exact: true }).selectOption(other);
      await page.getByRole('button', { name: 'Show packages' }).click();
      await page.waitForURL(new RegExp(`flag=${other}`));
      expect(await page.locator('caption').textContent()).toContain(other);
      expect(await visibleRows(page).count()).toBe(276);
      expect(await page.getByLabel('Package set', { exact: true }).inputValue()).toBe(other);
      expect(await page.getByLabel('Compatibility date', { exact: true }).inputValue()).toBe('2025-11-02');
      expect(await page.getByLabel('As of').inputValue()).toBe('2026-11-20');
      expect(problems).toEqual([]);

      await page.getByRole('link', { name: 'Ask at its own date' }).click();
      await page.waitForURL(`**/packages?flag=${other}`);
      expect(await page.getByLabel('Compatibility date', { exact: true }).inputValue()).toBe('2025-03-01');
    });

    test('a bad date is rejected with workerd’s sentence, and the form keeps its values', async () => {
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
      expect(await visibleRows(page).count()).toBeGreaterThan(0);
    });
  });

  test('flags may be pasted as they are in a wrangler file', async () => {
    const { page } = await open(PACKAGES);
    await unfoldForm(page);
    await page.getByLabel('Compatibility flags').fill('["python_workers", "no_python_workers_20250116"]');
    await page.getByRole('button', { name: 'Show packages' }).click();
    await page.waitForURL(/no_python_workers_20250116/);
    expect(await page.locator('#_target').textContent()).toContain('Python 3.12');
  });

  test('lines are copied, and ask the API the same question', async () => {
    const { page } = await open(PACKAGES, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('button', { name: 'Copy' }).last().click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const lines = await page.evaluate(() => navigator.clipboard.readText());
    const [target, set] = [...lines.matchAll(/^curl '([^']+)'$/gm)].map(([, url]) => url!);
    const answers = await Promise.all([target!, set!].map(async (url) => (await fetch(url)).json()));
    expect(answers[0]).toMatchObject({ compatibility_date: '2025-11-02', package_set: { flag: FLAG } });
    expect(answers[1]).toMatchObject({ flag: FLAG });
    expect(JSON.parse((await page.locator('pre').first().textContent())!)).toEqual({
      compatibility_date: '2025-11-02',
      compatibility_flags: ['python_workers'],
    });
  });

  describe('packages compared with another set', () => {
    const SINCE = 'python_3.12_packages_2025_06_06';

    test('shows only added and changed packages, with the earlier version', async () => {
      const { page } = await open(PACKAGES);
      const all = await visibleRows(page).count();
      await page.getByLabel('Changed since').selectOption(SINCE);
      await page.getByRole('button', { name: 'Filter' }).click();
      await page.waitForURL(/since=/);
      const shown = await visibleRows(page).locator('td:nth-of-type(1)').allTextContents();
      expect(shown.length).toBeGreaterThan(10);
      expect(shown.length).toBeLessThanOrEqual(all);
      for (const version of shown) expect(version).toMatch(/ (new|was \S+)$/);
      await page.getByLabel('Package or import name').fill('numpy');
      expect(await visibleRows(page).locator('td:nth-of-type(1)').allTextContents()).toEqual([
        '2.3.1 was 2.0.2',
      ]);
    });

    test('a heading sorts in both directions, without JavaScript', async () => {
      const { page } = await open(PACKAGES, { javaScriptEnabled: false });
      const kinds = () => visibleRows(page).locator('td:nth-of-type(2)').allTextContents();
      await page.getByRole('columnheader', { name: 'Kind' }).getByRole('link').click();
      await page.waitForURL(/sort=kind/);
      const ascending = await kinds();
      expect(await page.getByRole('columnheader', { name: 'Kind' }).getAttribute('aria-sort')).toBe(
        'ascending',
      );
      await page.getByRole('columnheader', { name: 'Kind' }).getByRole('link').click();
      await page.waitForURL(/sort=-kind/);
      expect(await page.getByRole('columnheader', { name: 'Kind' }).getAttribute('aria-sort')).toBe(
        'descending',
      );
      expect(await kinds()).not.toEqual(ascending);
      expect((await kinds()).toSorted()).toEqual(ascending.toSorted());
    });

    test('compiled, pure and patched packages look different', async () => {
      const flag = 'python_3.13_packages_2026_09_16';
      const { page } = await open(`/packages?flag=${flag}&kind=patched`);
      expect(await visibleRows(page).locator('th').allTextContents()).toEqual(['httpx']);
      await page.getByLabel('Kind').selectOption('compiled');
      const names = await visibleRows(page).locator('th').allTextContents();
      expect(names).toContain('numpy');
      expect(names).not.toContain('fastapi');
    });
  });
}
