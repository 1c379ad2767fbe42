/** The API's description for machines, made of the routes themselves, once. */

import { OpenAPIHono } from '@hono/zod-openapi';
import { DATA_LICENCES } from '../../resolver/provenance/licences.ts';
import { etagOf, reply } from './reply.ts';
import type { Route } from './route.ts';

const info = {
  title: 'Pinwheel',
  version: '1',
  description:
    'Which Pyodide, which Python and which packages a Python Worker gets from its compatibility date and flags. ' +
    DATA_LICENCES,
};

type OpenApi = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

/** Gives the document, which does not yet say where the API is. */
export function describer(routes: readonly Route[]): () => OpenApi {
  let document: OpenApi | undefined;
  return () => {
    if (document) return document;
    const api = new OpenAPIHono();
    for (const { operations } of routes)
      for (const operation of operations) api.openAPIRegistry.registerPath(operation);
    document = api.getOpenAPI31Document({ openapi: '3.1.0', info });
    return document;
  };
}

export function openApiRoute(describe: () => OpenApi): Route {
  let body: string | undefined;
  return {
    method: 'get',
    path: '/openapi.json',
    operations: [],
    respond(c) {
      body ??= JSON.stringify({ ...describe(), servers: [{ url: c.env.PUBLIC_URL }] });
      return reply(c, { body, etag: etagOf(c, 'openapi'), immutable: false });
    },
  };
}
