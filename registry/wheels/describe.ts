import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Env } from '../env.ts';
import { refusal } from '../http/routes.ts';

const params = z.object({
  sha256: z.string().openapi({ example: '64'.repeat(32) }),
  filename: z.string().openapi({ example: 'httpx-0.28.1-py3-none-any.whl' }),
});

const unchanged = { description: 'The bytes are those that `If-None-Match` names' };

/** Puts the routes into the API's description; requests are not validated by it. */
export function describeWheels(api: OpenAPIHono<Env>): void {
  api.openAPIRegistry.registerPath(
    createRoute({
      method: 'get',
      path: '/wheels/{sha256}/{filename}',
      tags: ['Wheels'],
      summary: 'A file that some package set pins, by its SHA-256; with `Range`, a part of it',
      request: { params },
      responses: {
        200: { description: 'All of it', content: { 'application/octet-stream': { schema: z.any() } } },
        206: { description: 'One range', content: { 'application/octet-stream': { schema: z.any() } } },
        304: unchanged,
        default: refusal,
      },
    }),
  );
  api.openAPIRegistry.registerPath(
    createRoute({
      method: 'get',
      path: '/wheels/{sha256}/{filename}.metadata',
      tags: ['Wheels'],
      summary: 'The METADATA of a wheel (PEP 658)',
      request: { params },
      responses: {
        200: { description: 'As it is in the wheel', content: { 'text/plain': { schema: z.string() } } },
        304: unchanged,
        default: refusal,
      },
    }),
  );
}
