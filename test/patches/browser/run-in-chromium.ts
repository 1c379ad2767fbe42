/** Runs checks in Chromium, in a worker or a window, whose page has the origin of the server. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { CALL, type Outcome, type Outcomes, type Question } from '../hosts.ts';
import { pyodideFolder } from '../pyodide-releases.ts';
import type { ServedFile, TestServer } from '../server.ts';

export type Context = 'worker' | 'window';
export const browserTraits = (context: Context) => ['emscripten', 'browser', context];

const TYPES: Record<string, string> = {
  js: 'text/javascript',
  mjs: 'text/javascript',
  wasm: 'application/wasm',
};
/** Vitest would rewrite an import in evaluated code. */
const PAGE = `<!DOCTYPE html><script type="module">
  import { answer } from '/host/browser-host.mjs';
  globalThis.answer = answer;
</script>`;
type Checks = Pick<Question, 'sources' | 'modules' | 'wheels'>;

/** The files of the page, by path. */
export async function filesOf({ sources, wheels }: Checks): Promise<Map<string, ServedFile>> {
  const files = new Map<string, ServedFile>([['/page', { type: 'text/html', content: PAGE }]]);
  const add = async (folder: string, path: string) => {
    const type = TYPES[path.split('.').at(-1)!] ?? 'application/octet-stream';
    files.set(`/${folder}/${basename(path)}`, { type, content: await readFile(path) });
  };
  const pyodide = await pyodideFolder();
  for (const name of await readdir(pyodide)) {
    if (/^(pyodide|python_stdlib)[.\w-]*\.(mjs|js|wasm|zip|json)$/.test(name))
      await add('pyodide', join(pyodide, name));
  }
  for (const name of ['browser-host.mjs', 'worker.mjs']) await add('host', join(import.meta.dirname, name));
  for (const path of [CALL, ...sources]) await add('sources', path);
  for (const path of wheels) await add('wheels', path);
  return files;
}

export async function runInChromium(
  browser: Browser,
  context: Context,
  server: TestServer,
  checks: Checks,
): Promise<Outcome<Outcomes>> {
  const { origin, other, closed, full } = server;
  const question = {
    modules: checks.modules,
    sources: [CALL, ...checks.sources].map((path) => `/sources/${basename(path)}`),
    wheels: checks.wheels.map((path) => `/wheels/${basename(path)}`),
    server: { origin, other, closed, full },
    traits: browserTraits(context),
  };
  const page = await browser.newPage();
  try {
    await page.goto(`${origin}/page`);
    return await page.evaluate(
      async ({ question, context }) => {
        const { answer } = globalThis as unknown as { answer(asked: object): Promise<Outcome<Outcomes>> };
        if (context === 'window') return answer(question);
        const worker = new Worker('/host/worker.mjs', { type: 'module' });
        const hear = () =>
          new Promise<MessageEvent>((resolve, reject) => {
            worker.onmessage = resolve;
            worker.onerror = (event) => reject(new Error(event.message));
          });
        await hear(); // It listens.
        worker.postMessage(question);
        return (await hear()).data;
      },
      { question, context },
    );
  } finally {
    await page.close();
  }
}
