/// <reference path="../pages/assets/text.d.ts" />
import openapi from '../../.cache/openapi.txt';
import { etagOf, reply } from './reply.ts';
import type { Route } from './route.ts';

/** The OpenAPI document that `registry/describe.ts` generates, with the address of the API. */
export const openApiRoute: Route = {
  ...{ method: 'get', path: '/openapi.json', access: 'everyone', caching: 'revision' },
  operations: [],
  respond(c) {
    const servers = JSON.stringify([{ url: c.env.PUBLIC_URL }]);
    const body = `${openapi.slice(0, -1)},"servers":${servers}}`;
    return reply(c, { body, etag: etagOf(c, 'openapi'), immutable: false });
  },
};

/** The document without the address of the API. */
export function readDescription(): object {
  return JSON.parse(openapi);
}
