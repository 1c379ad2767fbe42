/** Sends requests to a Worker, which starts anew after one that it does not survive. */

import { setTimeout as pause } from 'node:timers/promises';
import { cut } from '../../common/text.ts';
import {
  type AnswerLimits,
  askWorker,
  cpuOf,
  memoryOf,
  type WorkerAnswer,
  type WorkerRequest,
} from '../../worker/ask.ts';
import { exceptionLine } from '../../worker/said.ts';
import { type Served, type ServeOptions, serveWorker } from '../../worker/serve.ts';
import type { TriedSide } from './report.ts';

export interface Asked {
  /** Null if there is none. */
  answer: WorkerAnswer | null;
  /** The problem, as a line of text; null if there is none. */
  problem: string | null;
}

export interface Run extends Pick<TriedSide, 'cpu_ms' | 'memory'> {
  asked: Asked[];
}

/** The time for the start of Python, beside the limit of the request that begins it. */
export const START_SECONDS = 60;
const MOST_LOST = 3;
/** Beside the time limit of each. */
const MOST_SECONDS = 60;
/** workerd's words on an error come by another way than the answer. */
const MOST_WAITS = 10;

/** @param times how many requests the memory is measured after: those that were answered are sent again until then */
export async function askAll(
  folder: string,
  requests: readonly WorkerRequest[],
  options: ServeOptions,
  limits: AnswerLimits,
  times = 0,
): Promise<Run> {
  const run: Run = { asked: [], cpu_ms: null, memory: null };
  let served = null as Served | null;
  let starts = true;
  let lost = 0;
  let count = 0;
  const { signal } = options;
  const ask = async (request: WorkerRequest): Promise<Asked> => {
    const seconds = limits.seconds + (starts ? START_SECONDS : 0);
    try {
      served ??= await serveWorker(folder, { ...options, inspects: times > 0 });
    } catch (error) {
      signal?.throwIfAborted();
      return { answer: null, problem: cut(exceptionLine((error as Error).message), MOST_SHOWN) };
    }
    const { origin, pid, said, stop } = served;
    const before = said();
    const outcome = await askWorker(origin, request, { ...limits, seconds });
    // The signal has ended the Worker, which is no failure of the project.
    signal?.throwIfAborted();
    const answer = 'problem' in outcome ? null : outcome;
    const isFine = answer !== null && answer.status < 500;
    for (let wait = 0; !isFine && said() === before && wait < MOST_WAITS; wait++) await pause(50);
    // Only the end of what it said is known.
    const after = said();
    const now = after.startsWith(before) ? after.slice(before.length) : after;
    const problem =
      'problem' in outcome ? outcome.problem : errorIn(now) || `The status is ${outcome.status}.`;
    // After a fatal error, Python starts again in the same process.
    starts = answer === null || problem.startsWith(ENDED);
    count++;
    if (answer !== null) run.cpu_ms ??= cpuOf(pid);
    if (answer === null) {
      await stop();
      served = null;
      lost++;
      count = 0;
    }
    return { answer, problem: isFine ? null : problem };
  };
  try {
    const problem = `It was not sent: the Worker was lost ${MOST_LOST} times.`;
    for (const request of requests) {
      run.asked.push(lost >= MOST_LOST ? { answer: null, problem } : await ask(request));
    }
    const fine = requests.filter((_, at) => run.asked[at]!.problem === null);
    const end = performance.now() + MOST_SECONDS * 1000;
    for (let at = 0; fine.length > 0 && count < times && performance.now() < end; at++) {
      const again = await ask(fine[at % fine.length]!);
      if (again.problem !== null) break;
    }
    const memory = served?.inspector && count > 0 ? await memoryOf(served.inspector) : null;
    if (memory !== null) run.memory = { bytes: memory.heap + memory.buffers + memory.wasm, after: count };
    return run;
  } finally {
    await served?.stop();
  }
}

/** The most characters of an error. */
const MOST_SHOWN = 300;

const THROWN = 'remote.jsg.Error: ';
const ENDED = 'Python ended by a fatal error: ';

/** The last exception that workerd reports, before its own stack; or how Python has ended after it. */
function errorIn(said: string): string {
  const [thrown, ended] = [said.lastIndexOf(THROWN), said.lastIndexOf(ENDED)];
  if (ended > thrown) return cut(said.slice(ended).split('\n')[0]!, MOST_SHOWN);
  if (thrown < 0) return '';
  const text = said.slice(thrown + THROWN.length).replace(/^stack: .*/ms, '');
  return cut(exceptionLine(text), MOST_SHOWN);
}
