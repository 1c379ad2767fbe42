/** The start of Python, which all events of an isolate share. */
import { readableTraceback } from '../traceback.ts';
import { type Context, Event, loop } from './event.ts';
import { PythonEnded, whileAlive } from './lifetime.ts';
import { type Python, start } from './start.ts';

export type Env = Record<string, unknown>;

let started: Promise<Python> | undefined;

/** Starts Python once for all events, and again if that failed or Python ended. */
function pythonOf(env: Env): Promise<Python> {
  if (started) return started;
  const forget = () => {
    started = undefined;
    loop.end();
  };
  const begun = start(env, forget);
  started = begun;
  begun.catch(forget);
  return begun;
}

/**
 * Passes an event to Python, and lasts until its tasks are done, also if the client disconnects. Throws Python's
 * exception, with a traceback of the project's lines.
 * @param kind of the event, or the name of the method
 */
export async function withPython(
  kind: string,
  env: Env,
  context: Context,
  subject: unknown,
  use: (python: Python, event: number) => Promise<unknown>,
): Promise<unknown> {
  waitForCoroutines(context);
  const event = new Event(context);
  const signal = subject instanceof Request ? subject.signal : undefined;
  try {
    return await event.enter(async () => {
      const python = await pythonOf(env);
      if (signal?.aborted) return nobody();
      signal?.addEventListener('abort', () => event.leave(), { once: true });
      const result = await whileAlive(() => use(python, event.id));
      return signal?.aborted ? nobody() : result;
    });
  } catch (error) {
    if (signal?.aborted) return nobody();
    // The log has the error already.
    if (error instanceof PythonEnded && kind === 'fetch') return new Response(error.message, { status: 500 });
    throw readable(error);
  } finally {
    event.handled();
  }
}

/** The answer to a client that has disconnected. */
const nobody = () => new Response(null, { status: 499 });

/** @param kind of the event, such as `fetch` */
export function handle(kind: string, subject: unknown, env: Env, context: Context): Promise<unknown> {
  return withPython(kind, env, context, subject, (python, event) =>
    python.handle.callPromising(kind, subject, env, context, event),
  );
}

/**
 * Lets `ctx.waitUntil` take a coroutine. Pyodide destroys its proxy when the call returns, so the coroutine has to
 * start during the call.
 */
function waitForCoroutines(context: Context): void {
  if (Object.hasOwn(context, 'waitUntil')) return;
  const wait = context.waitUntil.bind(context);
  const value = (awaitable: PromiseLike<unknown>) =>
    wait(
      whileAlive(() => awaitable).catch((error) => {
        // The error is in the log already.
        if (error instanceof PythonEnded) return;
        const failure = readable(error);
        // The response has been sent, so only the log can show this.
        console.error(failure instanceof Error ? failure.stack : failure);
        throw failure;
      }),
    );
  Object.defineProperty(context, 'waitUntil', { value });
}

function readable(error: unknown): unknown {
  return error instanceof Error && error.name === 'PythonError' ? withReadableTraceback(error) : error;
}

/** Logs show the stack, in which Pyodide's own functions would follow the traceback. */
function withReadableTraceback({ message }: Error): Error {
  const readable = new Error(readableTraceback(message));
  readable.name = 'PythonError';
  readable.stack = `PythonError: ${readable.message}`;
  return readable;
}
