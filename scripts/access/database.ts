/** An operator's access to the D1 of a registry, on this machine or deployed, through wrangler. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { getPlatformProxy } from 'wrangler';
import { root } from '../root.ts';

export interface Database {
  query<Row>(sql: string, ...values: (string | null)[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** The D1 of `npm start`, in the folder `PINWHEEL_STATE`. */
export async function openLocal(
  path = process.env.PINWHEEL_STATE ?? join(root, '.wrangler/state/v3'),
): Promise<Database> {
  const { env, dispose } = await getPlatformProxy<{ DB: D1Database }>({
    configPath: join(root, 'wrangler.toml'),
    persist: { path },
  });
  return {
    query: async <Row>(sql: string, ...values: (string | null)[]) =>
      (
        await env.DB.prepare(sql)
          .bind(...values)
          .all<Row>()
      ).results,
    close: dispose,
  };
}

/** The D1 of a deployment, in wrangler's account; `environment` as in wrangler.toml. */
export function openRemote(environment: string | undefined): Database {
  const options = [
    'd1',
    'execute',
    'DB',
    '--remote',
    '--json',
    ...(environment === undefined ? [] : ['--env', environment]),
  ];
  return {
    async query<Row>(sql: string, ...values: (string | null)[]) {
      const command = [...options, '--command', withValues(sql, values)];
      const script = join(root, 'node_modules/wrangler/bin/wrangler.js');
      const { stdout } = await promisify(execFile)(process.execPath, [script, ...command], { cwd: root });
      return (JSON.parse(stdout) as { results: Row[] }[])[0]!.results;
    },
    close: async () => {},
  };
}

/** Replaces each `?` by its value, as a literal of SQL. */
export function withValues(sql: string, values: readonly (string | null)[]): string {
  const rest = [...values];
  return sql.replaceAll('?', () => {
    const value = rest.shift();
    if (value === undefined) throw new Error(`too few values for ${sql}`);
    return value === null ? 'null' : `'${value.replaceAll("'", "''")}'`;
  });
}
