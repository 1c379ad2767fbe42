/** One workerd runs many files, one after another: each gets a new D1 and R2, and new modules of the Worker. */
import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, vi } from 'vitest';

await applyD1Migrations(env.DB, env.MIGRATIONS);

afterAll(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await Promise.all([emptyTables(), emptyBucket()]);
  // An isolate's state is in its modules.
  vi.resetModules();
});

async function emptyTables(): Promise<void> {
  const { results } = await env.DB.prepare(
    `select name from sqlite_master where type = 'table'
     and not (name glob 'sqlite_*' or name glob '_cf_*' or name = 'd1_migrations')`,
  ).all<{ name: string }>();
  await env.DB.batch([
    env.DB.prepare('pragma defer_foreign_keys = on'),
    ...results.map(({ name }) => env.DB.prepare(`delete from ${name}`)),
  ]);
}

async function emptyBucket(): Promise<void> {
  const { objects, truncated } = await env.STORE.list();
  await env.STORE.delete(objects.map(({ key }) => key));
  if (truncated) await emptyBucket();
}
