/** The script of each page, by keyboard only. */
import { expect, test } from 'vitest';
import { copied, FLAG, open, POLL, visibleRows } from '../site.ts';
import { box, headline, WRANGLER } from './upgrade.ts';

const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };

export function scripts(): void {
  test('the front page: two steps lead from a name to a copied line for a wrangler file', async () => {
    const { page, problems } = await open('/?as_of=2026-11-20', CLIPBOARD);
    // A browser focuses the box when it paints, which may be after the page has loaded.
    await page.locator('#_search:focus').waitFor();
    await page.keyboard.type('numpy');
    await page.keyboard.press('Enter');
    // Once all rows are loaded, the focus is where the next step is.
    await page.locator('.copy:focus').waitFor();
    const { text } = await copied(page, () => page.keyboard.press('Enter'));
    expect(text).toBe(
      '{\n  "compatibility_date": "2026-11-20",\n  "compatibility_flags": ["python_workers"]\n}',
    );
    expect(await page.locator('#_verdict').textContent()).toMatch(
      /^In the package set at every compatibility date/,
    );
    expect(problems).toEqual([]);
  });

  test('the filter of packages: by package and by import name', async () => {
    const { page } = await open(`/sets/${FLAG}`);
    const all = await visibleRows(page).count();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    for (let presses = 0; presses < 30; presses++) {
      if ((await page.evaluate(() => document.activeElement?.id)) === '_query') break;
      await page.keyboard.press('Tab');
    }
    const focused = page.locator('#_query:focus');
    expect(await focused.evaluate((field) => getComputedStyle(field).outlineStyle)).toBe('solid');

    await page.keyboard.type('Pydantic_C');
    expect(await visibleRows(page).locator('th').allTextContents()).toEqual(['pydantic-core']);
    expect(await page.locator('output').textContent()).toBe('1 found');

    await page.keyboard.press('Control+A');
    await page.keyboard.type('yaml');
    expect(await visibleRows(page).locator('th').allTextContents()).toContain('pyyaml');

    await page.keyboard.type('zzz');
    expect(await visibleRows(page).count()).toBe(0);
    expect(await page.getByText('Nothing in this set matches the filter.').isVisible()).toBe(true);

    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    expect(await visibleRows(page).count()).toBe(all);
    const contents = (await page.locator('output').textContent())!;
    expect(contents).toMatch(/^\d+ packages, \d+ librar(?:y|ies), and \d+ modules?$/);
    const counts = contents.match(/\d+/g)!.map(Number);
    expect(counts.reduce((sum, count) => sum + count)).toBe(all);

    await page.keyboard.type('numpy');
    await Promise.all([page.waitForURL(/query=numpy/), page.keyboard.press('Enter')]);
    expect(await visibleRows(page).locator('th').allTextContents()).toContain('numpy');
  });

  test('the upgrade view: from a pasted project to the newest safe date past the other fields', async () => {
    const { page } = await open('/compare?as_of=2026-11-20', CLIPBOARD);
    await box(page).fill(`${WRANGLER}fastapi\nlangchain`);
    await expect.poll(() => headline(page), POLL).toContain('All requirements are met up to 2026-09-07');
    for (const key of ['Tab', 'Enter', 'Tab']) await page.keyboard.press(key);
    const { announced, text: line } = await copied(page, () => page.keyboard.press('Enter'));
    expect(announced).toBe('Copied: The newest date at which nothing changes');
    expect(line).toBe('compatibility_date = "2025-12-15"');
    // Pasted, it is what the page says it is.
    await box(page).fill(`${WRANGLER.replace(/.*/, line)}fastapi\nlangchain`);
    await expect
      .poll(() => page.getByLabel('Compatibility date', { exact: true }).inputValue(), POLL)
      .toBe('2025-12-15');
    await expect.poll(() => headline(page), POLL).toContain('All requirements are met up to 2026-09-07');
  });
}
