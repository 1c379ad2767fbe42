/** Asks a Worker that is served here, and measures what it needs. */
import { on, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request as send } from 'node:http';
import { Readable } from 'node:stream';
import { readAtMost } from '../../resolver/bytes.ts';

export interface WorkerRequest {
  method: string;
  /** The path and the query. */
  target: string;
  headers: readonly Header[];
  body: string | null;
}

export type Header = readonly [name: string, value: string];

export interface WorkerAnswer {
  status: number;
  /** Headers, with names in lower case. */
  headers: Header[];
  body: Buffer;
}

export interface AnswerLimits {
  seconds: number;
  /** Size of the body, in bytes. */
  size: number;
}

/** The answer, or why there is none, as a sentence. Follows no redirection, and decodes no body. */
export async function askWorker(
  origin: string,
  { method, target, headers, body }: WorkerRequest,
  { seconds, size }: AnswerLimits,
): Promise<WorkerAnswer | { problem: string }> {
  const signal = AbortSignal.timeout(seconds * 1000);
  let state = 'No answer came';
  let asked: ClientRequest | undefined;
  try {
    // Unlike fetch, this sends the host that the request names.
    asked = send(origin, { method, path: target, headers: headers.flat(), agent: false, signal });
    const begun = Promise.race([once(asked, 'response'), once(asked, 'upgrade')]);
    asked.end(body ?? undefined);
    const [response] = (await begun) as [IncomingMessage];
    const { statusCode: status = 0, rawHeaders: raw } = response;
    state = `The answer ${status} began, and its body did not end`;
    const received = status === 101 ? [] : await readAtMost(Readable.toWeb(response), size);
    if (received === null) return { problem: `The body has more than ${size / 1_000_000} MB.` };
    const names = raw.filter((_, at) => at % 2 === 0);
    const pairs = names.map((name, at) => [name.toLowerCase(), raw[2 * at + 1]!] as const);
    return { status, headers: pairs, body: Buffer.from(received) };
  } catch (error) {
    return {
      problem: signal.aborted ? `${state} within ${seconds} s.` : `${state}: ${(error as Error).message}.`,
    };
  } finally {
    asked?.destroy();
  }
}

/** Linux counts in this unit, whatever its kernel does. */
const TICKS_PER_SECOND = 100;

/** Milliseconds that all threads of a process have computed, in steps of ten; null on a system that has no `/proc`. */
export function cpuOf(pid: number): number | null {
  try {
    // The name of the program, in brackets, may have spaces (proc_pid_stat(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}

const INSPECTOR_SECONDS = 30;
/** The memory of WebAssembly, as `runtime/worker/start.ts` shows it. */
const WASM = "globalThis[Symbol.for('pinwheel.module')]?.HEAPU8.byteLength ?? 0";

/** Bytes that a Worker holds: its heap, its buffers, and the memory of WebAssembly, which is Python's. */
export interface WorkerMemory {
  heap: number;
  buffers: number;
  wasm: number;
}

/** With what the next collection of garbage frees: workerd crashes if it is asked for one. Null if it does not answer. */
export async function memoryOf(inspector: string): Promise<WorkerMemory | null> {
  const socket = new WebSocket(`${inspector}/main`);
  const signal = AbortSignal.timeout(INSPECTOR_SECONDS * 1000);
  try {
    const messages = on(socket, 'message', { signal, close: ['close'] });
    await once(socket, 'open', { signal });
    let uniqueContextId: string | undefined;
    let id = 0;
    const ask = async (method: string, params: object = {}) => {
      socket.send(JSON.stringify({ id: ++id, method, params }));
      for (;;) {
        const { value = [] } = await messages.next();
        const told = JSON.parse(value[0].data);
        if (told.method === 'Runtime.executionContextCreated') uniqueContextId = told.params.context.uniqueId;
        if (told.id === id) return told.result;
      }
    };
    await ask('Runtime.enable');
    const { result } = await ask('Runtime.evaluate', { expression: WASM, uniqueContextId });
    const { usedSize, backingStorageSize } = await ask('Runtime.getHeapUsage');
    return { heap: usedSize, buffers: backingStorageSize, wasm: result.value };
  } catch {
    return null;
  } finally {
    socket.close();
  }
}
