/**
 * `npm start`: runs the registry on this machine with real data. It listens on `HOST` and `PORT`; `PUBLIC_URL` is its
 * address for others, if that differs, `PINWHEEL_STATE` the folder of D1 and R2, `INDEX_URL` a package index for
 * questions beyond the set, and `UPSTREAM_HOSTS` the hosts of pinned files, if they are others than those of Pyodide,
 * PyPI and Cloudflare. `WHEELS` names folders with files that sets pin, with a colon between two.
 */
import { createServer } from 'node:net';
import { delimiter, join, relative } from 'node:path';
import { isIndexUrl, WANTED } from '../registry/package-index/address.ts';
import { readSigner } from '../resolver/log/note.ts';
import { shellWord } from '../resolver/text/printable.ts';
import { showSteps } from './command.ts';
import { startLocalRegistry } from './local-registry.ts';
import { stateFolder } from './root.ts';
import { seededLines } from './seed.ts';

if (process.argv.length > 2) {
  fail(2, `npm start takes no options such as ${process.argv[2]}: choose a port with PORT=8788 npm start.`);
}
const host = process.env.HOST ?? '127.0.0.1';
const port = Number(process.env.PORT ?? 8787);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  fail(2, `PORT is "${process.env.PORT}", but has to be a number from 0 to 65535.`);
}
const publicUrl = process.env.PUBLIC_URL?.replace(/\/$/, '');
if (publicUrl && !isOrigin(publicUrl)) {
  fail(
    2,
    `PUBLIC_URL is "${publicUrl}", but has to be an address such as https://registry.example, without a path.`,
  );
}
const indexUrl = process.env.INDEX_URL || undefined;
if (indexUrl !== undefined && !isIndexUrl(indexUrl)) fail(2, `INDEX_URL has to be ${WANTED}.`);
await listenOnce().catch((error: NodeJS.ErrnoException) =>
  error.code === 'EADDRINUSE'
    ? fail(
        1,
        `${host}:${port} is in use. Stop what listens there, or choose another port: PORT=8788 npm start`,
      )
    : fail(1, `cannot listen on ${host}:${port}: ${error.message}`),
);

const steps = showSteps();
const started = performance.now();
const registry = await startLocalRegistry({
  host,
  port,
  ...(publicUrl ? { publicUrl } : {}),
  indexUrl,
  wheels: (process.env.WHEELS ?? '').split(delimiter).filter((folder) => folder !== ''),
  upstreamHosts: process.env.UPSTREAM_HOSTS || undefined,
  persist: stateFolder,
  onProgress: steps.show,
}).catch((error: Error) => fail(1, `the registry could not be started: ${error.message}`));
steps.end();

const seconds = ((performance.now() - started) / 1000).toFixed(1);
const { origin } = registry.url;
console.log(`The registry is up after ${seconds} s (Ctrl-C stops it).

  Pages      ${origin}/
  Packages   ${origin}/packages
  API        ${origin}/api

  curl '${origin}/v1/resolve?date=2025-11-02&flag=python_workers&requirement=fastapi'
`);
if ((await readSigner(registry.logKey))?.previous) {
  console.error(
    `pinwheel: the log is signed by a new key and by the one before it. Once all who verify it have asked for it, leave out the latter:
  npm run log:key -- --retire ${shellWord(relative(process.cwd(), join(stateFolder, 'log-key.txt')))}`,
  );
}
for (const line of seededLines(registry, 'Start again')) console.error(`pinwheel: ${line}`);

function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
}

/** Checks that the port is free: otherwise workerd would print a stack trace. */
function listenOnce(): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

function fail(code: number, message: string): never {
  console.error(`pinwheel: ${message}`);
  process.exit(code);
}
