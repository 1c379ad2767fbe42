/** The deployed configuration: that of wrangler.toml, with the values of a deployment. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'smol-toml';
import { root } from '../root.ts';

/** The configuration that `npm run deploy` deployed last. */
export const DEPLOYED = join(root, '.wrangler/pinwheel/wrangler.json');
/** That of `--local`, which knows no account. */
export const LOCAL = join(root, '.wrangler/pinwheel/local.json');

export interface Deployment {
  /** Of the Worker, its database and its bucket. */
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
