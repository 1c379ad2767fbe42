import { createRoute, z } from '@hono/zod-openapi';
import { RegistryStamp } from '../../resolver/answer.ts';
import { type Route, refusal } from '../http/route.ts';
import { openSnapshot } from '../storage/isolate.ts';
import { operations } from '../storage/operations.ts';

const summary = 'Whether the registry can answer, and how often this isolate went to storage for it';

const schema = z
  .strictObject({
    status: z.enum(['ok', 'stale']),
    registry: RegistryStamp,
    operations: z.strictObject({ d1: z.int(), r2: z.int(), revision_checks: z.int() }),
  })
  .openapi('Health');

export const healthRoute: Route = {
  method: 'get',
  path: '/healthz',
  operations: [
    createRoute({
      method: 'get',
      path: '/healthz',
      tags: ['Operation'],
      summary,
      responses: {
        200: { description: summary, content: { 'application/json': { schema } } },
        default: refusal,
      },
    }),
  ],
  async respond(c) {
    const { head, stale } = await openSnapshot(c);
    const health: z.infer<typeof schema> = {
      status: stale ? 'stale' : 'ok',
      registry: head.stamp,
      operations,
    };
    return Response.json(health, { headers: { 'cache-control': 'no-store' } });
  },
};
