/** The deployed configuration: that of wrangler.toml, with the values of a deployment. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { root } from '../root.ts';

export interface Deployment {
  /** Of the Worker, its database and its bucket. */
  name: string;
  databaseId: string;
  /** Null before the first deployment: then the Worker answers only local requests. */
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

/** Writes it below `.wrangler/`, which git ignores. @returns the file's path */
export async function writeConfig(deployment: Deployment): Promise<string> {
  const toml = parse(await readFile(join(root, 'wrangler.toml'), 'utf8')) as unknown as Config;
  const folder = join(root, '.wrangler/pinwheel');
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'wrangler.json');
  await writeFile(file, `${JSON.stringify(configOf(toml, deployment), null, 2)}\n`);
  return file;
}

/** The settings of `production` override the common ones. */
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
