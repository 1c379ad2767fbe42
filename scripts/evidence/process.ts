/** Runs a package in a process of its own, and kills that, with all it has started, when it has taken too long. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import * as z from 'zod';
import { lastError, saidBy } from '../../cli/worker/said.ts';
import { parseJson } from '../../resolver/client/documents.ts';
import { EvidenceError, EvidenceResult } from '../../resolver/evidence.ts';
import { options } from './options.ts';

const MOST_TEXT = 300;
const MOST_TOLD = 1 << 20;
const START_SECONDS = 300;
/** The memory that Node and workerd may take besides Python, in bytes. */
const HOST_MEMORY = 1 << 30;

/** With the module that Python did not have. */
const Failure = EvidenceError.extend({ missing: z.string().nullable() });
export type Failure = z.infer<typeof Failure>;

/** A step that is over. Milliseconds and bytes are null if nothing could measure them. */
const Measured = z.object({
  ms: z.number().nullable().default(null),
  bytes: z.number().nullable().default(null),
  error: Failure.nullable().default(null),
});
export type Measured = z.infer<typeof Measured>;

/**
 * The results of a package so far. A process writes it to descriptor 3, as a line of JSON, when the package has its turn
 * (what went wrong before says nothing of it) and whenever it knows more. A package could write there, too.
 */
const Told = z.object({
  /** Loading, each import, and the smoke line, as far as they had their turn. */
  steps: z.array(Measured).default([]),
  at_import: EvidenceResult.shape.at_import.default(null),
  isDone: z.boolean().default(false),
});
export type Told = z.input<typeof Told>;

export interface Ran {
  told: z.output<typeof Told>;
  /** Why the process ended before it was done; null if it was. */
  died: Failure | null;
}

/** Processes that end with this one. */
const running = new Set<number>();
process.once('exit', () => running.forEach(kill));

export async function runProcess(args: readonly string[], job: unknown): Promise<Ran> {
  const { seconds, memory } = options;
  const kilobytes = String((memory + HOST_MEMORY) / 1024);
  const program = [process.execPath, '--no-warnings', ...args];
  // A group of its own, of which nothing survives.
  const child = spawn('sh', ['-c', 'ulimit -d "$0" && exec "$@"', kilobytes, ...program], {
    // A package may print without end.
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = child.pid!;
  running.add(pid);
  const complaints = saidBy(child);
  let isLate = false;
  const end = () => {
    isLate = true;
    kill(pid);
  };
  let timer = setTimeout(end, START_SECONDS * 1000);
  let said = '';
  (child.stdio[3] as Readable).setEncoding('utf8').on('data', (text: string) => {
    // The package's time begins when it has its turn.
    if (said === '') {
      clearTimeout(timer);
      timer = setTimeout(end, seconds * 1000);
    }
    if (said.length < MOST_TOLD) said += text;
  });
  child.stdin!.on('error', () => {}).end(JSON.stringify(job));
  // Processes that the child started may hold its pipes open.
  child.on('exit', () => kill(pid));
  try {
    const [code, signal] = await once(child, 'close');
    const told = toldIn(said);
    const last = lastError(complaints());
    if (told === null) {
      const reason = last ?? (complaints().trim() || `it took more than ${START_SECONDS} s`);
      throw new Error(`no interpreter could be started: ${reason}`);
    }
    if (told.isDone) return { told, died: null };
    const ended = signal === null ? `the process ended with ${code}` : `the process was ended by ${signal}`;
    const message = isLate ? `not done after ${seconds} s` : last === undefined ? ended : `${ended}: ${last}`;
    const type = isLate ? 'Timeout' : 'Crash';
    return { told, died: { type, message: message.slice(0, MOST_TEXT), missing: null } };
  } finally {
    clearTimeout(timer);
    running.delete(pid);
  }
}

function kill(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The process has ended.
  }
}

/** The last line that is whole; null if there is none. A package may have written others. */
function toldIn(said: string): Ran['told'] | null {
  for (const line of said.split('\n').slice(0, -1).reverse()) {
    const { data } = Told.safeParse(parseJson(line));
    if (data !== undefined) return data;
  }
  return null;
}
