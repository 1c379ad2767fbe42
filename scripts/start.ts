/** `npm start`: runs the registry on this machine with real data. `HOST` and `PORT` say where it listens. */
import { join } from 'node:path';
import { startLocalRegistry } from './local-registry.ts';
import { root } from './root.ts';

const host = process.env.HOST ?? '127.0.0.1';
const port = Number(process.env.PORT ?? 8787);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`pinwheel: PORT is "${process.env.PORT}", but has to be a number from 0 to 65535.`);
  process.exit(2);
}

const started = performance.now();
const terminal = process.stderr.isTTY;
const progress = (step: string) =>
  process.stderr.write(terminal ? `\r\x1b[2K${step}…` : `pinwheel: ${step}…\n`);

const registry = await startLocalRegistry({
  host,
  port,
  persist: join(root, '.wrangler/state/v3'),
  onProgress: progress,
}).catch((error: Error) => {
  const inUse = /address already in use|EADDRINUSE/i.test(error.message);
  console.error(
    inUse
      ? `\npinwheel: ${host}:${port} is in use. Stop what listens there, or choose another port: PORT=8788 npm start`
      : `\npinwheel: the registry could not be started: ${error.message}`,
  );
  process.exit(1);
});
if (terminal) process.stderr.write('\r\x1b[2K');

const seconds = ((performance.now() - started) / 1000).toFixed(1);
const { origin } = registry.url;
console.log(`The registry is up after ${seconds} s (Ctrl-C stops it).

  Packages   ${origin}/packages
  API        ${origin}/openapi.json

  curl '${origin}/v1/resolve?date=2025-11-02&flag=python_workers&requirement=fastapi'
`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void registry.stop().then(() => process.exit(0)));
}
