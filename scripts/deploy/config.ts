/** The configuration that is deployed: the one of wrangler.toml, with what only a deployment knows. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { root } from '../root.ts';

export interface Deployment {
  /** Of the Worker, its database and its bucket. */
  name: string;
  databaseId: string;
  /** Null before the first deployment: then the Worker refuses to answer under another host than its own machine's. */
  publicUrl: string | null;
  /** Whether D1 and R2 are those of the account when a script on this machine uses them. */
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

/** Writes it below `.wrangler/`, which is in no repository. @returns the file's path */
export async function writeConfig(deployment: Deployment): Promise<string> {
  const toml = parse(await readFile(join(root, 'wrangler.toml'), 'utf8')) as unknown as Config;
  const folder = join(root, '.wrangler/pinwheel');
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'wrangler.json');
  await writeFile(file, `${JSON.stringify(configOf(toml, deployment), null, 2)}\n`);
  return file;
}

/** What `production` says goes before what all say. */
export function configOf(
  { env = {}, ...base }: Config,
  { name, databaseId, publicUrl, remote }: Deployment,
): object {
  const production = env.production ?? {};
  const [database, bucket] = [base.d1_databases[0]!, base.r2_buckets[0]!];
  return {
    ...base,
    ...production,
    name,
    main: join(root, base.main),
    build: { ...base.build, cwd: root },
    vars: { ...base.vars, ...(publicUrl === null ? {} : { PUBLIC_URL: publicUrl }) },
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
