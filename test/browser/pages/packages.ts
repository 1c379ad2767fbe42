import { describe, expect, test } from 'vitest';
import { copied, FLAG, fetchPage, open, urlOf, visibleRows } from '../site.ts';

const PACKAGES = `/sets/${FLAG}`;

export function packagesPage(): void {
  describe('the filter of packages', () => {
    test('every page shows the same number of packages of a set', async () => {
      const question = 'date=2026-11-20&as_of=2026-11-20';
      const counted: (string | undefined)[] = [];
      for (const [path, selector] of [
        ['/?as_of=2026-11-20', '#_verdict'],
        ['/sets/python_3.14_packages_2026_08_25', 'output'],
        [`/resolve?${question}`, 'h1'],
        ['/sets/python_3.14_packages_2026_08_25', 'h1 + p'],
        ['/sets', 'tr:has([href$="python_3.14_packages_2026_08_25"]) td:nth-child(2)'],
      ] as const) {
        const { page } = await open(path);
        const text = (await page.locator(selector).textContent())!;
        counted.push(/(\d+)(?: packages| listed|$)/.exec(text)?.[1]);
      }
      const { page } = await open('/sets/python_3.14_packages_2026_08_25?kind=package');
      const rows = await visibleRows(page).count();
      expect(counted).toEqual(counted.map(() => String(rows)));
    });

    test('works without JavaScript, and a link to a hidden row shows it', async () => {
      const { page } = await open(`${PACKAGES}?kind=package`, { javaScriptEnabled: false });
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
      const { page } = await open(PACKAGES, { javaScriptEnabled: false });
      await page.getByLabel('Package or import name').fill('numpy');
      await page.getByRole('button', { name: 'Filter' }).click();
      await page.waitForURL(/query=numpy/);
      const url = new URL(page.url());
      expect([...url.searchParams.values()]).not.toContain('');
      expect(url.hash).toBe('#_packages');
      const { status, headers } = await fetchPage('/?q=', { redirect: 'manual' });
      expect([status, headers.get('location')]).toEqual([303, '/']);
    });

    test('empty fields are not sent', async () => {
      const { page } = await open(PACKAGES);
      await page.getByLabel('Package or import name').fill('numpy');
      const [request] = await Promise.all([
        page.waitForRequest((request) => request.isNavigationRequest()),
        page.getByRole('button', { name: 'Filter' }).click(),
      ]);
      expect(new URL(request.url()).search).toBe('?query=numpy');
    });

    test('the field and the columns do not move while rows are filtered', async () => {
      const { page } = await open(PACKAGES, { viewport: { width: 1280, height: 700 } });
      const query = page.getByLabel('Package or import name');
      await query.evaluate((field) => field.scrollIntoView());
      const places = () =>
        page.evaluate(() => {
          const left = [...document.querySelectorAll('#_table thead th')].map(
            (th) => th.getBoundingClientRect().x,
          );
          return [document.getElementById('_query')!.getBoundingClientRect().y, ...left];
        });
      const before = await places();
      await query.fill('numpy');
      expect(await visibleRows(page).count()).toBe(1);
      expect(await places()).toEqual(before);
    });

    test('shows the same while one types as the registry does', async () => {
      const { page } = await open(PACKAGES);
      const query = page.getByLabel('Package or import name');
      for (const text of ['sklearn', 'PIL', 'bs4', 'compiled', 'pure', 'Num', 'py.y', 'no such package']) {
        await query.fill(text);
        const { page: answered } = await open(`${PACKAGES}?${new URLSearchParams({ query: text })}`);
        const [typed, sent] = await Promise.all(
          [page, answered].map((shown) => visibleRows(shown).locator('th').allTextContents()),
        );
        expect(typed, text).toEqual(sent);
      }
    });

    test('suggests similar names', async () => {
      const { page } = await open(`${PACKAGES}?query=nump7y`);
      expect(await visibleRows(page).count()).toBe(0);
      await page.getByRole('link', { name: 'numpy', exact: true }).click();
      expect(await visibleRows(page).locator('th').allTextContents()).toEqual(['numpy']);
    });
  });

  test('the address of all packages leads to the set that Workers get, on the same day', async () => {
    const { page } = await open('/packages?as_of=2026-11-20');
    expect(new URL(page.url()).pathname).toBe('/sets/python_3.14_packages_2026_08_25');
    expect(new URL(page.url()).search).toBe('?as_of=2026-11-20');
    const text = await fetchPage('/packages.md?as_of=2026-11-20');
    expect(new URL(text.url).pathname).toBe(`${new URL(page.url()).pathname}.md`);
    expect(await text.text()).toContain('[numpy]');
  });

  test('lines are copied, and the kind of wrangler file stays chosen on other pages', async () => {
    const { page } = await open('/', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.locator('label', { hasText: 'wrangler.toml' }).click();
    await page.goto(urlOf(PACKAGES).href);
    expect(await page.getByRole('radio', { name: 'wrangler.toml' }).isChecked()).toBe(true);
    await page.locator('label', { hasText: 'wrangler.jsonc' }).click();
    await page.reload();
    const button = page.locator('.lines').getByRole('button', { name: 'Copy' }).first();
    const { text } = await copied(page, () => button.click());
    expect(JSON.parse(text)).toMatchObject({
      compatibility_flags: ['python_workers', 'python_workers_20250116'],
    });
  });

  test('a set is compared with another one, without JavaScript', async () => {
    const { page } = await open(PACKAGES, { javaScriptEnabled: false });
    await page.getByRole('link', { name: /^Compare it with what the date/ }).click();
    await page.waitForURL(`**/compare?from=*&to=${FLAG}`);
    const other = 'python_3.12_packages_2025_06_06';
    await page.getByLabel('Compatibility date', { exact: true }).fill(other);
    await page.getByRole('button', { name: 'Answer' }).click();
    await page.waitForURL(new RegExp(`date=${other}&to=${FLAG}`));
    expect(await page.locator('#_curl ~ pre').textContent()).toContain(`from=${other}&to=${FLAG}`);
    expect(await page.locator('main').textContent()).toContain('numpy');
  });

  describe('the table of packages', () => {
    test('compiled, pure and patched packages look different', async () => {
      const flag = 'python_3.13_packages_2026_09_16';
      const { page } = await open(`/sets/${flag}?kind=patched`);
      expect(await visibleRows(page).locator('th').allTextContents()).toEqual(['httpx']);
      await page.getByLabel('Kind').selectOption('compiled');
      const names = await visibleRows(page).locator('th').allTextContents();
      expect(names).toContain('numpy');
      expect(names).not.toContain('fastapi');
    });
  });
}
