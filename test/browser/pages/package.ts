import { describe, expect, test } from 'vitest';
import { HOSTILE_FLAG } from '../hostile-set.ts';
import { FLAG, fetchPage, open, openInTab, textsOutside } from '../site.ts';

export function packagePage(): void {
  describe('the page of a package', () => {
    test('shows every version by set, with the dates that give it', async () => {
      const { page } = await open('/packages/numpy?as_of=2026-11-20');
      const history = (await (await fetchPage('/v1/packages/numpy')).json()) as {
        versions: { version: string; flag: string }[];
      };
      const rows = page.locator('#_sets ~ * tbody tr');
      expect(await rows.count()).toBe(history.versions.length);
      for (const [flag, dates] of [
        ['python_3.14_packages_2026_08_25', 'since 2026-09-08'],
        ['python_3.13_packages_2025_08_08', '2025-09-29 to 2026-09-07'],
        ['python_3.14_packages_2026_11_20', 'no date'],
      ] as const) {
        const cells = rows.filter({ hasText: flag }).locator('[data-label="Dates"]');
        expect(await cells.allTextContents()).toEqual([dates]);
      }
      const other = await open('/packages/apsw?as_of=2026-11-20');
      expect(await other.page.locator('#_sets ~ table').textContent()).toContain(
        'by its flag, since 2026-09-08',
      );
    });

    test('shows the verdict first, with one segment for equal dates', async () => {
      const { page } = await open('/packages/polars?as_of=2026-11-20');
      expect(await page.locator('h1 + *').textContent()).toMatch(
        /In the package set since compatibility_date 2026-09-08/,
      );
      expect(await page.locator('.dates-bar a').count()).toBe(2);
      const gone = await open('/packages/langchain?as_of=2026-11-20');
      expect(await gone.page.locator('#_verdict').textContent()).toContain(
        'Not in the set of 2026-11-20; last on 2026-09-07 with 0.3.27.',
      );
      const lines = await gone.page.locator('pre').allTextContents();
      expect(lines.join()).toContain('compatibility_date = "2026-09-07"');
    });

    test.each([
      ['a long version', '/packages/httpx?flag=python_3.14_packages_2026_11_20'],
      ['announced sets', '/packages/numpy?as_of=2025-06-01'],
    ])('keeps all texts within its margins, with %s', async (_, path) => {
      for (const width of [320, 360, 800, 1200]) {
        const { page } = await openInTab(width, path);
        expect([width, await textsOutside(page)]).toEqual([width, []]);
      }
    });

    test('says what it is by the METADATA of a version that was seen, and what the table of facts knows', async () => {
      const text = async (path: string) => (await fetchPage(path)).text();
      expect(await text('/packages/numpy.md?as_of=2026-11-20')).toContain(
        'Fundamental package for array computing in Python – Licence: BSD License. ' +
          '[Home page](https://numpy.org/). From the METADATA of 2.2.5.',
      );
      expect(await text('/packages/pydantic.md?flag=python_3.13_packages_2025_10_20')).toContain(
        'From the METADATA of 2.10.6.',
      );
      expect(await text(`/packages/psutil.md?flag=${HOSTILE_FLAG}`)).toContain(
        'Known limit: it reads the processes and the hardware of a machine, which a Worker does not have.',
      );
      expect(await text('/packages/pandas.md')).not.toContain('Known limit');
    });

    test('shows another set, without JavaScript', async () => {
      const { page } = await open('/packages/pydantic', { javaScriptEnabled: false });
      await page.locator('#_sets ~ table').getByRole('link', { name: FLAG }).click();
      await page.waitForURL(/flag=python_3.13_packages_2025_08_08/);
      expect(await page.locator('h1').textContent()).toBe(`pydantic 2.10.6 in ${FLAG}`);
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
      expect(await page.locator('h1').textContent()).toBe(`typing-extensions 4.14.1 in ${FLAG}`);
    });

    test('shows the newest set that has it if the requested one does not, and says so', async () => {
      const { page } = await open('/packages/polars?date=2025-11-02&as_of=2026-11-20');
      expect(await page.locator('.notice').first().textContent()).toContain(`${FLAG} does not have it`);
      expect(await page.locator('h1').textContent()).toMatch(/^polars 1\.33/);
    });

    test('tests lead to their package, which does not list them', async () => {
      const { page } = await open('/packages/aiohttp-tests');
      expect(page.url()).toMatch(/\/packages\/aiohttp$/);
      expect(await page.locator('#_neighbours ~ * a').allTextContents()).not.toContain('aiohttp-tests');
      expect((await fetchPage('/badge/aiohttp-tests.svg')).status).toBe(404);
      expect(await (await fetchPage('/packages/aiohttp-tests.md')).text()).toMatch(/^# aiohttp /);
    });

    test('that no set has comes with a line for an index, unless a package has a similar name', async () => {
      const lines = async (name: string) =>
        (await (await open(`/packages/${name}`)).page.locator('pre').allTextContents()).join();
      expect(await lines('no-such-thing')).toContain('pip install');
      expect(await lines('numpi')).toBe('');
    });
  });
}
