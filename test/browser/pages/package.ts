import { describe, expect, test } from 'vitest';
import { FLAG, fetchPage, open } from '../site.ts';

export function packagePage(): void {
  describe('the page of a package', () => {
    test('has every version by set, as a picture and as a table', async () => {
      const { page } = await open('/packages/numpy?as_of=2026-11-20');
      const history = (await (await fetchPage('/v1/packages/numpy')).json()) as {
        versions: { version: string }[];
      };
      expect(await page.locator('.picture circle:not(.absent)').count()).toBe(history.versions.length);
      expect(await page.locator('#_sets ~ table tbody tr').count()).toBe(history.versions.length);
      const labels = await page.locator('.picture text').allTextContents();
      for (const { version } of history.versions) expect(labels).toContain(version);
      expect(await page.getByRole('img').getAttribute('aria-labelledby')).toBe('_time_line');
    });

    test('shows another set, without JavaScript', async () => {
      const { page } = await open('/packages/pydantic', { javaScriptEnabled: false });
      await page.getByLabel('Package set', { exact: true }).selectOption(FLAG);
      await page.getByRole('button', { name: 'Show this set' }).click();
      await page.waitForURL(/flag=python_3.13_packages_2025_08_08/);
      expect(await page.locator('h1').textContent()).toBe('pydantic 2.10.6');
      const depends = page.locator('.facts > div', { hasText: 'Depends on' }).getByRole('link');
      expect(await depends.allTextContents()).toEqual([
        'typing-extensions',
        'pydantic-core',
        'annotated-types',
      ]);
      const needed = page.locator('.facts > div', { hasText: 'Needed by' }).getByRole('link');
      expect(await needed.allTextContents()).toContain('fastapi');
      await depends.first().click();
      await page.waitForURL(/packages\/typing-extensions/);
      expect(await page.locator('h1').textContent()).toBe('typing-extensions 4.14.1');
    });

    test('shows the newest set that has it where the asked one has not, and says so', async () => {
      const { page } = await open('/packages/polars?date=2025-11-02&as_of=2026-11-20');
      expect(await page.locator('.notice').first().textContent()).toContain(`${FLAG} does not have it`);
      expect(await page.locator('h1').textContent()).toMatch(/^polars 1\.33/);
    });

    test('is found under any spelling of its name', async () => {
      const response = await fetchPage('/packages/Pydantic_Core?as_of=2026-11-20', { redirect: 'manual' });
      expect([response.status, response.headers.get('location')]).toEqual([
        301,
        '/packages/pydantic-core?as_of=2026-11-20',
      ]);
    });

    test('an unknown name leads to those nearly like it', async () => {
      const { page } = await open('/packages/nump7y');
      await page.getByRole('link', { name: 'numpy', exact: true }).click();
      await page.waitForURL(/packages\/numpy/);
      expect(await page.locator('h1').textContent()).toMatch(/^numpy /);
    });
  });
}
