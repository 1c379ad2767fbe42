/** Real shells for the tests of completion: the machine's own, or Debian's, installed if there is none. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function haveShells(...shells: string[]): Promise<void> {
  const missing: string[] = [];
  for (const shell of shells) await run(shell, ['-c', 'true']).catch(() => missing.push(shell));
  if (missing.length === 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=120'];
  try {
    await run('apt-get', [...wait, 'update'], { env });
    await run('apt-get', [...wait, 'install', '-y', '--no-install-recommends', ...missing], { env });
  } catch (cause) {
    throw new Error(
      `The tests of completion need ${missing.join(' and ')}, which apt-get could not install`,
      { cause },
    );
  }
}
