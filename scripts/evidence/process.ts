/** Runs a package in a process of its own, and kills that, with all it has started, when it has taken too long. */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import * as z from 'zod';
import { lastError } from '../../cli/worker/said.ts';

const MOST_TEXT = 300;
const MOST_TOLD = 1 << 20;
const MOST_COMPLAINTS = 4096;
const START_SECONDS = 300;
/** The memory that Node and workerd may take besides Python, in bytes. */
const HOST_MEMORY = 1 << 30;

const Failure = z.object({
  type: z.string().max(MOST_TEXT),
  message: z.string().max(MOST_TEXT),
  /** The module that Python did not have. */
  missing: z.string().nullable(),
});
export type Failure = z.infer<typeof Failure>;

/** Milliseconds and bytes are null if nothing could measure them. */
const measured = { ms: z.number().nullable(), bytes: z.number().nullable(), error: Failure.nullable() };

/** Something at import that a snapshot may not hold, or that it freezes (see `_pinwheel/watch.py`). */
const AtImport = z.enum(['clock', 'entropy', 'network']);
export type AtImport = z.infer<typeof AtImport>;

/**
 * The results of a package so far. A process writes it to descriptor 3, as a line of JSON, when the package has its turn
 * (what went wrong before says nothing of it) and whenever it knows more. A package could write there, too.
 */
const Told = z.object({
  load: z.object(measured).nullable(),
  /** The modules that had their turn. */
  imports: z.array(z.object(measured)),
  /** The acts of modules at import; null if nothing watched them. */
  at_import: z.array(AtImport).nullable(),
  smoke: z.object({ error: Failure.nullable() }).nullable(),
  isDone: z.boolean(),
});
export type Told = z.infer<typeof Told>;

export interface Limits {
  seconds: number;
  /** The size of Python's memory, in bytes. */
  memory: number;
}

export interface Ran {
  told: Told;
  /** Why the process ended before it was done; null if it was. */
  died: Failure | null;
}

const running = new Set<number>();

/** Ends every process that runs. For the end of this one. */
export function killAll(): void {
  for (const pid of running) kill(pid);
}

export async function runProcess(
  args: readonly string[],
  job: unknown,
  { seconds, memory }: Limits,
): Promise<Ran> {
  const kilobytes = String((memory + HOST_MEMORY) / 1024);
  const program = [process.execPath, '--no-warnings', ...args];
  // A group of its own, of which nothing survives.
  const child = spawn('sh', ['-c', 'ulimit -d "$0" && exec "$@"', kilobytes, ...program], {
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = child.pid;
  if (pid !== undefined) running.add(pid);
  let isLate = false;
  const limit = (most: number) =>
    setTimeout(() => {
      isLate = true;
      if (pid !== undefined) kill(pid);
    }, most * 1000);
  let timer = limit(START_SECONDS);
  let said = '';
  let complaints = '';
  (child.stdio[3] as Readable).setEncoding('utf8').on('data', (text: string) => {
    // The package's time begins when it has its turn.
    if (said === '') {
      clearTimeout(timer);
      timer = limit(seconds);
    }
    if (said.length < MOST_TOLD) said += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-MOST_COMPLAINTS);
  });
  child.stdin!.on('error', () => {}).end(JSON.stringify(job));
  try {
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) =>
      child
        .on('error', reject)
        .on('exit', () => pid !== undefined && kill(pid))
        .on('close', (...end) => resolve(end)),
    );
    const told = toldIn(said);
    if (told === null)
      throw new Error(
        `no interpreter could be started: ${complaints.trim() || `it took more than ${START_SECONDS} s`}`,
      );
    if (told.isDone) return { told, died: null };
    const failure = (type: string, message: string) => ({
      type,
      message: message.slice(0, MOST_TEXT),
      missing: null,
    });
    if (isLate) return { told, died: failure('Timeout', `not done after ${seconds} s`) };
    const ended = signal === null ? `the process ended with ${code}` : `the process was ended by ${signal}`;
    const last = lastError(complaints);
    return { told, died: failure('Crash', last === undefined ? ended : `${ended}: ${last}`) };
  } finally {
    clearTimeout(timer);
    if (pid !== undefined) running.delete(pid);
  }
}

function kill(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The process has ended.
  }
}

/** The last line that is whole; null if there is none. */
function toldIn(said: string): Told | null {
  for (const line of said.split('\n').slice(0, -1).reverse()) {
    try {
      return Told.parse(JSON.parse(line));
    } catch {
      // A package wrote it.
    }
  }
  return null;
}
