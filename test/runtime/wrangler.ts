/** wrangler on a built Worker, as people run it: from the folder of the project. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unstable_startWorker } from 'wrangler';
import { root } from '../../scripts/root.ts';
import type { Workshop } from './project.ts';

/** Of a folder in which `npx pinwheel` is the installed command. */
export async function environmentOf(folder: string, { pinwheel }: Workshop): Promise<NodeJS.ProcessEnv> {
  const bin = join(folder, 'node_modules/.bin');
  await mkdir(bin, { recursive: true });
  await symlink(pinwheel.script, join(bin, 'pinwheel')).catch(() => {});
  return {
    ...process.env,
    XDG_CACHE_HOME: join(root, '.cache/xdg'),
    WRANGLER_SEND_METRICS: 'false',
    // Tests are run with less.
    WRANGLER_LOG: 'log',
    NO_COLOR: '1',
  };
}

export type ServedByWrangler = Awaited<ReturnType<typeof unstable_startWorker>>;

/** Serves the built Worker of a project, with the bindings that wrangler has on this machine. */
export async function serveByWrangler(folder: string): Promise<ServedByWrangler> {
  const config = join(folder, 'dist/worker/wrangler.json');
  // It is built already.
  const { build: _, ...settings } = JSON.parse(await readFile(config, 'utf8'));
  await writeFile(config, JSON.stringify(settings));
  const persist = join(folder, 'state');
  const worker = await unstable_startWorker({ config, dev: { persist, watch: false, logLevel: 'error' } });
  await worker.ready;
  return worker;
}

/** Runs wrangler. Returns what it prints. */
export async function wrangler(folder: string, workshop: Workshop, ...words: string[]): Promise<string> {
  const env = await environmentOf(folder, workshop);
  const script = join(root, 'node_modules/wrangler/bin/wrangler.js');
  const options = { cwd: folder, env, maxBuffer: 1 << 24 };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...words], options);
  return `${stdout}${stderr}`;
}

export function deployDry(folder: string, workshop: Workshop, ...words: string[]): Promise<string> {
  return wrangler(folder, workshop, 'deploy', '--dry-run', ...words);
}
