/** The projects of `examples/`, in `npm run test:all` every one: built, accepted by wrangler's dry run, and asked over HTTP inside workerd. */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { onlyInAll } from '../common/only-in-all.ts';
import { serve as listen } from '../common/own.ts';
import { useWorkshop } from './project.ts';
import { openShelf, type Shelf } from './shelf.ts';
import { type Served, serve } from './workerd.ts';
import { deployDry, type ServedByWrangler, serveByWrangler, wrangler } from './wrangler.ts';

const workshop = useWorkshop();
let shelf: Shelf;
beforeAll(async () => {
  shelf = await openShelf();
});

/** The packages that each needs from the set of these tests. The others need none. */
const NEEDS: Record<string, string[]> = {
  django: ['django'],
  fastapi: ['fastapi', 'jinja2'],
  images: ['numpy', 'pillow', 'matplotlib'],
  langchain: ['fastapi', 'langchain-core'],
  pages: ['jinja2'],
  starlette: ['starlette', 'httpx', 'anyio'],
};

/** The packages of an example that are not available. */
const lacking = (name: string) => (NEEDS[name] ?? []).filter((needed) => !shelf.has(needed));

/** Builds an example without requirements that are not available, if the rest of it works without them. */
async function built(name: string, optional: readonly string[] = []): Promise<string | null> {
  const missing = lacking(name);
  const words = NEEDS[name] ? ['--set', shelf.set] : [];
  if (missing.length > 0) {
    console.log(`examples/${name}: skipped ${missing.join(', ')}: WHEELHOUSE has no wheel of it`);
  }
  if (missing.some((needed) => !optional.includes(needed))) return null;
  const project = join(root, 'examples', name);
  const folder = await workshop.copy(project);
  if (missing.length > 0) {
    const file = join(folder, 'pyproject.toml');
    const text = missing.reduce(
      (all, needed) => all.replace(`, "${needed}"`, ''),
      await readFile(file, 'utf8'),
    );
    await writeFile(file, text);
  }
  const { code, stderr } = await workshop.build(folder, ...words);
  if (code !== 0) throw new Error(stderr);
  return folder;
}

/** Has wrangler's dry run accept it, serves it on plain workerd, and asks. */
async function onWorkerd(
  name: string,
  ask: (served: Served) => Promise<void>,
  { optional = [], variables = {} }: { optional?: string[]; variables?: Record<string, string> } = {},
): Promise<void> {
  const folder = await built(name, optional);
  if (folder === null) return;
  await accepted(folder);
  await using served = await serve(join(folder, 'dist/worker'), variables);
  await ask(served);
}

async function accepted(folder: string): Promise<void> {
  expect(await deployDry(folder)).toContain('--dry-run: exiting now.');
}

/** The same served by wrangler, with a D1, an R2 and a KV of its own. */
async function inWrangler(name: string, use: (worker: ServedByWrangler) => Promise<void>): Promise<void> {
  const folder = (await built(name))!;
  await accepted(folder);
  const config = join(folder, 'dist/worker/wrangler.json');
  if (JSON.parse(await readFile(config, 'utf8')).d1_databases) {
    const local = ['--local', '--persist-to', join(folder, 'state'), '-c', config];
    await wrangler(folder, 'd1', 'migrations', 'apply', 'quotes', ...local);
  }
  const worker = await serveByWrangler(folder);
  try {
    await use(worker);
  } finally {
    await worker.dispose();
  }
}

const text = async (url: string) => (await fetch(url)).text();

test('hello', () =>
  onWorkerd('hello', async ({ origin }) => {
    expect(await text(origin)).toBe('Hello world!');
  }));

test('env: variables, KV and R2, awaited and with stack switching', () =>
  inWrangler('env', async (worker) => {
    expect(await (await worker.fetch('http://x/')).json()).toEqual({
      greeting: 'Hello, world!',
      sync: 'world',
      missing: null,
      file: 'bytes from Python',
    });
  }));

test('d1: an API on D1', () =>
  inWrangler('d1', async (worker) => {
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

test('fastapi', () =>
  onWorkerd('fastapi', async ({ origin }) => {
    expect(await text(`${origin}/hi/bob`)).toBe('{"message":"Hello, bob!"}');
  }));

onlyInAll('langchain', () =>
  onWorkerd('langchain', async ({ origin }) => {
    expect(JSON.parse(await text(`${origin}/prompt?question=Why`))).toEqual([
      { role: 'system', content: 'Answer in one sentence.' },
      { role: 'user', content: 'Why' },
    ]);
  }),
);

onlyInAll('starlette: httpx in a function, and in a coroutine', async () => {
  const origin = await listen(({ url }, response) => {
    setTimeout(() => response.end(JSON.stringify({ url })), 20);
  });
  const ask = async ({ origin }: Served) => {
    // At once: while one waits, the others are served.
    const urls = [1, 2, 3, 4].map((number) => `${origin}${number % 2 ? '/' : '/async'}?n=${number}`);
    const answers = await Promise.all(urls.map(text));
    expect(answers.map((answer) => JSON.parse(answer))).toEqual(
      [1, 2, 3, 4].map((number) => ({ status: 200, found: { url: `/json?n=${number}` } })),
    );
  };
  await onWorkerd('starlette', ask, { variables: { UPSTREAM: `${origin}/json` } });
});

onlyInAll('pages: rendered by Jinja2', () =>
  onWorkerd('pages', async ({ origin }) => {
    const page = await text(`${origin}/?name=%3Cbob%3E&item=a&item=b`);
    expect(page).toContain('<h1>Hello, &lt;bob&gt;!</h1>');
    expect(page).toContain('<li>1: a</li>\n<li>2: b</li>');
  }),
);

onlyInAll('django: views of both kinds, and a streamed one', () =>
  onWorkerd('django', async ({ origin }) => {
    expect(await text(`${origin}/greet/%3Cbob%3E`)).toBe('<p>Hello, &lt;bob&gt;!</p>');
    expect(JSON.parse(await text(`${origin}/add?number=1&number=2`))).toEqual({ sum: 3 });
    expect(await text(`${origin}/count`)).toBe('0\n1\n2\n');
    expect((await fetch(`${origin}/nothing`)).status).toBe(404);
  }),
);

onlyInAll('images: by Pillow and by matplotlib', () =>
  onWorkerd(
    'images',
    async ({ origin }) => {
      for (const path of shelf.has('matplotlib') ? ['/gradient', '/plot'] : ['/gradient']) {
        const response = await fetch(origin + path);
        expect(response.headers.get('content-type')).toBe('image/png');
        const bytes = Buffer.from(await response.arrayBuffer());
        expect(bytes.subarray(1, 4).toString()).toBe('PNG');
        if (path === '/gradient') expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([256, 64]);
      }
    },
    { optional: ['matplotlib'] },
  ),
);

test('websocket', () =>
  onWorkerd('websocket', async ({ origin }) => {
    const socket = new WebSocket(origin.replace('http', 'ws'));
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    const answer = new Promise<MessageEvent>((resolve) => socket.addEventListener('message', resolve));
    socket.send('hello');
    expect((await answer).data).toBe('hello');
    socket.close();
  }));

test('scheduled: a scheduled job', () =>
  inWrangler('scheduled', async (worker) => {
    const run = await worker.fetch('http://x/cdn-cgi/handler/scheduled?cron=*/5+*+*+*+*');
    expect(await run.text()).toBe('ok');
    expect(await (await worker.fetch('http://x/')).text()).toBe('The last run was for */5 * * * *.');
  }));

describe('the folder', () => {
  test('has no example that is not tested here', async () => {
    const tried = await readFile(join(root, 'test/runtime/examples.test.ts'), 'utf8');
    // The example that uses Pinwheel as a library has its test in test/clients.
    const names = (await readdir(join(root, 'examples'))).filter((name) => name !== 'build-time');
    for (const name of names) expect(tried).toMatch(new RegExp(`(?:onWorkerd|inWrangler)\\(\\s*'${name}'`));
  });
});
