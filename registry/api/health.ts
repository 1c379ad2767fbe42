import { z } from '@hono/zod-openapi';
import { RegistryStamp } from '../../resolver/answer.ts';
import { createApi, snapshotFor } from '../http/app.ts';
import { readRoute } from '../http/routes.ts';
import { operations } from '../storage/operations.ts';

const route = readRoute({
  path: '/healthz',
  tag: 'Operation',
  summary: 'Whether the registry can answer, and how often this isolate went to storage for it',
  answer: z
    .strictObject({
      status: z.enum(['ok', 'stale']),
      registry: RegistryStamp,
      operations: z.strictObject({ d1: z.int(), r2: z.int(), revision_checks: z.int() }),
    })
    .openapi('Health'),
});

export const healthApi = createApi();

healthApi.openapi(route, async (c) => {
  const snapshot = await snapshotFor(c);
  const view = snapshot.view(undefined);
  if (!view.ok) throw new Error('the newest revision cannot be viewed');
  const status = snapshot.stale ? ('stale' as const) : ('ok' as const);
  return c.json({ status, registry: view.value.stamp, operations }, 200, { 'cache-control': 'no-store' });
});
