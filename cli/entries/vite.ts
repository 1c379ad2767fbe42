/** A plugin for Vite: a Python Worker beside a client, by the `dev` and `build` of this package. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { type Duplex, pipeline } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Connect, Plugin } from 'vite';
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
  let proxied: string[] = [];
  // In the current folder, from which the commands that it prints are right.
  const start = (command: string, ...words: string[]) =>
    spawn(process.execPath, [PROGRAM, command, home, ...options, ...words], {
      // By the last, `dev` ends however Vite does.
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
  return {
    name: 'pinwheel-py',
    config({ root = '', appType = 'mpa', build }) {
      const hasClient = existsSync(resolve(root, 'index.html')) || build?.rollupOptions?.input !== undefined;
      const built = { outDir: build?.outDir ?? join('dist', 'client') };
      return {
        appType,
        build: hasClient ? built : { write: false, rollupOptions: { input: NO_CLIENT } },
      };
    },
    configResolved({ root, command, build, server }) {
      home = resolve(root, folder);
      isBuild = command === 'build';
      client = build.write ? resolve(root, build.outDir) : null;
      proxied = Object.keys(server.proxy ?? {});
    },
    resolveId: (id) => (id === NO_CLIENT ? id : undefined),
    load: (id) => (id === NO_CLIENT ? 'export {};' : undefined),
    async configureServer({ middlewares, httpServer }) {
      // wrangler does not start without the folder of its assets. Vite itself serves the client.
      if (client !== null) mkdirSync(client, { recursive: true });
      const port = await freePort();
      const worker = start('dev', '--ip', '127.0.0.1', '--port', String(port));
      const stop = () => void worker.kill();
      process.once('exit', stop);
      httpServer?.once('close', stop);
      worker.once('exit', () => process.removeListener('exit', stop));
      const ready = listens(port, worker);
      httpServer?.on('upgrade', async (request, socket, head) => {
        const isVites = request.headers['sec-websocket-protocol']?.startsWith('vite-');
        if (isVites || proxied.some((context) => isBelow(request.url!, context))) return;
        // One that breaks off would end Vite.
        socket.on('error', () => socket.destroy());
        if (await ready) tunnel(request, socket, head, port);
        else socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      });
      return () =>
        middlewares.use(async (request, response, next) => {
          // Vite has made it the path of a page of the client.
          if (/\.html(?:\?|$)/.test(request.url!) && request.url !== pathOf(request)) return next();
          if (await ready) return forward(request, response, port);
          response.writeHead(502).end('pinwheel dev has ended: the terminal of Vite says why.\n');
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

/** Whether a proxy of Vite's has this path. */
const isBelow = (url: string, context: string) =>
  context.startsWith('^') ? new RegExp(context).test(url) : url.startsWith(context);

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

function forward(request: Connect.IncomingMessage, response: ServerResponse, port: number): void {
  const { method, headers } = request;
  const asked = send({ host: '127.0.0.1', port, path: pathOf(request), method, headers }, (answer) => {
    response.writeHead(answer.statusCode!, answer.rawHeaders);
    answer.pipe(response);
  });
  asked.on('error', ({ message }) => response.writeHead(502).end(`The Worker does not answer: ${message}\n`));
  response.on('close', () => asked.destroy());
  request.pipe(asked);
}

/** A WebSocket: the Worker gets every byte as it was sent, and so does the client. */
function tunnel(
  { method, url, rawHeaders }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  port: number,
): void {
  const worker = connect(port, '127.0.0.1');
  const headers = rawHeaders.map((text, at) => `${text}${at % 2 === 0 ? ': ' : '\r\n'}`).join('');
  worker.write(`${method} ${url} HTTP/1.1\r\n${headers}\r\n`, 'latin1');
  worker.write(head);
  pipeline(socket, worker, socket, () => {});
}
