/** Examples with bindings, served by wrangler with a D1, an R2 and a KV of its own. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unstable_startWorker } from 'wrangler';
import { openWorkshop, type Workshop } from './project.ts';
import { wrangler } from './wrangler.ts';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
});
afterAll(() => workshop.remove());

type Worker = Awaited<ReturnType<typeof unstable_startWorker>>;

/** Builds an example and serves it, for as long as it is used. */
async function withExample(name: string, use: (worker: Worker, folder: string) => Promise<void>) {
  const folder = await workshop.example(name);
  const config = join(folder, 'dist/worker/wrangler.json');
  // Nothing is edited, so that nothing has to be built again.
  const { build: _, ...settings } = JSON.parse(await readFile(config, 'utf8'));
  await writeFile(config, JSON.stringify(settings));
  if (settings.d1_databases) {
    await wrangler(folder, workshop, 'd1', 'migrations', 'apply', 'quotes', '--local', '-c', config);
  }
  const persist = join(folder, 'dist/worker/.wrangler/state');
  const worker = await unstable_startWorker({
    config,
    dev: { persist, watch: false, logLevel: 'error' },
  });
  try {
    await worker.ready;
    await use(worker, folder);
  } finally {
    await worker.dispose();
  }
}

test('variables, KV and R2, awaited and on a switched stack', () =>
  withExample('env', async (worker) => {
    expect(await (await worker.fetch('http://x/')).json()).toEqual({
      greeting: 'Hello, world!',
      sync: 'world',
      missing: null,
      file: 'bytes from Python',
    });
  }));

test('an API on D1', () =>
  withExample('d1', async (worker) => {
    const ask = async (path: string, options?: object) => {
      const response = await worker.fetch(`http://x${path}`, options);
      return [response.status, await response.json()];
    };
    const first = { id: 1, quote: 'Simple is better than complex.', author: 'Tim Peters' };
    expect(await ask('/quotes')).toEqual([200, [first]]);
    const body = JSON.stringify({ quote: 'Now is better than never.', author: 'Tim Peters' });
    expect(await ask('/quotes', { method: 'POST', body })).toEqual([201, { id: 2 }]);
    expect(await ask('/quotes/2')).toMatchObject([200, { id: 2, quote: 'Now is better than never.' }]);
    expect((await ask('/quotes/3'))[0]).toBe(404);
  }));

test('a scheduled job', () =>
  withExample('scheduled', async (worker) => {
    await worker.fetch('http://x/cdn-cgi/handler/scheduled?cron=*/5+*+*+*+*');
    expect(await (await worker.fetch('http://x/')).text()).toBe('The last run was for */5 * * * *.');
  }));
