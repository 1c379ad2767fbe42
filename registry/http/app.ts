import { OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { getQueryParams } from 'hono/utils/url';
import type { CatalogView } from '../../resolver/compatibility/view.ts';
import type { Call, Env } from '../env.ts';
import { openSnapshot, type Snapshot } from '../storage/isolate.ts';
import { problem, problemOf } from './problem.ts';
import { endOfToday } from './question.ts';
import { replyReadily } from './ready.ts';
import { etagOf } from './reply.ts';

/** A Hono app whose validation failures are problem documents. */
export function createApi(): OpenAPIHono<Env> {
  return new OpenAPIHono<Env>({
    defaultHook: (result) => (result.success ? undefined : invalid(result.error)),
  });
}

function invalid(error: z.core.$ZodError): Response {
  const errors = error.issues.map((issue) => {
    const where = issue.path.map(String).join('.') || 'The request';
    return { code: 'invalid_parameter', message: `${where}: ${issue.message}`, fix: 'See /openapi.json.' };
  });
  return problem('invalid_question', errors.map((one) => one.message).join(' '), errors);
}

/** The query of a request, read by its schema, or the refusal: what routes otherwise have a middleware for. */
export function readQuery<Schema extends z.ZodType>(
  c: Pick<Call, 'req'>,
  schema: Schema,
): z.infer<Schema> | Response {
  const given = Object.entries(getQueryParams(c.req.url) as Record<string, string[]>);
  const query = Object.fromEntries(given.map(([name, all]) => [name, all.length === 1 ? all[0] : all]));
  const outcome = schema.safeParse(query);
  return outcome.success ? outcome.data : invalid(outcome.error);
}

export function snapshotFor(c: Call): Promise<Snapshot> {
  return openSnapshot(c.env, c.executionCtx);
}

/** Answers from the catalog at the revision that was asked for. */
export async function replyFromView(
  c: Context<Env>,
  revision: number | undefined,
  answer: (view: CatalogView) => object | Response | Promise<object | Response>,
): Promise<Response> {
  const until = endOfToday();
  const snapshot = await snapshotFor(c);
  const view = snapshot.view(revision);
  if (!view.ok) return problemOf(view.issues);
  const value = await answer(view.value);
  if (value instanceof Response) return value;
  const given = {
    body: JSON.stringify(value),
    etag: etagOf(c, view.value.stamp.digest),
    immutable: revision !== undefined,
    stale: snapshot.stale,
  };
  return replyReadily(c, given, snapshot, until);
}
