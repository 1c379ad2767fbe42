/** The start of Python, which all events of an isolate share. */
import { readableTraceback } from '../traceback.ts';
import { type Context, Event, loop } from './event.ts';
import { PythonEnded, whileAlive } from './lifetime.ts';
import { type Python, start } from './start.ts';

export type Env = Record<string, unknown>;

/** Microtasks that a call of Python takes if it waits for nothing; from Pyodide 314 on, it begins after the first. */
const MICROTASKS = 8;

let started: Promise<Python> | undefined;
let ready: Python | undefined;

/** Starts Python once for all events, and again if that failed or Python ended. */
function pythonOf(env: Env): Promise<Python> {
  if (started) return started;
  const forget = () => {
    started = ready = undefined;
    loop.end();
  };
  const begun = start(env, forget);
  started = begun;
  begun.then((python) => {
    if (started === begun) ready = python;
  }, forget);
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
  const event = new Event(context, subject instanceof Request ? subject : null);
  try {
    return await event.enter(async () => {
      if (!ready) event.last();
      const python = ready ?? (await pythonOf(env));
      if (event.hasLeft) return nobody();
      const result = whileAlive(() => use(python, event.id));
      if (!(await settlesSoon(result))) event.last();
      await result;
      return event.hasLeft ? nobody() : result;
    });
  } catch (error) {
    if (event.hasLeft) return nobody();
    // The log has the error already.
    if (error instanceof PythonEnded && kind === 'fetch') return new Response(error.message, { status: 500 });
    throw readable(error);
  } finally {
    event.handled();
  }
}

/** Whether it settles before anything else can happen. */
async function settlesSoon(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  const settle = () => (isSettled = true);
  promise.then(settle, settle);
  for (let at = 0; at < MICROTASKS && !isSettled; at++) await null;
  return isSettled;
}

/** The answer to a client that has disconnected. */
const nobody = () => new Response(null, { status: 499 });

/** @param kind of the event, such as `fetch` */
export function handle(kind: string, subject: unknown, env: Env, context: Context): Promise<unknown> {
  return withPython(kind, env, context, subject, (python, event) =>
    python.handle.callPromising(kind, subject, env, context, event),
  );
}

/** The prototypes of contexts: of an event's, and of a Durable Object's. */
const waiting = new WeakSet<object>();

/**
 * Lets `ctx.waitUntil` take a coroutine. Pyodide destroys its proxy when the call returns, so the coroutine has to
 * start during the call.
 */
function waitForCoroutines(context: Context): void {
  if (Object.hasOwn(context, 'waitUntil')) return;
  const prototype = Object.getPrototypeOf(context);
  if (waiting.has(prototype)) return;
  waiting.add(prototype);
  const wait = prototype.waitUntil;
  const value = function (this: Context, awaitable: PromiseLike<unknown>) {
    return wait.call(
      this,
      whileAlive(() => awaitable).catch((error) => {
        // The error is in the log already.
        if (error instanceof PythonEnded) return;
        const failure = readable(error);
        // The response has been sent, so only the log can show this.
        console.error(failure instanceof Error ? failure.stack : failure);
        throw failure;
      }),
    );
  };
  Object.defineProperty(prototype, 'waitUntil', { value });
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
