import { readdirSync, readFileSync } from 'node:fs';
import { vi } from 'vitest';

/**
 * Makes the workerd processes that start from now on collect garbage on the thread that makes it. Otherwise, V8 does it
 * beside that thread, and while a busy machine lets it wait, streams in JavaScript, such as those of the local R2, leave
 * tens of megabytes.
 */
export function collectGarbageAtOnce(): void {
  vi.stubEnv('MINIFLARE_WORKERD_V8_FLAGS', '--single-threaded-gc');
}

/** The memory that the workerd processes of this process have resident, in bytes. */
export function workerdMemory(): number {
  let kilobytes = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const status = statusOf(pid);
    if (field(status, 'Name') !== 'workerd' || Number(field(status, 'PPid')) !== process.pid) continue;
    kilobytes += Number.parseInt(field(status, 'VmRSS') ?? '0', 10);
  }
  return kilobytes * 1024;
}

/** How much workerd's memory grows at most while something is done, in bytes. */
export async function memoryGrowth(work: () => Promise<unknown>): Promise<number> {
  const before = workerdMemory();
  let most = before;
  const look = setInterval(() => (most = Math.max(most, workerdMemory())), 20);
  try {
    await work();
  } finally {
    clearInterval(look);
  }
  return Math.max(most, workerdMemory()) - before;
}

/** Empty for a process that has just ended. */
function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

function field(status: string, name: string): string | undefined {
  return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1];
}
