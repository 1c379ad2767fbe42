/** The CPU time of workerd, from Linux's `/proc`. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 30;
/** workerd is idle if it takes less between two looks. */
const IDLE_MS = 0.3;

/** What the workerd of this process has taken so far, in milliseconds, on all its threads, once it is idle. */
export async function workerdCpu(): Promise<number> {
  const pid = workerdPid();
  for (let before = cpuOf(pid); ; ) {
    await sleep(LOOK_EVERY_MS);
    const now = cpuOf(pid);
    if (now - before < IDLE_MS) return now;
    before = now;
  }
}

function workerdPid(): string {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  const found = children.filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'workerd\n');
  if (found.length !== 1) throw new Error(`This process has ${found.length} workerds, not one.`);
  return found[0]!;
}

/** The compiler and the garbage collector have threads of their own, which stay. */
function cpuOf(pid: string): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e6;
}
