import * as z from 'zod';
import { RegistryStamp } from '../../resolver/schemas.ts';
import type { Call } from '../env.ts';
import { described } from '../http/described.ts';
import { openSnapshot } from '../storage/isolate.ts';
import { signingKey } from '../storage/log-files.ts';
import { TROUBLES, troublesOfR2 } from '../storage/newest.ts';
import { operations } from '../storage/operations.ts';

export const Health = described(
  z.strictObject({
    status: z
      .enum(['ok', 'stale', 'degraded'])
      .describe(
        '`stale` while D1 cannot be asked, `degraded` while answers go on without some of the storage.',
      ),
    degraded: z.array(z.enum(TROUBLES)).describe('What is wrong with the storage.'),
    registry: RegistryStamp,
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
    operations,
  };
  return Response.json(health, { headers: { 'cache-control': 'no-store' } });
}
