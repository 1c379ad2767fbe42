/** The handlers of a Worker, which hand events on to Python. */
import type { PyObject } from '../pyodide.ts';
import { start } from './start.ts';

interface Context {
  waitUntil(promise: Promise<unknown>): void;
}
type Env = Record<string, unknown>;

let started: Promise<PyObject> | undefined;

/** One start for all requests, which goes on if the one that began it is gone. A failed one is tried again. */
function handlers(env: Env, context: Context): Promise<PyObject> {
  if (started) return started;
  const begun = start(Boolean(env.DEBUG));
  started = begun;
  context.waitUntil(
    begun.then(
      () => {},
      () => {},
    ),
  );
  begun.catch(() => {
    started = undefined;
  });
  return begun;
}

async function handle(kind: string, subject: unknown, env: Env, context: Context): Promise<unknown> {
  const python = await handlers(env, context);
  return python.callPromising(kind, subject, env, context);
}

export default {
  fetch: (request: Request, env: Env, context: Context) => handle('fetch', request, env, context),
  scheduled: (event: unknown, env: Env, context: Context) => handle('scheduled', event, env, context),
  queue: (batch: unknown, env: Env, context: Context) => handle('queue', batch, env, context),
};
