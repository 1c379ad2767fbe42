/** Invalid requests, and what must not be in answers. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../client.ts';
import { seedWith } from '../seed.ts';
import { readHtml } from './html-page.ts';
import { HOSTILE_FILE, ODD_FLAG, oddSet, sha } from './odd-set.ts';

const JSON_V1 = { headers: { accept: 'application/vnd.pypi.simple.v1+json' } };

beforeAll(() => seedWith(oddSet, '2026-11-01'));

test.each([
  ...'..%2f..%2f ..%2F..%2Fhealthz %2e%2e%2f %00 pure%00 %ff %c0%ae % p%C3%BCre рure ｐｕｒｅ'.split(' '),
  ...'pure%E2%80%AE pure%0d%0aLocation:x -pure pure- _ <script> %3Cscript%3E pure%20'.split(' '),
  ...['a'.repeat(10_000), 'a-'.repeat(5_000), '%C5%BFetuptools', '%E2%84%AAernel'],
])('not a name of a package: %s', async (name) => {
  for (const slash of ['', '/']) {
    const response = await ask(`/simple/${ODD_FLAG}/${name}${slash}`, { redirect: 'manual' });
    const text = await response.text();
    expect([400, 404], text).toContain(response.status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(text.length).toBeLessThan(600);
    expect(text).toMatch(/^[\x20-\x7eüрｐｕｒｅſ\u212a…]*$/);
  }
});

test.each([
  'python_3.13_packages_2026_11_02',
  'PYTHON_3.13_packages_2026_11_01',
  '..%2f',
  '%00',
  'x'.repeat(10_000),
])('not a package flag: %s', async (flag) => {
  for (const rest of ['', '/', '/pure', '/pure/', '/Pure/']) {
    const response = await ask(`/simple/${flag}${rest}`, { redirect: 'manual' });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: expect.stringMatching(/^(unknown_set|not_found)$/) });
  }
});

test('a misspelt package flag gets similar ones', async () => {
  const response = await ask('/simple/python_3.13_packages_2026_11_02/');
  expect(await response.text()).toContain(ODD_FLAG);
});

describe('texts of a set are escaped', () => {
  const path = `/simple/${ODD_FLAG}/hostile/`;

  test('in HTML', async () => {
    const page = await readHtml(await ask(path));
    expect(page.anchors).toEqual([]);
    expect([...page.elements].sort()).toEqual(['body', 'h1', 'head', 'html', 'meta', 'p', 'title']);
    expect(page.text).toContain('<script>alert(1)</script>\\u{202e}\\u{7}.tar.gz');
    expect(page.text).toContain('javascript:alert(2)//"><b>\\u{202e}');
    expect(page.text).toContain(`/wheels/${sha('3')}/${encodeURIComponent(HOSTILE_FILE)}`);
    expect(page.text).not.toMatch(/(?!\n)[\p{Cf}\p{Cc}]/u);
  });

  test('in JSON', async () => {
    const text = await (await ask(path, JSON_V1)).text();
    expect(text).not.toMatch(/[\p{Cf}\p{Cc}]/u);
    expect(JSON.parse(text)).toMatchObject({ files: [], name: 'hostile', _not_listed: [{ hashes: {} }] });
  });
});

test('no other host gets into a page or a redirect', async () => {
  const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'gopher' };
  for (const path of ['', 'pure/', 'Pure/', 'hostile/', 'numpy']) {
    for (const accept of ['text/html', JSON_V1.headers.accept]) {
      const response = await ask(`https://evil.example/simple/${ODD_FLAG}/${path}`, {
        headers: { ...headers, accept },
        redirect: 'manual',
      });
      const text = JSON.stringify([...response.headers]) + (await response.text());
      expect(text).not.toMatch(/evil\.example|gopher/);
    }
  }
});
