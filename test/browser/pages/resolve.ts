import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { copied, FLAG, open, QUESTION } from '../site.ts';

const box = (page: Page) => page.locator('#_search');

export function resolvePage(): void {
  describe.each([true, false])('the resolve page with JavaScript: %s', (javaScriptEnabled) => {
    test('answers a date and requirements, at an address that can be shared', async () => {
      const { page, problems } = await open('/resolve', { javaScriptEnabled });
      await page.getByLabel('Compatibility date', { exact: true }).fill('2025-11-02');
      await box(page).fill('fastapi\n# a remark\nnumpy>=2 ; sys_platform == "emscripten"\n');
      await page.getByRole('button', { name: 'Answer' }).click();
      await page.waitForURL(/requirement=fastapi/);
      expect(await page.locator('#_closure').textContent()).toBe('The packages that you asked for');
      expect(await page.locator('h1').textContent()).toContain(
        'Pinned: fastapi 0.116.1 and numpy 2.3.1 on Python 3.13',
      );
      // The requested packages stand first, the others are folded below.
      expect(await page.locator('table').first().locator('tbody th').allTextContents()).toEqual([
        'fastapi',
        'numpy',
      ]);
      expect(await page.getByText('12 packages that they need').count()).toBe(1);
      expect(await box(page).inputValue()).toContain('numpy>=2');
      await page.reload();
      expect(await page.locator('section[aria-labelledby="_closure"] tbody tr').count()).toBe(14);
      expect(problems).toEqual([]);
    });

    test('shows where a requirement cannot be read', async () => {
      const { page } = await open(`/resolve?${QUESTION}&requirement=numpy%3D%3D`, { javaScriptEnabled });
      expect(await page.locator('.notice p').first().textContent()).toMatch(/at column 8:$/);
      expect(await page.locator('.notice pre').textContent()).toBe('numpy==\n       ^');
    });

    test.each([
      [
        'TOML',
        'compatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]\n[vars]\nTOKEN = "s3cret"',
      ],
      [
        'JSON',
        '// Mine\n{ "compatibility_date": "2025-11-02", "compatibility_flags": ["python_workers",], }',
      ],
    ])('reads a pasted wrangler file in %s, and keeps it out of the address', async (_, text) => {
      const { page } = await open('/resolve', { javaScriptEnabled });
      await box(page).fill(`${text}\nnumpy`);
      await page.getByRole('button', { name: 'Answer' }).click();
      await page.waitForURL(/requirement=numpy/);
      expect(page.url()).not.toContain('s3cret');
      expect(await page.locator('#_target').textContent()).toContain('2025-11-02: Python 3.13.2');
    });
  });

  test('the button of a calendar differs from its field in forced colours', async () => {
    const { page } = await open('/resolve');
    await page.emulateMedia({ forcedColors: 'active' });
    const [icon, field] = await page.evaluate(() => {
      const colourOf = (selector: string, part?: string) =>
        getComputedStyle(document.querySelector(selector)!, part).backgroundColor;
      return [colourOf('.pick-day', '::before'), colourOf('input[data-day]')];
    });
    await page.emulateMedia({ forcedColors: null });
    expect(icon).not.toBe(field);
  });

  test('a wrangler file that cannot be read is rejected, and stays in its field', async () => {
    const { page } = await open('/resolve');
    await box(page).fill('compatibility_date = 2025-11-02');
    await page.getByRole('button', { name: 'Answer' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain(
      'Write it between quotation marks, such as "2025-11-02".',
    );
    expect(await box(page).inputValue()).toBe('compatibility_date = 2025-11-02');
  });

  test('options of a requirements file are named, and skipped', async () => {
    const { page } = await open('/resolve');
    await box(page).fill(
      '--index-url https://example.com\nnumpy==2.4.6 \\\n  --hash=sha256:00\n-r other.txt',
    );
    await page.getByRole('button', { name: 'Answer' }).click();
    await page.locator('#_closure').waitFor();
    const remarks = await page.getByRole('list', { name: 'Remarks' }).first().textContent();
    for (const option of ['--index-url', '--hash']) expect(remarks).toContain(`${option} is skipped`);
    expect(remarks).toContain('Requirements, line 4: other files are not read.');
  });

  test('an issue names a solution, with a link to it', async () => {
    const { page, response } = await open(`/resolve?${QUESTION}&requirement=polars&requirement=numpy%3E3`);
    expect(response.status()).toBe(422);
    const alert = page.getByRole('alert');
    expect(await page.locator('h1').textContent()).toContain(
      'No: polars and numpy>3 are not available on 2025-11-02',
    );
    expect(await alert.locator('.notice').count()).toBe(2);
    await alert.getByRole('link', { name: 'Ask for numpy', exact: true }).click();
    await page.waitForURL(/requirement=numpy$/);
    await page.getByRole('link', { name: 'Use the compatibility date 2026-09-08' }).click();
    await page.waitForURL(/date=2026-09-08/);
    expect(await page.locator('h1').textContent()).toMatch(/Pinned: numpy 2.* and polars 1/);
  });

  test.each([
    'requirement=polars',
    'requirement=numpy%3E%3D2.4',
    'requirement=fastapi%3E%3D9',
    'requirement=fastapi&requirement=polars',
    'requirement=nothing-like-it',
  ])('what an issue of %s offers to copy has an answer', async (query) => {
    const { page } = await open(`/resolve?${QUESTION}&${query}`);
    expect(await page.locator('h1').textContent()).toMatch(/No:|Not known:|In part:/);
    const [, refused] = /^curl '(.*)'$/.exec((await page.locator('#_curl ~ pre').textContent())!)!;
    expect((await fetch(refused!)).status).toBe(422);
    const links = page.getByRole('list', { name: 'What to do' }).getByRole('link');
    const offered = await page.locator('figure:has(#_wrangler) pre').allTextContents();
    expect(offered).toHaveLength((await links.count()) > 0 ? 1 : 0);
    for (const wrangler of offered) {
      await links.first().click();
      await page.waitForURL((url) => url.search !== `?${QUESTION}&${query}`);
      const again = new URLSearchParams({ wrangler });
      for (const pin of new URL(page.url()).searchParams.getAll('requirement'))
        again.append('requirement', pin);
      const answer = await open(`/resolve?${again}&as_of=2026-11-20`);
      expect(await answer.page.locator('h1').textContent()).toMatch(/(Yes|Pinned):/);
      expect(await page.locator('h1').textContent()).toBe(await answer.page.locator('h1').textContent());
    }
  });

  test('lines to copy are in tabs, which work without scripts and by keyboard', async () => {
    const { page } = await open(`/resolve?${QUESTION}&requirement=fastapi`, { javaScriptEnabled: false });
    const tabs = page.getByRole('group', { name: 'In the wrangler file' });
    const shown = () => tabs.locator('pre:visible').allTextContents();
    expect(await shown()).toEqual([expect.stringMatching(/^\{\n {2}"compatibility_date": "2025-11-02",/)]);
    await tabs.getByRole('radio', { name: 'wrangler.jsonc' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await shown()).toEqual([
      'compatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]',
    ]);
    // Printed, a page has all of them.
    await page.emulateMedia({ media: 'print' });
    expect(await shown()).toHaveLength(2);
  });

  test('the closure leads to the page of a package, and lines are copied', async () => {
    const { page } = await open(`/resolve?${QUESTION}&requirement=fastapi`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const copy = async (caption: string) => {
      const figure = page.locator('figure', { hasText: caption });
      return (await copied(page, () => figure.getByRole('button', { name: 'Copy' }).click())).text;
    };
    await page.getByText('wrangler.toml', { exact: true }).click();
    expect(await copy('In wrangler.toml')).toBe(
      'compatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]',
    );
    // The set has archives, which are nothing for pip.
    expect(await page.locator('figure', { hasText: 'Pinned' }).count()).toBe(0);
    const [, url] = /^curl '(.*)'$/.exec(await copy('from the API'))!;
    expect(await (await fetch(url!)).json()).toMatchObject({ totals: { packages: 13 } });
    await page.getByText('12 packages that it needs').click();
    await page.getByRole('link', { name: 'pydantic-core', exact: true }).click();
    await page.waitForURL(/\/packages\/pydantic-core\?flag=python_3.13_packages_2025_08_08/);
    expect(await page.locator('h1').textContent()).toBe(`pydantic-core 2.27.2 in ${FLAG}`);
  });
}
