/** The end of Python by a fatal error, after which nothing settles what waits for it. */
import type { EmscriptenModule } from '../pyodide.ts';
import { readableTraceback } from '../traceback.ts';

/** The failure of all that Python was doing. */
export class PythonEnded extends Error {
  constructor() {
    super('Python ended by a fatal error while this was handled, and starts again for what comes next.');
  }
}

/** Not one promise for all, which would keep whatever had ever waited for it. */
const waiting = new Set<(error: PythonEnded) => void>();

/** Settles like the promise that `wait` returns, or fails if Python ends before. */
export function whileAlive<Result>(wait: () => PromiseLike<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    waiting.add(reject);
    const settling = <Value>(settle: (value: Value) => void) => {
      return (value: Value) => {
        waiting.delete(reject);
        settle(value);
      };
    };
    wait().then(settling(resolve), settling(reject));
  });
}

/** Reports a fatal error once, with Python's stack, and fails all that waits. */
export function watchForEnd(module: EmscriptenModule, onEnd: () => void): void {
  const { API, FS } = module;
  const end = API.fatal_error;
  let cause: Error | undefined;
  API.fatal_error = (error) => {
    if (error instanceof API.NoGilError) throw error;
    // Pyodide 0.27 passes what a handler raises here, too, which ends nothing.
    if ((error as Error | null)?.name === 'PythonError') throw error;
    if (cause) throw cause;
    // Pyodide prints a line for each part of it, and the stack to standard output, which nothing else uses from now on.
    const print = console.error;
    console.error = () => {};
    let stack = '';
    const output = FS.getStream(1);
    const write = (_stream: unknown, bytes: Int8Array, at: number, length: number) => {
      stack += new TextDecoder().decode(bytes.subarray(at, at + length));
      return length;
    };
    output.stream_ops = { ...output.stream_ops, write };
    try {
      end(error);
    } catch (thrown) {
      cause = thrown as Error;
      if (cause.name === 'Exit') module._dump_traceback();
    } finally {
      console.error = print;
      console.error(`Python ended by a fatal error: ${cause}\n${readableTraceback(stack)}`);
      onEnd();
      for (const fail of waiting) fail(new PythonEnded());
    }
    throw cause;
  };
}
