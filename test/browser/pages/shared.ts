import { describe, expect, test } from 'vitest';
import { HOSTILE_FLAG } from '../hostile-set.ts';
import { FLAG, fetchPage, open, QUESTION, urlOf } from '../site.ts';

const MOVE = 'from=2025-11-02&to=2026-11-01&requirement=fastapi&as_of=2026-11-20';

const XML = ['/sitemap.xml', '/opensearch.xml', '/packages/polars.atom', '/badge/polars.svg'];

export function sharedFiles(): void {
  describe('for other sites and programs', () => {
    test.each(XML)('%s is XML', async (path) => {
      const response = await fetchPage(path);
      expect(response.status).toBe(200);
      const { page } = await open('/flags');
      const broken = await page.evaluate(
        (text) => {
          const xml = new DOMParser().parseFromString(text, 'application/xml');
          return xml.querySelector('parsererror')?.textContent ?? null;
        },
        await response.text(),
      );
      expect(broken).toBeNull();
    });

    test('the sitemap names every package, at an address that exists', async () => {
      const text = await (await fetchPage('/sitemap.xml')).text();
      const places = [...text.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, place]) => place!);
      expect(places).toContain(urlOf('/packages/polars').href);
      expect(places.filter((place) => place.endsWith('-tests'))).toEqual([]);
      // Some pages of each kind. Each names itself as its canonical address.
      const isOne = (place: string, at: number) => !/\/(packages|sets)\/./.test(place) || at % 40 === 0;
      for (const place of places.filter(isOne)) {
        const response = await fetchPage(new URL(place).pathname);
        const [, canonical] = /<link rel="canonical" href="([^"]+)"/.exec(await response.text()) ?? [];
        expect([response.status, canonical]).toEqual([200, place]);
      }
      expect(await (await fetchPage('/robots.txt')).text()).toContain(urlOf('/sitemap.xml').href);
    });

    test('a badge, the Markdown and a title have the verdict', async () => {
      const said = 'since 2026-09-08';
      expect(await (await fetchPage('/badge/polars.svg')).text()).toContain(
        `Python Workers: listed, ${said}`,
      );
      const markdown = await fetchPage('/packages/polars.md');
      expect(markdown.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
      expect(await markdown.text()).toContain('In the package set since `compatibility_date` 2026-09-08.');
      const { page } = await open('/packages/polars');
      expect(await page.title()).toContain(`polars on Python Workers: ${said}`);
      const description = page.locator('meta[name=description]');
      expect(await description.getAttribute('content')).toContain('In the package set since');
      expect(await page.locator('link[rel=canonical]').getAttribute('href')).toBe(
        urlOf('/packages/polars').href,
      );
    });

    test('llms.txt links to the Markdown of every page, which says the same', async () => {
      const text = await (await fetchPage('/llms.txt')).text();
      const places = [...text.matchAll(/\]\((\S+\.md)\)/g)].map(([, place]) => new URL(place!).pathname);
      expect(places).toEqual(expect.arrayContaining(['/runtimes.md', '/sets.md', '/packages/numpy.md']));
      const sets = await (await fetchPage('/sets.md')).text();
      const { sets: known } = (await (await fetchPage('/v1/sets')).json()) as { sets: { flag: string }[] };
      for (const { flag } of known) expect(sets).toContain(`(${urlOf(`/sets/${flag}.md`).href})`);
      const set = await (await fetchPage('/sets/python_3.13_packages_2025_08_08.md')).text();
      expect(set).toContain('**Selected at**\n\n2025-09-29 to 2026-09-07\n');
      expect(set).toMatch(
        /^\| \[fastapi\]\(\S+\/packages\/fastapi\.md\?flag=\S+\) \| 0\.116\.1 \| ○ listed \| pure package \| fastapi \|/m,
      );
      const runtimes = await (await fetchPage('/runtimes.md')).text();
      const today = new Date().toISOString().slice(0, 10);
      const target = (await (await fetchPage(`/v1/target?date=${today}&flag=python_workers`)).json()) as {
        runtime: { python: string; pyodide: string };
      };
      const { pyodide, python } = target.runtime;
      expect(runtimes).toContain(
        `### Pyodide ${pyodide}, Python ${python}\n\n✓ What new Workers get today\n`,
      );
      expect((await fetchPage('/sets/python_3.13_packages_2025_08_09.md')).status).toBe(404);
    });

    test.each([
      ['/', '/index.md'],
      ['/packages/numpy', '/packages/numpy.md'],
      [`/resolve?${QUESTION}&requirement=fastapi`, `/resolve.md?${QUESTION}&requirement=fastapi`],
      [`/resolve?${QUESTION}&requirement=polars`, `/resolve.md?${QUESTION}&requirement=polars`],
      [`/compare?${MOVE}`, `/compare.md?${MOVE}`],
      ['/runtimes', '/runtimes.md'],
      ['/sets', '/sets.md'],
      [`/sets/${FLAG}`, `/sets/${FLAG}.md`],
      ['/flags', '/flags.md'],
      ['/stdlib', '/stdlib.md'],
      ['/patched', '/patched.md'],
      ['/api', '/api.md'],
      [`/sets/${HOSTILE_FLAG}`, `/sets/${HOSTILE_FLAG}.md`],
    ])('%s has a Markdown version, which says the same', async (path, markdown) => {
      const { page, response } = await open(path);
      const twin = await fetchPage(markdown);
      expect([twin.status, twin.headers.get('content-type')]).toEqual([
        response.status(),
        'text/markdown; charset=utf-8',
      ]);
      if (twin.status === 200) {
        const link = page.locator('link[type="text/markdown"]');
        expect(await link.getAttribute('href')).toBe(markdown);
      }
      const text = (await twin.text()).replace(/\\([\\`*[\]<>|])/g, '$1').replaceAll('`', '');
      expect(text).toMatch(/^# \S/);
      expect(text).not.toMatch(/\]\([^)]*\)\w/);
      const wanted = page.locator('section:not(:has(#_sets)) tbody tr:visible th[scope=row] :is(a, code)');
      const names = await wanted.evaluateAll((all) => all.slice(0, 20).map((element) => element.textContent));
      for (const name of names) expect(text).toContain(name.replace(/\s+/g, ' ').trim());
    });

    test.each([
      [`/resolve?${QUESTION}&requirement=fastapi`, `/resolve.md?${QUESTION}&requirement=fastapi`],
      [`/compare?${MOVE}`, `/compare.md?${MOVE}`],
      ['/api', '/api.md'],
    ])('all that can be copied from %s is in its Markdown version', async (path, markdown) => {
      const { page } = await open(path);
      const copied = await page
        .locator('main pre')
        .evaluateAll((all) => all.map((element) => element.textContent));
      expect(copied.length).toBeGreaterThan(0);
      const text = await (await fetchPage(markdown)).text();
      for (const lines of copied) expect(text).toContain(`\n\`\`\`\n${lines}\n\`\`\`\n`);
    });

    test('the calendar has lines of at most 75 octets, and an event for each end of support', async () => {
      const text = await (await fetchPage('/calendar.ics')).text();
      const lines = text.split('\r\n');
      expect(lines.filter((line) => Buffer.byteLength(line) > 75)).toEqual([]);
      expect(text).not.toMatch(/[^\r]\n/);
      const whole = text.replaceAll('\r\n ', '');
      expect(whole.match(/SUMMARY:Python 3\.\d+ is out of support/g)).toHaveLength(3);
      expect(whole.match(/BEGIN:VEVENT/g)!.length).toBe(whole.match(/^UID:/gm)!.length);
    });

    test.each([
      ['the icon', '/favicon.ico', 'image/x-icon', [32, 32]],
      ['the picture of previews', '/preview.png', 'image/png', [1200, 630]],
    ])('browsers show %s', async (_, path, type, size) => {
      expect((await fetchPage(path)).headers.get('content-type')).toBe(type);
      const { page } = await open('/flags');
      const shown = await page.evaluate(async (src) => {
        const image = new Image();
        image.src = src;
        await image.decode();
        return [image.naturalWidth, image.naturalHeight];
      }, path);
      expect(shown).toEqual(size);
    });
  });
}
