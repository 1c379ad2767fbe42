/** The handlers of a Worker, which pass events to Python. */
import type { Context } from './event.ts';
import { type Env, handle } from './with-python.ts';

export default {
  fetch: (request: Request, env: Env, context: Context) => handle('fetch', request, env, context),
  scheduled: (event: unknown, env: Env, context: Context) => handle('scheduled', event, env, context),
  queue: (batch: unknown, env: Env, context: Context) => handle('queue', batch, env, context),
};

export { classFor } from './classes.ts';
