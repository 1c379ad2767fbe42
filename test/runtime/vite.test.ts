/** Vite with the plugin of `pinwheel-py/vite`, and wrangler with a custom build. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { createServer as createProxied, get } from 'node:http';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build, createServer, type Plugin } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import type * as Entry from '../../cli/entries/vite.ts';
import { saidBy } from '../../cli/worker/said.ts';
import { root } from '../../scripts/root.ts';
import { copyOfPinwheel } from '../cli/pinwheel.ts';
import { listen } from '../common/listen.ts';
import { ending, newFolder } from '../common/own.ts';
import { makeWheel } from '../zip.ts';
import { CACHE, useWorkshop, WRANGLER } from './project.ts';
import { serve } from './workerd.ts';
import { deployDry, WRANGLER_ENVIRONMENT } from './wrangler.ts';

const workshop = useWorkshop();
let entry: typeof Entry;
let place: string;
beforeAll(async () => {
  // A path that is not its own URL.
  const folder = await copyOfPinwheel(join(newFolder(), 'a place'));
  place = pathToFileURL(join(folder, 'dist/vite.js')).href;
  entry = await import(place);
});

/** The Worker of an example, with a client beside it or without one. */
async function project(client: boolean, example = 'hello'): Promise<string> {
  const folder = await workshop.copy(join(root, 'examples', example));
  await mkdir(join(folder, 'node_modules'));
  await symlink(join(root, 'node_modules/wrangler'), join(folder, 'node_modules/wrangler'));
  if (client) {
    await writeFile(join(folder, 'index.html'), '<script type="module" src="/client.js"></script>');
    await writeFile(join(folder, 'client.js'), 'document.title = "the client";');
  }
  return folder;
}

const plugins = (): Plugin[] => [entry.pinwheel({ options: ['--cache', CACHE] })];
const quiet = { configFile: false, logLevel: 'error' } as const;

test('the dev server answers with the client where it has one, else with the Worker, as it is edited', async () => {
  const folder = await project(true);
  // Which no build has made yet.
  await appendFile(
    join(folder, 'wrangler.toml'),
    '\n[assets]\ndirectory = "dist/client"\nbinding = "ASSETS"\n',
  );
  const server = ending(
    await createServer({ ...quiet, root: folder, plugins: plugins(), server: { port: 0 } }),
  );
  await server.listen();
  const origin = server.resolvedUrls!.local[0]!;
  const ask = async (path: string) => (await fetch(new URL(path, origin))).text();
  expect(await ask('/')).toContain('/client.js');
  expect(await ask('/client.js')).toContain('the client');
  expect(await ask('/api?of=hello')).toBe('Hello world!');
  const main = join(folder, 'src/entry.py');
  const asset = "(await self.env.ASSETS.fetch('https://worker/client.js')).status";
  const edited = (await readFile(main, 'utf8')).replace('"Hello world!"', `f"Asset: {${asset}}"`);
  await writeFile(main, edited);
  await expect.poll(() => ask('/api'), { interval: 200 }).toBe('Asset: 404');
});

test("WebSockets are the Worker's, but those of Vite and of its proxies", async () => {
  const folder = await project(true, 'websocket');
  const refuse = createProxied().on('upgrade', (_, socket) => socket.end('HTTP/1.1 418 Not here\r\n\r\n'));
  const { origin: target } = ending(await listen(refuse));
  const proxy = { '/other': { target, ws: true } };
  const server = ending(
    await createServer({ ...quiet, root: folder, plugins: plugins(), server: { port: 0, proxy } }),
  );
  await server.listen();
  const origin = server.resolvedUrls!.local[0]!;
  const opened = async (path: string, ...protocol: string[]) => {
    const socket = new WebSocket(new URL(path, origin), protocol);
    await once(socket, 'open');
    return socket;
  };
  for (const path of ['/', '/chat?of=two']) {
    const socket = await opened(path);
    socket.send('hello');
    expect((await once(socket, 'message'))[0].data).toBe('hello');
    socket.close();
  }
  (await opened('/', 'vite-ping')).close();
  const headers = { connection: 'Upgrade', upgrade: 'websocket' };
  const [answer] = await once(get(new URL('/other', origin), { headers }), 'response');
  expect(answer.statusCode).toBe(418);
});

test('the Worker ends with Vite, however that ends', async () => {
  const folder = await project(false);
  const config = `import { pinwheel } from ${JSON.stringify(place)};
export default { plugins: [pinwheel({ options: ['--cache', ${JSON.stringify(CACHE)}] })] };
`;
  await writeFile(join(folder, 'vite.config.mjs'), config);
  const program = join(root, 'node_modules/vite/bin/vite.js');
  const vite = spawn(process.execPath, [program, '--port', '0', '--host', '127.0.0.1'], {
    cwd: folder,
    env: WRANGLER_ENVIRONMENT,
  });
  const said = saidBy(vite);
  const address = /http:\S+/;
  await expect.poll(said).toMatch(address);
  expect(await (await fetch(address.exec(said())![0])).text()).toBe('Hello world!');
  vite.kill('SIGKILL');
  const isIn = async (pid: string) =>
    (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes(folder);
  const running = async () => {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    return (await Promise.all(pids.map(isIn))).filter(Boolean).length;
  };
  await expect.poll(running, { interval: 200 }).toBe(0);
});

test.each([true, false])('a build makes a Worker that answers; with a client: %s', async (client) => {
  const folder = await project(client);
  await build({ ...quiet, root: folder, plugins: plugins() });
  await using served = await serve(join(folder, 'dist/worker'));
  expect(await (await fetch(served.origin)).text()).toBe('Hello world!');
  const page = await readFile(join(folder, 'dist/client/index.html'), 'utf8').catch(() => null);
  if (client) expect(page).toMatch(/\/assets\/index-\S+\.js/);
  else expect(page).toBeNull();
});

test('the command that a build prints works in the current folder', async () => {
  const around = newFolder();
  await rename(await project(false), join(around, 'worker'));
  const config = `import { pinwheel } from ${JSON.stringify(place)};
export default { plugins: [pinwheel({ folder: 'worker', options: ['--cache', ${JSON.stringify(CACHE)}] })] };
`;
  await writeFile(join(around, 'vite.config.mjs'), config);
  const words = [join(root, 'node_modules/vite/bin/vite.js'), 'build'];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: around });
  const [, way = '', path = ''] = /^Try it: cd (\S+) && npx wrangler dev -c (\S+)$/m.exec(stdout) ?? [];
  expect(await readdir(dirname(join(around, way, path)))).toContain('wrangler.json');
});

test('a build fails with the Worker', async () => {
  const folder = await project(false);
  await writeFile(join(folder, 'src/entry.py'), 'import nothing_like_it\n');
  await expect(build({ ...quiet, root: folder, plugins: plugins() })).rejects.toThrow(
    'pinwheel build has ended with 1',
  );
});

test('wrangler vendors what changed by a custom build of one line', async () => {
  const text = await readFile(join(root, 'cli/README.md'), 'utf8');
  const [command] = /^\[build\]\ncommand = .*$/m.exec(text)!;
  const folder = await workshop.project(
    {
      'src/entry.py': await readFile(join(root, 'examples/hello/src/entry.py'), 'utf8'),
      'requirements.txt': 'first\n',
      'pyproject.toml': '[tool.pinwheel]\nfind-links = ["wheels"]\n',
    },
    `${WRANGLER}${command}\n`,
  );
  await mkdir(join(folder, 'wheels'));
  await writeFile(join(folder, 'wheels/first-1.0-py3-none-any.whl'), makeWheel('first', '1.0'));
  await mkdir(join(folder, 'node_modules/.bin'), { recursive: true });
  await symlink(workshop.pinwheel.script, join(folder, 'node_modules/.bin/pinwheel'));
  expect(await deployDry(folder, '--outdir', 'out')).toContain('Vendored Modules');
  expect(await readFile(join(folder, 'out/python_modules/first/data.bin'), 'utf8')).toBe('first');
});
