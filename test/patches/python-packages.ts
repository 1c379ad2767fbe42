/** Packages from PyPI, which the user's own pip downloads once. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/root.ts';

const cache = join(root, '.cache', 'python');
const OPTIONS = ['--quiet', '--disable-pip-version-check', '--retries', '3', '--only-binary', ':all:'];

/**
 * A folder with these requirements and their dependencies, for CPython. A requirement is `NAME==VERSION` or the path
 * of a wheel; equal bytes are installed once.
 */
export function installed(requirements: readonly string[]): Promise<string> {
  const identity = requirements.map((item) => (item.endsWith('.whl') ? sha256(readFileSync(item)) : item));
  const folder = join(cache, `site-${sha256(identity.join('\n')).slice(0, 16)}`);
  return make(folder, (partial) => pip(['install', ...OPTIONS, '--target', partial, ...requirements]));
}

/** The wheels of these requirements for this machine's Python, without their dependencies. */
export function wheels(requirements: readonly string[]): Promise<string[]> {
  const wheel = async (requirement: string) => {
    const folder = await make(join(cache, 'wheels', requirement), (partial) =>
      pip(['download', ...OPTIONS, '--no-deps', '--dest', partial, requirement]),
    );
    return join(folder, readdirSync(folder)[0]!);
  };
  return Promise.all(requirements.map(wheel));
}

/** What pip prints. @throws with its messages */
export function pip(args: string[]): Promise<string> {
  return python(['-m', 'pip', ...args]);
}

/** What Python prints. Asynchronous, because the tests' server has to answer meanwhile. @throws with its messages */
export async function python(args: string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('python3', args, { maxBuffer: 1 << 26 });
    return stdout;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`python3 ${args.join(' ')}: ${stderr || message}`, { cause: error });
  }
}

/** Creates a folder in one step, so that an incomplete one is never used. */
async function make(folder: string, fill: (partial: string) => Promise<unknown>): Promise<string> {
  if (existsSync(folder)) return folder;
  mkdirSync(join(folder, '..'), { recursive: true });
  const partial = mkdtempSync(`${folder}.`);
  try {
    await fill(partial);
    renameSync(partial, folder);
  } catch (error) {
    // Another file of tests may have put it there just now.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
