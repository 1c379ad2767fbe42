/** A plugin for Vite: a Python Worker beside a client, by the `dev` and `build` of this package. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Connect, HttpProxy, Plugin, ProxyOptions } from 'vite';
import { packageFile } from '../common/package-root.ts';

/** Which project the plugin serves and builds. */
export interface ViteOptions {
  /** The folder of its wrangler file, from Vite's root: by default the root. */
  folder?: string;
  /** Options of `pinwheel dev` and `pinwheel build`, such as `['--env', 'staging']`. Paths are from the current folder. */
  options?: readonly string[];
}

const PROGRAM = fileURLToPath(packageFile('dist/pinwheel.js'));
const NO_CLIENT = 'virtual:pinwheel-no-client';
/** The context of Vite's proxies that has every path. It comes after those of the project. */
const ANY_PATH = '^';

/**
 * Serves a Python Worker beside Vite's dev server, which sends it what is no file of the client, and builds it after
 * the client. Without an `index.html`, there is only the Worker. Unless set otherwise, the client is an `mpa`, whose
 * unknown paths are the Worker's, and is built into `dist/client`.
 * @example
 * ```ts
 * import { pinwheel } from 'pinwheel-py/vite';
 * const config = { plugins: [pinwheel({ folder: 'worker' })] };
 * config.plugins[0]?.name; // → 'pinwheel-py'
 * ```
 */
export function pinwheel({ folder = '', options = [] }: ViteOptions = {}): Plugin {
  let home = folder;
  let isBuild = false;
  let client: string | null = null;
  let port = 0;
  let toWorker: HttpProxy.ProxyServer;
  /** Whether the Worker listens, once that is known. */
  let ready: Promise<boolean> | undefined;
  const proxy: ProxyOptions = {
    ws: true,
    configure(made) {
      toWorker = made;
    },
    // Other requests are the Worker's if Vite itself has nothing for them. Before Vite 6, no promise may say so.
    bypass(request, response) {
      if (response || request.headers['sec-websocket-protocol']?.startsWith('vite-')) return request.url;
      // A connection that breaks off would end Vite.
      request.socket.on('error', () => request.socket.destroy());
      return ready?.then((isReady) => (isReady ? undefined : false));
    },
  };
  // In the current folder, from which the commands that it prints are right.
  const start = (command: string, ...words: string[]) =>
    spawn(process.execPath, [PROGRAM, command, home, ...options, ...words], {
      // By the last, `dev` ends however Vite does.
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
  return {
    name: 'pinwheel-py',
    async config({ root = '', appType = 'mpa', build }) {
      port = await freePort();
      const hasClient = existsSync(resolve(root, 'index.html')) || build?.rollupOptions?.input !== undefined;
      const built = { outDir: build?.outDir ?? join('dist', 'client') };
      return {
        appType,
        server: { proxy: { [ANY_PATH]: { ...proxy, target: `http://127.0.0.1:${port}` } } },
        build: hasClient ? built : { write: false, rollupOptions: { input: NO_CLIENT } },
      };
    },
    configResolved({ root, command, build }) {
      home = resolve(root, folder);
      isBuild = command === 'build';
      client = build.write ? resolve(root, build.outDir) : null;
    },
    resolveId: (id) => (id === NO_CLIENT ? id : undefined),
    load: (id) => (id === NO_CLIENT ? 'export {};' : undefined),
    configureServer({ middlewares, httpServer }) {
      // wrangler does not start without the folder of its assets. Vite itself serves the client.
      if (client !== null) mkdirSync(client, { recursive: true });
      const worker = start('dev', '--ip', '127.0.0.1', '--port', String(port));
      const stop = () => void worker.kill();
      process.once('exit', stop);
      httpServer?.once('close', stop);
      worker.once('exit', () => process.removeListener('exit', stop));
      ready = listens(port, worker);
      return () =>
        middlewares.use(async (request, response, next) => {
          // Vite has made it the path of a page of the client.
          if (/\.html(?:\?|$)/.test(request.url!) && request.url !== pathOf(request)) return next();
          if (!(await ready))
            return response.writeHead(502).end('pinwheel dev has ended: the terminal of Vite says why.\n');
          request.url = pathOf(request);
          toWorker.web(request, response);
        });
    },
    async closeBundle() {
      // Vite's dev server calls this, too, when it ends.
      if (!isBuild) return;
      const [code] = await once(start('build'), 'exit');
      if (code !== 0) throw new Error(`pinwheel build has ended with ${code}`);
    },
  };
}

/** Vite changes `url`, and keeps what was asked. */
const pathOf = ({ originalUrl, url }: Connect.IncomingMessage) => originalUrl ?? url!;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** False if the Worker's process ends before it listens. */
async function listens(port: number, worker: ChildProcess): Promise<boolean> {
  while (worker.exitCode === null && worker.signalCode === null) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return true;
    await pause(100);
  }
  return false;
}
