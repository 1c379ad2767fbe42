/**
 * Answers requests in an instance of the build, so that memory has what they import and cache. There are no bindings, and
 * each request is over when all that it has begun is.
 */
import type { PyObject, Pyodide } from '../../../runtime/pyodide.ts';
import { http } from '../../../runtime/worker/http.ts';
import type { SnapshotRemark } from './job.ts';

/** Frameworks accept this host during development. The platform sets the headers on each request. */
const ORIGIN = 'https://localhost';
const HEADERS = { host: 'localhost', accept: '*/*', 'cf-connecting-ip': '127.0.0.1' };

/** Ends a job: the snapshot is made again, without requests. */
export class RequestsFailed extends Error {
  readonly remarks: SnapshotRemark[];

  constructor(remarks: SnapshotRemark[]) {
    super('requests at build time failed');
    this.remarks = remarks;
  }
}

/** The function that runs callbacks of Python's event loop (see `loop.py`), by their keys. */
let run: PyObject | undefined;
const timers = new Map<number, NodeJS.Timeout>();
let ready = 0;
/** The last traceback that would be in the log of a Worker. */
let reported: string | null = null;

const call = (key: number) => run?.callPromising(key);

const loop = {
  soon(_event: number, key: number): void {
    ready++;
    setImmediate(() => {
      ready--;
      void call(key);
    });
  },
  after(_event: number, key: number, delay: number): void {
    timers.set(key, setTimeout(call, delay, key));
  },
  cancel: (_event: number, key: number) => clearTimeout(timers.get(key)),
  hold() {},
  release() {},
  stay: () => 0,
};

/** The module of JavaScript that Python imports in an instance of the build. */
export const bridge = {
  ...http,
  loop,
  report(traceback: string): void {
    reported = traceback;
  },
  /** A response of which nobody reads the body. */
  stream: (status: number) => ({
    response: new Response(null, { status }),
    ...{ write: async () => {}, close: async () => {}, abort: async () => {} },
  }),
};

/**
 * @param requests such as `GET /`; null for the one that no handler sees, if the project's framework is known
 * @returns the requests that were answered. Throws {@link RequestsFailed} if one was not, or with a 500.
 */
export async function answerAll(
  pyodide: Pyodide,
  main: string,
  requests: readonly string[] | null,
): Promise<readonly string[]> {
  const warm = pyodide.pyimport('_pinwheel.warm');
  const fallback = (warm.default as PyObject)(main) as string | undefined;
  const asked = requests ?? (fallback === undefined ? [] : [fallback]);
  if (asked.length > 0) {
    (warm.begin as PyObject)(main);
    run = warm.run as PyObject;
    try {
      for (const request of asked) await answer(warm, request);
    } finally {
      run = undefined;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      await tellParent(null);
    }
  }
  (warm.end as PyObject)();
  warm.destroy();
  return asked;
}

async function answer(warm: PyObject, name: string): Promise<void> {
  await tellParent(name);
  const [method, target] = name.split(' ') as [string, string];
  const request = new Request(new URL(target, ORIGIN), { method, headers: HEADERS });
  reported = null;
  try {
    const status = await (warm.answer as PyObject).callPromising(name, request);
    if (reported !== null) throw new Error(reported);
    if ((status as number) >= 500) throw new Error(`it was answered with ${status}`);
    while (ready > 0) await new Promise(setImmediate);
  } catch (error) {
    // The exception is the last line of a traceback.
    const problem = (error as Error).message.trimEnd().split('\n').at(-1)!;
    throw new RequestsFailed([{ code: 'unanswered', module: null, line: null, request: name, problem }]);
  }
}

/** The build ends this process if a request takes too long. */
function tellParent(request: string | null): Promise<void> {
  return new Promise((resolve) => process.send!(request, () => resolve()));
}
