import { describe, expect, test } from 'vitest';
import { open, QUESTION } from '../site.ts';

export function homePage(): void {
  describe.each([true, false])('the front page with JavaScript: %s', (javaScriptEnabled) => {
    test('answers a date and requirements, at an address that can be shared', async () => {
      const { page, complaints } = await open('/', { javaScriptEnabled });
      await page.getByLabel('Compatibility date', { exact: true }).fill('2025-11-02');
      await page
        .getByLabel('Requirements')
        .fill('fastapi\n# a remark\nnumpy>=2 ; sys_platform == "emscripten"\n');
      await page.getByRole('button', { name: 'Answer' }).click();
      await page.waitForURL(/requirement=fastapi/);
      expect(await page.locator('#_closure').textContent()).toMatch(/^14 packages: 2 requested, 12 needed/);
      expect(await page.locator('tbody th').allTextContents()).toContain('fastapi');
      expect(await page.getByLabel('Requirements').inputValue()).toContain('numpy>=2');
      await page.reload();
      expect(await page.locator('tbody tr').count()).toBe(14);
      expect(complaints).toEqual([]);
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
      const { page } = await open('/', { javaScriptEnabled });
      await page.getByText('Paste a wrangler file').click();
      await page.getByLabel('wrangler.toml or wrangler.jsonc').fill(text);
      await page.getByLabel('Requirements').fill('numpy');
      await page.getByRole('button', { name: 'Answer' }).click();
      await page.waitForURL(/requirement=numpy/);
      expect(page.url()).not.toContain('s3cret');
      expect(await page.locator('#_answer').textContent()).toContain('2025-11-02: Python 3.13.2');
    });
  });

  test('a wrangler file that cannot be read is refused, and stays in its field', async () => {
    const { page } = await open('/');
    await page.getByText('Paste a wrangler file').click();
    await page.getByLabel('wrangler.toml or wrangler.jsonc').fill('compatibility_date = 2025-11-02');
    await page.getByRole('button', { name: 'Answer' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain(
      'Write it between quotation marks, such as "2025-11-02".',
    );
    expect(await page.getByLabel('wrangler.toml or wrangler.jsonc').inputValue()).toBe(
      'compatibility_date = 2025-11-02',
    );
  });

  test('options of a requirements file are named, and skipped', async () => {
    const { page } = await open('/');
    await page
      .getByLabel('Requirements')
      .fill('--index-url https://example.com\nnumpy==2.4.6 \\\n  --hash=sha256:00\n-r other.txt');
    await page.getByRole('button', { name: 'Answer' }).click();
    await page.locator('#_closure').waitFor();
    const remarks = await page.getByRole('list', { name: 'Remarks' }).first().textContent();
    for (const option of ['--index-url', '--hash']) expect(remarks).toContain(`${option} is skipped`);
    expect(remarks).toContain('Requirements, line 4: other files are not read.');
  });

  test('a refusal says what would do, and a link from it leads on', async () => {
    const { page, response } = await open(`/?${QUESTION}&requirement=polars&requirement=numpy%3E3`);
    expect(response.status()).toBe(422);
    const alert = page.getByRole('alert');
    expect(await alert.textContent()).toMatch(
      /has no package "polars".*With the compatibility date 2026-09-08/,
    );
    expect(await alert.locator('li').count()).toBe(2);
    expect(await page.locator('#_answer').textContent()).toContain('72 packages');
  });

  test('the closure leads to the page of a package, and lines are copied', async () => {
    const { page } = await open(`/?${QUESTION}&requirement=fastapi`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const copy = async (caption: string) => {
      const figure = page.locator('figure', { hasText: caption });
      await figure.getByRole('button', { name: 'Copy' }).click();
      await figure.getByRole('button', { name: 'Copied' }).waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    expect(await copy('In wrangler.toml')).toBe(
      'compatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]',
    );
    expect(await copy('On the command line')).toBe(
      'npx pinwheel-py resolve fastapi --date 2025-11-02 --flag python_workers --as-of 2026-11-20',
    );
    expect(await copy('With pinwheel')).toBe(
      'pinwheel vendor fastapi==0.116.1 --date 2025-11-02 --flag python_3.13_packages_2025_08_08',
    );
    // The set has archives, which are nothing for pip.
    expect(await page.locator('figure', { hasText: 'Pinned' }).count()).toBe(0);
    const [, url] = /^curl '(.*)'$/.exec(await copy('from the API'))!;
    expect(await (await fetch(url!)).json()).toMatchObject({ totals: { packages: 13 } });
    await page.getByRole('link', { name: 'pydantic-core', exact: true }).click();
    await page.waitForURL(/\/packages\/pydantic-core\?flag=python_3.13_packages_2025_08_08/);
    expect(await page.locator('h1').textContent()).toBe('pydantic-core 2.27.2');
  });
}
