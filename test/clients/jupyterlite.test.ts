/** The kernel of JupyterLite in Chromium, whose IPython and packages come from a lock of `/v1/lock`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { fetchTarballs, readFromTarball } from '../../cli/packages/npm.ts';
import type { PyodideLock } from '../../resolver/formats/pyodide-lock.ts';
import { npmCache } from '../../scripts/root.ts';
import { launchChromium } from '../browser/chromium.ts';
import type { Listening } from '../common/listen.ts';
import { ending } from '../common/own.ts';
import { pyodideFolder } from '../patches/pyodide-releases.ts';
import { type ServedIndex, serveWheels } from '../resolver/solver/served-index.ts';
import { NO_WHEELHOUSE, wheelhouse } from '../runtime/project.ts';
import { downloadWheel } from './pip-wheels.ts';
import { pureWheel } from './pure-wheel.ts';
import { serveFiles } from './serve-files.ts';
import { type ServedWheelhouse, serveWheelhouse, TEST_FLAG } from './served-wheelhouse.ts';

/** The last release that the micropip of the wheelhouse runs in, which piplite imports. */
const PYODIDE = '0.28.0';
const KERNEL = { name: '@jupyterlite/pyodide-kernel', version: '0.8.6' };
const KERNEL_WHEELS = ['ipykernel-6.9.2-py3-none-any.whl', 'pyodide_kernel-0.8.6-py3-none-any.whl'];
/** Has the last piplite that takes the micropip of the wheelhouse. */
const OLDER_KERNEL = { ...KERNEL, version: '0.6.1' };
/** What the page of JupyterLite talks to its worker with. */
const COMLINK = { name: 'comlink', version: '4.4.2' };

/** What the kernel needs and the wheelhouse lacks, from PyPI. */
const IPYTHON = [
  ...['asttokens', 'comm', 'executing', 'ipython', 'ipython-pygments-lexers', 'jedi', 'matplotlib-inline'],
  ...['parso', 'prompt-toolkit', 'pure-eval', 'pygments', 'stack-data', 'traitlets'],
];
const PACKAGES = ['micropip', 'comm', 'jedi', 'ipykernel', 'ipython', 'numpy', 'pyodide-kernel'];

/** Talks to the worker as JupyterLite's `kernel.ts` does. */
const PAGE = `<!DOCTYPE html><script type="module">
import { wrap } from '/comlink.mjs';
const worker = new Worker('/kernel.js', { type: 'module' });
const messages = [];
worker.addEventListener('message', ({ data }) => data?._kernelMessage && messages.push(data._kernelMessage));
const kernel = wrap(worker);
window.run = async (code) => {
  await kernel.initialize({
    baseUrl: location.href,
    pyodideUrl: location.origin + '/pyodide/pyodide.mjs',
    indexUrl: location.origin + '/pyodide/',
    pipliteWheelUrl: location.origin + '/pypi/piplite-0.6.1-py3-none-any.whl',
    pipliteUrls: [],
    disablePyPIFallback: true,
    location: '',
    mountDrive: false,
    loadPyodideOptions: {
      lockFileURL: location.origin + '/lock/pyodide-lock.json',
      packages: ${JSON.stringify(PACKAGES)},
    },
  });
  const reply = await kernel.execute({ code }, { header: { msg_id: '1' } });
  return { messages, reply };
};
</script>`;

interface Message {
  type: string;
  bundle: { data?: Record<string, string>; text?: string };
}

describe.skipIf(wheelhouse === null)(wheelhouse === null ? NO_WHEELHOUSE : 'JupyterLite', () => {
  let index: ServedIndex;
  let served: ServedWheelhouse;
  let files: Listening;
  let browser: Browser;
  let lock: PyodideLock;

  beforeAll(async () => {
    const npm = [KERNEL, OLDER_KERNEL, COMLINK];
    const [kernel, older, comlink] = await fetchTarballs(npm, () => {}, npmCache);
    const kernelWheels = KERNEL_WHEELS.map(async (filename) => {
      return { filename, bytes: await readFromTarball(kernel!.path, `package/pypi/${filename}`) };
    });
    index = ending(
      await serveWheels([
        ...(await Promise.all(IPYTHON.map((name) => downloadWheel(name)))),
        ...(await Promise.all(kernelWheels)),
        await pureWheel(await downloadWheel('wcwidth==0.9.1')),
      ]),
    );
    index.instead = (_, response) => {
      response.setHeader('access-control-allow-origin', '*');
      return false;
    };
    served = await serveWheelhouse(PYODIDE, { indexUrl: index.url });
    const response = await fetch(new URL('v1/lock', served.registry.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        compatibility_flags: [TEST_FLAG],
        as_of: '2026-11-20',
        index: true,
        requirements: PACKAGES,
      }),
    });
    expect(response.status).toBe(200);
    lock = (await response.json()) as PyodideLock;
    const folder = await pyodideFolder(PYODIDE);
    files = ending(
      await serveFiles(async (path) => {
        if (path === '/') return PAGE;
        if (path === '/lock/pyodide-lock.json') return JSON.stringify(lock);
        if (path === '/comlink.mjs') return readFromTarball(comlink!.path, 'package/dist/esm/comlink.mjs');
        if (path === '/kernel.js') return readFromTarball(kernel!.path, 'package/lib/comlink.worker.js');
        const [, place, name] = /^\/(pypi|pyodide)\/([\w.-]+)$/.exec(path) ?? [];
        if (place === 'pypi') return readFromTarball(older!.path, `package/pypi/${name}`);
        return name === undefined ? undefined : readFile(join(folder, name));
      }),
    );
    browser = ending(await launchChromium());
  });

  test('starts its kernel from the lock, and runs a cell', async () => {
    const page = await browser.newPage();
    await page.goto(`${files.origin}/`);
    const cell = 'import numpy\nprint("a line")\nnumpy.arange(4).sum() + 36';
    const { messages, reply } = await page.evaluate<{ messages: Message[]; reply: object }>(
      `window.run(${JSON.stringify(cell)})`,
    );
    expect(reply).toMatchObject({ status: 'ok' });
    const streams = messages.filter(({ type }) => type === 'stream').map(({ bundle }) => bundle.text);
    expect(streams.join('')).toBe('a line\n');
    const results = messages.filter(({ type }) => type === 'execute_result');
    expect(results.map(({ bundle }) => bundle.data?.['text/plain'])).toEqual(['np.int32(42)']);
  });
});
