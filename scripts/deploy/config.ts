/** The options of `npm run deploy`, checked before anything is created, and the configuration that it deploys. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'smol-toml';
import { isLoopback } from '../../resolver/public-host.ts';
import { root } from '../root.ts';

export const USAGE = `npm run deploy -- [--name NAME] [--url https://HOST] [--restore FOLDER]
                  [--local [--persist FOLDER]]

  --name      of the Worker, its D1 and its R2; by default pinwheel
  --url       its public address, if that is not the one of workers.dev;
              by default the one that this clone deployed NAME with
  --restore   a backup, into a registry that has nothing yet
  --local     every step but the upload, with the D1 and R2 of this machine
  --persist   the folder of these, by default .wrangler/state`;

/** The folder of the D1 and R2 of `npm start`. */
export const PERSIST = join(root, '.wrangler/state');

/** The name of a Worker, a database and a bucket, of which buckets allow the least. */
const NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** Throws an error about the first option that is wrong. */
export function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      name: { type: 'string', default: 'pinwheel' },
      url: { type: 'string' },
      /** The folder of a backup. */
      restore: { type: 'string' },
      local: { type: 'boolean', default: false },
      /** With `local`, the folder of this machine's D1 and R2. */
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

export type Options = ReturnType<typeof readOptions>;

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'https:' || url.href !== `${url.origin}/` || isLoopback(url.origin)) {
    throw new Error('--url is the public address, such as https://registry.example, without a path.');
  }
  return url.origin;
}

/** The configuration that `npm run deploy` deployed last. */
export const DEPLOYED = join(root, '.wrangler/pinwheel/wrangler.json');
/** The configuration of `--local`, which knows no account. */
export const LOCAL = join(root, '.wrangler/pinwheel/local.json');

export interface Deployment {
  /** The name of the Worker, its database and its bucket. */
  name: string;
  databaseId: string;
  /** Null while it is not known: then a Worker that is deployed already keeps the one that it has. */
  publicUrl: string | null;
  /** Whether scripts on this machine use the D1 and R2 of the account. */
  remote: boolean;
}

interface Config {
  main: string;
  vars: Record<string, string>;
  d1_databases: Record<string, unknown>[];
  r2_buckets: Record<string, unknown>[];
  build: Record<string, unknown>;
  env?: Record<string, object>;
  [name: string]: unknown;
}

/** Writes it to a file below `.wrangler/`, which git ignores. @returns the file */
export async function writeConfig(deployment: Deployment, file = DEPLOYED): Promise<string> {
  const toml = parse(await readFile(join(root, 'wrangler.toml'), 'utf8')) as unknown as Config;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(configOf(toml, deployment), null, 2)}\n`);
  return file;
}

/** The address with which a Worker of this name was deployed last, if this clone knows it. */
export async function deployedUrl(name: string, file = DEPLOYED): Promise<string | undefined> {
  const last = await readFile(file, 'utf8')
    .then((text) => JSON.parse(text) as { name: string; vars: Record<string, string> })
    .catch(() => null);
  return last?.name === name ? last.vars.PUBLIC_URL : undefined;
}

/** The settings of `production` override the common ones. */
export function configOf(
  { env = {}, ...base }: Config,
  { name, databaseId, publicUrl, remote }: Deployment,
): object {
  const production: { vars?: Record<string, string> } = env.production ?? {};
  const { PUBLIC_URL: _, ...vars } = { ...base.vars, ...production.vars };
  const [database, bucket] = [base.d1_databases[0]!, base.r2_buckets[0]!];
  return {
    ...base,
    ...production,
    name,
    main: join(root, base.main),
    build: { ...base.build, cwd: root },
    vars: { ...vars, ...(publicUrl === null ? {} : { PUBLIC_URL: publicUrl }) },
    ...(publicUrl === null ? { keep_vars: true } : {}),
    d1_databases: [
      {
        ...database,
        database_name: name,
        database_id: databaseId,
        migrations_dir: join(root, String(database.migrations_dir)),
        ...(remote ? { remote: true } : {}),
      },
    ],
    r2_buckets: [{ ...bucket, bucket_name: name, ...(remote ? { remote: true } : {}) }],
  };
}
