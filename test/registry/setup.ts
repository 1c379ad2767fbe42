/** One workerd runs many files, one after another: each gets a new D1 and R2, and new modules of the Worker. */
import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, vi } from 'vitest';
import { emptyStorage } from './storage-state.ts';

await applyD1Migrations(env.DB, env.MIGRATIONS);

afterAll(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await emptyStorage();
  // An isolate's state is in its modules.
  vi.resetModules();
});
