/** `npm run access`, as a process. */
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/root.ts';
import { type Ended, runIn } from '../common/project-copy.ts';

/** @param state the folder of D1 and R2 */
export function accessTo(state: string, ...args: string[]): Promise<Ended> {
  const { PATH, HOME } = process.env;
  // Without what the host of these tests has in its own environment.
  const env = { PATH, HOME, PINWHEEL_STATE: state, WRANGLER_LOG: 'error' } as unknown as NodeJS.ProcessEnv;
  return runIn(tmpdir(), env, process.execPath, [join(root, 'scripts/access/main.ts'), ...args]);
}

/** The arguments of the command at the end of a fix, as a shell reads them. */
export function pasted(fix: string): string[] {
  const [, command] = / runs\n\s*npm run access -- ([\s\S]*)$/.exec(fix)!;
  // `printf` prints each argument on its own line.
  const { stdout } = spawnSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' });
  return stdout.trimEnd().split('\n');
}
