/** The CPU time of workerd, from Linux's `/proc`. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 30;
/** workerd is idle if it takes less between two looks. */
const IDLE_MS = 0.3;

/** In milliseconds. */
export interface WorkerdCpu {
  /**
   * Of the thread that runs the isolates, which is the time that the platform limits
   * (community.cloudflare.com/t/how-is-cpu-time-per-request-measured-in-cloudflare-workers/49964). Here, local D1 and R2,
   * and the connections, share it.
   */
  thread: number;
  /** Of all threads: V8 compiles hot functions and collects garbage on others, too. */
  whole: number;
}

/** What the workerd of this process has taken so far, once it is idle. */
export async function workerdCpu(): Promise<WorkerdCpu> {
  const pid = workerdPid();
  for (let before = cpuOf(pid); ; ) {
    await sleep(LOOK_EVERY_MS);
    const now = cpuOf(pid);
    if (now.whole - before.whole < IDLE_MS) return now;
    before = now;
  }
}

/** The workerd of this process that listens at an address. */
export function workerdAt({ port }: URL): string {
  const address = `0100007F:${Number(port).toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  // 0A is the state of a socket that listens.
  const inode = rows.find(([, local, , state]) => local === address && state === '0A')?.[9];
  const listens = (pid: string) =>
    readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`);
  const pid = workerds().find(listens);
  if (!pid) throw new Error(`No workerd of this process listens at port ${port}.`);
  return pid;
}

/** Null for a file that was closed meanwhile. */
function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

function workerds(): string[] {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  return children.filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'workerd\n');
}

function workerdPid(): string {
  const pids = workerds();
  if (pids.length !== 1) throw new Error(`This process has ${pids.length} workerds, not one.`);
  return pids[0]!;
}

/** The threads of V8 stay until the end. */
export function cpuOf(pid: string): WorkerdCpu {
  const taken = (thread: string) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  const whole = readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + taken(thread), 0);
  return { thread: taken(pid), whole };
}
