/** Pyodide with the registry's lock, unchanged: in Node, and in a browser. */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { loadPyodide, version } from 'pyodide';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PyodideLock } from '../../resolver/formats/pyodide-lock.ts';
import { launchChromium } from '../browser/chromium.ts';
import type { Listening } from '../common/listen.ts';
import { ending, newFolder } from '../common/own.ts';
import { serveFiles } from './serve-files.ts';
import { LOCAL, NATIVE, type ServedSet, serveSet, TEST_FLAG } from './served-set.ts';

const PROGRAM = 'import httpx, pinnate; [httpx.__version__, pinnate.leaf("bücher.example")]';
const ANSWER = ['0.28.1', 'xn--bcher-kva.example'];

/** An empty page but for Pyodide. */
const PAGE = `<!DOCTYPE html><script type="module">
  import { loadPyodide } from './pyodide.mjs';
  globalThis.loadPyodide = loadPyodide;
</script>`;

interface Globals {
  loadPyodide: typeof loadPyodide;
  pyodide: Awaited<ReturnType<typeof loadPyodide>>;
}

let served: ServedSet;

beforeAll(async () => {
  served = await serveSet(version);
});

const lockUrl = (query = '') => `${served.proxy.origin}/v1/sets/${TEST_FLAG}/pyodide-lock.json${query}`;
const wheelsAskedFor = () =>
  served.proxy.log.flatMap(({ path }) => /\/wheels\/.*\/(.*)$/.exec(path)?.[1] ?? []);

/** There, Pyodide takes the files of a lock for paths, which it asks for below `packageBaseUrl` and keeps. */
describe('in Node', () => {
  let packageCacheDir: string;

  beforeEach(async () => {
    packageCacheDir = newFolder();
  });

  test('loads packages by their names, with their dependencies, and caches their files', async () => {
    const lockFileContents = await (await fetch(lockUrl('?relative=true'))).text();
    const packageBaseUrl = new URL('files/', lockUrl()).href;
    for (const asked of [3, 0]) {
      const pyodide = await loadPyodide({ lockFileContents, packageBaseUrl, packageCacheDir });
      served.proxy.log.length = 0;
      const loaded = await pyodide.loadPackage(['pinnate', 'petal'], { messageCallback: () => {} });
      expect(loaded.map(({ name }) => name).sort()).toEqual(['idna', 'petal', 'pinnate']);
      expect(wheelsAskedFor()).toHaveLength(asked);
      const program = 'import pinnate, petal; [petal.colour, pinnate.leaf("ü.example")]';
      expect(pyodide.runPython(program).toJs()).toEqual(['white', 'xn--tda.example']);
    }
    expect(await readdir(packageCacheDir)).toHaveLength(3);
  });

  test('loads a closure by the URLs of its lock', async () => {
    const text = await (await fetch(lockUrl('?requirement=httpx&requirement=pinnate'))).text();
    const lock = JSON.parse(text) as PyodideLock;
    const pyodide = await loadPyodide({ lockFileContents: text });
    served.proxy.log.length = 0;
    const urls = Object.values(lock.packages).map(({ file_name }) => file_name);
    const loaded = await pyodide.loadPackage(urls, { messageCallback: () => {} });
    expect(loaded.map(({ name }) => name).sort()).toEqual([
      'anyio',
      'certifi',
      'h11',
      'httpcore',
      'httpx',
      'idna',
      'pinnate',
      'typing_extensions',
    ]);
    expect(wheelsAskedFor()).toHaveLength(loaded.length);
    expect(pyodide.runPython(PROGRAM).toJs()).toEqual(ANSWER);
  });
});

describe('in a browser', () => {
  let files: Listening;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [files, browser] = await Promise.all([servePyodide(), launchChromium().then(ending)]);
  });
  afterEach(() => {
    served.proxy.tamper = undefined;
  });

  /** Boots Pyodide with a lock of the registry, from another origin, and loads packages by their names. */
  async function load(lock: string, names: string[]): Promise<string[]> {
    served.proxy.log.length = 0;
    page = await browser.newPage();
    await page.goto(`${files.origin}/`);
    return page.evaluate(
      async ({ lock, names }) => {
        const { loadPyodide } = globalThis as unknown as Globals;
        const lockFileContents = await (await fetch(lock)).text();
        const pyodide = await loadPyodide({ lockFileContents });
        Object.assign(globalThis, { pyodide });
        const loaded = await pyodide.loadPackage(names);
        return loaded.map(({ name }) => name).sort();
      },
      { lock, names },
    );
  }

  const run = (program: string) =>
    page.evaluate((text) => {
      const { pyodide } = globalThis as unknown as Globals;
      return pyodide.runPython(text).toJs() as string[];
    }, program);

  test('loads packages by their names, with their dependencies and nothing else', async () => {
    expect(await load(lockUrl(), ['pinnate', 'petal'])).toEqual(['idna', 'petal', 'pinnate']);
    expect(wheelsAskedFor().sort()).toEqual([
      expect.stringMatching(/^idna-/),
      encodeURIComponent(LOCAL),
      NATIVE,
    ]);
    const program =
      'import importlib.metadata, pinnate; [importlib.metadata.version("petal"), pinnate.leaf("ü.example")]';
    expect(await run(program)).toEqual(['1.0+pinwheel.1', 'xn--tda.example']);
  });

  test('rejects a wheel whose bytes differ from the lock', async () => {
    served.proxy.tamper = (path, bytes) => {
      if (path.endsWith(NATIVE)) bytes[bytes.length - 1]! ^= 1;
      return bytes;
    };
    expect(await load(lockUrl(), ['pinnate'])).toEqual(['idna']);
  });
});

/** Pyodide's own files, and the page. */
function servePyodide(): Promise<Listening> {
  const folder = dirname(createRequire(import.meta.url).resolve('pyodide/package.json'));
  return serveFiles(async (path) => (path === '/' ? PAGE : readFile(join(folder, path))));
}
