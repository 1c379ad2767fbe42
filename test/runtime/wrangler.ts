/** wrangler on a built Worker, as people run it: from the folder of the project. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unstable_startWorker } from 'wrangler';
import { root } from '../../scripts/root.ts';

export const WRANGLER_ENVIRONMENT: NodeJS.ProcessEnv = {
  ...process.env,
  XDG_CACHE_HOME: join(root, '.cache/xdg'),
  WRANGLER_SEND_METRICS: 'false',
  // Tests are run with less.
  WRANGLER_LOG: 'log',
  NO_COLOR: '1',
};

export type ServedByWrangler = Awaited<ReturnType<typeof unstable_startWorker>>;

interface ServeOptions {
  logLevel?: 'error' | 'none';
  /** `unstable_startWorker` of another wrangler. */
  start?: typeof unstable_startWorker;
}

/** Serves the built Worker of a project, with the bindings that wrangler has on this machine. */
export async function serveByWrangler(
  folder: string,
  { logLevel = 'error', start = unstable_startWorker }: ServeOptions = {},
): Promise<ServedByWrangler> {
  const config = join(folder, 'dist/worker/wrangler.json');
  // By default wrangler looks for free ports from 8787 and 9229 on. Two that do so at once take the same ones, and one
  // of them waits for a workerd that has ended.
  const dev = {
    server: { hostname: '127.0.0.1', port: 0 },
    inspector: false as const,
    watch: false,
    logLevel,
  };
  const worker = await start({ config, dev: { ...dev, persist: join(folder, 'state') } });
  await worker.ready;
  return worker;
}

/** Runs wrangler in a folder that has no pinwheel. Returns what it prints. */
export async function wrangler(folder: string, ...words: string[]): Promise<string> {
  const script = join(root, 'node_modules/wrangler/bin/wrangler.js');
  const options = { cwd: folder, env: WRANGLER_ENVIRONMENT, maxBuffer: 1 << 24 };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...words], options);
  return `${stdout}${stderr}`;
}

export function deployDry(folder: string, ...words: string[]): Promise<string> {
  return wrangler(folder, 'deploy', '--dry-run', ...words);
}

/** `unstable_startWorker` of a version of wrangler, which npm installs once. */
export async function startOf(version: string): Promise<typeof unstable_startWorker> {
  const folder = join(root, '.cache/wranglers', version);
  const module = join(folder, 'node_modules/wrangler/wrangler-dist/cli.js');
  if (!existsSync(module)) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"private": true}');
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', `wrangler@${version}`], {
      cwd: folder,
    });
  }
  return (await import(module)).unstable_startWorker;
}
