/** The options of `npm run deploy`. They are checked before anything is created. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isLoopback } from '../../resolver/client/address.ts';
import { root } from '../root.ts';

export const USAGE = `npm run deploy -- [--name NAME] [--url https://HOST] [--restore FOLDER]
                  [--local [--persist FOLDER]]

  --name      of the Worker, its D1 and its R2; by default pinwheel
  --url       its public address, if that is not the one of workers.dev;
              by default the one that this clone deployed NAME with
  --restore   a backup, into a registry that has nothing yet
  --local     every step but the upload, with the D1 and R2 of this machine
  --persist   the folder of these, by default .wrangler/state`;

export interface Options {
  name: string;
  url: string | undefined;
  /** The folder of a backup. */
  restore?: string | undefined;
  local: boolean;
  /** With `local`, the folder of this machine's D1 and R2. */
  persist: string;
}

/** Where `npm start` has its own. */
export const PERSIST = join(root, '.wrangler/state');

/** Of a Worker, a database and a bucket: the last ones allow the least. */
const NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** Throws an error about the first option that is wrong. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      name: { type: 'string', default: 'pinwheel' },
      url: { type: 'string' },
      restore: { type: 'string' },
      local: { type: 'boolean', default: false },
      persist: { type: 'string' },
    },
  });
  const { name, url, restore, local, persist } = values;
  const empty = Object.entries(values).find(([, value]) => value === '');
  if (empty) throw new Error(`--${empty[0]} is empty.`);
  if (!NAME.test(name)) {
    throw new Error(
      '--name has from 3 to 63 lowercase letters, digits and dashes, with no dash at its ends.',
    );
  }
  if (persist !== undefined && !local) throw new Error('--persist needs --local.');
  return { name, url: url && originOf(url), restore, local, persist: persist ?? PERSIST };
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'https:' || url.href !== `${url.origin}/` || isLoopback(url.origin)) {
    throw new Error('--url is the public address, such as https://registry.example, without a path.');
  }
  return url.origin;
}
