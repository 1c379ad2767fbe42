import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FLAG, fetchPage, open, QUESTION, withoutMembers } from '../site.ts';

const PACKAGES = `/sets/${FLAG}`;

/** As multipart, which does not swell. */
function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, text] of Object.entries(fields)) form.append(name, text);
  return form;
}

export function onTheWire(): void {
  describe('on the wire', () => {
    test.each([
      ['/resolve?flags=python_workflows', 422],
      ['/resolve?flag=python_nothing', 400],
      ['/packages?revision=999999', 404],
      ['/packages?revision=x', 400],
      ['/resolve?date=2025-01-01&date=2025-01-02', 400],
      [`${PACKAGES}?query=${'x'.repeat(101)}`, 400],
      [`${PACKAGES}?kind=heavy`, 400],
      ['/resolve?date=2025-9-1', 400],
      ['/resolve?requirement=x%20%40%20file:///etc/passwd', 400],
      ['/packages/numpy?revision=999999', 404],
      ['/flags?revision=999999', 404],
      ['/runtimes?as_of=tomorrow', 400],
      ['/compare?from=2025-9-1', 400],
    ])('%s is a page of status %i', async (path, status) => {
      const response = await fetchPage(path);
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await response.text()).toContain('role="alert"');
    });

    test('a repeated request costs no query of D1', async () => {
      const pages = [
        PACKAGES,
        '/packages/scipy',
        `/resolve?${QUESTION}&requirement=scipy`,
        '/compare?from=2025-11-02&to=2026-11-01&requirement=nothing-like-it',
        '/flags',
        '/runtimes',
      ];
      const view = async (path: string) => [path, (await fetchPage(path)).status];
      const first = await Promise.all(pages.map(view));
      await withoutMembers(async () => {
        expect(await Promise.all(pages.map(view))).toEqual(first);
        expect((await fetchPage('/packages/sympy')).status).toBe(200);
      });
      expect((await fetchPage('/packages/sympy')).status).toBe(200);
    });

    test.each([
      ['[', 100_000],
      ['{"a":', 40_000],
      ['a = [', 40_000],
      ['a.', 100_000],
      ['[[a]]\n', 30_000],
      ['/*', 100_000],
      ['\u0000', 10],
      ['__proto__ = 1\n', 1],
    ])('a wrangler file of repeated %j is rejected with an explanation', async (text, times) => {
      const body = formOf({ wrangler: text.repeat(times), requirements: 'numpy' });
      const response = await fetchPage('/resolve', { method: 'POST', body });
      expect(response.status).toBe(400);
      expect(await response.text()).toMatch(/wrangler\.(toml|jsonc) could not be parsed/);
    });

    test.each(['-', '--a ', ' ', '\\\n', '#', '# ', 'a[', '(', '\u202e'])(
      'requirements of %j again and again are answered or refused',
      async (text) => {
        const body = formOf({ date: '2025-11-02', requirements: text.repeat(60_000 / text.length) });
        const response = await fetchPage('/resolve', { method: 'POST', body });
        expect([200, 400, 422]).toContain(response.status);
        expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      },
    );

    test('a form of more than 256 kB is rejected by a page', async () => {
      const body = new URLSearchParams({ requirements: 'x'.repeat(300_000) });
      const response = await fetchPage('/resolve', { method: 'POST', body });
      expect(response.status).toBe(413);
      expect(await response.text()).toContain('role="alert"');
    });

    test('an upgrade too long for a link has a link to what does not depend on the requirements', async () => {
      const requirements = ['numpy', ...Array.from({ length: 400 }, (_, at) => `no-such-package-${at}`)];
      const sides = { from: '2025-11-02', to: '2026-11-01' };
      const body = new URLSearchParams({ ...sides, requirements: requirements.join('\n') });
      const text = await (await fetchPage('/compare', { method: 'POST', body })).text();
      const [, href] = /<a href="([^"]+)">Everything that changes/.exec(text)!;
      const whole = await (await fetchPage(href!.replaceAll('&amp;', '&'))).text();
      expect(whole).toMatch(/<summary>Everything that changes.*<h3>Packages of the set<\/h3>/s);
      expect(text).not.toContain('Packages of the set');
    });

    test('a page that the client has is not sent again; its files are immutable', async () => {
      const first = await fetchPage(PACKAGES);
      const etag = first.headers.get('etag')!;
      expect((await fetchPage(PACKAGES, { headers: { 'if-none-match': etag } })).status).toBe(304);
      const files = [...(await first.text()).matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
      expect(files).toHaveLength(2);
      for (const path of files) {
        const file = await fetchPage(path);
        expect(file.headers.get('cache-control')).toContain('immutable');
        expect(file.headers.get('x-content-type-options')).toBe('nosniff');
      }
      const older = await fetchPage('/assets/style-00000000.css');
      expect(older.headers.get('cache-control')).not.toContain('immutable');
      expect((await fetchPage('/assets/nothing-00000000.css')).status).toBe(404);
    });

    test('no page takes more than 100 kB, and no script more than 80 kB', async () => {
      const { sets } = (await (await fetchPage('/v1/sets')).json()) as {
        sets: { flag: string; package_count: number }[];
      };
      const largest = sets.reduce((a, b) => (b.package_count > a.package_count ? b : a));
      const html = await (await fetchPage(`/sets/${largest.flag}`)).text();
      expect(html.split('<tr id=').length - 1).toBe(largest.package_count);
      const all = new URLSearchParams({ flag: largest.flag });
      for (const [, name] of html.matchAll(/<tr id="([^"]+)"/g)) all.append('requirement', name!);
      const everything = await fetchPage('/resolve', {
        method: 'POST',
        body: new URLSearchParams({ flag: largest.flag, requirements: all.getAll('requirement').join('\n') }),
      });
      const oldest = sets[0]!.flag;
      const pages = [
        `/compare?from=${oldest}&to=${largest.flag}`,
        '/flags',
        '/packages/numpy',
        '/api',
        '/sets',
      ];
      const texts = await Promise.all(pages.map(async (path) => (await fetchPage(path)).text()));
      for (const text of [html, await everything.text(), ...texts]) {
        expect(gzipSync(text).length).toBeLessThan(100_000);
      }
      const page = await (await fetchPage('/compare')).text();
      const scripts = [...page.matchAll(/src="(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path!);
      expect(scripts).toHaveLength(2);
      for (const path of scripts) {
        const script = await (await fetchPage(path)).text();
        expect(gzipSync(script).length).toBeLessThan(80_000);
      }
    });

    test('every example of the API’s reference runs', async () => {
      const { page } = await open('/api');
      const examples = await page
        .locator('.try a')
        .evaluateAll((links) => links.map((link) => link.getAttribute('href')!));
      expect(examples.length).toBeGreaterThan(12);
      for (const example of examples) {
        // Where a file lies is an answer of ours; that it is there is its host's matter.
        const { status } = await fetchPage(example, { method: 'HEAD', redirect: 'manual' });
        expect([example, status]).toEqual([example, example.includes('/files/') ? 301 : 200]);
      }
      const { paths } = (await (await fetchPage('/openapi.json')).json()) as {
        paths: Record<string, object>;
      };
      const operations = Object.values(paths).reduce((sum, item) => sum + Object.keys(item).length, 0);
      expect(await page.locator('.operation').count()).toBe(operations);
    });

    test('the feed is Atom, and the id of a publication is the root of the log with it', async () => {
      const response = await fetchPage('/changes.atom');
      expect(response.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
      const { publications } = (await (await fetchPage('/v1/log')).json()) as {
        publications: { root: string; day: string }[];
      };
      const { page } = await open('/');
      const feed = await page.evaluate(
        (text) => {
          const xml = new DOMParser().parseFromString(text, 'application/xml');
          const textsOf = (path: string) => [...xml.querySelectorAll(path)].map((node) => node.textContent);
          return {
            broken: xml.querySelector('parsererror')?.textContent ?? null,
            root: [xml.documentElement.namespaceURI, xml.documentElement.localName],
            own: ['feed > id', 'feed > title', 'feed > updated', 'feed > author > name'].map(
              (path) => textsOf(path).length,
            ),
            ids: textsOf('entry > id'),
            moments: textsOf('entry > updated'),
            titles: textsOf('entry > title').length,
          };
        },
        await response.text(),
      );
      expect(feed).toMatchObject({
        broken: null,
        root: ['http://www.w3.org/2005/Atom', 'feed'],
        own: [1, 1, 1, 1],
      });
      const expected = publications.toReversed().slice(0, 50);
      expect(feed.ids).toEqual(
        expected.map(({ root }) => `ni:///sha-256;${Buffer.from(root, 'hex').toString('base64url')}`),
      );
      expect(feed.moments).toEqual(expected.map(({ day }) => `${day}T00:00:00Z`));
      expect(feed.titles).toBe(expected.length);
    });
  });
}
