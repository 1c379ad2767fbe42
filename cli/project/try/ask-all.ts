/** Sends requests to a Worker, which starts anew after one that it does not survive. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  type AnswerLimits,
  askWorker,
  usageOf,
  type WorkerAnswer,
  type WorkerRequest,
} from '../../worker/ask.ts';
import { type Served, type ServeOptions, serveWorker } from '../../worker/serve.ts';

export interface Asked {
  /** Null if there is none. */
  answer: WorkerAnswer | null;
  /** What is wrong, as a line of text; null if nothing is. */
  problem: string | null;
}

export interface Run {
  asked: Asked[];
  /** Milliseconds of CPU, of all threads of workerd from its start until the first answer; null if not measured. */
  cpu_ms: number | null;
  /** Resident memory of workerd in bytes, after `after` requests; null if not measured. */
  memory: { bytes: number; after: number } | null;
}

/** What the start of Python may take, beside the limit of what begins it. */
export const START_SECONDS = 60;
const MOST_LOST = 3;
/** Beside the time limit of each. */
const MOST_SECONDS = 60;

/** @param times how many requests the memory is measured after: those that were answered are sent again until then */
export async function askAll(
  folder: string,
  requests: readonly WorkerRequest[],
  options: ServeOptions,
  limits: AnswerLimits,
  times = 0,
): Promise<Run> {
  const run: Run = { asked: [], cpu_ms: null, memory: null };
  const running: { served: Served | null } = { served: null };
  let lost = 0;
  let count = 0;
  const ask = async (request: WorkerRequest): Promise<Asked> => {
    const seconds = limits.seconds + (running.served === null ? START_SECONDS : 0);
    try {
      running.served ??= await serveWorker(folder, options);
    } catch (error) {
      return { answer: null, problem: lastLine((error as Error).message) };
    }
    const { served } = running;
    const before = served.said().length;
    const outcome = await askWorker(served.origin, request, { ...limits, seconds });
    const answer = 'problem' in outcome ? null : outcome;
    // What workerd says of an error comes by another way than the answer.
    for (
      let wait = 0;
      (answer?.status ?? 500) >= 500 && served.said().length === before && wait < 10;
      wait++
    ) {
      await pause(50);
    }
    const said = served.said().slice(before);
    count++;
    if (answer !== null && run.cpu_ms === null) run.cpu_ms = usageOf(served.pid)?.cpu ?? null;
    if (answer === null || /\bpyodide_fatal_error\b/.test(said)) {
      await served.stop();
      running.served = null;
      lost++;
      count = 0;
    }
    if (answer !== null && answer.status < 500) return { answer, problem: null };
    const problem =
      'problem' in outcome ? outcome.problem : errorIn(said) || `The status is ${outcome.status}.`;
    return { answer, problem };
  };
  try {
    for (const request of requests) {
      const isGivenUp = lost >= MOST_LOST;
      const problem = `It was not sent: the Worker was lost ${MOST_LOST} times.`;
      run.asked.push(isGivenUp ? { answer: null, problem } : await ask(request));
    }
    const fine = requests.filter((_, at) => run.asked[at]!.problem === null);
    const end = performance.now() + MOST_SECONDS * 1000;
    for (let at = 0; fine.length > 0 && count < times && performance.now() < end; at++) {
      const { problem } = await ask(fine[at % fine.length]!);
      if (problem !== null) break;
    }
    const used = running.served && usageOf(running.served.pid);
    if (used !== null && count > 0) run.memory = { bytes: used.resident, after: count };
    return run;
  } finally {
    await running.served?.stop();
  }
}

/** The last line of the exception that workerd reports. */
function errorIn(said: string): string {
  const [, thrown] = /Uncaught exception: .*?remote\.jsg\.Error: ([\s\S]*)/.exec(said) ?? [];
  // workerd's own stack follows the exception.
  return lastLine((thrown ?? '').replace(/^stack: .*/ms, ''));
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)!.slice(0, 300);
}
