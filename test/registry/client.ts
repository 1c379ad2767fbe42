import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { Bindings } from '../../registry/env.ts';
import worker from '../../registry/worker.ts';

/** Asks the Worker, by default with the real bindings, and waits for its `waitUntil`. */
export async function ask(path: string, init?: RequestInit, bindings: Bindings = env): Promise<Response> {
  const context = createExecutionContext();
  const url = path.startsWith('http') ? path : `https://pinwheel.test${path}`;
  const response = await worker.fetch(new Request(url, init), bindings, context);
  await waitOnExecutionContext(context);
  return response;
}

/** The JSON of an answer, with the caller's type. */
export async function askJson<Answer>(path: string, init?: RequestInit): Promise<Answer> {
  return (await ask(path, init)).json<Answer>();
}

export function post(body: unknown): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** A binding of which every use fails. */
export function gone(what: string): never {
  const fail = () => {
    throw new Error(`${what} is gone`);
  };
  return new Proxy({}, { get: () => fail }) as never;
}
