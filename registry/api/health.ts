import { drizzle } from 'drizzle-orm/d1';
import * as z from 'zod';
import type { CatalogView } from '../../resolver/index.ts';
import { RegistryStamp } from '../../resolver/schemas.ts';
import type { Bindings, Call } from '../env.ts';
import { described } from '../http/described.ts';
import { pinnedFilesOf } from '../storage/history.ts';
import { openSnapshot } from '../storage/isolate.ts';
import { signingKey } from '../storage/log-files.ts';
import { TROUBLES, troublesOfR2 } from '../storage/newest.ts';
import { operations, within } from '../storage/operations.ts';
import { countStored } from '../storage/wheels.ts';

export const Health = described(
  z.strictObject({
    status: z
      .enum(['ok', 'stale', 'degraded'])
      .describe(
        '`stale` while D1 cannot be asked, `degraded` while answers go on without some of the storage.',
      ),
    degraded: z.array(z.enum(TROUBLES)).describe('What is wrong with the storage.'),
    registry: RegistryStamp,
    files: z
      .strictObject({ pinned: z.int(), stored: z.int() })
      .nullable()
      .describe(
        'How many files the package sets pin, and how many are stored here; null if nothing could say.',
      ),
    operations: z.strictObject({ d1: z.int(), r2: z.int(), revision_checks: z.int() }),
  }),
  'Health',
);

export async function sendHealth(c: Call): Promise<Response> {
  const { head, stale, troubles } = await openSnapshot(c);
  // An invalid key is a trouble to report, like any other.
  const key = await signingKey(c.env).catch(() => undefined);
  const degraded = [...new Set([...troubles, ...(await troublesOfR2(c.env, key))])];
  const health: z.infer<typeof Health> = {
    status: stale ? 'stale' : degraded.length > 0 ? 'degraded' : 'ok',
    degraded,
    registry: head.stamp,
    files: await filesOf(c.env, head).catch(() => null),
    operations,
  };
  return Response.json(health, { headers: { 'cache-control': 'no-store' } });
}

async function filesOf(env: Bindings, view: CatalogView): Promise<z.infer<typeof Health>['files']> {
  const [files, stored] = await Promise.all([pinnedFilesOf(env, view), within(countStored(drizzle(env.DB)))]);
  return { pinned: new Set(files.map(({ sha256 }) => sha256)).size, stored };
}
