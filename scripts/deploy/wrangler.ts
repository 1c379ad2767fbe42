/** Runs wrangler. Returns what it prints, or throws it as an error. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withScratch } from '../../cli/common/folders.ts';
import { root } from '../root.ts';

/** No prompts: this script decides. */
const QUIET = { CI: '1', NO_COLOR: '1', FORCE_COLOR: '0', WRANGLER_SEND_METRICS: 'false' };

export function wrangler(args: readonly string[], input?: string, more = {}): string {
  const { status, stdout, stderr, error } = spawnSync(join(root, 'node_modules/.bin/wrangler'), args, {
    cwd: root,
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
    env: { ...process.env, ...QUIET, ...more },
  });
  if (error) throw error;
  if (status === 0) return stdout;
  throw new Error(
    explained(`wrangler ${args.slice(0, 3).join(' ')} failed:\n${`${stdout}${stderr}`.trim()}`),
  );
}

/** Replaces wrangler's error about a missing account, whose proposal would use a temporary one. */
export function explained(message: string): string {
  const noAccount =
    'wrangler has no access to an account of Cloudflare. Run npx wrangler login, or set CLOUDFLARE_API_TOKEN.';
  return message.includes("it's necessary to set a CLOUDFLARE_API_TOKEN") ? noAccount : message;
}

/** Deploys, and returns the addresses of the Worker. */
export function deployWorker(args: readonly string[]): Promise<string[]> {
  return withScratch(tmpdir(), 'pinwheel-deploy-', async (folder) => {
    const file = join(folder, 'output.ndjson');
    wrangler(['deploy', ...args], undefined, { WRANGLER_OUTPUT_FILE_PATH: file });
    return targetsOf(readFileSync(file, 'utf8'));
  });
}

/** The addresses in wrangler's report of a deployment, which has one JSON object on each line. */
export function targetsOf(output: string): string[] {
  const entries = output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { type: string; targets?: string[] });
  const targets = entries.flatMap(({ type, targets }) => (type === 'deploy' ? (targets ?? []) : []));
  return targets.filter((target) => target.startsWith('https://'));
}
