/** pip with one index only, without the machine's configuration and cache. */
import { execFile } from 'node:child_process';
import { devNull } from 'node:os';

export interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

/** The machine's own pip; another one is a path to it. */
export const MACHINE = ['-m', 'pip'];

/**
 * @param python arguments of python3 up to pip's own, such as {@link MACHINE}
 * @param args pip's command and what follows it
 */
export function runPip(python: readonly string[], index: string, args: readonly string[]): Promise<Run> {
  const own = ['--isolated', '--no-cache-dir', '--disable-pip-version-check', '--retries=0'];
  const env = { ...process.env, PIP_CONFIG_FILE: devNull };
  const [command, ...rest] = args as [string, ...string[]];
  const line = [...python, command, ...own, `--index-url=${index}`, ...rest];
  return new Promise((resolve) => {
    const child = execFile('python3', line, { env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}
