/** `npm start` as it runs: a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { root } from '../../scripts/root.ts';
import { ending, newFolder } from '../common/own.ts';

export interface Started {
  child: ChildProcess;
  output: string;
  /** Null while it runs. */
  code: number | null;
}

/** Runs scripts/start.ts of a project until it prints `until`, or ends; `detached`, it can be killed together with its workerd. */
export function start(
  environment: Record<string, string>,
  until: RegExp,
  { detached = false, cwd = root } = {},
): Promise<Started> {
  const child = spawn(process.execPath, ['scripts/start.ts'], {
    cwd,
    // One that is killed leaves its temporary files.
    env: { ...process.env, TMPDIR: newFolder(), ...environment },
    detached,
  });
  // If the test fails before it ends it.
  ending({ stop: () => child.kill('SIGINT') });
  return new Promise((resolve) => {
    let output = '';
    const take = (chunk: Buffer) => {
      output += chunk;
      if (until.test(output)) resolve({ child, output, code: null });
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('exit', (code) => resolve({ child, output, code }));
  });
}

/** Ends one that is detached, and its workerd, at once, as when a machine loses its power. */
export async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.on('exit', resolve));
  process.kill(-child.pid!, 'SIGKILL');
  await gone;
}
