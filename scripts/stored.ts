/** D1 and R2 of a registry, for commands that work on them without its Worker. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { explained } from './deploy/wrangler.ts';
import { root, stateFolder } from './root.ts';

export interface Stored {
  DB: D1Database;
  STORE: R2Bucket;
}

/** The options that say which registry: this machine's by its folder, or whatever a configuration binds. */
export const STORED_OPTIONS = {
  config: { type: 'string' },
  persist: { type: 'string', default: stateFolder },
} as const;

interface Which {
  config?: string | undefined;
  persist?: string | undefined;
}

/** Opens D1 and R2: by default those of this machine, in the folder `persist`. The caller disposes of them. */
export async function openStored({ config = join(root, 'wrangler.toml'), persist }: Which) {
  // Imported here: usage and missing files are told before wrangler is read.
  const { getPlatformProxy } = await import('wrangler');
  return getPlatformProxy<Stored & Record<string, unknown>>({
    configPath: config,
    ...(persist === undefined ? {} : { persist: { path: persist } }),
  });
}

/** Calls `use` with a registry's D1 and R2. A failure ends the process with one line and exit code 1. */
export async function withStored(which: Which, use: (stored: Stored) => Promise<void>): Promise<void> {
  const { config } = which;
  try {
    await access(config ?? root).catch(() => {
      throw new Error(`There is no ${config}. npm run deploy writes the configuration of what it deploys.`);
    });
    const { env, dispose } = await openStored(which);
    await use(env).finally(dispose);
  } catch (error) {
    console.error(`pinwheel: ${explained(inOneLine((error as Error).message))}`);
    process.exitCode = 1;
  }
}

/** Removes the stack of workerd, which prints its reason itself. */
function inOneLine(message: string): string {
  const problem = 'workerd could not use the storage on this machine, for the reason above.';
  const fix = 'If another program is writing to it, such as npm start, run this again when that is done.';
  return message.replace(/(D1_ERROR: [^\n]*)?internal error; reference = .*/s, `${problem} ${fix}`);
}
