/** A copy of this project, in which commands may write. */
import { type ExecFileOptions, execFile } from 'node:child_process';
import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/root.ts';

/** Copies the files that git knows or does not ignore, and links the installed packages. */
export async function copyProject(copy: string): Promise<void> {
  // git refuses to look into the folder of another user, as a container has it.
  const words = ['-c', `safe.directory=${root}`, 'ls-files', '-co', '--exclude-standard', '-z'];
  const { stdout } = await promisify(execFile)('git', words, { cwd: root, maxBuffer: 1 << 26 });
  for (const path of stdout.split('\0').filter((line) => line !== '')) {
    // With times, because an older package-lock.json counts as installed.
    await cp(join(root, path), join(copy, path), { preserveTimestamps: true }).catch(
      (error: NodeJS.ErrnoException) => {
        // Deleted, and still in the index.
        if (error.code !== 'ENOENT') throw error;
      },
    );
  }
  // Instead of npm ci, which takes minutes. One link for each package: npm would empty the target of a single link.
  await mkdir(join(copy, 'node_modules'));
  for (const name of await readdir(join(root, 'node_modules'))) {
    await symlink(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  }
}

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program, and waits for its end, with any exit code. */
export function runIn(
  cwd: string,
  env: NodeJS.ProcessEnv,
  command: string,
  args: readonly string[],
): Promise<Ended> {
  const options: ExecFileOptions = { cwd, env, maxBuffer: 1 << 26 };
  return new Promise((resolve) => {
    const child = execFile(command, args, options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout: String(stdout), stderr: String(stderr) }),
    );
    child.stdin?.end();
  });
}
