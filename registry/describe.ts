/**
 * The OpenAPI document, generated from the routes when the Worker is built. The address of the API is added when it is
 * served.
 */
import { OpenAPIHono } from '@hono/zod-openapi';
import { DATA_LICENCES } from '../resolver/provenance.ts';
import { type OpenApi, routesIn, sampledContent } from './http/examples.ts';
import samples from './http/samples.json' with { type: 'json' };
import { routesWith } from './routes.ts';

const info = {
  title: 'Pinwheel',
  version: '1',
  description:
    'Which Pyodide and Python a Python Worker runs with its compatibility date and flags, and which packages are pinned. ' +
    DATA_LICENCES,
};

/** Such as `getSetsFlagPackages` of `GET /v1/sets/{flag}/packages`. */
function operationId(method: string, path: string): string {
  const words = path.replace(/^\/v1(?=\/)/, '').match(/[a-z0-9]+/gi) ?? [];
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

const api = new OpenAPIHono();
for (const { operations } of routesWith(() => ({}))) {
  for (const operation of operations) {
    const { method, path } = operation;
    api.openAPIRegistry.registerPath({ ...operation, operationId: operationId(method, path) });
  }
}

/** A pattern of JSON Schema is the source of a regular expression; the generator leaves its flag `u` behind it. */
function withoutFlag(key: string, value: unknown): unknown {
  return key === 'pattern' && typeof value === 'string' ? value.replace(/\/u$/, '') : value;
}

const generated = JSON.stringify(api.getOpenAPI31Document({ openapi: '3.1.0', info }), withoutFlag);
export const description = JSON.parse(generated) as OpenApi;

const answers: Record<string, unknown> = samples;
for (const route of routesIn(description)) {
  const content = sampledContent(route);
  if (content && route.operationId in answers) content[1].example = answers[route.operationId];
}
