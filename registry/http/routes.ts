import { createRoute, z } from '@hono/zod-openapi';
import { Problem } from './problem.ts';

interface ReadRoute<Path extends string, Query extends z.ZodObject, Params extends z.ZodObject> {
  path: Path;
  tag: string;
  summary: string;
  query?: Query;
  params?: Params;
  answer: z.ZodType;
}

const none = z.object({});

/** A GET route of the API: every one answers JSON, or a problem document. */
export function readRoute<
  Path extends string,
  Query extends z.ZodObject = typeof none,
  Params extends z.ZodObject = typeof none,
>({ path, tag, summary, query, params, answer }: ReadRoute<Path, Query, Params>) {
  return createRoute({
    method: 'get',
    path,
    tags: [tag],
    summary,
    // Only what is given is validated, at some microseconds a piece.
    request: { ...(query ? { query } : {}), ...(params ? { params } : {}) } as {
      query: Query;
      params: Params;
    },
    responses: {
      200: { description: summary, content: { 'application/json': { schema: answer } } },
      304: notModified,
      default: refusal,
    },
  });
}

export const notModified = { description: 'The answer is the one that `If-None-Match` names' };

export const refusal = {
  description: 'A refusal',
  content: { 'application/problem+json': { schema: Problem } },
};
