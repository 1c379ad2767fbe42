import { OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { CatalogView } from '../../resolver/compatibility/view.ts';
import type { Env } from '../env.ts';
import { openSnapshot, type Snapshot } from '../storage/isolate.ts';
import { problem, problemOf } from './problem.ts';
import { etagOf, reply } from './reply.ts';

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

export function snapshotFor(c: Context<Env>): Promise<Snapshot> {
  return openSnapshot(c.env, (work) => c.executionCtx.waitUntil(work));
}

/** Answers from the catalog at the revision that was asked for. */
export async function replyFromView(
  c: Context<Env>,
  revision: number | undefined,
  answer: (view: CatalogView) => object | Response | Promise<object | Response>,
): Promise<Response> {
  const snapshot = await snapshotFor(c);
  const view = snapshot.view(revision);
  if (!view.ok) return problemOf(view.faults);
  const value = await answer(view.value);
  if (value instanceof Response) return value;
  return reply(c, {
    body: JSON.stringify(value),
    etag: etagOf(c, view.value.stamp.digest),
    immutable: revision !== undefined,
    stale: snapshot.stale,
  });
}
