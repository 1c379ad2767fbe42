import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { newFolder, writeFiles } from '../../common/own.ts';
import { FLAG, fetchPage, open, POLL, visibleRows } from '../site.ts';
import { choose, drop, WRANGLER } from './upgrade.ts';

const AT = 'as_of=2026-11-20';

export function matrixPage(): void {
  describe('the front page', () => {
    test.each([
      [
        'PIL',
        'pillow',
        /^In the package set since compatibility_date 2026-09-08\. On 2026-11-20: 12\.2\.0 on Python 3\.14/,
      ],
      ['import yaml', 'pyyaml', /^In the package set at every/],
      ['langchain', 'langchain', /^Not in the set of 2026-11-20; last on 2026-09-07 with 0\.3\.27\./],
      ['sqlite3', 'sqlite3', /comes with Python/],
      ['os.path', 'os.path', /comes with Python/],
      ['import importlib.metadata', 'importlib.metadata', /comes with Python/],
      ['urllib.requst', 'No package set has urllib.requst', /^Did you mean urllib\.request\?/],
      ['nunpy', 'No package set has nunpy', /^Did you mean numpy/],
      ['cgi', 'cgi', /not in the Python of 2026-11-20; last on 2025-09-28, with Python 3\.12\.$/],
      ['audioop', 'audioop-lts', /^In the package set since/],
      ['tkinter', 'tkinter', /no compatibility date provides it\.$/],
      ['aiohttp-tests', 'aiohttp', /^In the package set at every/],
      ['pydoc_data', 'pydoc-data', /^In the package set at every/],
      ['pyodide', 'pyodide', /^A module, not a package: Pyodide provides it\.$/],
      ['from pyodide.ffi import to_js', 'pyodide', /^A module, not a package: Pyodide provides it\.$/],
      ['pyodide.http', 'pyodide', /^A module, not a package: Pyodide provides it\.$/],
      ['pyodide-http', 'pyodide-http', /^In the package set since/],
      ['playwright.sync_api', 'playwright', /^It cannot run in a Worker: /],
      ['from __future__ import annotations', '__future__', /comes with Python/],
      ['future', 'future', /^In the package set since/],
      ['_cloudflare_compat_flags', '_cloudflare_compat_flags', /workerd provides it\.$/],
      ['_thread', 'No package set has _thread', /^No package can have that name\.$/],
    ])('the server and the script give the same answer for %s', async (query, title, verdict) => {
      const answers = [];
      for (const javaScriptEnabled of [true, false]) {
        const path = `/?${AT}&q=${encodeURIComponent(query)}`;
        const { page } = await open(javaScriptEnabled ? `/?${AT}` : path, { javaScriptEnabled });
        if (javaScriptEnabled) {
          await page.locator('table[data-whole]').waitFor();
          await page.locator('#_search').fill(query);
        }
        expect(await page.locator('#_title').textContent()).toBe(title);
        expect(await page.locator('#_verdict').textContent()).toMatch(verdict);
        answers.push([
          await page.locator('#_card').getAttribute('data-is'),
          await page.locator('#_verdict').textContent(),
          await page.locator('#_card pre').allTextContents(),
          await page.locator('#_count').textContent(),
          await visibleRows(page).locator('th a').allTextContents(),
        ]);
      }
      expect(answers[0]).toEqual(answers[1]);
    });

    test.each([true, false])(
      'one line that unfolds has the known vulnerabilities of the answer, with JavaScript: %s',
      async (javaScriptEnabled) => {
        const path = `/?${AT}${javaScriptEnabled ? '' : '&q=aiohttp'}`;
        const { page, problems } = await open(path, { javaScriptEnabled });
        const lines = () => page.locator('#_findings summary').allTextContents();
        const said = [expect.stringMatching(/^3\.13\.5 has \d+ known vulnerabilities, /)];
        const type = (query: string) => page.locator('#_search').fill(query);
        if (javaScriptEnabled) await type('aiohttp');
        await expect.poll(lines, POLL).toEqual(said);
        await page.locator('#_findings summary').click();
        expect(await page.locator('#_findings td[data-label="Fixed in"]').first().isVisible()).toBe(true);
        if (!javaScriptEnabled) return;
        // Findings of the name before are gone as soon as another one is typed.
        const answered = page.waitForResponse(/q=six/);
        await type('six');
        expect(await lines()).toEqual([]);
        await answered;
        expect(await lines()).toEqual([]);
        await type('aiohttp');
        await expect.poll(lines, POLL).toEqual(said);
        expect(problems).toEqual([]);
      },
    );

    test('the permanent link has what was typed', async () => {
      const { page } = await open(`/?${AT}`);
      await page.locator('#_search').fill('six');
      const link = page.getByRole('link', { name: 'Permanent link' });
      await expect.poll(() => link.getAttribute('href'), POLL).toMatch(/as_of=2026-11-20.*&q=six$/);
    });

    test('versions are a question, which Enter asks', async () => {
      const { page } = await open(`/?${AT}`);
      await page.locator('table[data-whole]').waitFor();
      await page.locator('#_search').fill('numpy>=99');
      expect(await page.locator('#_card').getAttribute('data-is')).toBe('today');
      expect(await page.locator('#_verdict').textContent()).toMatch(/^Press Answer/);
      await Promise.all([page.waitForURL(/q=numpy/), page.keyboard.press('Enter')]);
      expect(await page.locator('h1').textContent()).toContain('numpy>=99 is not available');
    });

    test.each([
      ['nodejs_compat', '#_answer', /^Python 3\.14 and \d+ packages on /],
      ['no-such-package', '#_card pre:visible', /--abi none no-such-package$/],
    ])('Enter asks the registry what %s is, if no set has it', async (text, place, answer) => {
      const { page } = await open(`/?${AT}`);
      await page.locator('table[data-whole]').waitFor();
      await page.locator('#_search').fill(text);
      expect(await page.locator('#_title').textContent()).toBe(`No package set has ${text}`);
      expect(await page.locator('#_card pre:visible').count()).toBe(0);
      await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
      await page.waitForLoadState('networkidle');
      expect(await page.locator(place).textContent()).toMatch(answer);
    });

    test.each(['tkinter', 'numpi'])('offers nothing to copy for %s', async (query) => {
      const { page } = await open(`/?${AT}&q=${query}`);
      await page.locator('table[data-whole]').waitFor();
      expect(await page.locator('#_card :is(pre, button, input):visible').count()).toBe(0);
    });

    test.each([true, false])(
      'on a phone, breaks no date of its answer (scripts: %s)',
      async (javaScriptEnabled) => {
        const { page } = await open(`/?${AT}`, { viewport: { width: 360, height: 800 }, javaScriptEnabled });
        if (javaScriptEnabled) {
          await page.locator('table[data-whole]').waitFor();
          // The script writes the answer again.
          await page.locator('#_search').fill('nump7y');
          await page.locator('#_search').fill('');
        }
        const lines = await page.locator('#_card').evaluate((card) => {
          const texts = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
          const found: number[] = [];
          while (texts.nextNode()) {
            const node = texts.currentNode as Text;
            for (const { index } of node.data.matchAll(/\d{4}-\d\d-\d\d/g)) {
              const date = document.createRange();
              date.setStart(node, index);
              date.setEnd(node, index + 10);
              if (date.getClientRects().length > 0)
                found.push(new Set([...date.getClientRects()].map(({ y }) => y)).size);
            }
          }
          return found;
        });
        expect(lines.length).toBeGreaterThan(1);
        expect(new Set(lines)).toEqual(new Set([1]));
      },
    );

    test.each<[string, (page: Page, folder: string) => Promise<void>]>([
      ['dropped', (page, folder) => drop(page, folder, '#_search')],
      ['opened by keyboard', (page, folder) => choose(page, folder, 'a folder')],
    ])('a folder that is %s is read into the box, without its secrets', async (_, give) => {
      const folder = newFolder();
      await writeFiles(folder, {
        'node_modules/x.py': 'import left_out',
        '.venv/requirements.txt': 'left_out',
        'package.json': '{}',
        'wrangler.toml': `${WRANGLER}[vars]\nTOKEN = "s3cret"\n`,
        'src/entry.py': 'import own\nfrom PIL import Image\n',
        'src/own.py': 'import httpx\n',
      });
      const { page, problems } = await open(`/?${AT}`);
      await page.locator('table[data-whole]').waitFor();
      await give(page, folder);
      const said = page.locator('.files .hint');
      await expect.poll(() => said.allTextContents(), POLL).toHaveLength(1);
      expect(await said.textContent()).toMatch(/^Read in this browser: only what the box shows is sent/);
      for (const left of ['node_modules', '.venv', 'package.json'])
        expect(await said.textContent()).toMatch(new RegExp(`Left out: .*${left}`));
      const settings = 'compatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]';
      expect(await page.locator('#_search').inputValue()).toBe(`${settings}\nPIL\nhttpx`);
      expect(await page.locator('.files .picked > span > span').allTextContents()).toEqual([
        'wrangler.toml',
        '2 Python files',
      ]);
      await Promise.all([page.waitForURL(/requirement=httpx/), page.keyboard.press('Enter')]);
      expect(page.url()).toContain('date=2025-11-02');
      expect(await page.locator('h1').textContent()).toContain('pillow');
      expect(problems).toEqual([]);
    });

    test('the package set of a project is read with its files', async () => {
      const { page } = await open(`/?${AT}`);
      await page.locator('#_search').evaluate((box, flag) => {
        const clipboardData = new DataTransfer();
        const settings = `[tool.pinwheel]\npackage-set = "${flag}"\n`;
        clipboardData.items.add(new File([settings], 'pyproject.toml'));
        clipboardData.items.add(new File(['import numpy'], 'entry.py'));
        box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      }, FLAG);
      const said = page.locator('.files .hint');
      await expect
        .poll(() => said.allTextContents(), POLL)
        .toEqual([expect.not.stringContaining('Left out')]);
      expect(await page.locator('#_search').inputValue()).toBe(`${FLAG}\nnumpy`);
    });

    test('pasted files are read, and a chip takes one of them out again', async () => {
      const { page, problems } = await open(`/?${AT}`);
      await page.locator('#_search').evaluate((box) => {
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File(['-r base.txt\nnumpy>=2  # why\n'], 'requirements.txt'));
        clipboardData.items.add(new File(['{"compatibility_flags":["python_workers"]}'], 'wrangler.json'));
        box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      });
      await page.getByRole('button', { name: 'Remove wrangler.json' }).click();
      expect(await page.locator('#_search').inputValue()).toBe('numpy>=2');
      expect(await page.locator('.files .hint').textContent()).toContain(
        'Not read in requirements.txt: base.txt.',
      );
      await page.locator('#_search').fill('six');
      expect(await page.locator('.files').count()).toBe(0);
      expect(problems).toEqual([]);
    });

    test('lists the packages that people ask for first, and all packages on demand', async () => {
      for (const javaScriptEnabled of [true, false]) {
        const { page } = await open(`/?${AT}`, { javaScriptEnabled });
        expect((await visibleRows(page).locator('th a').allTextContents()).slice(0, 3)).toEqual([
          'fastapi',
          'httpx',
          'pydantic',
        ]);
        const few = await visibleRows(page).count();
        await page.getByRole('link', { name: /^Show all/ }).click();
        await expect.poll(() => visibleRows(page).count()).toBeGreaterThan(few * 5);
        expect(page.url()).toContain('show=all');
      }
    });

    test('fits a phone: no date runs into the next column, no word of a head is broken, and the focused button is visible', async () => {
      const { page } = await open(`/?${AT}`, { viewport: { width: 320, height: 640 } });
      const wide = await page.locator('.matrix .whole').evaluateAll((all) => {
        const right = (element: Element) => element.getBoundingClientRect().right;
        return all
          .filter((element) => right(element) > right(element.closest('th, td')!))
          .map((element) => element.textContent);
      });
      expect(wide).toEqual([]);
      const broken = await page.locator('.matrix thead :is(.tag, a)').evaluateAll((all) =>
        all.flatMap(({ firstChild: text }) => {
          const [word = ''] = /^[a-z]+/i.exec(text!.textContent!) ?? [];
          const range = document.createRange();
          range.setStart(text!, 0);
          range.setEnd(text!, word.length);
          return range.getClientRects().length > 1 ? word : [];
        }),
      );
      expect(broken).toEqual([]);
      await page.locator('#_search').focus();
      await page.keyboard.press('Tab');
      const button = page.getByRole('button', { name: 'Answer' });
      expect(await button.evaluate((element) => document.activeElement === element)).toBe(true);
      expect(await button.evaluate((element) => getComputedStyle(element).clipPath)).toBe('none');
    });

    test('separates its cells in forced colours', async () => {
      const { page } = await open(`/?${AT}`);
      await page.emulateMedia({ forcedColors: 'active' });
      const borders = await page
        .locator('.matrix td')
        .evaluateAll((all) => all.map((element) => getComputedStyle(element).borderTopStyle));
      await page.emulateMedia({ forcedColors: null });
      expect(new Set(borders)).toEqual(new Set(['solid']));
    });

    test('a slash focuses the search', async () => {
      const { page } = await open(`/flags`);
      await page.keyboard.press('/');
      await page.waitForURL((url) => url.pathname === '/');
      await page.locator('h1').click();
      await page.keyboard.press('/');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('_search');
    });

    test('has at most 45 kB in all, and browsers cache it', async () => {
      const first = await fetchPage('/');
      const html = await first.text();
      const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
      files.push(/data-rows="([^"]+)"/.exec(html)![1]!.replaceAll('&amp;', '&'));
      const texts = await Promise.all(files.map(async (path) => (await fetchPage(path)).text()));
      const weight = [html, ...texts].reduce((sum, text) => sum + gzipSync(text).length, 0);
      expect(files).toHaveLength(4);
      expect(weight).toBeLessThanOrEqual(45_000);
      const etag = first.headers.get('etag')!;
      expect((await fetchPage('/', { headers: { 'if-none-match': etag } })).status).toBe(304);
    });
  });
}
