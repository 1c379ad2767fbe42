/** The one start of Python that all events of an isolate share. */
import { readableTraceback } from '../traceback.ts';
import { type Python, start } from './start.ts';

export interface Context {
  waitUntil(promise: Promise<unknown>): void;
}
export type Env = Record<string, unknown>;

let started: Promise<Python> | undefined;

/** One start for all events, which goes on if the one that began it is gone. A failed one is tried again. */
function pythonOf(env: Env, context: Context): Promise<Python> {
  if (started) return started;
  const begun = start(env);
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

/** Hands an event on. Throws what Python throws, with a traceback that names the project's own lines. */
export async function withPython<Result>(
  env: Env,
  context: Context,
  use: (python: Python) => Promise<Result> | Result,
): Promise<Result> {
  try {
    return await use(await pythonOf(env, context));
  } catch (error) {
    throw error instanceof Error && error.name === 'PythonError' ? withReadableTraceback(error) : error;
  }
}

/** Logs show the stack, where Pyodide's own functions would follow the traceback. */
function withReadableTraceback({ message }: Error): Error {
  const readable = new Error(readableTraceback(message));
  readable.name = 'PythonError';
  readable.stack = `PythonError: ${readable.message}`;
  return readable;
}
