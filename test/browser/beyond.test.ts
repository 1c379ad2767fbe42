/** The library in a real browser, with an index of another origin: what it needs of that is CORS, and nothing else. */

import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { ending, serve } from '../common/own.ts';
import { type ServedIndex, serveIndex } from '../resolver/solver/served-index.ts';
import { launchChromium } from './chromium.ts';

const PROGRAM = `
import { createResolver } from './resolver/documents.ts';
import { closureMembers, toPyodideLock } from './resolver/index.ts';
import { openIndex } from './resolver/solver/index.ts';

const read = async (path) => (await fetch('/data/' + path)).json();
const pinwheel = createResolver({
  catalog: () => read('catalog.json'),
  openSet: ({ flag }) => read('sets/' + flag + '.json'),
});
globalThis.ask = async (requirements, url) => {
  const question = { compatibility_flags: ['python_3.13_packages_2025_09_22'], as_of: '2026-11-20', requirements };
  const index = openIndex({ url });
  try {
    const answer = await pinwheel.resolve({ ...question, index, exclude_newer: '2026-10-20' });
    const set = await read('sets/' + answer.target.package_set.flag + '.json');
    const prepared = await pinwheel.source.openSet(answer.target.package_set);
    const members = await closureMembers(answer.packages, prepared, index);
    return { packages: answer.packages, lock: toPyodideLock(set, members, ({ url }) => url) };
  } catch (error) {
    return { name: error.name, code: error.code };
  }
};
`;

let index: ServedIndex;
let page: Page;

const DJANGO = {
  django: { '5.2': { requires: ['asgiref>=3.8', 'idna'], uploaded: '2026-04-02T09:00:00Z' } },
  asgiref: { '3.9': { requires: [], uploaded: '2026-04-02T09:00:00Z' } },
};

function allowOrigins(response: ServerResponse): false {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-expose-headers', 'content-range');
  return false;
}

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: PROGRAM, resolveDir: root, loader: 'ts' },
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: '/',
    write: false,
  });
  const scripts = new Map(outputFiles.map(({ path, text }) => [path.replace(/^.*[/\\]/, '/'), text]));
  const origin = await serve(async ({ url = '/' }, response) => {
    const script = scripts.get(url);
    if (script) return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    if (!url.startsWith('/data/')) {
      const html = '<!doctype html><script type="module" src="/stdin.js"></script>';
      return void response.writeHead(200, { 'content-type': 'text/html' }).end(html);
    }
    const json = await readFile(join(root, url));
    response.writeHead(200, { 'content-type': 'application/json' }).end(json);
  });
  // An index without METADATA files: the wheels are read by ranges.
  index = ending(await serveIndex(DJANGO, { metadata: false }));
  const browser = ending(await launchChromium());
  page = await browser.newPage();
  await page.goto(`${origin}/`);
  await page.waitForFunction('globalThis.ask');
});

const ask = (...asked: [string[], string]) =>
  page.evaluate(`ask(...${JSON.stringify(asked)})`) as Promise<{
    packages: { name: string; version: string; origin: string }[];
    lock: { packages: Record<string, { file_name: string; imports: string[]; depends: string[] }> };
  }>;

test('the page asks an index that allows other origins', async () => {
  index.instead = (_, response) => allowOrigins(response);
  const { packages, lock } = await ask(['django'], index.url);
  expect(packages.map(({ name, version, origin }) => [name, version, origin])).toEqual([
    ['asgiref', '3.9', 'index'],
    ['idna', '3.10', 'set'],
    ['django', '5.2', 'index'],
  ]);
  expect(lock.packages.django).toMatchObject({
    file_name: `${index.origin}/files/django-5.2-py3-none-any.whl`,
    depends: ['asgiref', 'idna'],
    imports: ['django'],
  });
});

test('an index that does not is reported as unreachable', async () => {
  index.instead = null;
  expect(await ask(['django'], index.url)).toEqual({ name: 'IndexError', code: 'unreachable' });
});
