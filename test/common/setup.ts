/**
 * What several tests need and none changes, created once for a run. vitest's global setup listens on this machine: the
 * first request for a thing creates it, other requests wait, and a run without a request does not create it.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/root.ts';
import { ORIGIN, type Thing } from './ask.ts';
import { listen } from './listen.ts';

export default async function prepare(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'pinwheel-shared-'));
  const making = new Map<Thing, Promise<string>>();
  let stop = async () => {};

  const make: Record<Thing, () => Promise<string>> = {
    async package() {
      const { buildPackage } = await import('../../scripts/build.ts');
      const dist = join(folder, 'dist');
      await buildPackage(dist);
      return dist;
    },
    async command() {
      const command = join(folder, 'command');
      await mkdir(command);
      // The real files, from which the command finds its package.
      await cp(await made('package'), join(command, 'dist'), { recursive: true });
      for (const name of ['package.json', 'LICENSE']) await cp(join(root, name), join(command, name));
      await symlink(join(root, 'data'), join(command, 'data'));
      return command;
    },
    async installed() {
      const { packAndInstall } = await import('../package/pack.ts');
      const home = join(folder, 'installed');
      await packAndInstall(await made('package'), home);
      return home;
    },
    async state() {
      const state = join(folder, 'state');
      await (await startRegistry(state)).stop();
      return state;
    },
    async registry() {
      const own = join(folder, 'registry');
      await cp(await made('state'), own, { recursive: true });
      const registry = await startRegistry(own);
      stop = registry.stop;
      return registry.url;
    },
  };
  const made = (thing: Thing) => {
    const promise = making.get(thing) ?? make[thing]();
    making.set(thing, promise);
    return promise;
  };

  const server = await listen(async (request, response) => {
    try {
      response.end(await made(request.url!.slice(1) as Thing));
    } catch (error) {
      response.writeHead(500).end(String((error as Error).stack ?? error));
    }
  });
  process.env[ORIGIN] = server.origin;
  return async () => {
    await server.stop();
    await Promise.allSettled(making.values());
    await stop();
    await rm(folder, { recursive: true });
  };
}

/** In another process, because seeding blocks. */
async function startRegistry(state: string): Promise<{ url: string; stop(): Promise<void> }> {
  const child = fork(join(root, 'test/common/registry-host.ts'), [state], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const failed = ended.then(([code]) => {
    throw new Error(`The registry ended with ${code}; what it said is above.`);
  });
  const [url] = await Promise.race([once(child, 'message'), failed]);
  const stop = async () => {
    if (child.connected) child.disconnect();
    await ended;
  };
  return { url, stop };
}
