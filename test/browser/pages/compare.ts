import { describe, expect, test } from 'vitest';
import { open } from '../site.ts';

export function comparePage(): void {
  describe('the comparison', () => {
    test.each([true, false])(
      'of two dates is asked by its form, with JavaScript: %s',
      async (javaScriptEnabled) => {
        const { page } = await open('/compare?as_of=2026-11-20', { javaScriptEnabled });
        await page.getByLabel('From').fill('2025-11-02');
        await page.getByLabel('To', { exact: true }).fill('2026-11-01');
        await page.getByLabel('Requirements').fill('fastapi\nlangchain');
        await page.getByRole('button', { name: 'Compare' }).click();
        await page.waitForURL(/from=2025-11-02/);
        expect(await page.locator('#_answer').textContent()).toContain('Python 3.13.2 becomes 3.14.2');
        expect(await page.locator('#_closure').textContent()).toBe('Your requirements are affected');
        const closure = page.locator('section', { has: page.locator('#_closure') });
        expect(await closure.locator('.notice.error').textContent()).toContain('has no package "langchain"');
        // What breaks comes before what is new.
        const groups = await closure.locator('summary').allTextContents();
        expect(groups.map((group) => group.split(':')[0])).toEqual([
          'Removed',
          'In another version',
          'Added',
          'Built anew, in the same version',
        ]);
        expect(await page.locator('tr', { hasText: 'python_workers_314' }).first().textContent()).toContain(
          '2026-09-08',
        );
      },
    );

    test('of package flags, and the line that asks the API for it', async () => {
      const { page } = await open(
        '/compare?from=python_3.13_packages_2025_09_22&to=python_3.13_packages_2025_10_20',
      );
      const added = page.locator('details', { hasText: 'Added: 15 packages' });
      expect(await added.getByRole('link', { name: 'fastapi' }).count()).toBe(1);
      const [, url] = /^curl '(.*)'$/.exec((await page.locator('pre').textContent())!)!;
      const answer = (await (await fetch(url!)).json()) as { packages: { added: unknown[] } };
      expect(answer.packages.added).toHaveLength(15);
    });

    test('what cannot be read is refused, and stays in its field', async () => {
      const { page, response } = await open('/compare?from=2025-9-1&to=2026-11-01&as_of=2026-11-20');
      expect(response.status()).toBe(400);
      expect(await page.getByRole('alert').textContent()).toContain('Invalid compatibility date: 2025-9-1');
      expect(await page.getByLabel('From').inputValue()).toBe('2025-9-1');
    });
  });
}
