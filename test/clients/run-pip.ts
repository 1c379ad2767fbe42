/** pip with one index only, without the machine's configuration and cache. */
import { devNull } from 'node:os';
import { type Ended as Run, runIn } from '../common/project-copy.ts';

export type { Run };

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
  return runIn('.', env, 'python3', line);
}
