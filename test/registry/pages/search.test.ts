/** The answer of the front page to what people type: requirements, and modules of the standard library. */
import { beforeAll, expect, test } from 'vitest';
import type { WhenAnswer } from '../../../resolver/index.ts';
import { ask } from '../client.ts';
import { seed } from '../seed.ts';

beforeAll(() => seed());

const AT = '2026-11-20';

/** Such as `no`, `numpy>=99` and the verdict, and the marks of the cells of the rows, today's first. */
async function search(query: string) {
  const page = await (await ask(`/?as_of=${AT}&q=${encodeURIComponent(query)}`)).text();
  const textOf = (pattern: RegExp) => {
    const text = pattern.exec(page)![1]!.replace(/<[^>]+>/g, '');
    return text.replaceAll('&gt;', '>').replaceAll('&lt;', '<');
  };
  return {
    is: /id="_card"[^>]* data-is="(\w+)"/.exec(page)![1],
    title: textOf(/<a id="_link"[^>]*>(.*?)<\/a>/s),
    verdict: textOf(/<p id="_verdict">(.*?)<\/p>/s),
    lines: [...page.matchAll(/<figure>.*?<pre[^>]*>(.*?)<\/pre>/gs)].map(([, text]) => text!),
    marks: [...page.matchAll(/<i>(.)<\/i>/gu)].map(([, mark]) => mark),
  };
}

test('versions of a search are compared with every date', async () => {
  expect(await search('numpy>=99')).toEqual({
    is: 'no',
    title: 'numpy>=99',
    verdict:
      'No package set pins a version of numpy that numpy>=99 allows. Package sets pin numpy 2.4.6, 2.4.3, 2.3.1, 2.2.5, 2.0.2, 1.26.4.',
    lines: [],
    marks: [],
  });
  expect(await search('numpy<2')).toMatchObject({
    is: 'no',
    title: 'numpy<2',
    verdict: 'Not in the set of 2026-11-20; last on 2025-09-28 with 1.26.4.',
    marks: ['✕', '✕', '○'],
  });
  expect((await search('PIL >= 12')).marks).toEqual(['○', '✕', '✕']);
  expect(await search('numpy=2')).toMatchObject({ is: 'no', verdict: expect.stringContaining('Write == ') });
  expect(await search('nunpy>=2')).toMatchObject({
    is: 'none',
    title: 'No package set has nunpy>=2',
    lines: [],
  });
});

test.each([
  'numpy>=2.4',
  'numpy==2.3.1',
  'langchain<0.2',
  'pandas>=3',
  'polars~=1.0',
  'fastapi[standard]>=0.100',
])('the answer to %s agrees with /v1/when', async (requirement) => {
  const { is } = await search(requirement);
  const asked = `/v1/when?requirement=${encodeURIComponent(requirement)}&as_of=${AT}`;
  const { last, flag_intervals } = (await (await ask(asked)).json()) as WhenAnswer;
  expect(is).toBe(last === AT ? 'yes' : flag_intervals.at(-1)?.to === AT ? 'flag' : 'no');
});

test.each([
  ['urllib.request', 'yes', /^A module of the standard library: it comes with Python/],
  ['import http.client', 'yes', /^A module/],
  ['os.path', 'yes', /^A module/],
  ['unittest.mock', 'yes', /^A module/],
  ['xml.etree.ElementTree', 'yes', /^A module/],
  ['importlib.metadata', 'yes', /^A module/],
  ['concurrent.futures', 'flag', /works in part: it cannot start a thread; it cannot start a process/],
  [
    'asyncio.windows_events',
    'no',
    /^A module of the standard library that the Python of Workers does not have/,
  ],
])('%s is a module, at /stdlib and /packages too', async (query, is, verdict) => {
  expect(await search(query)).toMatchObject({ is, verdict: expect.stringMatching(verdict) });
  const name = query.replace('import ', '');
  expect((await search(query)).title).toBe(name);
  const moved = await ask(`/stdlib?query=${name}`);
  expect([moved.status, moved.headers.get('location')]).toEqual([302, `/?q=${name}`]);
  if (name === 'importlib.metadata') return;
  expect(await (await ask(`/packages/${name}`)).text()).toContain('A module of the standard library');
});

test.each(['/?q=', '/packages/'])('%s leads a package flag to its set', async (path) => {
  const flag = 'python_3.12_packages_2025_03_01';
  const moved = await ask(`${path}${flag}`);
  expect([moved.status, moved.headers.get('location')]).toEqual([302, `/sets/${flag}`]);
});

test('a misspelt module is told from a package', async () => {
  expect(await search('urllib.requst')).toMatchObject({
    title: 'No package set has urllib.requst',
    verdict: expect.stringMatching(/^Did you mean urllib\.request\?/),
    lines: [],
  });
});
