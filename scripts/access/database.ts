/** An operator's access to the D1 of a registry, on this machine or deployed, through wrangler. */
import { access } from 'node:fs/promises';
import { DEPLOYED } from '../deploy/config.ts';
import { wrangler } from '../deploy/wrangler.ts';
import { stateFolder } from '../root.ts';
import { openStored } from '../stored.ts';

export interface Database {
  query<Row>(sql: string, ...values: (string | null)[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** The D1 of `npm start`, in the folder `PINWHEEL_STATE`. */
export async function openLocal(path = stateFolder): Promise<Database> {
  const { env, dispose } = await openStored({ persist: path });
  return {
    async query<Row>(sql: string, ...values: (string | null)[]) {
      const statement = env.DB.prepare(sql).bind(...values);
      const { results } = await statement.all<Row>().catch((cause: Error) => {
        if (!cause.message.includes('no such table')) throw cause;
        const fix = 'Run npm start once, or give its folder as PINWHEEL_STATE';
        throw new Error(`There is no registry in ${path}. ${fix}.`, { cause });
      });
      return results;
    },
    close: dispose,
  };
}

/** The D1 that this clone has deployed to last. */
export async function openRemote(): Promise<Database> {
  await access(DEPLOYED).catch((cause: unknown) => {
    throw new Error('This clone has deployed no registry. Run npm run deploy first: it finds its D1.', {
      cause,
    });
  });
  return {
    async query<Row>(sql: string, ...values: (string | null)[]) {
      const command = ['--config', DEPLOYED, '--remote', '--json', '--command', withValues(sql, values)];
      const answer = wrangler(['d1', 'execute', 'DB', ...command]);
      return (JSON.parse(answer) as { results: Row[] }[])[0]!.results;
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
