/** What the table of routes says of access and caching is what requests get. */
import { beforeAll, expect, test } from 'vitest';
import { readDescription } from '../../registry/http/openapi.ts';
import { routesWith } from '../../registry/routes.ts';
import { ask } from './client.ts';
import { dataLog, seed } from './seed.ts';

const routes = routesWith(readDescription);

const FLAG = 'python_3.13_packages_2025_08_19';
const QUESTION = '?flag=python_workers&date=2025-11-02';
const EXAMPLES: Record<string, string> = {
  '/v1/resolve': `/v1/resolve${QUESTION}&requirement=numpy`,
  '/v1/target': `/v1/target${QUESTION}`,
  '/v1/when': '/v1/when?requirement=numpy',
  '/v1/compare': '/v1/compare?from=2025-11-02&to=2026-11-01',
  '/v1/flags/{flag}': '/v1/flags/python_workers',
  '/v1/documents/{digest}': `/v1/documents/${dataLog[0]!.digest}`,
  '/log/tile/{path}': '/log/tile/entries/000.p/1',
};

const addressOf = (path: string) =>
  EXAMPLES[path] ??
  path
    .replace('{flag}', FLAG)
    .replace('{name}', 'numpy')
    .replace('{revision}', '1')
    .replace('{filename}', 'x');

const KEPT = {
  revision: /^public, max-age=\d+, stale-while-revalidate=\d+$/,
  forever: /^public, max-age=31536000, immutable$/,
  hour: /^public, max-age=3600$/,
  seconds: /^public, max-age=5$/,
  never: /^no-store$/,
};

beforeAll(() => seed());

const gets = routes.filter(({ method, path }) => method === 'get' && !path.startsWith('/wheels/'));

test.each(gets.map((route) => [route.path, route] as const))('%s', async (path, { caching }) => {
  const response = await ask(addressOf(path), { redirect: 'manual' });
  await response.body?.cancel();
  const isKept = response.status < 400 ? KEPT[caching] : KEPT.never;
  expect(response.headers.get('cache-control')).toMatch(isKept);
});

test.each(routes.filter(({ method }) => method === 'post'))('POST $path', async ({ path, access }) => {
  const response = await ask(path, { method: 'POST', body: '{}' });
  await response.body?.cancel();
  expect(response.status === 401).toBe(access === 'publishers');
  expect(response.headers.get('cache-control')).toBe('no-store');
});
