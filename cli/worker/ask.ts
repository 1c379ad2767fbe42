/** Asks a Worker that is served here, and measures the process that serves it. */
import { readFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request as send } from 'node:http';

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
  /** Their names are in lower case. */
  headers: Header[];
  body: Buffer;
}

export interface AnswerLimits {
  seconds: number;
  /** Of a body, in bytes. */
  size: number;
}

/** The answer, or why there is none, as a sentence. Follows no redirection, and decodes no body. */
export function askWorker(
  origin: string,
  { method, target, headers, body }: WorkerRequest,
  limits: AnswerLimits,
): Promise<WorkerAnswer | { problem: string }> {
  return new Promise((resolve) => {
    let asked: ClientRequest | undefined;
    let state = 'No answer came';
    const end = (outcome: WorkerAnswer | { problem: string }) => {
      clearTimeout(timer);
      resolve(outcome);
      asked?.destroy();
    };
    const fail = (problem: string) => end({ problem });
    const timer = setTimeout(() => fail(`${state} within ${limits.seconds} s.`), limits.seconds * 1000);
    const answer = (response: IncomingMessage, parts: Buffer[]) => {
      const { statusCode: status = 0, rawHeaders: raw } = response;
      const names = raw.filter((_, at) => at % 2 === 0);
      const pairs = names.map((name, at) => [name.toLowerCase(), raw[2 * at + 1]!] as const);
      end({ status, headers: pairs, body: Buffer.concat(parts) });
    };
    const receive = (response: IncomingMessage) => {
      state = `The answer ${response.statusCode} began, and its body did not end`;
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        parts.push(part);
        size += part.length;
        if (size > limits.size) fail(`The body has more than ${limits.size / 1_000_000} MB.`);
      });
      response.on('end', () => answer(response, parts));
      response.on('error', (error) => fail(`The body broke off: ${error.message}.`));
    };
    try {
      asked = send(origin, { method, path: target, headers: headers.flat(), agent: false })
        .on('response', receive)
        .on('upgrade', (response) => answer(response, []))
        .on('error', (error) => fail(`The connection broke off: ${error.message}.`))
        .end(body ?? undefined);
    } catch (error) {
      fail(`This cannot be sent: ${(error as Error).message}.`);
    }
  });
}

/** Linux counts in this unit, whatever its kernel does. */
const TICKS_PER_SECOND = 100;

export interface Usage {
  /** Milliseconds that all its threads have computed, in steps of ten. */
  cpu: number;
  /** Bytes of resident memory. */
  resident: number;
}

/** What a process has used so far; null on a system that has no `/proc`. */
export function usageOf(pid: number): Usage | null {
  try {
    // The name of the program, in brackets, may have spaces (proc_pid_stat(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { cpu: (ticks * 1000) / TICKS_PER_SECOND, resident: Number(resident?.[1]) * 1024 };
  } catch {
    return null;
  }
}
